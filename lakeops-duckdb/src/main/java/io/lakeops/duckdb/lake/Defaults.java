package io.lakeops.duckdb.lake;

import io.lakeops.duckdb.spark.SparkExpression;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The word DEFAULT where a statement gives a value. */
final class Defaults {
    private static final String ROW = "lakeops_values_row";

    private final Snapshot base;
    private final TableRules rules;

    Defaults(Snapshot base) {
        this.base = base;
        this.rules = TableRules.of(base);
    }

    static boolean isDefault(String value) {
        return value.strip().equalsIgnoreCase("default");
    }

    /** What a column holds by default, null where it has none. INVALID_ARGUMENT where the table gives its values. */
    String value(String column) {
        Field field = base.schema().require(column);
        if (isGivenByTable(column)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the column " + column + " has values that the table gives, and no default",
                    Map.of("column", column));
        }
        return TableRules.find(rules.defaults(), field.name())
                .map(d -> SparkExpression.byDefault(d.expression(), field.type()))
                .orElse("CAST(NULL AS " + DuckTypes.sql(field.type()) + ")");
    }

    private boolean isGivenByTable(String column) {
        return TableRules.find(rules.generated(), column).isPresent()
                || rules.identities().stream().anyMatch(i -> i.column().equalsIgnoreCase(column));
    }

    /**
     * The rows of VALUES with what DEFAULT stands for. A column that is DEFAULT in each row and whose values the table gives is
     * left to it.
     *
     * @param columns names of the values by their place
     */
    String filled(Verb.InsertedRows rows, List<String> columns) {
        String named = "(" + rows.query() + "\n) AS inserted (" + SqlText.identifiers(columns) + ")";
        if (rows.defaults().isEmpty()) {
            return named;
        }
        List<String> left = new ArrayList<>(List.of(ROW));
        List<String> replaced = new ArrayList<>();
        List<String> checked = new ArrayList<>();
        rows.defaults().forEach((place, which) -> {
            String column = columns.get(place);
            String name = SqlText.identifier(column);
            String in = ROW + " IN (" + which.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")";
            if (isGivenByTable(column)) {
                left.add(name);
                checked.add("NOT " + in);
            } else {
                replaced.add("CASE WHEN " + in + " THEN " + value(column) + " ELSE " + name + " END AS " + name);
            }
        });
        if (left.size() > columns.size()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a row needs one value that the table does not give itself",
                    Map.of("columns", columns));
        }
        String all = "SELECT *, row_number() OVER () AS " + ROW + " FROM " + named;
        String some = checked.isEmpty()
                ? ROW
                : "CASE WHEN " + String.join(" OR ", checked)
                        + " THEN error('DEFAULT of a column that the table gives stands in each row or in none') ELSE "
                        + ROW
                        + " END";
        return "(SELECT * EXCLUDE (" + String.join(", ", left) + ")"
                + (replaced.isEmpty() ? "" : " REPLACE (" + String.join(", ", replaced) + ")") + " FROM (" + all
                + ") WHERE (" + some + ") > 0) AS inserted";
    }
}
