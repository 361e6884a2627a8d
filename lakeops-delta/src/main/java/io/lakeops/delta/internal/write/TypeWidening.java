package io.lakeops.delta.internal.write;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which types a column may be widened to, and how the schema keeps that it was.
 *
 * <p>Source: Delta protocol, "Type Widening".
 */
final class TypeWidening {
    static final String PROPERTY = "delta.enableTypeWidening";
    private static final String CHANGES = "delta.typeChanges";
    /** Digits that every value of a whole type fits into. */
    private static final Map<Primitive, Integer> DIGITS =
            Map.of(Primitive.BYTE, 10, Primitive.SHORT, 10, Primitive.INTEGER, 10, Primitive.LONG, 20);

    private static final List<Primitive> WHOLE =
            List.of(Primitive.BYTE, Primitive.SHORT, Primitive.INTEGER, Primitive.LONG);

    private TypeWidening() {}

    /** Whether every value of the one type is a value of the other, and readers know how to make it one. */
    static boolean allows(DataType before, DataType after) {
        if (before instanceof DataType.Decimal old && after instanceof DataType.Decimal now) {
            int digits = now.precision() - old.precision();
            int places = now.scale() - old.scale();
            return places >= 0 && digits >= places;
        }
        if (!(before instanceof Primitive old)) {
            return false;
        }
        if (after instanceof DataType.Decimal now) {
            return DIGITS.containsKey(old) && now.precision() - now.scale() >= DIGITS.get(old);
        }
        return switch (old) {
            case BYTE, SHORT, INTEGER ->
                after == Primitive.DOUBLE
                        || (after instanceof Primitive now && WHOLE.indexOf(now) > WHOLE.indexOf(old));
            case FLOAT -> after == Primitive.DOUBLE;
            case DATE -> after == Primitive.TIMESTAMP_NTZ;
            default -> false;
        };
    }

    /** The schema with a note of each type that is not as it was. */
    static Schema noted(Schema before, Schema after) {
        return new Schema(fields(before.fields(), after.fields()));
    }

    private static List<Field> fields(List<Field> before, List<Field> after) {
        return after.stream()
                .map(field -> {
                    Optional<Field> old = ColumnIds.counterpart(field, before);
                    return old.isEmpty() ? field : noted(old.get(), field);
                })
                .toList();
    }

    private static Field noted(Field before, Field after) {
        List<Map<String, @Nullable Object>> notes = new ArrayList<>();
        DataType type = type(before.type(), after.type(), "", notes);
        Map<String, @Nullable Object> metadata = after.metadata();
        if (!notes.isEmpty()) {
            metadata = new LinkedHashMap<>(metadata);
            List<@Nullable Object> all = new ArrayList<>();
            if (metadata.get(CHANGES) instanceof List<?> earlier) {
                all.addAll(earlier);
            }
            all.addAll(notes);
            metadata.put(CHANGES, all);
        }
        return new Field(after.name(), type, after.nullable(), after.physicalName(), after.fieldId(), metadata);
    }

    /** What changed within lists and maps is noted at the field that holds them; fields of structs keep their own notes. */
    private static DataType type(
            DataType before, DataType after, String path, List<Map<String, @Nullable Object>> notes) {
        if (before instanceof DataType.Struct old && after instanceof DataType.Struct now) {
            return new DataType.Struct(fields(old.fields(), now.fields()));
        }
        if (before instanceof DataType.Array old && after instanceof DataType.Array now) {
            return new DataType.Array(
                    type(old.element(), now.element(), below(path, "element"), notes), now.containsNull());
        }
        if (before instanceof DataType.Mapping old && after instanceof DataType.Mapping now) {
            return new DataType.Mapping(
                    type(old.key(), now.key(), below(path, "key"), notes),
                    type(old.value(), now.value(), below(path, "value"), notes),
                    now.valueContainsNull());
        }
        if (!before.equals(after)) {
            Map<String, @Nullable Object> note = new LinkedHashMap<>();
            note.put("toType", text(after));
            note.put("fromType", text(before));
            if (!path.isEmpty()) {
                note.put("fieldPath", path);
            }
            notes.add(note);
        }
        return after;
    }

    private static String below(String path, String part) {
        return path.isEmpty() ? part : path + "." + part;
    }

    static String text(DataType type) {
        if (type instanceof DataType.Decimal decimal) {
            return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
        }
        return type instanceof Primitive primitive ? primitive.name().toLowerCase(Locale.ROOT) : type.toString();
    }
}
