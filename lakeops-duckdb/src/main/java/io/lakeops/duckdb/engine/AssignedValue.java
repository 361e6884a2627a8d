package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Assignment;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a column becomes by assignments to it, or to fields within it, as SQL. */
final class AssignedValue {
    private AssignedValue() {}

    /**
     * The column's new value, of its type; empty where nothing is assigned.
     *
     * <p>Errors: COLUMN_NOT_FOUND for a column, or a field, that is not there; INVALID_ARGUMENT where two assignments meet.
     *
     * @param before its value before, as SQL
     * @param all assignments to any columns of the schema
     */
    static Optional<String> of(Schema schema, Field column, String before, List<Assignment> all) {
        List<Step> steps = all.stream()
                .filter(a -> schema.require(a.column()).name().equals(column.name()))
                .map(a -> new Step(a.fields(), Relations.text(a.value())))
                .toList();
        return steps.isEmpty() ? Optional.empty() : Optional.of(value(column.name(), column.type(), before, steps));
    }

    /** The fields still to go down, and the value for the last of them. */
    private record Step(List<String> fields, String value) {}

    private static String value(String path, DataType type, String before, List<Step> steps) {
        Optional<Step> whole = steps.stream().filter(s -> s.fields().isEmpty()).findFirst();
        if (whole.isPresent() && steps.size() > 1) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a column is given two values", Map.of("column", path));
        }
        if (whole.isPresent()) {
            return "CAST((" + whole.get().value() + "\n) AS " + DuckTypes.sql(type) + ")";
        }
        List<Field> children = type instanceof DataType.Struct struct ? struct.fields() : List.of();
        List<List<Step>> below = new ArrayList<>();
        children.forEach(child -> below.add(new ArrayList<>()));
        for (Step step : steps) {
            below.get(child(path, children, step.fields().get(0)))
                    .add(new Step(step.fields().subList(1, step.fields().size()), step.value()));
        }
        List<String> packed = new ArrayList<>();
        for (int i = 0; i < children.size(); i++) {
            Field child = children.get(i);
            String old = "struct_extract(" + before + ", " + SqlText.string(child.name()) + ")";
            packed.add(SqlText.identifier(child.name()) + " := "
                    + (below.get(i).isEmpty()
                            ? old
                            : value(path + "." + child.name(), child.type(), old, below.get(i))));
        }
        return "CAST(struct_pack(" + String.join(", ", packed) + ") AS " + DuckTypes.sql(type) + ")";
    }

    private static int child(String path, List<Field> children, String name) {
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new LakeException(
                ErrorCode.COLUMN_NOT_FOUND,
                "there is no field '" + name + "' in '" + path + "'",
                Map.of("fields", children.stream().map(Field::name).toList()));
    }
}
