package io.lakeops.engine;

import java.util.List;
import java.util.Objects;

/**
 * Aggregates over a relation, all in one pass.
 *
 * @param rows what is measured
 * @param aggregates each with the name by which its value is asked for
 */
public record MeasureRequest(Relation rows, List<Aggregate> aggregates) {
    public MeasureRequest {
        Objects.requireNonNull(rows);
        aggregates = List.copyOf(aggregates);
    }

    /** One aggregate expression, such as {@code count(*)} or {@code count_if(qty < 0)}. */
    public record Aggregate(String name, Expr expression) {}
}
