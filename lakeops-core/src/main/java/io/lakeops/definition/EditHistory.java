package io.lakeops.definition;

import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Operation;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Edits as the history has them, in Spark's words. */
final class EditHistory {
    private EditHistory() {}

    static Operation add(List<Edit.NewColumn> columns, Function<Edit.NewColumn, Field> field) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (Edit.NewColumn column : columns) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("column", column(column.path(), field.apply(column)));
            position(column.position()).ifPresent(text -> one.put("position", text));
            list.add(one);
        }
        return new Operation("ADD COLUMNS", Map.of("columns", Json.write(list)), Map.of());
    }

    static Operation drop(List<ColumnPath> columns) {
        return new Operation(
                "DROP COLUMNS",
                Map.of(
                        "columns",
                        Json.write(columns.stream().map(ColumnPath::toString).toList())),
                Map.of());
    }

    static Operation change(ColumnPath path, Field field, Optional<Position> position) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("column", Json.write(column(path, field)));
        position.flatMap(EditHistory::position).ifPresent(text -> parameters.put("position", text));
        return new Operation("CHANGE COLUMN", parameters, Map.of());
    }

    /** Of what a list or map holds, the history shows the column that holds it. */
    static Operation retype(ColumnPath path, Schema before, DataType type) {
        if (SchemaEdits.has(before, path)) {
            return change(path, SchemaEdits.withType(SchemaEdits.field(before, path), type), Optional.empty());
        }
        int depth = path.parts().size();
        while (depth > 1 && !SchemaEdits.has(before, upTo(path, depth))) {
            depth--;
        }
        ColumnPath holder = upTo(path, depth);
        return change(holder, SchemaEdits.field(SchemaEdits.retype(before, path, type), holder), Optional.empty());
    }

    static Operation setProperties(Map<String, String> properties) {
        return new Operation(
                "SET TBLPROPERTIES", Map.of("properties", Json.write(new TreeMap<>(properties))), Map.of());
    }

    static Operation unsetProperties(List<String> keys, boolean ifExists) {
        return new Operation(
                "UNSET TBLPROPERTIES",
                ordered("properties", Json.write(keys), "ifExists", Boolean.toString(ifExists)),
                Map.of());
    }

    static Map<String, String> ordered(String... keysAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private static ColumnPath upTo(ColumnPath path, int depth) {
        return new ColumnPath(path.parts().subList(0, depth));
    }

    private static Map<String, @Nullable Object> column(ColumnPath path, Field field) {
        Map<String, @Nullable Object> column = new LinkedHashMap<>();
        column.put("name", path.toString());
        column.put("type", typeName(field.type()));
        column.put("nullable", field.nullable());
        column.put("metadata", field.metadata());
        return column;
    }

    private static Optional<String> position(Position position) {
        if (position instanceof Position.First) {
            return Optional.of("FIRST");
        }
        return position instanceof Position.After after
                ? Optional.of("AFTER " + ColumnPath.of(after.neighbour()))
                : Optional.empty();
    }

    private static String typeName(DataType type) {
        if (type instanceof DataType.Primitive primitive) {
            return primitive.name().toLowerCase(Locale.ROOT);
        }
        if (type instanceof DataType.Decimal decimal) {
            return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
        }
        return type instanceof DataType.Struct ? "struct" : type instanceof DataType.Array ? "array" : "map";
    }
}
