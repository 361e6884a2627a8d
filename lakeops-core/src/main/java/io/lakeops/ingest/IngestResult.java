package io.lakeops.ingest;

import io.lakeops.error.ErrorCode;
import java.time.Duration;
import java.util.List;

/**
 * What a run did. For every batch, rows read = loaded + rejected.
 *
 * @param source the source's name
 * @param table the table's name
 * @param batches the batches that were committed, in order
 * @param failures files that could not be loaded; all others were
 * @param sameFiles files that were known
 * @param copiedFiles files whose content was known
 * @param notArrived files from the future of the run's clock
 * @param skippedRows rows of known content that were deliberately not loaded again
 */
public record IngestResult(
        String source,
        String table,
        List<Batch> batches,
        List<Failure> failures,
        long sameFiles,
        long copiedFiles,
        long notArrived,
        long skippedRows) {
    public IngestResult {
        batches = List.copyOf(batches);
        failures = List.copyOf(failures);
    }

    /** Rows that were loaded by this run. */
    public long loadedRows() {
        return batches.stream().mapToLong(Batch::loadedRows).sum();
    }

    /** Rows that were rejected by this run. */
    public long rejectedRows() {
        return batches.stream().mapToLong(Batch::rejectedRows).sum();
    }

    /** Raw files that this run loaded. */
    public long loadedFiles() {
        return batches.stream().mapToLong(Batch::files).sum();
    }

    /**
     * One commit.
     *
     * @param id its name in the ledger and the history
     * @param version the table's version that holds it
     * @param files raw files
     * @param dataFiles data files that they became
     * @param lateness what arrived late
     */
    public record Batch(
            String id,
            long version,
            long files,
            long dataFiles,
            long loadedRows,
            long rejectedRows,
            Lateness lateness,
            Duration elapsed) {}

    /**
     * Rows that arrived more than 24 hours after the end of the day on which they happened.
     *
     * @param rows how many
     * @param files the raw files that brought them
     * @param days the days to which they belong, as ISO dates
     * @param longest the longest time between the end of such a day and the arrival
     */
    public record Lateness(long rows, List<String> files, List<String> days, Duration longest) {
        static final Lateness NONE = new Lateness(0, List.of(), List.of(), Duration.ZERO);

        public Lateness {
            files = List.copyOf(files);
            days = List.copyOf(days);
        }
    }

    /** A file that could not be loaded. */
    public record Failure(String file, ErrorCode code, String message) {}
}
