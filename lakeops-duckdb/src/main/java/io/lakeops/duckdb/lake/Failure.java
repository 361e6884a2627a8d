package io.lakeops.duckdb.lake;

import io.lakeops.duckdb.engine.Failures;
import io.lakeops.duckdb.scan.SnapshotScans;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** What DuckDB's exceptions mean in a statement of the user's. */
public final class Failure {
    private Failure() {}

    static LakeException of(SQLException e, StatementScope scope, SnapshotScans scans) {
        String message = String.valueOf(e.getMessage());
        Optional<Throwable> own = scope.failureIn(message);
        if (own.isPresent()) {
            return own.get() instanceof LakeException known
                    ? known
                    : new LakeException(ErrorCode.INTERNAL, String.valueOf(own.get()), own.get());
        }
        if (isLocked(message)) {
            // A statement that attaches a database file.
            return new LakeException(
                    ErrorCode.WAREHOUSE_LOCKED, "another process holds the database file: " + message.strip(), e);
        }
        if (!message.contains(" Error:")) {
            // Not DuckDB, but its driver: a closed statement, an index out of range.
            return new LakeException(ErrorCode.INVALID_ARGUMENT, message.strip(), e);
        }
        LakeException general = Failures.of(e);
        boolean aboutFile = general.code() == ErrorCode.DATA_FILE_MISSING
                || general.code() == ErrorCode.DATA_FILE_CORRUPT
                || general.code() == ErrorCode.IO_FAILED;
        if (!aboutFile) {
            return general;
        }
        if (!scope.filesRead().isEmpty()) {
            LakeException explained = scans.explain(e, scope.filesRead());
            if (explained.code() != ErrorCode.ENGINE_FAILED) {
                return explained;
            }
        }
        // A file that the user's own query reads is no data file of a table.
        return new LakeException(ErrorCode.SQL_FAILED, message.strip(), e);
    }

    /** What kept a warehouse from being opened. */
    public static LakeException ofOpening(SQLException e, String warehouse) {
        String message = String.valueOf(e.getMessage()).strip();
        Map<String, String> context = Map.of("warehouse", warehouse);
        if (isLocked(message)) {
            return new LakeException(
                    ErrorCode.WAREHOUSE_LOCKED, "another process holds the warehouse: " + message, context, e);
        }
        boolean damaged = message.contains("not a valid DuckDB database file")
                || message.startsWith("Data Corruption Error")
                || message.startsWith("Serialization Error")
                || message.contains("Could not read enough bytes")
                || message.contains("Corrupt database file");
        if (damaged) {
            return new LakeException(
                    ErrorCode.WAREHOUSE_CORRUPT, "the warehouse can't be read: " + message, context, e);
        }
        LakeException general = Failures.of(e);
        boolean known = general.code() == ErrorCode.PERMISSION_DENIED
                || general.code() == ErrorCode.DISK_FULL
                || general.code() == ErrorCode.MEMORY_EXCEEDED;
        if (known) {
            return new LakeException(general.code(), message, context, e);
        }
        if (message.startsWith("IO Error")) {
            return new LakeException(ErrorCode.IO_FAILED, "the warehouse can't be opened: " + message, context, e);
        }
        return new LakeException(
                ErrorCode.INVALID_ARGUMENT, "the warehouse can't be opened so: " + message, context, e);
    }

    private static boolean isLocked(String message) {
        return message.contains("Could not set lock on file") || message.contains("being used by another process");
    }
}
