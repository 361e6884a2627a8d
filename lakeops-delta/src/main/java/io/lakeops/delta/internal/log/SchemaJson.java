package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A schema in the JSON form that Delta keeps, and back. A field's whole metadata is kept.
 *
 * <p>Source: Delta protocol, "Schema Serialization Format".
 *
 * <p>Errors: LOG_CORRUPT for a text that is no schema; TYPE_UNSUPPORTED naming column and type.
 */
public final class SchemaJson {
    public static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    public static final String COLUMN_ID = "delta.columnMapping.id";
    private static final Pattern DECIMAL = Pattern.compile("decimal\\(\\s*(\\d+)\\s*,\\s*(-?\\d+)\\s*\\)");

    private SchemaJson() {}

    public static Schema read(String schemaString, String where) {
        JsonObject root;
        try {
            root = new JsonObject(Json.parseObject(schemaString), where);
        } catch (LakeException e) {
            throw new LakeException(ErrorCode.LOG_CORRUPT, "the schema is no JSON object", Map.of("file", where), e);
        }
        return new Schema(fields(root, ""));
    }

    public static String write(Schema schema) {
        return Json.write(struct(schema.fields()));
    }

    @SuppressWarnings("unchecked")
    private static List<Field> fields(JsonObject struct, String parent) {
        if (!(struct.values().get("fields") instanceof List<?> items)) {
            throw struct.missing("fields");
        }
        List<Field> fields = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof Map<?, ?> map)) {
                throw struct.missing("fields");
            }
            fields.add(field(new JsonObject((Map<String, @Nullable Object>) map, struct.where()), parent));
        }
        return fields;
    }

    private static Field field(JsonObject json, String parent) {
        String name = json.text("name");
        Map<String, @Nullable Object> metadata =
                json.object("metadata").map(JsonObject::values).orElse(Map.of());
        String physical = metadata.get(PHYSICAL_NAME) instanceof String text ? text : name;
        OptionalInt id = metadata.get(COLUMN_ID) instanceof Long number
                ? OptionalInt.of(Math.toIntExact(number))
                : OptionalInt.empty();
        DataType type = type(json, "type", parent + name);
        return new Field(name, type, json.flag("nullable", true), physical, id, metadata);
    }

    private static DataType type(JsonObject json, String key, String column) {
        Object value = json.values().get(key);
        if (value instanceof String text) {
            return primitive(text, column);
        }
        JsonObject nested = json.object(key).orElseThrow(() -> json.missing(key));
        return switch (nested.text("type")) {
            case "struct" -> new DataType.Struct(fields(nested, column + "."));
            case "array" ->
                new DataType.Array(type(nested, "elementType", column + ".element"), nested.flag("containsNull", true));
            case "map" ->
                new DataType.Mapping(
                        type(nested, "keyType", column + ".key"),
                        type(nested, "valueType", column + ".value"),
                        nested.flag("valueContainsNull", true));
            default -> throw unsupported(nested.text("type"), column);
        };
    }

    private static DataType primitive(String text, String column) {
        for (Primitive primitive : Primitive.values()) {
            if (primitive.name().toLowerCase(Locale.ROOT).equals(text)) {
                return primitive;
            }
        }
        if (text.equals("decimal")) {
            return new DataType.Decimal(10, 0);
        }
        Matcher decimal = DECIMAL.matcher(text);
        if (decimal.matches()) {
            try {
                return new DataType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
            } catch (IllegalArgumentException e) {
                throw unsupported(text, column);
            }
        }
        throw unsupported(text, column);
    }

    private static LakeException unsupported(String type, String column) {
        return new LakeException(
                ErrorCode.TYPE_UNSUPPORTED,
                "the type '" + type + "' is not supported",
                Map.of("column", column, "type", type));
    }

    private static Map<String, @Nullable Object> struct(List<Field> fields) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("type", "struct");
        json.put("fields", fields.stream().map(SchemaJson::field).toList());
        return json;
    }

    private static Map<String, @Nullable Object> field(Field field) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", field.name());
        json.put("type", type(field.type()));
        json.put("nullable", field.nullable());
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>(field.metadata());
        if (field.fieldId().isPresent()) {
            metadata.put(COLUMN_ID, (long) field.fieldId().getAsInt());
            metadata.put(PHYSICAL_NAME, field.physicalName());
        }
        json.put("metadata", metadata);
        return json;
    }

    private static Object type(DataType type) {
        if (type instanceof Primitive primitive) {
            return primitive.name().toLowerCase(Locale.ROOT);
        }
        if (type instanceof DataType.Decimal decimal) {
            return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
        }
        if (type instanceof DataType.Struct struct) {
            return struct(struct.fields());
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        if (type instanceof DataType.Array array) {
            json.put("type", "array");
            json.put("elementType", type(array.element()));
            json.put("containsNull", array.containsNull());
        } else {
            DataType.Mapping map = (DataType.Mapping) type;
            json.put("type", "map");
            json.put("keyType", type(map.key()));
            json.put("valueType", type(map.value()));
            json.put("valueContainsNull", map.valueContainsNull());
        }
        return json;
    }
}
