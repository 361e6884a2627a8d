package io.lakeops.examples.extending;

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
import io.lakeops.table.Schema;

/** {@code column} has no blanks at its ends; a null passes and is not counted. */
@AutoService(Check.class)
public final class Trimmed implements Check {
    @Override
    public String name() {
        return "com.example.trimmed";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column");
        String column = schema.require(arguments.text("column")).name();
        Expr wrong = Expr.of(CommonSql.name(column) + " <> trim(" + CommonSql.name(column) + ")");
        return CheckPlan.of(Measure.rows("rows"), Measure.nulls("nulls", column), Measure.countWhere("wrong", wrong))
                .failingWhere(wrong)
                .about(column);
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        if (now.count("rows") == 0) {
            return new Outcome.NoData("the table has no row");
        }
        long judged = now.count("rows") - now.count("nulls");
        long wrong = now.count("wrong");
        return Outcome.ofRows(
                new Outcome.Tally(judged, wrong, wrong),
                "no blanks at the ends",
                wrong + " of " + judged + " have some",
                "Trim the column where it is loaded.");
    }
}
