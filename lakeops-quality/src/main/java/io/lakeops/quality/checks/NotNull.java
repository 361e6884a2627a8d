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
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import java.util.List;

/** No row has null in {@code column}. NaN and empty texts are not null. */
@AutoService(Check.class)
public final class NotNull implements Check {
    @Override
    public String name() {
        return "not_null";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column");
        String column = schema.require(arguments.text("column")).name();
        Expr isNull =
                new Expr(CommonSql.name(column) + " IS NULL", "common", new Predicate.IsNull(List.of(column), true));
        return CheckPlan.of(Measure.rows("rows"), Measure.nulls("nulls", column))
                .failingWhere(isNull)
                .about(column);
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        long rows = now.count("rows");
        long nulls = now.count("nulls");
        if (rows == 0) {
            return new Outcome.NoData("the table has no row");
        }
        return Outcome.ofRows(
                new Outcome.Tally(rows, nulls, nulls),
                "no null",
                nulls + " of " + rows + " rows are null",
                "Look where the rows come from, or reject them at ingestion.");
    }
}
