package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/**
 * Nested values taken apart into plain columns and put together again.
 *
 * <p>Shape: a struct is a flag, true where it is not null, and then its fields; a list or a map is its length, and then a JSON
 * text where it is not empty, which most are; points in time are whole microseconds, binary is hex text; any other value is
 * itself.
 */
final class LogValues {
    private final DuckDBDataChunkReader chunk;
    private final int rows;
    private int column;

    LogValues(DuckDBDataChunkReader chunk, int rows) {
        this.chunk = chunk;
        this.rows = rows;
    }

    /** The columns that carry a value of a type, as SQL over an expression of that type. */
    static List<String> columns(DataType type, String expression) {
        if (type instanceof DataType.Struct struct) {
            List<String> columns = new ArrayList<>();
            columns.add(expression + " IS NOT NULL");
            for (Field field : struct.fields()) {
                columns.addAll(columns(
                        field.type(), "struct_extract(" + expression + ", " + SqlText.string(field.name()) + ")"));
            }
            return columns;
        }
        if (type instanceof DataType.Array || type instanceof DataType.Mapping) {
            requireJson(type);
            String length = (type instanceof DataType.Array ? "len(" : "cardinality(") + expression + ")";
            return List.of(
                    "CASE WHEN " + expression + " IS NOT NULL THEN " + length + "::INTEGER END",
                    "CASE WHEN " + length + " > 0 THEN to_json(" + expression + ")::VARCHAR END");
        }
        if (type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMP_NTZ) {
            return List.of("epoch_us(" + expression + ")");
        }
        if (type == Primitive.BINARY) {
            return List.of("hex(" + expression + ")");
        }
        if (type == Primitive.VARIANT) {
            throw unsupported(type);
        }
        return List.of(expression);
    }

    private static void requireJson(DataType type) {
        if (type instanceof DataType.Struct struct) {
            struct.fields().forEach(field -> requireJson(field.type()));
        } else if (type instanceof DataType.Array array) {
            requireJson(array.element());
        } else if (type instanceof DataType.Mapping map) {
            requireJson(map.key());
            requireJson(map.value());
        } else if (type instanceof Primitive primitive) {
            switch (primitive) {
                case BOOLEAN, BYTE, SHORT, INTEGER, LONG, STRING, DATE -> {}
                case FLOAT, DOUBLE, BINARY, TIMESTAMP, TIMESTAMP_NTZ, VARIANT -> throw unsupported(type);
            }
        }
    }

    private static LakeException unsupported(DataType type) {
        return new LakeException(
                ErrorCode.FEATURE_UNSUPPORTED,
                "a log column of this type, or a list or map of it, is not read",
                Map.of("type", type));
    }

    /** The values of the next columns, as many as the type takes. */
    @Nullable
    Object[] next(DataType type) {
        DuckDBReadableVector vector = chunk.vector(column++);
        @Nullable Object[] values = new @Nullable Object[rows];
        if (type instanceof DataType.Struct struct) {
            int width = struct.fields().size();
            for (int row = 0; row < rows; row++) {
                values[row] = vector.getBoolean(row) ? new @Nullable Object[width] : null;
            }
            for (int field = 0; field < width; field++) {
                @Nullable Object[] parts = next(struct.fields().get(field).type());
                for (int row = 0; row < rows; row++) {
                    if (values[row] instanceof @Nullable Object[] whole) {
                        whole[field] = parts[row];
                    }
                }
            }
            return values;
        }
        if (type instanceof DataType.Array || type instanceof DataType.Mapping) {
            DuckDBReadableVector texts = chunk.vector(column++);
            Object none = type instanceof DataType.Array ? List.of() : Map.of();
            for (int row = 0; row < rows; row++) {
                values[row] = vector.isNull(row) ? null : vector.getInt(row) == 0 ? none : json(texts, row, type);
            }
            return values;
        }
        for (int row = 0; row < rows; row++) {
            values[row] = vector.isNull(row) ? null : value(vector, row, type);
        }
        return values;
    }

    private static Object json(DuckDBReadableVector texts, int row, DataType type) {
        String json = texts.getString(row);
        Object value = fromJson(Json.parse(json), type);
        if (value == null) {
            throw new IllegalStateException("a list or map that is not null became null: " + json);
        }
        return value;
    }

    private static Object value(DuckDBReadableVector vector, int row, DataType type) {
        if (type instanceof DataType.Decimal) {
            return vector.getBigDecimal(row);
        }
        if (type instanceof Primitive primitive) {
            return switch (primitive) {
                case BOOLEAN -> vector.getBoolean(row);
                case BYTE -> vector.getByte(row);
                case SHORT -> vector.getShort(row);
                case INTEGER -> vector.getInt(row);
                case LONG -> vector.getLong(row);
                case FLOAT -> vector.getFloat(row);
                case DOUBLE -> vector.getDouble(row);
                case STRING -> vector.getString(row);
                case BINARY -> HexFormat.of().parseHex(vector.getString(row));
                case DATE -> vector.getLocalDate(row);
                case TIMESTAMP -> instant(vector.getLong(row));
                case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant(vector.getLong(row)), ZoneOffset.UTC);
                case VARIANT -> throw unsupported(type);
            };
        }
        throw new IllegalStateException("no single value: " + type);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static @Nullable Object fromJson(@Nullable Object json, DataType type) {
        if (json == null) {
            return null;
        }
        if (type instanceof DataType.Array array) {
            List<@Nullable Object> list = new ArrayList<>();
            for (Object element : (List<?>) json) {
                list.add(fromJson(element, array.element()));
            }
            return list;
        }
        if (type instanceof DataType.Mapping mapping) {
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) json).entrySet()) {
                map.put(fromJson(entry.getKey(), mapping.key()), fromJson(entry.getValue(), mapping.value()));
            }
            return map;
        }
        if (type instanceof DataType.Struct struct) {
            @Nullable Object[] values = new @Nullable Object[struct.fields().size()];
            for (int i = 0; i < values.length; i++) {
                Field field = struct.fields().get(i);
                values[i] = fromJson(((Map<?, ?>) json).get(field.name()), field.type());
            }
            return values;
        }
        // A map's keys are texts in JSON, whatever they are elsewhere.
        String text = json.toString();
        if (type instanceof DataType.Decimal decimal) {
            return new BigDecimal(text).setScale(decimal.scale());
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> Boolean.valueOf(text);
            case BYTE -> Byte.valueOf(text);
            case SHORT -> Short.valueOf(text);
            case INTEGER -> Integer.valueOf(text);
            case LONG -> Long.valueOf(text);
            case STRING -> text;
            case DATE -> LocalDate.parse(text);
            case FLOAT, DOUBLE, BINARY, TIMESTAMP, TIMESTAMP_NTZ, VARIANT -> throw unsupported(type);
        };
    }
}
