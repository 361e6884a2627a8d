package io.lakeops.table;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One file of rows that belongs to a version of a table.
 *
 * @param path what identifies it in the log: relative to the table's root with {@code /}, or absolute; decoded, so that
 *     it is a path and not a URI
 * @param location where its bytes are
 * @param partitionValues by the logical name of each partition column, as the format's text; null for a null value
 * @param fileBytes its length
 * @param modificationTime in milliseconds since the epoch
 * @param statistics what is known of its rows without reading it
 * @param deletionVector which of its rows are deleted
 * @param tags what the format keeps beside it
 * @param rowTracking the ids of its rows, where the table tracks them
 */
public record DataFile(
        String path,
        Path location,
        Map<String, @Nullable String> partitionValues,
        long fileBytes,
        long modificationTime,
        Optional<FileStatistics> statistics,
        Optional<DeletionVector> deletionVector,
        Map<String, String> tags,
        Optional<RowTracking> rowTracking) {
    public DataFile {
        Objects.requireNonNull(path);
        Objects.requireNonNull(location);
        // A table may have a million of these.
        partitionValues = partitionValues.isEmpty()
                ? Map.of()
                : Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
        tags = Map.copyOf(tags);
    }

    /** Stable row ids of a file. */
    public record RowTracking(long baseRowId, long defaultCommitVersion) {}

    /** The live rows: those of the file less those deleted, where the statistics count them. */
    public OptionalLong liveRows() {
        if (statistics.isEmpty() || statistics.get().rows().isEmpty()) {
            return OptionalLong.empty();
        }
        long deleted = deletionVector.map(DeletionVector::cardinality).orElse(0L);
        return OptionalLong.of(statistics.get().rows().getAsLong() - deleted);
    }

    /** The same file with other rows deleted. */
    public DataFile withDeletionVector(DeletionVector vector) {
        return new DataFile(
                path,
                location,
                partitionValues,
                fileBytes,
                modificationTime,
                statistics,
                Optional.of(vector),
                tags,
                rowTracking);
    }

    /** The location as a URI. */
    public URI uri() {
        return location.toUri();
    }
}
