package io.lakeops.definition;

import java.util.Objects;

/** Where a column stands among its neighbours. */
public sealed interface Position {
    /** After all others. */
    record Last() implements Position {}

    /** Before all others. */
    record First() implements Position {}

    /** Behind the neighbour of that name. */
    record After(String neighbour) implements Position {
        public After {
            Objects.requireNonNull(neighbour);
        }
    }
}
