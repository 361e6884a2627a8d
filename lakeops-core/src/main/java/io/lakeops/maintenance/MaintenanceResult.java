package io.lakeops.maintenance;

import io.lakeops.table.DataFile;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What an action did, the same record for every action and engine.
 *
 * @param action the action's name
 * @param table the table's name
 * @param committed whether a version was made
 * @param version that version, or the one that was read where there was nothing to do
 * @param filesAdded files that joined the table
 * @param filesRemoved files that left the table, or, for VACUUM, that were deleted
 * @param bytesAdded their bytes
 * @param bytesRemoved their bytes
 * @param filesKept files that were looked at and left alone
 * @param partitions partitions that were changed; 1 for a table without partitions
 * @param rows rows that were written again
 * @param before the table's files before
 * @param after the table's files after
 * @param elapsed how long it took
 * @param metrics as the history has them
 */
public record MaintenanceResult(
        String action,
        String table,
        boolean committed,
        long version,
        long filesAdded,
        long filesRemoved,
        long bytesAdded,
        long bytesRemoved,
        long filesKept,
        long partitions,
        long rows,
        FileSizes before,
        FileSizes after,
        Duration elapsed,
        Map<String, String> metrics) {
    public MaintenanceResult {
        Objects.requireNonNull(before);
        Objects.requireNonNull(after);
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /**
     * How the sizes of some files are spread.
     *
     * <p>Units: bytes; a percentile is the size of the file at that rank (nearest rank); all 0 without files.
     */
    public record FileSizes(
            long files, long totalBytes, long minBytes, long p25Bytes, long p50Bytes, long p75Bytes, long maxBytes) {

        /** The spread over data files. */
        public static FileSizes of(Collection<DataFile> files) {
            long[] sizes =
                    files.stream().mapToLong(DataFile::fileBytes).sorted().toArray();
            long total = 0;
            for (long size : sizes) {
                total += size;
            }
            return sizes.length == 0
                    ? new FileSizes(0, 0, 0, 0, 0, 0, 0)
                    : new FileSizes(
                            sizes.length,
                            total,
                            sizes[0],
                            rank(sizes, 25),
                            rank(sizes, 50),
                            rank(sizes, 75),
                            sizes[sizes.length - 1]);
        }

        private static long rank(long[] sorted, int percent) {
            int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
            return sorted[Math.max(0, rank - 1)];
        }
    }
}
