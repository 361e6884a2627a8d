package io.lakeops.duckdb.lake;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The functions by which DuckDB's binder asks for the query behind a table of the lake, and the macros that call them.
 *
 * <p>DuckDB folds a function of constants while it plans, and {@code query()} takes what comes out as the text of a
 * query. A function belongs to the whole database and can't be dropped, so each connection has its own under a name of
 * its own, behind temporary macros; once closed it only says so.
 */
final class BindFunctions implements AutoCloseable {
    /** The value of an argument that is not given; NULL is one that was given. */
    private static final String NEWEST = "newest";

    private volatile @Nullable ScanBinder binder;
    private volatile @Nullable Relations relations;

    BindFunctions(ScanBinder binder, Relations relations) {
        this.binder = binder;
        this.relations = relations;
    }

    void register(Database database) throws SQLException {
        String id = database.text("SELECT replace(uuid()::VARCHAR, '-', '')");
        String scan = "lakeops_scan_" + id;
        String relation = "lakeops_relation_" + id;
        try (DuckDBScalarFunctionBuilder function = DuckDBFunctions.scalarFunction()) {
            function.withName(scan)
                    .withParameters(
                            DuckDBColumnType.VARCHAR,
                            DuckDBColumnType.VARCHAR,
                            DuckDBColumnType.VARCHAR,
                            DuckDBColumnType.BIGINT)
                    .withReturnType(DuckDBColumnType.VARCHAR)
                    .withVolatile()
                    .withVectorizedFunction((in, out) -> {
                        for (long row = 0; row < in.rowCount(); row++) {
                            out.setString(row, scan(in, row));
                        }
                    })
                    .register(database.connection());
        }
        try (DuckDBScalarFunctionBuilder function = DuckDBFunctions.scalarFunction()) {
            function.withName(relation)
                    .withParameters(DuckDBColumnType.VARCHAR)
                    .withReturnType(DuckDBColumnType.VARCHAR)
                    .withVolatile()
                    .withVectorizedFunction((in, out) -> {
                        for (long row = 0; row < in.rowCount(); row++) {
                            out.setString(row, relation(text(in.vector(0), row)));
                        }
                    })
                    .register(database.connection());
        }
        String changes = "lakeops_changes_" + id;
        try (DuckDBScalarFunctionBuilder function = DuckDBFunctions.scalarFunction()) {
            function.withName(changes)
                    .withParameters(
                            DuckDBColumnType.VARCHAR,
                            DuckDBColumnType.VARCHAR,
                            DuckDBColumnType.BIGINT,
                            DuckDBColumnType.VARCHAR,
                            DuckDBColumnType.BIGINT,
                            DuckDBColumnType.VARCHAR)
                    .withReturnType(DuckDBColumnType.VARCHAR)
                    .withVolatile()
                    .withVectorizedFunction((in, out) -> {
                        for (long row = 0; row < in.rowCount(); row++) {
                            out.setString(row, changes(in, row));
                        }
                    })
                    .register(database.connection());
        }
        String between = "CREATE OR REPLACE TEMP MACRO table_changes(path, \"first\", \"last\" := NULL, key := NULL) AS"
                + " TABLE SELECT * FROM query(" + changes + "(path::VARCHAR, \"first\"::VARCHAR, "
                + micros("\"first\"") + ", \"last\"::VARCHAR, " + micros("\"last\"")
                + ", to_json({key: key})::VARCHAR))";
        String macro = "CREATE OR REPLACE TEMP MACRO delta_scan(path, version := '" + NEWEST + "', timestamp := '"
                + NEWEST + "') AS TABLE SELECT * FROM query(" + scan + "(path::VARCHAR, version::VARCHAR,"
                + " timestamp::VARCHAR, epoch_us(TRY_CAST(timestamp AS TIMESTAMPTZ))))";
        String named = "CREATE OR REPLACE TEMP MACRO lakeops_relation(name) AS TABLE SELECT * FROM query(" + relation
                + "(name::VARCHAR))";
        for (String sql : new String[] {macro, between, named}) {
            database.run(sql);
            database.runOnConnection(sql);
        }
        database.runOnConnection("CREATE OR REPLACE TEMP MACRO lakeops_settings() AS TABLE SELECT * FROM"
                + " lakeops_relation('" + Relations.SETTINGS + "')");
        database.runOnConnection("CREATE OR REPLACE TEMP MACRO restorable(path) AS TABLE SELECT * FROM"
                + " lakeops_relation(" + "'" + Relations.RESTORABLE + "' || path::VARCHAR)");
        database.runOnConnection("CREATE OR REPLACE TEMP VIEW table_partitions AS SELECT * FROM lakeops_relation('"
                + Relations.PARTITIONS + "')");
    }

    private String scan(DuckDBDataChunkReader in, long row) {
        ScanBinder open = binder;
        if (open == null) {
            throw new IllegalStateException("the connection of this function is closed");
        }
        try {
            return open.bind(
                    text(in.vector(0), row),
                    version(text(in.vector(1), row)),
                    micros(text(in.vector(2), row), whole(in.vector(3), row)));
        } catch (RuntimeException e) {
            throw new IllegalStateException(open.scope().keep(e), e);
        }
    }

    /** DuckDB would round 1.5, take true for 1, and NULL, a parameter that was forgotten, for the newest version. */
    private static @Nullable Long version(@Nullable String text) {
        if (NEWEST.equals(text)) {
            return null;
        }
        if (text == null || !text.strip().matches("[+-]?[0-9]+")) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a version is a whole number, not " + text);
        }
        try {
            return Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw new LakeException(ErrorCode.VERSION_NOT_FOUND, "there is no version " + text.strip(), e);
        }
    }

    private static @Nullable Long micros(@Nullable String text, @Nullable Long micros) {
        if (NEWEST.equals(text)) {
            return null;
        }
        if (micros == null) {
            throw Tables.noTimestamp(text);
        }
        return micros;
    }

    private String changes(DuckDBDataChunkReader in, long row) {
        ScanBinder open = binder;
        if (open == null) {
            throw new IllegalStateException("the connection of this function is closed");
        }
        try {
            String first = text(in.vector(1), row);
            if (first == null) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT, "table_changes begins at a version or at a timestamp, not at NULL");
            }
            String last = text(in.vector(3), row);
            List<String> key = key(String.valueOf(text(in.vector(5), row)));
            return open.bindChanges(
                    text(in.vector(0), row),
                    new ChangeBounds(
                            new ChangeBounds.Bound(first, whole(in.vector(2), row)),
                            last == null
                                    ? Optional.empty()
                                    : Optional.of(new ChangeBounds.Bound(last, whole(in.vector(4), row))),
                            key));
        } catch (RuntimeException e) {
            throw new IllegalStateException(open.scope().keep(e), e);
        }
    }

    private static String micros(String bound) {
        return "epoch_us(TRY_CAST(" + bound + "::VARCHAR AS TIMESTAMPTZ))";
    }

    /** A key is the name of a column, or a list of such. */
    private static List<String> key(String json) {
        Object key = Json.parseObject(json).get("key");
        if (key == null) {
            return List.of();
        }
        List<?> names = key instanceof List<?> list ? list : List.of(key);
        if (!names.stream().allMatch(String.class::isInstance)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "a key is the name of a column or a list of names, not " + key);
        }
        return names.stream().map(String::valueOf).toList();
    }

    private String relation(@Nullable String name) {
        ScanBinder open = binder;
        Relations known = relations;
        if (open == null || known == null) {
            throw new IllegalStateException("the connection of this function is closed");
        }
        try {
            if (name == null) {
                throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a relation has a name, not NULL");
            }
            return known.sql(name);
        } catch (RuntimeException e) {
            throw new IllegalStateException(open.scope().keep(e), e);
        }
    }

    private static @Nullable String text(DuckDBReadableVector vector, long row) {
        return vector.isNull(row) ? null : vector.getString(row);
    }

    private static @Nullable Long whole(DuckDBReadableVector vector, long row) {
        return vector.isNull(row) ? null : (Long) vector.getLong(row);
    }

    @Override
    public void close() {
        binder = null;
        relations = null;
    }
}
