package io.lakeops.duckdb.lake;

import io.lakeops.Lake;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.sql.TableRef;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.TableLocation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** The tables that verbs name, and the connection as the engine that works on them. */
record Tables(Lake lake, Mounts mounts, ScanBinder binder, DuckDBConnection connection) {
    LakeTable table(TableRef ref) {
        return lake.open(location(ref));
    }

    /** A table that the statement changes: what else the statement reads of it, it reads at the version that it changes. */
    LakeTable changed(TableRef ref) {
        return new ChangedTable(table(ref), binder);
    }

    TableLocation location(TableRef ref) {
        if (ref instanceof TableRef.AtPath at) {
            return TablePaths.location(at.path());
        }
        TableRef.Named named = (TableRef.Named) ref;
        return mounts.mounted(named.parts())
                .map(TablePaths::location)
                .orElseThrow(() -> new LakeException(
                        ErrorCode.TABLE_NOT_FOUND,
                        "no table of the lake is named '" + named + "'",
                        Map.of("mounted", mounts.names())));
    }

    /** Where a table stands or is to stand: by its path, or by its name in a layer of the lake. */
    TableLocation locationOfNew(TableRef ref) {
        if (ref instanceof TableRef.AtPath at) {
            return TablePaths.location(at.path());
        }
        List<String> parts = ((TableRef.Named) ref).parts();
        return mounts.mounted(parts)
                .map(TablePaths::location)
                .or(() -> mounts.idOf(parts).map(lake::location))
                .orElseThrow(() -> new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "'" + ref + "' is no place in a lake: name a layer and a table, or give a path",
                        Map.of("layers", Mounts.LAYERS)));
    }

    /** A text without a zone is in the session's. */
    Instant instant(String text) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT epoch_us(TRY_CAST(" + SqlText.string(text) + " AS TIMESTAMPTZ))")) {
            row.next();
            long micros = row.getLong(1);
            if (row.wasNull()) {
                throw noTimestamp(text);
            }
            return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        }
    }

    static LakeException noTimestamp(@Nullable String text) {
        return new LakeException(
                ErrorCode.INVALID_ARGUMENT,
                "a timestamp is a text such as '2024-04-02 10:00:00', not " + (text == null ? null : "'" + text + "'"));
    }

    /** The caller closes it; the connection stays open. */
    DuckDbSession engine() {
        return DuckDbSession.over(connection, lake.context());
    }
}
