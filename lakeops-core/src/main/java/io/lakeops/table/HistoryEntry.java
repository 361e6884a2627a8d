package io.lakeops.table;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a commit says of itself.
 *
 * @param operationParameters in the format's text form
 * @param operationMetrics by Spark's names, as text
 */
public record HistoryEntry(
        long version,
        Instant timestamp,
        Optional<String> userId,
        Optional<String> userName,
        String operation,
        Map<String, String> operationParameters,
        OptionalLong readVersion,
        Optional<String> isolationLevel,
        Optional<Boolean> isBlindAppend,
        Map<String, String> operationMetrics,
        Optional<String> userMetadata,
        Optional<String> engineInfo) {
    public HistoryEntry {
        operationParameters = Collections.unmodifiableMap(new LinkedHashMap<>(operationParameters));
        operationMetrics = Collections.unmodifiableMap(new LinkedHashMap<>(operationMetrics));
    }
}
