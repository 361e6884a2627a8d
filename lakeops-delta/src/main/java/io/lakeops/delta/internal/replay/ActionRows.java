package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Actions of JSON lines in the shape of a checkpoint's rows. Errors: LOG_CORRUPT naming file and line. */
public final class ActionRows {
    private ActionRows() {}

    /** An action as the value of its column. */
    static @Nullable Object[] row(Field column, JsonObject action) {
        return struct((DataType.Struct) column.type(), action.values(), action.where());
    }

    /** The value of an action's column as JSON. */
    public static JsonObject json(Field column, @Nullable Object[] action, String where) {
        return new JsonObject(json((DataType.Struct) column.type(), action), where);
    }

    private static Map<String, @Nullable Object> json(DataType.Struct type, @Nullable Object[] row) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int i = 0; i < row.length; i++) {
            Field field = type.fields().get(i);
            Object value = row[i];
            if (value instanceof @Nullable Object[] nested && field.type() instanceof DataType.Struct struct) {
                json.put(field.name(), json(struct, nested));
            } else if (value != null) {
                json.put(field.name(), value instanceof Integer number ? (Object) number.longValue() : value);
            }
        }
        return json;
    }

    private static @Nullable Object[] struct(DataType.Struct type, Map<?, ?> json, String where) {
        List<Field> fields = type.fields();
        @Nullable Object[] row = new @Nullable Object[fields.size()];
        for (int i = 0; i < row.length; i++) {
            Field field = fields.get(i);
            Object value = json.get(field.name());
            row[i] = value == null ? null : value(field.type(), value, field.name(), where);
        }
        return row;
    }

    private static Object value(DataType type, Object json, String name, String where) {
        if (type instanceof DataType.Struct struct && json instanceof Map<?, ?> map) {
            return struct(struct, map, where);
        }
        if (type instanceof DataType.Array && json instanceof List<?> items) {
            List<Object> texts = new ArrayList<>(items.size());
            for (Object item : items) {
                if (!(item instanceof String)) {
                    throw mistyped(name, json, where);
                }
                texts.add(item);
            }
            return texts;
        }
        if (type instanceof DataType.Mapping && json instanceof Map<?, ?> map) {
            Map<String, @Nullable String> texts = new LinkedHashMap<>();
            map.forEach((key, value) -> texts.put(
                    (String) key, value == null || value instanceof String ? (String) value : Json.write(value)));
            return texts;
        }
        if (type == Primitive.STRING && json instanceof String) {
            return json;
        }
        if (type == Primitive.BOOLEAN && json instanceof Boolean) {
            return json;
        }
        if (type == Primitive.LONG && json instanceof Long) {
            return json;
        }
        if (type == Primitive.INTEGER && json instanceof Long number && number.intValue() == number) {
            return number.intValue();
        }
        throw mistyped(name, json, where);
    }

    private static LakeException mistyped(String name, Object json, String where) {
        return new LakeException(
                ErrorCode.LOG_CORRUPT,
                "the field '" + name + "' of the log is of another type than the protocol's",
                Map.of("file", where, "value", Json.write(json)));
    }
}
