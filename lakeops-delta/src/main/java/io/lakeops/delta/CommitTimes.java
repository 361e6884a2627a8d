package io.lakeops.delta;

import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * When the commits of one listing were made: by their in-commit timestamps, else by their files' times, which are made to
 * rise by a millisecond at least, as Spark does.
 *
 * <p>Source: Delta protocol, "In-Commit Timestamps".
 */
final class CommitTimes {
    private final LogListing listing;
    private final NavigableMap<Long, Long> fileTimes = new TreeMap<>();

    CommitTimes(LogListing listing) {
        this.listing = listing;
        long last = Long.MIN_VALUE;
        for (Map.Entry<Long, Path> commit : listing.commits().entrySet()) {
            try {
                long time = Files.getLastModifiedTime(commit.getValue()).toMillis();
                last = Math.max(time, last == Long.MIN_VALUE ? time : last + 1);
            } catch (IOException e) {
                throw LogErrors.io("a commit of the log can't be looked at", commit.getValue(), e);
            }
            fileTimes.put(commit.getKey(), last);
        }
    }

    /** The time of a version whose commit the listing has. */
    Instant of(long version) {
        Path commit = listing.commits().get(version);
        Long fileTime = fileTimes.get(version);
        if (commit == null || fileTime == null) {
            throw new LakeException(
                    ErrorCode.VERSION_NOT_RETAINED,
                    "the commit of version " + version + " is not in the log",
                    Map.of("earliest", listing.earliestCommit(), "latest", listing.latest()));
        }
        OptionalLong own = CommitFile.inCommitTimestamp(commit);
        return Instant.ofEpochMilli(own.orElse(fileTime));
    }

    /** The newest version at or before an instant; an instant before the first or after the last is refused, as by Spark. */
    long versionAsOf(Instant instant) {
        long low = listing.earliestReadable();
        long high = listing.latest();
        if (instant.isBefore(of(low)) || instant.isAfter(of(high))) {
            throw new LakeException(
                    ErrorCode.TIMESTAMP_OUT_OF_RANGE,
                    "there is no version at " + instant,
                    Map.of("earliest", of(low), "latest", of(high)));
        }
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (of(middle).isAfter(instant)) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }
}
