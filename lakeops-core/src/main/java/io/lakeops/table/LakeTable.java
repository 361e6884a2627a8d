package io.lakeops.table;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table: its versions, its history, and the only way to change it.
 *
 * <p>Threads: safe; several processes may hold the same table.
 */
public interface LakeTable {
    TableId id();

    TableLocation location();

    /**
     * The table at a version.
     *
     * <p>Errors: VERSION_NOT_FOUND, VERSION_NOT_RETAINED, TIMESTAMP_OUT_OF_RANGE, LOG_CORRUPT, FEATURE_UNSUPPORTED.
     */
    Snapshot snapshot(SnapshotSelector which);

    /** The commits of versions {@code from} to {@code to}, both included, oldest first. Close the stream. */
    Stream<TableCommit> commits(long from, long to);

    /** The versions whose commits are still in the log, and their span. */
    VersionRange versions();

    /**
     * Commits on top of {@code base}, or throws and leaves the table as it was.
     *
     * <p>Errors: COMMIT_CONFLICT (nothing landed), COMMIT_OUTCOME_UNKNOWN (touch nothing), SCHEMA_MISMATCH,
     * FEATURE_UNSUPPORTED, DISK_FULL, PERMISSION_DENIED.
     */
    CommitResult commit(Snapshot base, CommitSpec spec);

    /** Whether the table can be taken back to a version; looks at the files that it needs. */
    Restorability restorable(long version);

    /** Every path under the table that the log still refers to, for a VACUUM with that cutoff. */
    References referencedSince(Instant cutoff);

    /** The upkeep of the table's log, where its format has one. */
    default Optional<LogUpkeep> upkeep() {
        return Optional.empty();
    }

    /** First and last version whose commits are readable. */
    record VersionRange(long earliest, long latest) {}
}
