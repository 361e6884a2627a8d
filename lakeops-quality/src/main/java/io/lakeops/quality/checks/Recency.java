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
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The newest value of {@code column} is at most {@code max_age} old, at the moment for which the run judges. A date counts
 * from its first moment in UTC; a time without a zone is taken as UTC.
 */
@AutoService(Check.class)
public final class Recency implements Check {
    private static final Set<Primitive> MOMENTS = Set.of(Primitive.DATE, Primitive.TIMESTAMP, Primitive.TIMESTAMP_NTZ);

    @Override
    public String name() {
        return "recency";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column", "max_age");
        Field field = schema.require(arguments.text("column"));
        if (!(field.type() instanceof Primitive type) || !MOMENTS.contains(type)) {
            throw new LakeException(
                    ErrorCode.CHECK_INVALID, "'" + field.name() + "' holds no dates or times but " + field.type());
        }
        if (arguments.duration("max_age").isNegative()) {
            throw new LakeException(ErrorCode.CHECK_INVALID, "'max_age' is negative: " + arguments.require("max_age"));
        }
        return CheckPlan.of(Measure.rows("rows"), Measure.max("newest", field.name()))
                .about(field.name());
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        if (now.count("rows") == 0) {
            return new Outcome.NoData("the table has no row");
        }
        Duration limit = now.arguments().duration("max_age");
        Optional<Instant> newest = now.instant("newest");
        String expected = "not older than " + limit + " at " + now.asOf();
        if (newest.isEmpty()) {
            return new Outcome.Failed(
                    Outcome.Tally.BROKEN, expected, "no row has a value", "Find out why no delivery fills the column.");
        }
        Duration age = Duration.between(newest.get(), now.asOf());
        return age.compareTo(limit) <= 0
                ? new Outcome.Passed(Outcome.Tally.HELD)
                : new Outcome.Failed(
                        Outcome.Tally.BROKEN,
                        expected,
                        "the newest is " + newest.get() + ", " + age + " old",
                        "Find out which delivery is missing.");
    }
}
