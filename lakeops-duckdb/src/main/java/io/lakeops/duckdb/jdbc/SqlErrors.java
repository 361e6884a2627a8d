package io.lakeops.duckdb.jdbc;

import io.lakeops.duckdb.lake.LakeSession;
import io.lakeops.error.LakeException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/** LakeOps' errors as JDBC knows errors: the message begins with the code, the cause is the LakeException. */
final class SqlErrors {
    private SqlErrors() {}

    static SQLException of(LakeException e) {
        return new SQLException(e.getMessage(), state(e), e);
    }

    /** What the driver underneath threw. */
    static SQLException of(SQLException e, LakeSession session) {
        if (e instanceof SQLFeatureNotSupportedException || e.getCause() instanceof LakeException) {
            return e;
        }
        return of(session.failure(e));
    }

    private static String state(LakeException e) {
        return switch (e.code()) {
            case SQL_SYNTAX -> "42601";
            case TABLE_NOT_FOUND -> "42S02";
            case TABLE_ALREADY_EXISTS -> "42S01";
            case COLUMN_NOT_FOUND -> "42S22";
            case TABLE_NAME_AMBIGUOUS -> "42725";
            case SCHEMA_MISMATCH -> "21S01";
            case CONSTRAINT_VIOLATED -> "23000";
            case NOT_YET, FEATURE_UNSUPPORTED -> "0A000";
            case TRANSACTION_NOT_SUPPORTED -> "25001";
            case READ_ONLY -> "25006";
            case COMMIT_CONFLICT -> "40001";
            case COMMIT_OUTCOME_UNKNOWN -> "40003";
            case CANCELLED -> "57014";
            case MEMORY_EXCEEDED -> "53200";
            case DISK_FULL -> "53100";
            case PERMISSION_DENIED -> "42501";
            case INVALID_ARGUMENT, UNKNOWN_OPTION -> "22023";
            case WAREHOUSE_LOCKED -> "08001";
            case SQL_FAILED -> engineState(e.problem());
            default -> e.code().kind() == io.lakeops.error.ErrorKind.CORRUPTION ? "XX001" : "HY000";
        };
    }

    private static String engineState(String message) {
        if (message.startsWith("Catalog Error")) {
            return "42S02";
        }
        if (message.startsWith("Binder Error")) {
            return "42000";
        }
        if (message.startsWith("Conversion Error") || message.startsWith("Out of Range Error")) {
            return "22000";
        }
        return message.startsWith("TransactionContext Error") ? "25000" : "HY000";
    }
}
