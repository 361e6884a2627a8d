package io.lakeops.change;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CharLengths;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Columns, and fields within columns, that a source has and a table lacks: refused, or added behind those that are there. */
final class SchemaGrowth {
    private SchemaGrowth() {}

    /** The grown schema, where columns are to be added. */
    static Optional<Schema> plan(Snapshot base, Schema source, boolean addColumns) {
        List<String> extra = source.names().stream()
                .filter(name -> base.schema().find(name).isEmpty())
                .toList();
        if (!extra.isEmpty() && !addColumns) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the rows have columns that " + base.table() + " lacks",
                    Map.of("columns", extra, "table", base.schema().names()));
        }
        // A field within a column that is not to be added is the engine's to refuse, which sees every value's type.
        Schema grown = addColumns ? new Schema(and(base.schema().fields(), source.fields())) : base.schema();
        return grown.equals(base.schema())
                ? Optional.empty()
                : Optional.of(base.coordination().placed(grown));
    }

    /** The fields, with what others of their names have more, and behind them the others. */
    private static List<Field> and(List<Field> fields, List<Field> others) {
        List<Field> all = new ArrayList<>();
        for (Field field : fields) {
            Optional<Field> other = named(others, field.name());
            // What is said of the lengths of its texts goes by the fields as they are.
            boolean fixed = field.metadata().containsKey(CharLengths.METADATA_KEY);
            all.add(
                    other.isEmpty() || fixed
                            ? field
                            : withType(field, and(field.type(), other.get().type())));
        }
        others.stream()
                .filter(other -> named(fields, other.name()).isEmpty())
                .forEach(other -> all.add(Field.of(other.name(), other.type())));
        return all;
    }

    private static DataType and(DataType type, DataType other) {
        if (type instanceof DataType.Struct struct && other instanceof DataType.Struct more) {
            return new DataType.Struct(and(struct.fields(), more.fields()));
        }
        if (type instanceof DataType.Array array && other instanceof DataType.Array more) {
            return new DataType.Array(and(array.element(), more.element()), array.containsNull());
        }
        if (type instanceof DataType.Mapping map && other instanceof DataType.Mapping more) {
            return new DataType.Mapping(map.key(), and(map.value(), more.value()), map.valueContainsNull());
        }
        return type;
    }

    private static Optional<Field> named(List<Field> fields, String name) {
        return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }

    private static Field withType(Field field, DataType type) {
        return new Field(field.name(), type, field.nullable(), field.physicalName(), field.fieldId(), field.metadata());
    }

    /** The base as its rows look once the columns are there: null in each of them. */
    static Snapshot view(Snapshot base, Optional<Schema> grown) {
        return grown.isEmpty() ? base : new SnapshotView(base, grown.get(), base.partitionColumns());
    }
}
