package io.lakeops.quality.checks;

import com.google.auto.service.AutoService;
import io.lakeops.check.Arguments;
import io.lakeops.check.Check;
import io.lakeops.check.CheckPlan;
import io.lakeops.check.FailingRows;
import io.lakeops.check.History;
import io.lakeops.check.Measure;
import io.lakeops.check.Measurements;
import io.lakeops.check.Outcome;
import io.lakeops.check.Probe;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest.Aggregate;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The query {@code sql} returns no row, as dbt's singular tests. It reads the rows under check as {@code this}, and other
 * tables by the names that {@code tables} gives them. It is in the common subset unless
 * {@code dialect} says another.
 */
@AutoService(Check.class)
public final class CustomSql implements Check {
    private static final Pattern END = Pattern.compile("[\\s;]+$");

    @Override
    public String name() {
        return "custom_sql";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("sql", "tables", "dialect", "expected");
        String dialect = arguments.find("dialect").isPresent() ? arguments.text("dialect") : "common";
        Expr sql = new Expr(END.matcher(arguments.text("sql")).replaceFirst(""), dialect, Predicate.always());
        CheckPlan plan = CheckPlan.of(Measure.rows("rows"))
                .with(new Probe(sql, List.of(new Aggregate("failing_rows", Expr.of("count(*)")))))
                .failing(new FailingRows.Query(sql));
        for (Map.Entry<String, String> table : arguments.textMap("tables").entrySet()) {
            plan = plan.reading(table.getKey(), table.getValue());
        }
        return plan;
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        long failing = now.count("failing_rows");
        if (now.count("rows") == 0 && failing == 0) {
            return new Outcome.NoData("the table has no row");
        }
        return Outcome.ofRows(
                new Outcome.Tally(now.count("rows"), failing, failing),
                now.arguments().find("expected").isPresent()
                        ? now.arguments().text("expected")
                        : "the query returns no row",
                "it returned " + failing,
                "Run the query and look at the rows.");
    }
}
