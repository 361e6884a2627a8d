package io.lakeops.duckdb.scan;

import io.lakeops.table.DeletedRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.duckdb.DuckDBWritableVector;

/**
 * The SQL function that tells live rows from deleted ones, and the vectors that it looks into.
 *
 * <p>Threads: safe; DuckDB calls the function from threads of its own.
 */
final class DeletionVectors {
    private final Map<Long, DeletedRows[]> held = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    /** A second function of the same name would silently replace the first, in every session of the database. */
    private final String function =
            "lakeops_live_" + UUID.randomUUID().toString().replace('-', '_');

    /** Makes the function known to every connection of the connection's database. */
    void register(Connection connection) throws SQLException {
        try (DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction()) {
            builder.withName(function)
                    .withParameters(DuckDBColumnType.BIGINT, DuckDBColumnType.BIGINT, DuckDBColumnType.BIGINT)
                    .withReturnType(DuckDBColumnType.BOOLEAN)
                    .withVectorizedFunction(this::live)
                    .register(connection);
        }
    }

    /** Keeps the vectors of the files of one {@code read_parquet}, in its order, until they are released. */
    long hold(List<DeletedRows> byFile) {
        long key = next.incrementAndGet();
        held.put(key, byFile.toArray(new DeletedRows[0]));
        return key;
    }

    void release(long key) {
        held.remove(key);
    }

    void releaseAll() {
        held.clear();
    }

    int heldCount() {
        return held.size();
    }

    /** True for the rows that are not deleted. */
    String condition(long key) {
        return function + "(" + key + ", file_index::BIGINT, file_row_number)";
    }

    private void live(DuckDBDataChunkReader in, DuckDBWritableVector out) {
        long rows = in.rowCount();
        if (rows == 0) {
            return;
        }
        DuckDBReadableVector files = in.vector(1);
        DuckDBReadableVector positions = in.vector(2);
        long key = in.vector(0).getLong(0);
        DeletedRows[] vectors = held.get(key);
        if (vectors == null) {
            throw new IllegalStateException("the deletion vectors of scan " + key + " were released");
        }
        long file = files.getLong(0);
        DeletedRows vector = vectors[(int) file];
        for (long row = 0; row < rows; row++) {
            long now = files.getLong(row);
            if (now != file) {
                file = now;
                vector = vectors[(int) file];
            }
            out.setBoolean(row, !vector.contains(positions.getLong(row)));
        }
    }
}
