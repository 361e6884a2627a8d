package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.spark.SparkExpression;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table's conditions on rows, checked while the rows stream.
 *
 * <p>Shape: the table's i-th column is called {@code c<i>}.
 */
final class Checks {
    /** Begins DuckDB's message where a row breaks condition number so-and-so. */
    private static final String MARK = "lakeops-check-";

    private static final Pattern FAULT = Pattern.compile(MARK + "(\\d+)");

    private final Schema schema;
    private final List<TableRules.Check> checks;
    private final List<SparkExpression> conditions = new ArrayList<>();

    private Checks(Schema schema, List<TableRules.Check> checks) {
        this.schema = schema;
        this.checks = checks;
    }

    /** FEATURE_UNSUPPORTED for a condition that DuckDB would not judge as Spark does. */
    static Checks of(TableRules rules, Schema schema) {
        Checks checks = new Checks(schema, rules.checks());
        for (TableRules.Check check : rules.checks()) {
            checks.conditions.add(SparkExpression.condition(
                    check.expression(), schema, f -> "c" + schema.fields().indexOf(f)));
        }
        return checks;
    }

    /**
     * The same rows, or an error where one breaks a condition.
     *
     * <p>The check is part of a column's value and no filter: those DuckDB may run before the rows' own filters.
     */
    String held(String rows) {
        if (conditions.isEmpty()) {
            return rows;
        }
        StringBuilder first = new StringBuilder("CASE");
        for (int i = 0; i < conditions.size(); i++) {
            first.append(" WHEN ")
                    .append(conditions.get(i).sql())
                    .append(" IS NOT TRUE THEN error('" + MARK)
                    .append(i)
                    .append("')::")
                    .append(DuckTypes.sql(schema.fields().get(0).type()));
        }
        return "SELECT * REPLACE (" + first.append(" ELSE c0 END AS c0") + ") FROM (" + rows + ")";
    }

    /** The number of the condition that a failure is about. */
    static Optional<Integer> fault(String message) {
        Matcher matcher = FAULT.matcher(message);
        return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }

    /** What the condition says. */
    String describe(int number) {
        TableRules.Check check = checks.get(number);
        return "CHECK " + check.name() + " (" + check.expression() + ")";
    }

    /** Of rows that break a condition, what it reads of them. */
    String faulty(int number, String rows, int limit) {
        List<String> shown = new ArrayList<>();
        for (String column : conditions.get(number).columns()) {
            Field field = schema.require(column);
            shown.add("c" + schema.fields().indexOf(field) + " AS " + SqlText.identifier(column));
        }
        return "SELECT " + (shown.isEmpty() ? "*" : String.join(", ", shown)) + " FROM (" + rows + ") WHERE "
                + conditions.get(number).sql() + " IS NOT TRUE LIMIT " + limit;
    }
}
