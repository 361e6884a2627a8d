package io.lakeops.quality.checks;

import com.google.auto.service.AutoService;
import io.lakeops.check.Arguments;
import io.lakeops.check.Check;
import io.lakeops.check.CheckPlan;
import io.lakeops.check.History;
import io.lakeops.check.Measure;
import io.lakeops.check.Measurements;
import io.lakeops.check.Outcome;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Schema;
import java.util.OptionalLong;

/**
 * The table has at least {@code min} and at most {@code max} rows, of which one may be missing. An empty table fails where
 * {@code min} forbids it, and is no data else.
 */
@AutoService(Check.class)
public final class RowCount implements Check {
    @Override
    public String name() {
        return "row_count";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("min", "max");
        OptionalLong min = arguments.whole("min");
        OptionalLong max = arguments.whole("max");
        if (min.isEmpty() && max.isEmpty()) {
            throw new LakeException(ErrorCode.CHECK_INVALID, "row_count needs 'min' or 'max'");
        }
        if (min.isPresent() && max.isPresent() && min.getAsLong() > max.getAsLong()) {
            throw new LakeException(
                    ErrorCode.CHECK_INVALID, "'min' is above 'max': " + min.getAsLong() + " > " + max.getAsLong());
        }
        return CheckPlan.of(Measure.rows("rows"));
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        long rows = now.count("rows");
        long min = now.arguments().whole("min").orElse(0);
        long max = now.arguments().whole("max").orElse(Long.MAX_VALUE);
        if (rows == 0 && min <= 0) {
            return new Outcome.NoData("the table has no row");
        }
        if (rows >= min && rows <= max) {
            return new Outcome.Passed(Outcome.Tally.HELD);
        }
        return new Outcome.Failed(
                Outcome.Tally.BROKEN,
                max == Long.MAX_VALUE ? "at least " + min + " rows" : "from " + min + " to " + max + " rows",
                rows + " rows",
                rows < min ? "Find out which delivery is missing." : "Find out which delivery came twice.");
    }
}
