package io.lakeops.table;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a commit does to one file. */
public sealed interface FileChange {
    /** The file joins the table. {@code dataChange}: whether it brings rows that were not there. */
    record Add(DataFile file, boolean dataChange) implements FileChange {}

    /** The file leaves the table; its bytes stay until VACUUM. */
    record Remove(DataFile file, boolean dataChange) implements FileChange {}

    /** The file stays with other rows deleted. */
    record ReplaceVector(DataFile before, DataFile after) implements FileChange {}

    /**
     * A file of change data. Where a commit has one, its change data is all of the commit's changes, and the files that come
     * and go tell none.
     */
    record ChangeFile(String path, Map<String, @Nullable String> partitionValues, long fileBytes)
            implements FileChange {
        public ChangeFile {
            partitionValues = Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
        }
    }

    /** The rows of the file that are live before or after the change, where its statistics count them. */
    default Optional<DataFile> dataFile() {
        if (this instanceof Add add) {
            return Optional.of(add.file());
        }
        if (this instanceof Remove remove) {
            return Optional.of(remove.file());
        }
        return this instanceof ReplaceVector replace ? Optional.of(replace.after()) : Optional.empty();
    }
}
