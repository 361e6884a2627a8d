package io.lakeops.check;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Earlier results of one check on one table.
 *
 * @param runs oldest first
 */
public record History(List<Run> runs) {
    public History {
        runs = List.copyOf(runs);
    }

    /** No result yet. */
    public static History none() {
        return new History(List.of());
    }

    /**
     * One earlier result.
     *
     * @param asOf the moment for which it was judged
     * @param tableVersion the version that was checked, where the table has versions
     * @param passRate from 0 to 100, where rows were judged
     * @param values what was measured, as plain JSON values
     */
    public record Run(
            Instant asOf,
            OptionalLong tableVersion,
            Status status,
            OptionalDouble passRate,
            Map<String, @Nullable Object> values) {}
}
