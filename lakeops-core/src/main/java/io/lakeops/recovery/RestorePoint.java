package io.lakeops.recovery;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a table can be taken back to one of its versions, and for how long.
 *
 * @param version the version
 * @param timestamp when it was committed
 * @param missingFiles how many of the files that it needs are gone; none where it can come back whole
 * @param missing the first of them by name, at most {@value #NAMED}
 * @param until the instant until which neither a VACUUM nor a clean-up of the log, each with the table's own retention,
 *     takes anything that it needs; empty where nothing of it can go, as of the newest version. An instant that has passed
 *     says that the next VACUUM may take the version.
 */
public record RestorePoint(
        long version, Instant timestamp, long missingFiles, List<String> missing, Optional<Instant> until) {
    /** How many missing files are named. */
    public static final int NAMED = 20;

    public RestorePoint {
        Objects.requireNonNull(timestamp);
        missing = List.copyOf(missing);
        Objects.requireNonNull(until);
    }

    /** Whether all its files stand. */
    public boolean isWhole() {
        return missingFiles == 0;
    }
}
