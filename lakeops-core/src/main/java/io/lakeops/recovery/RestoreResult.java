package io.lakeops.recovery;

/**
 * What a RESTORE did.
 *
 * @param committed whether a version was made; false where the table was at that version already
 * @param version the version that holds the restored state
 * @param restoredVersion the version that came back
 * @param tableBytes the table's size afterwards
 * @param files its files afterwards
 * @param filesRemoved files that left the table
 * @param filesRestored files that came back
 * @param bytesRemoved their bytes
 * @param bytesRestored their bytes
 */
public record RestoreResult(
        boolean committed,
        long version,
        long restoredVersion,
        long tableBytes,
        long files,
        long filesRemoved,
        long filesRestored,
        long bytesRemoved,
        long bytesRestored) {}
