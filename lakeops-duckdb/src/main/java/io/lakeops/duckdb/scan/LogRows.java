package io.lakeops.duckdb.scan;

import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.NoSuchElementException;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/** The rows of one log file, a chunk at a time. Owns its connection. */
final class LogRows implements LogParquet.RowIterator {
    private final Path file;
    private final List<Field> fields;
    private final DuckDBConnection connection;
    private final DuckDBPreparedStatement statement;
    private final DuckDBChunkedResult result;
    private @Nullable Object[][] chunk = new @Nullable Object[0][];
    private int next;
    private boolean ended;

    LogRows(Path file, List<Field> fields, DuckDBConnection connection, String select) throws SQLException {
        this.file = file;
        this.fields = fields;
        this.connection = connection;
        this.statement = connection.prepare(select);
        try {
            this.result = statement.query();
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    @Override
    public boolean hasNext() {
        while (next == chunk.length && !ended) {
            try {
                if (result.nextChunk()) {
                    chunk = rows(result.chunk());
                    next = 0;
                } else {
                    ended = true;
                }
            } catch (RuntimeException e) {
                ended = true;
                throw DuckLogParquet.unreadable(file, e);
            }
        }
        return next < chunk.length;
    }

    @Override
    public @Nullable Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return chunk[next++];
    }

    private @Nullable Object[][] rows(DuckDBDataChunkReader reader) {
        int rows = Math.toIntExact(reader.rowCount());
        @Nullable Object[][] out = new @Nullable Object[rows][fields.size()];
        LogValues values = new LogValues(reader, rows);
        for (int column = 0; column < fields.size(); column++) {
            @Nullable Object[] read = values.next(fields.get(column).type());
            for (int row = 0; row < rows; row++) {
                out[row][column] = read[row];
            }
        }
        return out;
    }

    @Override
    public void close() {
        ended = true;
        next = chunk.length;
        try (connection;
                statement;
                result) {
            return;
        } catch (SQLException e) {
            throw DuckLogParquet.unreadable(file, e);
        }
    }
}
