package io.lakeops.duckdb.scan;

import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Rows as the text that Spark's {@code to_json(struct(*))} makes of them, from the typed values of a JDBC result. */
public final class SparkJson {
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

    private SparkJson() {}

    /** All rows, sorted as texts. */
    public static List<String> rows(ResultSet result, Schema schema) throws SQLException {
        List<String> rows = new ArrayList<>();
        while (result.next()) {
            StringJoiner row = new StringJoiner(",", "{", "}");
            for (int i = 0; i < schema.fields().size(); i++) {
                Field field = schema.fields().get(i);
                row.add(Json.write(field.name()) + ":" + value(cell(result, i + 1, field.type()), field.type()));
            }
            rows.add(row.toString());
        }
        rows.sort(null);
        return rows;
    }

    private static @Nullable Object cell(ResultSet result, int index, DataType type) throws SQLException {
        if (type == Primitive.TIMESTAMP) {
            return result.getObject(index, OffsetDateTime.class);
        }
        if (type == Primitive.TIMESTAMP_NTZ) {
            return result.getObject(index, LocalDateTime.class);
        }
        if (type == Primitive.BINARY) {
            return result.getBytes(index);
        }
        return result.getObject(index);
    }

    private static String value(@Nullable Object value, DataType type) throws SQLException {
        if (value == null) {
            return "null";
        }
        if (type instanceof DataType.Struct struct) {
            @Nullable Object[] attributes = ((Struct) value).getAttributes();
            StringJoiner out = new StringJoiner(",", "{", "}");
            for (int i = 0; i < attributes.length; i++) {
                Field field = struct.fields().get(i);
                out.add(Json.write(field.name()) + ":" + value(attributes[i], field.type()));
            }
            return out.toString();
        }
        if (type instanceof DataType.Array array) {
            StringJoiner out = new StringJoiner(",", "[", "]");
            for (Object element : (@Nullable Object[]) ((Array) value).getArray()) {
                out.add(value(element, array.element()));
            }
            return out.toString();
        }
        if (type instanceof DataType.Mapping map) {
            StringJoiner out = new StringJoiner(",", "{", "}");
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                String key = value(Objects.requireNonNull(entry.getKey()), map.key());
                out.add((key.startsWith("\"") ? key : '"' + key + '"') + ":" + value(entry.getValue(), map.value()));
            }
            return out.toString();
        }
        if (type instanceof DataType.Decimal decimal) {
            BigDecimal number = (BigDecimal) value;
            if (number.scale() != decimal.scale()) {
                throw new IllegalStateException("scale " + number.scale() + " in " + decimal);
            }
            return number.toString();
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> ((Boolean) value).toString();
            case BYTE -> ((Byte) value).toString();
            case SHORT -> ((Short) value).toString();
            case INTEGER -> ((Integer) value).toString();
            case LONG -> ((Long) value).toString();
            case FLOAT -> number(((Float) value).toString());
            case DOUBLE -> number(((Double) value).toString());
            case STRING -> Json.write((String) value);
            case BINARY -> Json.write(Base64.getEncoder().encodeToString(bytes(value)));
            case DATE -> Json.write(((LocalDate) value).toString());
            case TIMESTAMP ->
                Json.write(MICROS.format(((OffsetDateTime) value).withOffsetSameInstant(ZoneOffset.UTC)) + "Z");
            case TIMESTAMP_NTZ -> Json.write(MICROS.format(local(value)));
            case VARIANT -> value.toString();
        };
    }

    private static LocalDateTime local(Object value) {
        return value instanceof java.sql.Timestamp timestamp ? timestamp.toLocalDateTime() : (LocalDateTime) value;
    }

    private static byte[] bytes(Object value) throws SQLException {
        return value instanceof Blob blob ? blob.getBytes(1, (int) blob.length()) : (byte[]) value;
    }

    private static String number(String text) {
        return text.endsWith("N") || text.endsWith("y") ? Json.write(text) : text;
    }
}
