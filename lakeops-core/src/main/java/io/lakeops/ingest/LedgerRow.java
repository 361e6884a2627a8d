package io.lakeops.ingest;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One row of a ledger: what became of a file, or of a batch.
 *
 * @param kind {@link #FILE} or {@link #BATCH}
 * @param batch the batch's number; empty for a file that belongs to none
 * @param status of a file: loaded (if its batch is committed), failed, skipped, ignored; of a batch: committed, void, fallen
 * @param tableVersion the version that holds a committed batch, where it is known
 * @param ledgerVersion the version of the ledger that brought this row: later rows win
 */
record LedgerRow(
        String kind,
        OptionalLong batch,
        String batchId,
        String path,
        String hash,
        long fileBytes,
        Instant modified,
        long rows,
        long rejects,
        String status,
        Optional<String> error,
        Instant processedAt,
        long durationMillis,
        OptionalLong tableVersion,
        long ledgerVersion) {
    static final String FILE = "file";
    static final String BATCH = "batch";
    static final String LOADED = "loaded";
    static final String FAILED = "failed";
    static final String SKIPPED = "skipped";
    /** Its content changed, and the source says to leave such files alone. */
    static final String IGNORED = "ignored";

    static final String COMMITTED = "committed";
    /** The batch's number is used up and nothing of it was loaded. */
    static final String VOID = "void";
    /** A RESTORE went below the batch's version. */
    static final String FALLEN = "fallen";

    boolean isFile() {
        return kind.equals(FILE);
    }

    static LedgerRow file(
            PlannedFile planned,
            String hash,
            OptionalLong batch,
            String batchId,
            long rows,
            long rejects,
            String status,
            Optional<String> error,
            Instant now,
            long millis) {
        FoundFile file = planned.file();
        return new LedgerRow(
                FILE,
                batch,
                batchId,
                file.name(),
                hash,
                file.fileBytes(),
                file.arrived(),
                rows,
                rejects,
                status,
                error,
                now,
                millis,
                OptionalLong.empty(),
                0);
    }

    static LedgerRow batch(long number, String id, String status, Instant now, OptionalLong version) {
        return new LedgerRow(
                BATCH, OptionalLong.of(number), id, "", "", 0, now, 0, 0, status, Optional.empty(), now, 0, version, 0);
    }

    /** The values in the order of {@link LedgerTable#SPEC}. */
    List<@Nullable Object> values(String source, String table, long version) {
        return Arrays.asList(
                kind,
                source,
                table,
                batch.isPresent() ? batch.getAsLong() : null,
                batchId,
                path,
                hash,
                fileBytes,
                modified,
                rows,
                rejects,
                status,
                error.orElse(null),
                processedAt,
                durationMillis,
                tableVersion.isPresent() ? tableVersion.getAsLong() : null,
                version);
    }
}
