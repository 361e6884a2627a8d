package io.lakeops.table;

import java.util.OptionalLong;

/**
 * Keeps a table's log short to read. Nothing here changes a table's content, and all of it may run beside readers and writers.
 *
 * <p>Threads: safe; several processes may do it at once.
 */
public interface LogUpkeep {
    /**
     * Writes a checkpoint of the newest version, unless one stands that can be read.
     *
     * <p>Errors: FEATURE_UNSUPPORTED, LOG_CORRUPT, DISK_FULL, PERMISSION_DENIED.
     */
    Checkpoint checkpoint();

    /** The version of the newest checkpoint that stands, be it one that can be read or not; empty where there is none. */
    OptionalLong newestCheckpoint();

    /**
     * A checkpoint that stands.
     *
     * @param written false where it stood before
     */
    record Checkpoint(long version, boolean written) {}

    /**
     * Deletes what is older than the table's log retention and not needed to read any younger version. What was deleted can't
     * be travelled to any more.
     *
     * <p>Errors: FEATURE_UNSUPPORTED, INVALID_ARGUMENT for a retention that is none, PERMISSION_DENIED, IO_FAILED.
     */
    Cleaned clean();

    /**
     * What a clean-up did.
     *
     * @param earliestVersion the oldest version that can still be read
     * @param deletedBytes the length of the files that it deleted
     */
    record Cleaned(long earliestVersion, long deletedFiles, long deletedBytes) {}
}
