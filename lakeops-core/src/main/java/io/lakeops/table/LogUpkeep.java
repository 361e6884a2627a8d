package io.lakeops.table;

/**
 * Keeps a table's log short to read. Nothing here changes a table's content, and all of it may run beside readers and writers.
 *
 * <p>Threads: safe; several processes may do it at once.
 */
public interface LogUpkeep {
    /**
     * Writes a checkpoint of the newest version, unless one stands.
     *
     * <p>Errors: FEATURE_UNSUPPORTED, LOG_CORRUPT, DISK_FULL, PERMISSION_DENIED.
     */
    Checkpoint checkpoint();

    /**
     * A checkpoint that stands.
     *
     * @param written false where it stood before
     */
    record Checkpoint(long version, boolean written) {}
}
