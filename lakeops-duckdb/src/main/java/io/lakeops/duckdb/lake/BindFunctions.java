package io.lakeops.duckdb.lake;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.sql.SQLException;
import org.duckdb.DuckDBColumnType;
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
                    .withParameters(DuckDBColumnType.VARCHAR, DuckDBColumnType.BIGINT, DuckDBColumnType.BIGINT)
                    .withReturnType(DuckDBColumnType.VARCHAR)
                    .withVolatile()
                    .withVectorizedFunction((in, out) -> {
                        for (long row = 0; row < in.rowCount(); row++) {
                            out.setString(
                                    row,
                                    scan(text(in.vector(0), row), whole(in.vector(1), row), whole(in.vector(2), row)));
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
        String macro = "CREATE OR REPLACE TEMP MACRO delta_scan(path, version := NULL, timestamp := NULL) AS TABLE"
                + " SELECT * FROM query(" + scan
                + "(path::VARCHAR, version::BIGINT, epoch_us(timestamp::TIMESTAMPTZ)))";
        String named = "CREATE OR REPLACE TEMP MACRO lakeops_relation(name) AS TABLE SELECT * FROM query(" + relation
                + "(name::VARCHAR))";
        for (String sql : new String[] {macro, named}) {
            database.run(sql);
            database.runOnConnection(sql);
        }
        database.runOnConnection("CREATE OR REPLACE TEMP MACRO lakeops_settings() AS TABLE SELECT * FROM"
                + " lakeops_relation('" + Relations.SETTINGS + "')");
        database.runOnConnection("CREATE OR REPLACE TEMP VIEW table_partitions AS SELECT * FROM lakeops_relation('"
                + Relations.PARTITIONS + "')");
    }

    private String scan(@Nullable String path, @Nullable Long version, @Nullable Long micros) {
        ScanBinder open = binder;
        if (open == null) {
            throw new IllegalStateException("the connection of this function is closed");
        }
        try {
            return open.bind(path, version, micros);
        } catch (RuntimeException e) {
            throw new IllegalStateException(open.scope().keep(e), e);
        }
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
