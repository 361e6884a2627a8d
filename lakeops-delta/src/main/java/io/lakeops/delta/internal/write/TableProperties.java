package io.lakeops.delta.internal.write;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.TableRules;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which {@code delta.} properties there are, and what values they take. Others are the user's own and are kept as they are.
 *
 * <p>Errors: UNKNOWN_OPTION naming the nearest name; INVALID_ARGUMENT for a value; FEATURE_UNSUPPORTED.
 */
final class TableProperties {
    private static final Pattern FLAG = Pattern.compile("(?i)true|false");
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,9}");
    private static final Pattern INTERVAL =
            Pattern.compile("(?i)(interval )?(\\d+ (week|day|hour|minute|second|millisecond|microsecond)s?\\s*)+");
    private static final Pattern ANY = Pattern.compile("(?s).*");
    private static final Pattern BYTES = Pattern.compile("(?i)\\d+\\s*([kmgt]?b?)");

    private static final Map<String, Pattern> KNOWN = known();

    /** What only the format itself sets; a caller's definition can neither change nor lose it. */
    private static final Set<String> OWN = Set.of(
            "delta.columnMapping.maxColumnId",
            "delta.inCommitTimestampEnablementVersion",
            "delta.inCommitTimestampEnablementTimestamp",
            "delta.rowTracking.materializedRowIdColumnName",
            "delta.rowTracking.materializedRowCommitVersionColumnName");

    private TableProperties() {}

    /**
     * Checks the properties that are new or changed; what a table has already stays.
     *
     * @param looked whether whoever sets them looked at every row, so that a constraint may be among them
     */
    static void check(Map<String, String> before, Map<String, String> after, boolean looked) {
        after.forEach((key, value) -> {
            if (!value.equals(before.get(key)) && !OWN.contains(key)) {
                check(key, value, looked);
            }
        });
    }

    /** The caller's properties with those that only the format sets. */
    static Map<String, String> withOwn(Map<String, String> before, Map<String, String> after) {
        Map<String, String> all = new TreeMap<>();
        after.forEach((key, value) -> {
            if (!OWN.contains(key) && Features.isKept(key)) {
                all.put(key, value);
            }
        });
        before.forEach((key, value) -> {
            if (OWN.contains(key)) {
                all.put(key, value);
            }
        });
        return all;
    }

    private static void check(String key, String value, boolean looked) {
        if (!key.startsWith("delta.") || key.startsWith("delta.feature.")) {
            return;
        }
        if (key.startsWith(TableRules.CONSTRAINT)) {
            if (!looked) {
                throw Features.unsupported(
                        "checkConstraints", "a constraint is added once every row was looked at, by ADD CONSTRAINT");
            }
            return;
        }
        if (key.startsWith("delta.enableIcebergCompat") || key.startsWith("delta.universalFormat.")) {
            throw Features.unsupported("icebergCompat", "it is not honoured");
        }
        Pattern values = KNOWN.get(key);
        if (values == null) {
            String nearest = KNOWN.keySet().stream()
                    .min(Comparator.comparingInt(known -> distance(known, key)))
                    .orElse("");
            throw new LakeException(
                    ErrorCode.UNKNOWN_OPTION,
                    "there is no table property '" + key + "'; the nearest is '" + nearest + "'");
        }
        if (!values.matcher(value.strip()).matches()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the table property " + key + " can't be '" + value + "'",
                    Map.of("pattern", values.pattern()));
        }
    }

    private static Map<String, Pattern> known() {
        Map<String, Pattern> known = new LinkedHashMap<>();
        for (String flag : new String[] {
            "appendOnly",
            "autoOptimize",
            "autoOptimize.autoCompact",
            "autoOptimize.optimizeWrite",
            "checkpoint.writeStatsAsJson",
            "checkpoint.writeStatsAsStruct",
            "enableChangeDataFeed",
            "enableDeletionVectors",
            "enableExpiredLogCleanup",
            "enableFullRetentionRollback",
            "enableInCommitTimestamps",
            "enableRowTracking",
            "enableTypeWidening",
            "randomizeFilePrefixes",
            "tuneFileSizesForRewrites"
        }) {
            known.put("delta." + flag, FLAG);
        }
        for (String whole : new String[] {
            "checkpointInterval",
            "dataSkippingNumIndexedCols",
            "minReaderVersion",
            "minWriterVersion",
            "randomPrefixLength"
        }) {
            known.put("delta." + whole, WHOLE);
        }
        for (String interval : new String[] {
            "checkpointRetentionDuration",
            "deletedFileRetentionDuration",
            "logRetentionDuration",
            "sampleRetentionDuration",
            "setTransactionRetentionDuration"
        }) {
            known.put("delta." + interval, INTERVAL);
        }
        known.put("delta.targetFileSize", BYTES);
        known.put("delta.checkpointPolicy", Pattern.compile("classic|v2"));
        known.put("delta.columnMapping.mode", Pattern.compile("none|name|id"));
        known.put("delta.isolationLevel", Pattern.compile("Serializable|WriteSerializable|SnapshotIsolation"));
        known.put("delta.dataSkippingStatsColumns", ANY);
        known.put("delta.parquet.compression.codec", ANY);
        known.put("delta.parquet.format.version", ANY);
        return known;
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
