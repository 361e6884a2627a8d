package io.lakeops.quality;

import io.lakeops.check.Status;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The results of one run of a suite.
 *
 * @param runId tells runs apart
 * @param executedAt when it ran, by the host's clock
 * @param asOf the moment for which it judged
 * @param results in the suite's order
 * @param filesRead data files that were read, each pass counted
 * @param bytesRead their bytes
 */
public record SuiteResult(
        String runId,
        String suite,
        Instant executedAt,
        Instant asOf,
        List<CheckResult> results,
        long filesRead,
        long bytesRead) {
    public SuiteResult {
        results = List.copyOf(results);
    }

    /** How many ended in each way. */
    public Map<Status, Long> counts() {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        results.forEach(result -> counts.merge(result.status(), 1L, Long::sum));
        return counts;
    }

    /** Whether no check failed or broke; warnings and empty tables don't stop. */
    public boolean holds() {
        return results.stream().noneMatch(result -> result.status().stops());
    }
}
