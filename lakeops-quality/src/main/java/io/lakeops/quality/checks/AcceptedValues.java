package io.lakeops.quality.checks;

import com.google.auto.service.AutoService;
import io.lakeops.check.Arguments;
import io.lakeops.check.Check;
import io.lakeops.check.CheckPlan;
import io.lakeops.check.CommonSql;
import io.lakeops.check.History;
import io.lakeops.check.Measure;
import io.lakeops.check.Measurements;
import io.lakeops.check.Outcome;
import io.lakeops.engine.Expr;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code column} holds nothing but {@code values}. Null passes and is not counted. Reported are the distinct values that
 * are not accepted, as in dbt; the pass rate counts rows.
 */
@AutoService(Check.class)
public final class AcceptedValues implements Check {
    @Override
    public String name() {
        return "accepted_values";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column", "values");
        Field field = schema.require(arguments.text("column"));
        List<Literal> accepted = arguments.list("values").stream()
                .map(value -> TypedValues.of(field, value))
                .toList();
        String column = CommonSql.name(field.name());
        Expr invalid = new Expr(
                column + " IS NOT NULL AND " + column + " NOT IN ("
                        + accepted.stream()
                                .map(literal -> CommonSql.literal(literal.value()))
                                .collect(Collectors.joining(", "))
                        + ")",
                "common",
                new Predicate.And(accepted.stream()
                        .map(literal -> (Predicate)
                                new Predicate.Comparison(List.of(field.name()), Predicate.Operator.NOT_EQUAL, literal))
                        .toList()));
        return CheckPlan.of(
                        Measure.rows("rows"),
                        Measure.nulls("nulls", field.name()),
                        Measure.countWhere("invalid_rows", invalid),
                        Measure.distinctWhere("invalid_values", field.name(), invalid))
                .failingWhere(invalid)
                .about(field.name());
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        if (now.count("rows") == 0) {
            return new Outcome.NoData("the table has no row");
        }
        long judged = now.count("rows") - now.count("nulls");
        long rows = now.count("invalid_rows");
        long values = now.count("invalid_values");
        return Outcome.ofRows(
                new Outcome.Tally(judged, rows, values),
                "one of " + now.arguments().list("values"),
                values + " other values in " + rows + " of " + judged + " rows",
                "Correct the rows, or accept the new values.");
    }
}
