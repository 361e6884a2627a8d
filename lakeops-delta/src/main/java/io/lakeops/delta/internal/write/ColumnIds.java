package io.lakeops.delta.internal.write;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gives columns of a table with column mapping their ids and physical names.
 *
 * <p>Source: Delta protocol, "Column Mapping".
 */
final class ColumnIds {
    private int last;
    private final boolean freshNames;

    ColumnIds(int last, boolean freshNames) {
        this.last = last;
        this.freshNames = freshNames;
    }

    /** The greatest id that was given. */
    int last() {
        return last;
    }

    /** Every field of a new table gets an id and a name that no user can collide with. */
    Schema assign(Schema schema) {
        return new Schema(each(schema.fields(), List.of(), (field, none) -> give(field, !freshNames)));
    }

    /** A table that has files already: its columns keep the names that those files have. */
    Schema keepNames(Schema schema) {
        return new Schema(each(schema.fields(), List.of(), (field, none) -> give(field, true)));
    }

    /** Fields that the table had keep theirs; new ones get fresh ones. */
    Schema assignLike(Schema before, Schema after) {
        return new Schema(each(after.fields(), before.fields(), this::like));
    }

    /** A definition from before the mapping comes back: its names are those that the files have. */
    Schema assignByStoredName(Schema before, Schema after) {
        return new Schema(after.fields().stream()
                .map(field -> {
                    if (field.fieldId().isPresent()) {
                        return field;
                    }
                    Field stored = before.fields().stream()
                            .filter(b -> b.physicalName().equals(field.physicalName()))
                            .findFirst()
                            .orElse(null);
                    if (stored == null) {
                        return keepNames(new Schema(List.of(field))).fields().get(0);
                    }
                    return new Field(
                            field.name(),
                            stored(field.type(), stored.type()),
                            field.nullable(),
                            stored.physicalName(),
                            stored.fieldId(),
                            field.metadata());
                })
                .toList());
    }

    private DataType stored(DataType type, DataType before) {
        if (type instanceof DataType.Struct struct && before instanceof DataType.Struct old) {
            return new DataType.Struct(assignByStoredName(new Schema(old.fields()), new Schema(struct.fields()))
                    .fields());
        }
        if (type instanceof DataType.Array array && before instanceof DataType.Array old) {
            return new DataType.Array(stored(array.element(), old.element()), array.containsNull());
        }
        if (type instanceof DataType.Mapping map && before instanceof DataType.Mapping old) {
            return new DataType.Mapping(
                    stored(map.key(), old.key()), stored(map.value(), old.value()), map.valueContainsNull());
        }
        return type;
    }

    static int greatest(Schema schema) {
        return greatest(schema.fields());
    }

    static Optional<Field> counterpart(Field field, List<Field> before) {
        if (field.fieldId().isPresent()) {
            // Ids that were given just now, to a table that had none, are known by the names in the files.
            return before.stream()
                    .filter(b -> b.fieldId().isPresent()
                            ? b.fieldId().equals(field.fieldId())
                            : b.physicalName().equals(field.physicalName()))
                    .findFirst();
        }
        return before.stream()
                .filter(b -> b.name().equalsIgnoreCase(field.name()))
                .findFirst();
    }

    private Field like(Field field, @Nullable Field before) {
        if (field.fieldId().isPresent()) {
            return field;
        }
        return before != null && before.fieldId().isPresent()
                ? with(field, before.physicalName(), before.fieldId().getAsInt())
                : give(field, false);
    }

    private Field give(Field field, boolean keepName) {
        String physical = keepName ? field.name() : "col-" + UUID.randomUUID();
        return with(field, physical, ++last);
    }

    private List<Field> each(List<Field> fields, List<Field> before, BiFunction<Field, @Nullable Field, Field> change) {
        return fields.stream()
                .map(field -> {
                    Field other = counterpart(field, before).orElse(null);
                    Field changed = change.apply(field, other);
                    return new Field(
                            changed.name(),
                            nested(changed.type(), other == null ? null : other.type(), change),
                            changed.nullable(),
                            changed.physicalName(),
                            changed.fieldId(),
                            changed.metadata());
                })
                .toList();
    }

    private DataType nested(
            DataType type, @Nullable DataType before, BiFunction<Field, @Nullable Field, Field> change) {
        if (type instanceof DataType.Struct struct) {
            return new DataType.Struct(
                    each(struct.fields(), before instanceof DataType.Struct old ? old.fields() : List.of(), change));
        }
        if (type instanceof DataType.Array array) {
            return new DataType.Array(
                    nested(array.element(), before instanceof DataType.Array old ? old.element() : null, change),
                    array.containsNull());
        }
        if (type instanceof DataType.Mapping map) {
            DataType.Mapping old = before instanceof DataType.Mapping m ? m : null;
            return new DataType.Mapping(
                    nested(map.key(), old == null ? null : old.key(), change),
                    nested(map.value(), old == null ? null : old.value(), change),
                    map.valueContainsNull());
        }
        return type;
    }

    private static Field with(Field field, String physical, int id) {
        return new Field(field.name(), field.type(), field.nullable(), physical, OptionalInt.of(id), field.metadata());
    }

    /** INVALID_ARGUMENT where two columns would be read from one column of the files. */
    static void requireDistinct(Schema schema) {
        requireDistinct(schema.fields(), new HashSet<>());
    }

    private static void requireDistinct(List<Field> fields, Set<Integer> seen) {
        for (Field field : fields) {
            if (field.fieldId().isPresent() && !seen.add(field.fieldId().getAsInt())) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "two columns have one id; a new column that takes a renamed one's name must come later",
                        Map.of("column", field.name(), "id", field.fieldId().getAsInt()));
            }
            if (field.type() instanceof DataType.Struct struct) {
                requireDistinct(struct.fields(), seen);
            }
        }
    }

    private static int greatest(List<Field> fields) {
        int greatest = 0;
        for (Field field : fields) {
            greatest = Math.max(greatest, field.fieldId().orElse(0));
            greatest = Math.max(greatest, greatest(field.type()));
        }
        return greatest;
    }

    private static int greatest(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return greatest(struct.fields());
        }
        if (type instanceof DataType.Array array) {
            return greatest(array.element());
        }
        return type instanceof DataType.Mapping map ? Math.max(greatest(map.key()), greatest(map.value())) : 0;
    }
}
