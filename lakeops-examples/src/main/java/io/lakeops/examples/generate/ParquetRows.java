package io.lakeops.examples.generate;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A Parquet file, written by DuckDB on one thread, so that row groups and their order never differ.
 *
 * <p>Units: up to {@value #MEMORY} of memory; what is more spills beside the file.
 */
final class ParquetRows implements RowWriter {
    private static final String MEMORY = "512MB";
    private final Path path;
    private final DuckDBConnection connection;
    private final DuckDBAppender appender;
    private boolean begun;

    /** {@code columns} as DuckDB declares them, such as {@code a BIGINT, b VARCHAR}. */
    ParquetRows(Path path, String columns) {
        this.path = path;
        try {
            this.connection = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
            execute("SET threads = 1");
            execute("SET memory_limit = '" + MEMORY + "'");
            execute("SET temp_directory = '" + quoted(path.resolveSibling("." + path.getFileName() + ".spill")) + "'");
            execute("CREATE TABLE made (" + columns + ")");
            this.appender = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "made");
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(Path path) {
        return path.toString().replace("'", "''");
    }

    private static LakeException failed(SQLException e) {
        return new LakeException(ErrorCode.ENGINE_FAILED, "the Parquet file could not be written", e);
    }

    /** Appends one value, after beginning the row where this is its first. */
    private void append(Value value) {
        try {
            if (!begun) {
                appender.beginRow();
                begun = true;
            }
            value.to(appender);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private interface Value {
        void to(DuckDBAppender appender) throws SQLException;
    }

    @Override
    public void number(long value) {
        append(a -> a.append(value));
    }

    @Override
    public void decimal(long unscaled, int scale) {
        append(a -> a.append(BigDecimal.valueOf(unscaled, scale)));
    }

    @Override
    public void text(String value) {
        append(a -> a.append(value));
    }

    @Override
    public void date(long epochDay) {
        append(a -> a.appendEpochDays(Math.toIntExact(epochDay)));
    }

    @Override
    public void time(long epochSecond, int offsetMinutes) {
        append(a -> a.appendEpochMicros(epochSecond * 1_000_000));
    }

    @Override
    public void flag(boolean value) {
        append(a -> a.append(value));
    }

    @Override
    public void missing() {
        append(DuckDBAppender::appendNull);
    }

    @Override
    public void broken(String text) {
        missing();
    }

    @Override
    public void endRow() {
        append(DuckDBAppender::endRow);
        begun = false;
    }

    @Override
    public void close() {
        try (connection) {
            appender.close();
            execute("COPY made TO '" + quoted(path) + "' (FORMAT parquet, COMPRESSION zstd)");
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
