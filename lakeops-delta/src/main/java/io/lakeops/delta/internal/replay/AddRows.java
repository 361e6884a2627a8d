package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of the {@code add} column as files. Errors: LOG_CORRUPT where a field is missing. */
final class AddRows {
    private static final Field ADD = ActionSchema.ADD;
    private static final int PATH = ActionSchema.ordinal(ADD, "path");
    private static final int PARTITION = ActionSchema.ordinal(ADD, "partitionValues");
    private static final int SIZE = ActionSchema.ordinal(ADD, "size");
    private static final int TIME = ActionSchema.ordinal(ADD, "modificationTime");
    private static final int TAGS = ActionSchema.ordinal(ADD, "tags");
    private static final int VECTOR = ActionSchema.ordinal(ADD, "deletionVector");
    private static final int ROW_ID = ActionSchema.ordinal(ADD, "baseRowId");
    private static final int ROW_VERSION = ActionSchema.ordinal(ADD, "defaultRowCommitVersion");
    private static final int STATS = ActionSchema.ordinal(ADD, "stats");

    private AddRows() {}

    /** @param parsed what reads the row's last field, where it has statistics as columns */
    static LoggedFile file(@Nullable Object[] row, Optional<StatisticsColumns> parsed) {
        if (!(row[PATH] instanceof String path)
                || !(row[SIZE] instanceof Long size)
                || !(row[TIME] instanceof Long time)) {
            throw new LakeException(
                    ErrorCode.LOG_CORRUPT,
                    "an added file of the log lacks its path, size or time",
                    Map.of("path", String.valueOf(row[PATH])));
        }
        Optional<String> statistics = row[STATS] instanceof String text
                ? Optional.of(text)
                : parsed.flatMap(columns -> row[row.length - 1] instanceof @Nullable Object[] values
                        ? Optional.of(columns.text(values))
                        : Optional.empty());
        return new LoggedFile(
                path,
                partition(row[PARTITION]),
                size,
                time,
                statistics,
                row[VECTOR] instanceof @Nullable Object[] vector
                        ? Optional.of(ReplayedRows.vector(vector))
                        : Optional.empty(),
                tags(row[TAGS]),
                row[ROW_ID] instanceof Long id && row[ROW_VERSION] instanceof Long version
                        ? Optional.of(new DataFile.RowTracking(id, version))
                        : Optional.empty());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable String> partition(@Nullable Object map) {
        return map == null ? Map.of() : (Map<String, @Nullable String>) map;
    }

    private static Map<String, String> tags(@Nullable Object map) {
        if (!(map instanceof Map<?, ?> pairs) || pairs.isEmpty()) {
            return Map.of();
        }
        Map<String, String> tags = new HashMap<>();
        pairs.forEach((key, value) -> {
            if (key instanceof String name && value instanceof String text) {
                tags.put(name, text);
            }
        });
        return tags;
    }
}
