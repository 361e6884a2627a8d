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
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Predicate.Operator;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code column} lies between {@code min_value} and {@code max_value}, of which one may be missing. Both ends are in the
 * range unless {@code strict_min}, {@code strict_max}, or dbt's {@code inclusive: false} take them out. Null passes and is
 * not counted; NaN is outside every range.
 */
@AutoService(Check.class)
public final class AcceptedRange implements Check {
    @Override
    public String name() {
        return "accepted_range";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column", "min_value", "max_value", "strict_min", "strict_max", "inclusive");
        Field field = schema.require(arguments.text("column"));
        Optional<Literal> min = arguments.find("min_value").map(value -> TypedValues.of(field, value));
        Optional<Literal> max = arguments.find("max_value").map(value -> TypedValues.of(field, value));
        if (min.isEmpty() && max.isEmpty()) {
            throw new LakeException(ErrorCode.CHECK_INVALID, "accepted_range needs 'min_value' or 'max_value'");
        }
        List<String> outside = new ArrayList<>();
        List<Predicate> predicates = new ArrayList<>();
        String column = CommonSql.name(field.name());
        min.ifPresent(bound -> {
            boolean strict = strict(arguments, "strict_min");
            outside.add(column + (strict ? " <= " : " < ") + CommonSql.literal(bound.value()));
            predicates.add(new Predicate.Comparison(
                    List.of(field.name()), strict ? Operator.LESS_OR_EQUAL : Operator.LESS, bound));
        });
        max.ifPresent(bound -> {
            boolean strict = strict(arguments, "strict_max");
            outside.add(column + (strict ? " >= " : " > ") + CommonSql.literal(bound.value()));
            predicates.add(new Predicate.Comparison(
                    List.of(field.name()), strict ? Operator.GREATER_OR_EQUAL : Operator.GREATER, bound));
        });
        boolean mayBeNaN = field.type() == Primitive.FLOAT || field.type() == Primitive.DOUBLE;
        if (mayBeNaN) {
            outside.add("isnan(" + column + ")");
        }
        // Bounds in the log say nothing of NaN, so nothing is concluded from them.
        Expr condition = new Expr(
                column + " IS NOT NULL AND (" + String.join(" OR ", outside) + ")",
                "common",
                mayBeNaN ? Predicate.always() : new Predicate.Or(predicates));
        return CheckPlan.of(
                        Measure.rows("rows"),
                        Measure.nulls("nulls", field.name()),
                        Measure.countWhere("outside", condition))
                .failingWhere(condition)
                .about(field.name());
    }

    private static boolean strict(Arguments arguments, String name) {
        return arguments.flag(name, !arguments.flag("inclusive", true));
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        if (now.count("rows") == 0) {
            return new Outcome.NoData("the table has no row");
        }
        long judged = now.count("rows") - now.count("nulls");
        long outside = now.count("outside");
        return Outcome.ofRows(
                new Outcome.Tally(judged, outside, outside),
                range(now.arguments()),
                outside + " of " + judged + " rows outside",
                "Correct the rows, or widen the range if they are right.");
    }

    private static String range(Arguments arguments) {
        List<String> parts = new ArrayList<>();
        arguments.find("min_value").ifPresent(v -> parts.add((strict(arguments, "strict_min") ? "> " : ">= ") + v));
        arguments.find("max_value").ifPresent(v -> parts.add((strict(arguments, "strict_max") ? "< " : "<= ") + v));
        return String.join(" and ", parts);
    }
}
