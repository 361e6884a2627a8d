package io.lakeops.quality.checks;

import com.google.auto.service.AutoService;
import io.lakeops.check.Arguments;
import io.lakeops.check.Check;
import io.lakeops.check.CheckPlan;
import io.lakeops.check.CommonSql;
import io.lakeops.check.FailingRows;
import io.lakeops.check.History;
import io.lakeops.check.Measure;
import io.lakeops.check.Measurements;
import io.lakeops.check.Outcome;
import io.lakeops.check.Probe;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest.Aggregate;
import io.lakeops.table.Schema;
import java.util.List;

/**
 * Each value of {@code column} stands in the column {@code field} of the table {@code to}. Null passes and is not
 * counted. Reported are the rows without a parent, as in dbt; {@code orphan_values} are their distinct values.
 */
@AutoService(Check.class)
public final class Relationships implements Check {
    @Override
    public String name() {
        return "relationships";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column", "to", "field");
        String column = schema.require(arguments.text("column")).name();
        String child = "t." + CommonSql.name(column);
        String orphans = " FROM this AS t WHERE " + child + " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM parent AS p"
                + " WHERE p." + CommonSql.name(arguments.text("field")) + " = " + child + ")";
        return CheckPlan.of(Measure.rows("rows"), Measure.nulls("nulls", column))
                .with(new Probe(
                        Expr.of("SELECT count(*) AS n" + orphans + " GROUP BY " + child),
                        List.of(
                                new Aggregate("orphan_rows", Expr.of("sum(n)")),
                                new Aggregate("orphan_values", Expr.of("count(*)")))))
                .failing(new FailingRows.Query(Expr.of("SELECT t.*" + orphans)))
                .reading("parent", arguments.text("to"))
                .about(column);
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        if (now.count("rows") == 0) {
            return new Outcome.NoData("the table has no row");
        }
        long judged = now.count("rows") - now.count("nulls");
        long orphans = now.count("orphan_rows");
        return Outcome.ofRows(
                new Outcome.Tally(judged, orphans, orphans),
                "each in " + now.arguments().text("to") + "." + now.arguments().text("field"),
                orphans + " of " + judged + " rows have no parent, with " + now.count("orphan_values") + " values",
                "Load the missing parents, or give such rows a known placeholder key.");
    }
}
