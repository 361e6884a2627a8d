package io.lakeops.engine;

import java.util.List;
import java.util.Objects;

/** Which rows of a table are looked for. */
public sealed interface RowMatch {
    /** Rows for which a condition is true. */
    record ByCondition(Expr condition) implements RowMatch {
        public ByCondition {
            Objects.requireNonNull(condition);
        }
    }

    /** Rows whose key stands in a source; keys match only where none is null. */
    record ByKey(Relation source, List<String> key) implements RowMatch {
        public ByKey {
            Objects.requireNonNull(source);
            key = List.copyOf(key);
        }
    }
}
