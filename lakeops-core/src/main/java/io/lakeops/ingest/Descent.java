package io.lakeops.ingest;

import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.TableCommit;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which versions a table's newest version descends from, given its RESTOREs. What was read of the history is kept: a
 * commit never changes.
 *
 * <p>A run reads the history from the oldest batch on, not only what came after the newest settled one: a RESTORE that was
 * committed while a batch loaded has a lower version than that batch.
 *
 * <p>Threads: one at a time.
 */
final class Descent {
    /** Stands for a version that nothing tells. */
    private static final long UNTOLD = -1;
    /** Stands for a version before the history that is left. */
    private static final long OLDER = -2;

    private final LakeTable table;
    /** Each RESTORE's version and the version that it went back to. */
    private final NavigableMap<Long, Long> restores = new TreeMap<>();

    private final NavigableMap<Long, Instant> times = new TreeMap<>();
    private long read = -1;

    Descent(LakeTable table) {
        this.table = table;
    }

    /** Reads what the history has gained since the last time. */
    Descent upToNow() {
        LakeTable.VersionRange range = table.versions();
        long from = Math.max(range.earliest(), read + 1);
        if (from <= range.latest()) {
            try (Stream<TableCommit> commits = table.commits(from, range.latest())) {
                commits.map(TableCommit::entry).forEach(this::see);
            }
        }
        read = range.latest();
        return this;
    }

    private void see(HistoryEntry entry) {
        times.put(entry.version(), entry.timestamp());
        if (entry.operation().equals("RESTORE")) {
            restores.put(entry.version(), target(entry));
        }
    }

    private long target(HistoryEntry restore) {
        String version = restore.operationParameters().get("version");
        if (version != null && version.matches("\\d{1,18}")) {
            return Long.parseLong(version);
        }
        String timestamp = restore.operationParameters().get("timestamp");
        if (timestamp == null || timestamp.isEmpty()) {
            return UNTOLD;
        }
        Instant instant = RestoreTime.parse(timestamp);
        return times.headMap(restore.version()).entrySet().stream()
                .filter(e -> !e.getValue().isAfter(instant))
                .map(Map.Entry::getKey)
                .max(Long::compare)
                .orElse(OLDER);
    }

    /** Whether the newest version descends from a version; empty where the history that would tell was cleaned away. */
    Optional<Boolean> holds(long version) {
        long first = times.isEmpty() ? Long.MAX_VALUE : times.firstKey();
        long current = read;
        while (current > version) {
            Map.Entry<Long, Long> restore = restores.floorEntry(current);
            if (restore == null || restore.getKey() <= version) {
                // From the version after this one on, the history has to be whole.
                return version + 1 >= first ? Optional.of(true) : Optional.empty();
            }
            current = restore.getValue();
        }
        if (current == UNTOLD || (current == OLDER && version < first)) {
            return Optional.empty();
        }
        return Optional.of(current == version);
    }
}
