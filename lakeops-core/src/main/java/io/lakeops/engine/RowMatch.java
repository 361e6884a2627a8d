package io.lakeops.engine;

import java.util.Objects;

/** Which rows of a table are looked for. */
public sealed interface RowMatch {
    /** Rows for which a condition is true. */
    record ByCondition(Expr condition) implements RowMatch {
        public ByCondition {
            Objects.requireNonNull(condition);
        }
    }
}
