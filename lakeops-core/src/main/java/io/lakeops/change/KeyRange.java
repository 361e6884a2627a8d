package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many rows a source has, and between which bounds its keys lie: what lets files be left out by their statistics.
 *
 * @param predicate true for every target row that a source row can match
 */
record KeyRange(long rows, Predicate predicate) {
    static KeyRange measure(Session session, Relation source, List<String> key, Run run) {
        List<MeasureRequest.Aggregate> aggregates = new ArrayList<>();
        aggregates.add(new MeasureRequest.Aggregate("n", Expr.of("count(*)")));
        for (int i = 0; i < key.size(); i++) {
            String column = "\"" + key.get(i).replace("\"", "\"\"") + "\"";
            aggregates.add(new MeasureRequest.Aggregate("min" + i, Expr.of("min(" + column + ")")));
            aggregates.add(new MeasureRequest.Aggregate("max" + i, Expr.of("max(" + column + ")")));
        }
        Rows measured = session.measure(new MeasureRequest(source, aggregates), run.cancellation());
        Predicate predicate = Predicate.always();
        for (int i = 0; i < key.size(); i++) {
            predicate = predicate
                    .and(bound(key.get(i), Predicate.Operator.GREATER_OR_EQUAL, measured.value(0, "min" + i)))
                    .and(bound(key.get(i), Predicate.Operator.LESS_OR_EQUAL, measured.value(0, "max" + i)));
        }
        return new KeyRange(((Number) Objects.requireNonNull(measured.value(0, "n"))).longValue(), predicate);
    }

    private static Predicate bound(String column, Predicate.Operator operator, @Nullable Object value) {
        return literal(value)
                .map(l -> (Predicate) new Predicate.Comparison(List.of(column), operator, l))
                .orElse(Predicate.always());
    }

    /**
     * The value as a literal whose order is the engine's. Floating-point keys are left out: the engine compares them
     * with decimals after rounding, statistics compare exactly.
     */
    private static Optional<Literal> literal(@Nullable Object value) {
        if (value instanceof Integer whole) {
            return Optional.of(new Literal(whole.longValue()));
        }
        if (value instanceof Long
                || value instanceof BigDecimal
                || value instanceof String
                || value instanceof LocalDate
                || value instanceof Instant
                || value instanceof LocalDateTime) {
            return Optional.of(new Literal(value));
        }
        return Optional.empty();
    }
}
