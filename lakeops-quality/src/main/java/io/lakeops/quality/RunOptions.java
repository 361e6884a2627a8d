package io.lakeops.quality;

import java.time.Instant;
import java.util.Optional;

/**
 * How a suite is run.
 *
 * @param asOf the moment for which it judges; the host's clock where it is missing
 * @param runId tells runs apart; made from suite and time where it is missing
 * @param failingRows how many failing rows of each check are fetched at most; 0: none
 * @param locate whether the data file of each failing row is looked for, which costs a pass over those that may hold one
 */
public record RunOptions(Optional<Instant> asOf, Optional<String> runId, int failingRows, boolean locate) {
    public RunOptions {
        if (failingRows < 0 || failingRows > 10_000) {
            throw new IllegalArgumentException("failingRows must be from 0 to 10000: " + failingRows);
        }
    }

    /** Now, with five failing rows of each check. */
    public static RunOptions standard() {
        return new RunOptions(Optional.empty(), Optional.empty(), 5, false);
    }

    public RunOptions withAsOf(Instant moment) {
        return new RunOptions(Optional.of(moment), runId, failingRows, locate);
    }

    public RunOptions withRunId(String id) {
        return new RunOptions(asOf, Optional.of(id), failingRows, locate);
    }

    public RunOptions withFailingRows(int limit) {
        return new RunOptions(asOf, runId, limit, locate);
    }

    /** With up to 100 failing rows of each check and their files: what is worth keeping in a {@link FailingRowStore}. */
    public RunOptions storingFailures() {
        return new RunOptions(asOf, runId, 100, true);
    }
}
