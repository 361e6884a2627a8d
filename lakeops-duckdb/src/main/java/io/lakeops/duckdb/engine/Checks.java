package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.spark.SparkExpression;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table's generated values, computed, and its conditions on rows, checked, while the rows stream.
 *
 * <p>Shape: the table's i-th column is called {@code c<i>}.
 */
final class Checks {
    /** Begins DuckDB's message where a row breaks condition number so-and-so. */
    private static final String MARK = "lakeops-check-";

    private static final String NUMBER = "lakeops_number";

    private static final Pattern FAULT = Pattern.compile(MARK + "(\\d+)");

    private final Schema schema;
    private final List<String> numbered = new ArrayList<>();
    private final List<String> computed = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();

    /**
     * What must be true of a row.
     *
     * @param says in the user's words
     * @param columns that it reads
     */
    private record Condition(String says, String sql, Set<String> columns) {}

    private Checks(Schema schema) {
        this.schema = schema;
    }

    /**
     * FEATURE_UNSUPPORTED for an expression that DuckDB would not compute as Spark does.
     *
     * @param given the columns whose values the rows have; generated ones among the others are computed where they are null
     */
    static Checks of(TableRules rules, Schema schema, List<String> partitionColumns, List<String> given) {
        Checks checks = new Checks(schema);
        for (IdentityColumn one : rules.identities()) {
            if (given.stream().noneMatch(one.column()::equalsIgnoreCase)) {
                checks.numbered(schema.require(one.column()), one);
            }
        }
        for (TableRules.Computed one : rules.generated()) {
            checks.generated(
                    schema.require(one.column()),
                    one.expression(),
                    partitionColumns.stream().anyMatch(one.column()::equalsIgnoreCase),
                    given.stream().anyMatch(one.column()::equalsIgnoreCase));
        }
        for (TableRules.Check check : rules.checks()) {
            SparkExpression condition = SparkExpression.condition(check.expression(), schema, checks::name);
            checks.conditions.add(new Condition(
                    "CHECK " + check.name() + " (" + check.expression() + ")", condition.sql(), condition.columns()));
        }
        return checks;
    }

    /** The n-th row that is written gets the n-th number from here on. */
    private void numbered(Field field, IdentityColumn column) {
        String number = column.next() + "::HUGEINT + " + column.step() + "::HUGEINT * (" + NUMBER + " - 1)";
        numbered.add("coalesce(" + name(field) + ", TRY_CAST(" + number + " AS BIGINT)) AS " + name(field));
        conditions.add(new Condition(
                "column " + column + ", which has no number left", "(" + name(field) + " IS NOT NULL)", Set.of()));
    }

    private void generated(Field field, String text, boolean partition, boolean given) {
        SparkExpression expression = SparkExpression.of(text, schema, this::name);
        String value = expression.as(field.type(), text);
        if (partition && field.type() == DataType.Primitive.STRING) {
            // An empty text as a partition value is null in the log.
            value = "nullif(" + value + ", '')";
        }
        if (!given) {
            computed.add("coalesce(" + name(field) + ", " + value + ") AS " + name(field));
        }
        Set<String> columns = new LinkedHashSet<>(expression.columns());
        columns.add(field.name());
        String says = "column " + field.name() + " GENERATED ALWAYS AS (" + text + ")";
        conditions.add(new Condition(says, "(" + name(field) + " IS NOT DISTINCT FROM " + value + ")", columns));
        if (!field.nullable()) {
            conditions.add(new Condition(says + " NOT NULL", "(" + name(field) + " IS NOT NULL)", columns));
        }
    }

    private String name(Field field) {
        return "c" + schema.fields().indexOf(field);
    }

    /** The rows with what is generated. */
    private String filled(String given) {
        String rows = numbered.isEmpty()
                ? given
                : "SELECT * EXCLUDE " + NUMBER + " REPLACE (" + String.join(", ", numbered)
                        + ") FROM (SELECT *, row_number() OVER () AS " + NUMBER + " FROM (" + given + "))";
        return computed.isEmpty() ? rows : "SELECT * REPLACE (" + String.join(", ", computed) + ") FROM (" + rows + ")";
    }

    /**
     * The rows with what is generated, or an error where one breaks a condition.
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
        return "SELECT * REPLACE (" + first.append(" ELSE c0 END AS c0") + ") FROM (" + filled(rows) + ")";
    }

    /** The number of the condition that a failure is about. */
    static Optional<Integer> fault(String message) {
        Matcher matcher = FAULT.matcher(message);
        return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }

    /** What the condition says. */
    String describe(int number) {
        return conditions.get(number).says();
    }

    /** Of rows that break a condition, what it reads of them. */
    String faulty(int number, String rows, int limit) {
        List<String> shown = new ArrayList<>();
        for (String column : conditions.get(number).columns()) {
            Field field = schema.require(column);
            shown.add(name(field) + " AS " + SqlText.identifier(column));
        }
        return "SELECT " + (shown.isEmpty() ? "*" : String.join(", ", shown)) + " FROM (" + filled(rows) + ") WHERE "
                + conditions.get(number).sql() + " IS NOT TRUE LIMIT " + limit;
    }
}
