package io.lakeops.check;

import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import java.util.List;
import java.util.Objects;

/**
 * Aggregates over a query that needs a pass of its own.
 *
 * @param query reads the rows under check as {@link CheckPlan#THIS}, and the plan's references by their names
 * @param aggregates over what the query returns
 */
public record Probe(Expr query, List<MeasureRequest.Aggregate> aggregates) {
    public Probe {
        Objects.requireNonNull(query);
        aggregates = List.copyOf(aggregates);
    }
}
