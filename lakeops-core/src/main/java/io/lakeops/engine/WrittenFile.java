package io.lakeops.engine;

import io.lakeops.table.DataFile;
import io.lakeops.table.FileStatistics;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A data file that an engine wrote and nobody committed yet.
 *
 * @param path relative to the table's root, with {@code /}
 * @param location where its bytes are
 * @param partitionValues by logical name, in the text form of the Delta protocol ("Partition Value Serialization")
 * @param fileBytes its length
 * @param modificationTime in milliseconds since the epoch
 */
public record WrittenFile(
        String path,
        Path location,
        Map<String, @Nullable String> partitionValues,
        long fileBytes,
        long modificationTime,
        FileStatistics.Measured statistics) {
    public WrittenFile {
        partitionValues = Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
    }

    /** The file as a commit takes it. */
    public DataFile dataFile() {
        return new DataFile(
                path,
                location,
                partitionValues,
                fileBytes,
                modificationTime,
                Optional.of(statistics),
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }
}
