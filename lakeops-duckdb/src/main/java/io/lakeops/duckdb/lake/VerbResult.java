package io.lakeops.duckdb.lake;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a verb returns.
 *
 * @param rows its result, where it has one
 * @param updateCount the rows that it changed, where it changes rows
 */
public record VerbResult(Optional<LiteralTable> rows, OptionalLong updateCount) {
    static VerbResult none() {
        return new VerbResult(Optional.empty(), OptionalLong.of(0));
    }

    static VerbResult rows(LiteralTable table) {
        return new VerbResult(Optional.of(table), OptionalLong.empty());
    }

    static VerbResult changed(LiteralTable table, long rows) {
        return new VerbResult(Optional.of(table), OptionalLong.of(rows));
    }
}
