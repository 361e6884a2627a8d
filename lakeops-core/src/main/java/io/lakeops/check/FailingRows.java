package io.lakeops.check;

import io.lakeops.engine.Expr;

/** How the rows that fail a check are found. */
public sealed interface FailingRows {
    /** The rows for which a condition is true. */
    record Where(Expr condition) implements FailingRows {}

    /** What a query returns that reads the rows under check as {@link CheckPlan#THIS}. */
    record Query(Expr sql) implements FailingRows {}
}
