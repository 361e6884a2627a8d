package io.lakeops.examples.checks;

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
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;

/**
 * {@code column} holds Australian postcodes: four digits, from 0200 to 0299 or from 0800 to 9999. Null passes and is not
 * counted.
 *
 * <p>What it measures joins the one pass over the table that all checks share, and its failing rows can be kept.
 */
@AutoService(Check.class)
public final class AustralianPostcode implements Check {
    @Override
    public String name() {
        return "com.example.australian_postcode";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column");
        Field field = schema.require(arguments.text("column"));
        if (field.type() != Primitive.STRING) {
            throw new LakeException(
                    ErrorCode.CHECK_INVALID,
                    "a postcode is text, for 0800 is not 800; '" + field.name() + "' is " + field.type());
        }
        String column = CommonSql.name(field.name());
        Expr wrong = Expr.of(column + " IS NOT NULL AND NOT (length(" + column + ") = 4 AND translate(" + column
                + ", '0123456789', '') = '' AND (" + column + " BETWEEN '0200' AND '0299' OR " + column
                + " >= '0800'))");
        return CheckPlan.of(
                        Measure.rows("rows"), Measure.nulls("nulls", field.name()), Measure.countWhere("wrong", wrong))
                .failingWhere(wrong)
                .about(field.name());
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
                "postcodes of Australia",
                wrong + " of " + judged + " are none",
                "Ask for the address again, or look whether the country is another.");
    }
}
