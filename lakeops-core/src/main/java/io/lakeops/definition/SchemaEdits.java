package io.lakeops.definition;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Schemas with one thing changed. Pure: nothing is known here of files or formats. */
final class SchemaEdits {
    private SchemaEdits() {}

    static Schema add(Schema schema, ColumnPath path, Field field, Position position) {
        return neighbours(schema, path, fields -> {
            if (find(fields, path.name()).isPresent()) {
                throw new LakeException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "the column " + path + " is there already",
                        Map.of("columns", names(fields)));
            }
            return placed(fields, field, position, path);
        });
    }

    static Schema drop(Schema schema, ColumnPath path) {
        return neighbours(schema, path, fields -> {
            List<Field> left = new ArrayList<>(fields);
            left.remove(require(fields, path));
            if (left.isEmpty()) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the column " + path + " is the last one; drop what holds it instead",
                        Map.of("column", path));
            }
            return left;
        });
    }

    static Schema move(Schema schema, ColumnPath path, Position position) {
        return neighbours(schema, path, fields -> {
            Field field = require(fields, path);
            List<Field> others = new ArrayList<>(fields);
            others.remove(field);
            return placed(others, field, position, path);
        });
    }

    static Schema change(Schema schema, ColumnPath path, UnaryOperator<Field> change) {
        return neighbours(schema, path, fields -> {
            Field field = require(fields, path);
            List<Field> changed = new ArrayList<>(fields);
            changed.set(fields.indexOf(field), change.apply(field));
            return changed;
        });
    }

    /** A column, a field, or what a list or map holds, with another type. */
    static Schema retype(Schema schema, ColumnPath path, DataType type) {
        return fields(at(new DataType.Struct(schema.fields()), path.parts(), path, ignored -> type));
    }

    /** The type that stands at a path. */
    static DataType type(Schema schema, ColumnPath path) {
        List<DataType> found = new ArrayList<>();
        at(new DataType.Struct(schema.fields()), path.parts(), path, type -> {
            found.add(type);
            return type;
        });
        return found.get(0);
    }

    /** The field at a path; COLUMN_NOT_FOUND where there is none. */
    static Field field(Schema schema, ColumnPath path) {
        List<Field> found = new ArrayList<>();
        neighbours(schema, path, fields -> {
            found.add(require(fields, path));
            return fields;
        });
        return found.get(0);
    }

    static boolean has(Schema schema, ColumnPath path) {
        try {
            field(schema, path);
            return true;
        } catch (LakeException absent) {
            if (absent.code() == ErrorCode.COLUMN_NOT_FOUND) {
                return false;
            }
            throw absent;
        }
    }

    /** The path in the spelling of the schema. */
    static ColumnPath spelled(Schema schema, ColumnPath path) {
        List<String> parts = new ArrayList<>();
        for (int i = 1; i <= path.parts().size(); i++) {
            ColumnPath upTo = new ColumnPath(path.parts().subList(0, i));
            parts.add(has(schema, upTo) ? field(schema, upTo).name() : upTo.name());
        }
        return new ColumnPath(parts);
    }

    private static Schema neighbours(Schema schema, ColumnPath path, UnaryOperator<List<Field>> change) {
        return fields(at(new DataType.Struct(schema.fields()), path.above(), path, type -> {
            if (!(type instanceof DataType.Struct struct)) {
                throw new LakeException(
                        ErrorCode.COLUMN_NOT_FOUND,
                        "there is no column " + path + ": what is above it has no fields",
                        Map.of("type", type));
            }
            return new DataType.Struct(new Schema(change.apply(struct.fields())).fields());
        }));
    }

    private static DataType at(DataType type, List<String> path, ColumnPath whole, UnaryOperator<DataType> change) {
        if (path.isEmpty()) {
            return change.apply(type);
        }
        String name = path.get(0);
        List<String> below = path.subList(1, path.size());
        if (type instanceof DataType.Struct struct) {
            Field field = require(struct.fields(), name, whole);
            List<Field> fields = new ArrayList<>(struct.fields());
            fields.set(fields.indexOf(field), withType(field, at(field.type(), below, whole, change)));
            return new DataType.Struct(fields);
        }
        String part = name.toLowerCase(Locale.ROOT);
        if (type instanceof DataType.Array array && part.equals("element")) {
            return new DataType.Array(at(array.element(), below, whole, change), array.containsNull());
        }
        if (type instanceof DataType.Mapping map && part.equals("key")) {
            return new DataType.Mapping(at(map.key(), below, whole, change), map.value(), map.valueContainsNull());
        }
        if (type instanceof DataType.Mapping map && part.equals("value")) {
            return new DataType.Mapping(map.key(), at(map.value(), below, whole, change), map.valueContainsNull());
        }
        throw new LakeException(
                ErrorCode.COLUMN_NOT_FOUND,
                "there is no column " + whole + ": nothing is called '" + name
                        + "' there; what a list holds is 'element', what a map holds 'key' and 'value'",
                Map.of("type", type));
    }

    private static List<Field> placed(List<Field> others, Field field, Position position, ColumnPath path) {
        List<Field> fields = new ArrayList<>(others);
        if (position instanceof Position.First) {
            fields.add(0, field);
        } else if (position instanceof Position.After after) {
            fields.add(fields.indexOf(require(others, after.neighbour(), path.renamed(after.neighbour()))) + 1, field);
        } else {
            fields.add(field);
        }
        return fields;
    }

    static Field withType(Field field, DataType type) {
        return new Field(field.name(), type, field.nullable(), field.physicalName(), field.fieldId(), field.metadata());
    }

    private static Schema fields(DataType root) {
        return new Schema(((DataType.Struct) root).fields());
    }

    private static Field require(List<Field> fields, ColumnPath path) {
        return require(fields, path.name(), path);
    }

    private static Field require(List<Field> fields, String name, ColumnPath whole) {
        return find(fields, name)
                .orElseThrow(() -> new LakeException(
                        ErrorCode.COLUMN_NOT_FOUND, "there is no column " + whole, Map.of("columns", names(fields))));
    }

    private static Optional<Field> find(List<Field> fields, String name) {
        return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }

    private static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::name).toList();
    }
}
