package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Blob;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log's Parquet files by a DuckDB of its own, which is opened at the first file.
 *
 * <p>Threads: safe.
 */
public final class DuckDbLogReader implements ComputeEngine.LogReader {
    private @Nullable DuckDBConnection root;
    private boolean closed;

    @Override
    public RowIterator read(Path file, List<Field> schema) {
        DuckDBConnection connection = connection();
        try {
            return rows(connection, file, schema);
        } catch (SQLException e) {
            LakeException failure = unreadable(file, e);
            closeQuietly(connection, failure);
            throw failure;
        }
    }

    private static LogRows rows(DuckDBConnection connection, Path file, List<Field> schema) throws SQLException {
        String source = "read_parquet(" + SqlText.string(SqlText.path(file)) + ")";
        Map<String, String> present = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
            while (columns.next()) {
                String name = columns.getString("column_name");
                present.put(name.toLowerCase(Locale.ROOT), name);
            }
        }
        StringBuilder select = new StringBuilder();
        for (Field field : schema) {
            String name = present.get(field.name().toLowerCase(Locale.ROOT));
            select.append(select.isEmpty() ? "" : ", ")
                    .append("CAST(")
                    .append(name == null ? "NULL" : SqlText.identifier(name))
                    .append(" AS ")
                    .append(DuckTypes.sql(field.type()))
                    .append(")");
        }
        Statement statement = connection.createStatement();
        try {
            statement.execute("SET TimeZone = 'UTC'");
            return new LogRows(
                    file,
                    schema,
                    connection,
                    statement,
                    statement.executeQuery("SELECT " + select + " FROM " + source));
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private synchronized DuckDBConnection connection() {
        if (closed) {
            throw new IllegalStateException("the log reader is closed");
        }
        try {
            if (root == null) {
                Properties settings = new Properties();
                settings.setProperty("jdbc_stream_results", "true");
                settings.setProperty("autoinstall_known_extensions", "false");
                settings.setProperty("autoload_known_extensions", "false");
                root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
            }
            return root.duplicate();
        } catch (SQLException e) {
            throw Failures.of(e, "opening an embedded DuckDB");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (root != null) {
            try {
                root.close();
            } catch (SQLException e) {
                throw Failures.of(e, "closing an embedded DuckDB");
            }
        }
    }

    private static LakeException unreadable(Path file, SQLException e) {
        ErrorCode code = Failures.code(String.valueOf(e.getMessage()));
        boolean surroundings = code == ErrorCode.MEMORY_EXCEEDED || code == ErrorCode.PERMISSION_DENIED;
        return new LakeException(
                surroundings ? code : ErrorCode.LOG_CORRUPT,
                "the log's Parquet file can't be read: " + e.getMessage(),
                Map.of("path", file),
                e);
    }

    private static void closeQuietly(AutoCloseable resource, Throwable why) {
        try {
            resource.close();
        } catch (Exception e) {
            why.addSuppressed(e);
        }
    }

    private static final class LogRows implements RowIterator {
        private final Path file;
        private final List<Field> schema;
        private final DuckDBConnection connection;
        private final Statement statement;
        private final ResultSet result;
        private boolean looked;
        private boolean more;

        LogRows(Path file, List<Field> schema, DuckDBConnection connection, Statement statement, ResultSet result) {
            this.file = file;
            this.schema = List.copyOf(schema);
            this.connection = connection;
            this.statement = statement;
            this.result = result;
        }

        @Override
        public boolean hasNext() {
            if (!looked) {
                try {
                    more = result.next();
                } catch (SQLException e) {
                    throw unreadable(file, e);
                }
                looked = true;
            }
            return more;
        }

        @Override
        public @Nullable Object[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            looked = false;
            @Nullable Object[] row = new @Nullable Object[schema.size()];
            try {
                for (int i = 0; i < row.length; i++) {
                    Object value = result.getObject(i + 1);
                    // A java.sql.Timestamp would pass through the process's time zone.
                    row[i] = value instanceof Timestamp
                            ? result.getObject(i + 1, LocalDateTime.class)
                            : value(value, schema.get(i).type());
                }
            } catch (SQLException e) {
                throw unreadable(file, e);
            }
            return row;
        }

        private static @Nullable Object value(@Nullable Object value, DataType type) throws SQLException {
            if (value == null) {
                return null;
            }
            if (type instanceof DataType.Struct struct) {
                Object[] attributes = ((Struct) value).getAttributes();
                @Nullable Object[] fields = new @Nullable Object[attributes.length];
                for (int i = 0; i < fields.length; i++) {
                    fields[i] = value(attributes[i], struct.fields().get(i).type());
                }
                return fields;
            }
            if (type instanceof DataType.Array array) {
                List<@Nullable Object> items = new ArrayList<>();
                for (Object item : (Object[]) ((Array) value).getArray()) {
                    items.add(value(item, array.element()));
                }
                return items;
            }
            if (type instanceof DataType.Mapping mapping) {
                Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    map.put(value(entry.getKey(), mapping.key()), value(entry.getValue(), mapping.value()));
                }
                return map;
            }
            if (type == Primitive.TIMESTAMP) {
                return ((OffsetDateTime) value).toInstant();
            }
            if (type == Primitive.TIMESTAMP_NTZ && value instanceof Timestamp local) {
                return local.toLocalDateTime();
            }
            if (type == Primitive.BINARY && value instanceof Blob blob) {
                return blob.getBytes(1, (int) blob.length());
            }
            return value;
        }

        @Override
        public void close() {
            try (connection;
                    statement;
                    result) {
                looked = true;
                more = false;
            } catch (SQLException e) {
                throw Failures.of(e, "closing a reader of the log");
            }
        }
    }
}
