package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the Parquet files of a table's log by a DuckDB of its own, which is opened at the first file.
 *
 * <p>Rows come over in columns of plain values, which is some nine times as fast as a JDBC object for each struct.
 *
 * <p>Errors: LOG_CORRUPT; MEMORY_EXCEEDED, PERMISSION_DENIED; FEATURE_UNSUPPORTED for a column that holds binary, floating or time values within a list or
 * map, which no log has.
 *
 * <p>Threads: safe; each iterator is for one thread.
 */
public final class DuckLogParquet implements ComputeEngine.LogReader {
    private @Nullable DuckDBConnection database;
    private @Nullable FileLayouts layouts;
    private boolean closed;

    @Override
    public RowIterator read(Path file, List<Field> schema) {
        List<Field> fields = schema.stream().map(DuckLogParquet::plain).toList();
        try {
            DuckDBConnection connection = connection();
            try {
                return new LogRows(file, fields, connection, select(file, fields));
            } catch (SQLException | RuntimeException e) {
                closeAfter(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public void write(Path file, List<Field> schema, Iterator<@Nullable Object[]> rows) {
        try (DuckDBConnection connection = connection()) {
            new LogWriting(
                            connection,
                            schema.stream().map(DuckLogParquet::plain).toList())
                    .write(file, rows);
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage());
            throw new LakeException(
                    FileFaults.surroundings(message).orElse(ErrorCode.IO_FAILED),
                    "a Parquet file of the log can't be written: " + message,
                    Map.of("file", file),
                    e);
        }
    }

    static LakeException unreadable(Path file, Exception cause) {
        String message = String.valueOf(cause.getMessage());
        return new LakeException(
                FileFaults.surroundings(message).orElse(ErrorCode.LOG_CORRUPT),
                "a Parquet file of the log can't be read: " + message,
                Map.of("file", file),
                cause);
    }

    private String select(Path file, List<Field> fields) throws SQLException {
        FileLayout layout = layouts().of(List.of(file)).get(0);
        StringJoiner schema = new StringJoiner(", ", "MAP {", "}");
        StringJoiner inner = new StringJoiner(", ");
        StringJoiner outer = new StringJoiner(", ");
        StringJoiner any = new StringJoiner(" OR ");
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            FileLayout.Node node =
                    Matching.BY_NAME.find(layout.columns(), field).orElse(null);
            Reading reading = Reading.column(field, node, Matching.BY_NAME);
            String fileName = node != null ? node.name() : Matching.absentName(layout.columns(), field, i);
            schema.add(reading.entry(fileName, "c" + i));
            inner.add(reading.finished("c" + i) + " AS c" + i);
            any.add("c" + i + " IS NOT NULL");
            LogValues.columns(field.type(), "c" + i).forEach(outer::add);
        }
        return "SELECT " + outer + " FROM (SELECT " + inner + " FROM read_parquet(" + SqlText.string(SqlText.path(file))
                + ", hive_partitioning = false, schema = " + schema + ")) WHERE " + any;
    }

    /** The field as the log's files name it: by its name, whatever else the caller keeps beside it. */
    private static Field plain(Field field) {
        return Field.of(field.name(), plain(field.type()));
    }

    private static DataType plain(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return new DataType.Struct(
                    struct.fields().stream().map(DuckLogParquet::plain).toList());
        }
        if (type instanceof DataType.Array array) {
            return new DataType.Array(plain(array.element()), array.containsNull());
        }
        if (type instanceof DataType.Mapping map) {
            return new DataType.Mapping(plain(map.key()), plain(map.value()), map.valueContainsNull());
        }
        return type;
    }

    private synchronized DuckDBConnection connection() throws SQLException {
        return open().duplicate();
    }

    private synchronized FileLayouts layouts() throws SQLException {
        if (layouts == null) {
            layouts = new FileLayouts(open().duplicate());
        }
        return layouts;
    }

    private DuckDBConnection open() throws SQLException {
        if (closed) {
            throw new IllegalStateException("the log reader is closed");
        }
        if (database == null) {
            Properties settings = new Properties();
            settings.setProperty("jdbc_stream_results", "true");
            // What is read goes through one thread of ours; a second one of DuckDB's would mostly wait, and burn a
            // processor.
            settings.setProperty("threads", "1");
            // Nothing of ours is a download.
            settings.setProperty("autoinstall_known_extensions", "false");
            settings.setProperty("autoload_known_extensions", "false");
            database = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
        }
        return database;
    }

    @Override
    public synchronized void close() {
        closed = true;
        List<AutoCloseable> open = new ArrayList<>();
        if (layouts != null) {
            open.add(layouts);
        }
        if (database != null) {
            open.add(database);
        }
        layouts = null;
        database = null;
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new LakeException(
                        ErrorCode.ENGINE_FAILED, "DuckDB can't be closed: " + e.getMessage(), Map.of(), e);
            }
        }
    }

    private static void closeAfter(AutoCloseable resource, Exception failure) {
        try {
            resource.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }
}
