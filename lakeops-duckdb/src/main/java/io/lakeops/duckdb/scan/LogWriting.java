package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Rows of a log through a temporary table into one Parquet file. For one thread; the table goes when the caller closes the connection. */
final class LogWriting {
    private static final String TABLE = "log_rows";

    private final DuckDBConnection connection;
    private final List<Field> schema;

    LogWriting(DuckDBConnection connection, List<Field> schema) {
        this.connection = connection;
        this.schema = schema;
    }

    void write(Path file, Iterator<@Nullable Object[]> rows) throws SQLException {
        String columns = schema.stream()
                .map(field -> SqlText.identifier(field.name()) + " " + DuckTypes.sql(field.type()))
                .collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE " + TABLE + " (" + columns + ")");
            try (DuckDBAppender appender = connection.createAppender("temp", "main", TABLE)) {
                while (rows.hasNext()) {
                    @Nullable Object[] row = rows.next();
                    appender.beginRow();
                    for (int i = 0; i < row.length; i++) {
                        append(appender, schema.get(i).type(), row[i]);
                    }
                    appender.endRow();
                }
            }
            // What is written to is no pattern: nothing in its name is escaped.
            statement.execute("COPY " + TABLE + " TO " + SqlText.string(file.toString())
                    + " (FORMAT parquet, COMPRESSION snappy)");
        }
    }

    private static void append(DuckDBAppender out, DataType type, @Nullable Object value) throws SQLException {
        if (value == null) {
            out.appendNull();
        } else if (type instanceof DataType.Struct struct) {
            @Nullable Object[] parts = (@Nullable Object[]) value;
            out.beginStruct();
            for (int i = 0; i < parts.length; i++) {
                append(out, struct.fields().get(i).type(), parts[i]);
            }
            out.endStruct();
        } else if (type instanceof DataType.Array) {
            out.append((Collection<?>) value);
        } else if (type instanceof DataType.Mapping) {
            out.append((Map<?, ?>) value);
        } else if (type instanceof DataType.Decimal) {
            out.append((java.math.BigDecimal) value);
        } else {
            primitive(out, (Primitive) type, value);
        }
    }

    private static void primitive(DuckDBAppender out, Primitive type, Object value) throws SQLException {
        switch (type) {
            case BOOLEAN -> out.append((boolean) (Boolean) value);
            case BYTE -> out.append(((Number) value).byteValue());
            case SHORT -> out.append(((Number) value).shortValue());
            case INTEGER -> out.append(((Number) value).intValue());
            case LONG -> out.append(((Number) value).longValue());
            case FLOAT -> out.append(((Number) value).floatValue());
            case DOUBLE -> out.append(((Number) value).doubleValue());
            case STRING -> out.append((String) value);
            case BINARY -> out.append((byte[]) value);
            case DATE -> out.append((LocalDate) value);
            case TIMESTAMP -> out.append(((Instant) value).atOffset(ZoneOffset.UTC));
            case TIMESTAMP_NTZ -> out.append((LocalDateTime) value);
            case VARIANT ->
                throw new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "a log column of this type is not written",
                        Map.of("type", type));
        }
    }
}
