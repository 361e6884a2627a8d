package io.lakeops.change;

/**
 * What a clone took over.
 *
 * @param sourceVersion the source's version that it equals
 * @param version the clone's version
 * @param sourceBytes the length of the source's files
 * @param filesRemoved of a table that was replaced
 * @param filesCopied none for a shallow clone
 */
public record CloneResult(
        long sourceVersion,
        long version,
        long sourceBytes,
        long sourceFiles,
        long filesRemoved,
        long filesCopied,
        long bytesRemoved,
        long bytesCopied) {
    CloneResult at(long committed) {
        return new CloneResult(
                sourceVersion,
                committed,
                sourceBytes,
                sourceFiles,
                filesRemoved,
                filesCopied,
                bytesRemoved,
                bytesCopied);
    }
}
