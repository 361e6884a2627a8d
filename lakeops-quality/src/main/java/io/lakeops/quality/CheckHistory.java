package io.lakeops.quality;

import io.lakeops.check.History;

/** Where earlier results come from. */
@FunctionalInterface
public interface CheckHistory {
    /** At most {@code runs} results of a check, oldest first. */
    History of(String table, String checkName, int runs);

    /** No history at all. */
    static CheckHistory none() {
        return (table, checkName, runs) -> History.none();
    }
}
