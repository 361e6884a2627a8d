package io.lakeops.examples.quality;

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

/**
 * {@code column} holds e-mail addresses: something, an at sign, and a host with a dot. Null passes.
 *
 * <p>A kind of check that LakeOps doesn't bring: this class and its annotation are all that a plug-in needs.
 */
@AutoService(Check.class)
public final class EmailAddress implements Check {
    /** Third parties name their checks after their own host. */
    public static final String NAME = "io.lakeops.examples.email_address";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column");
        String column = schema.require(arguments.text("column")).name();
        Expr malformed = Expr.of(CommonSql.name(column) + " NOT LIKE '%_@_%._%'");
        return CheckPlan.of(
                        Measure.rows("rows"),
                        Measure.nulls("nulls", column),
                        Measure.countWhere("malformed", malformed))
                .failingWhere(malformed)
                .about(column);
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        if (now.count("rows") == 0) {
            return new Outcome.NoData("the table has no row");
        }
        long addresses = now.count("rows") - now.count("nulls");
        long malformed = now.count("malformed");
        return Outcome.ofRows(
                new Outcome.Tally(addresses, malformed, malformed),
                "something@host.domain",
                malformed + " of " + addresses + " addresses are malformed",
                "Ask the customers again, or don't write to them.");
    }
}
