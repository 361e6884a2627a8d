package io.lakeops.recovery;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.Retention;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The versions to which a table can be taken back, found in one pass over its log, however many there are. Each file is
 * looked for once.
 */
public final class RestorePoints {
    private static final String LOG_RETENTION = "delta.logRetentionDuration";
    private static final Duration DEFAULT_LOG_RETENTION = Duration.ofDays(30);

    private final Map<String, Need> active = new HashMap<>();
    private final List<Need> needs = new ArrayList<>();
    private final List<HistoryEntry> entries = new ArrayList<>();
    private final Map<String, Instant> lastRemoved = new HashMap<>();
    private final Map<String, Boolean> stands = new HashMap<>();

    private RestorePoints() {}

    /**
     * All versions that the log can put together, from the oldest on.
     *
     * <p>Errors: LOG_CORRUPT, FEATURE_UNSUPPORTED, PATH_OUTSIDE_TABLE.
     */
    public static List<RestorePoint> of(LakeTable table) {
        Snapshot newest = table.snapshot(SnapshotSelector.latest());
        Snapshot oldest = oldest(table, newest);
        RestorePoints points = new RestorePoints();
        try (Stream<TableCommit> commits = table.commits(oldest.version(), newest.version())) {
            commits.forEach(commit -> points.take(commit, oldest));
        }
        return points.sweep(newest);
    }

    /** The log may hold commits that no checkpoint begins: the first version is where it can be put together. */
    private static Snapshot oldest(LakeTable table, Snapshot newest) {
        long unreadable = table.versions().earliest();
        Optional<Snapshot> first = at(table, unreadable);
        if (first.isPresent()) {
            return first.get();
        }
        Snapshot readable = newest;
        while (readable.version() - unreadable > 1) {
            long middle = unreadable + (readable.version() - unreadable) / 2;
            Optional<Snapshot> at = at(table, middle);
            if (at.isPresent()) {
                readable = at.get();
            } else {
                unreadable = middle;
            }
        }
        return readable;
    }

    private static Optional<Snapshot> at(LakeTable table, long version) {
        try {
            return Optional.of(table.snapshot(SnapshotSelector.version(version)));
        } catch (LakeException e) {
            if (e.code() == ErrorCode.VERSION_NOT_RETAINED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void take(TableCommit commit, Snapshot oldest) {
        long version = commit.entry().version();
        entries.add(commit.entry());
        if (version == oldest.version()) {
            oldest.scan().files().forEach(file -> begin(commit, file, version));
            return;
        }
        for (FileChange change : commit.changes()) {
            if (change instanceof FileChange.Remove remove) {
                end(commit, remove.file(), version);
            } else if (change instanceof FileChange.ReplaceVector replaced) {
                end(commit, replaced.before(), version);
                begin(commit, replaced.after(), version);
            } else if (change instanceof FileChange.Add add) {
                // A file that is added again, with other statistics, is the same one.
                if (!active.containsKey(key(add.file()))) {
                    begin(commit, add.file(), version);
                }
            }
        }
    }

    private void begin(TableCommit commit, DataFile file, long version) {
        List<String> paths = commit.paths(file);
        for (String path : paths) {
            stands.computeIfAbsent(path, p -> isThere(commit, p));
        }
        active.put(key(file), new Need(paths, version));
    }

    private void end(TableCommit commit, DataFile file, long version) {
        for (String path : commit.paths(file)) {
            lastRemoved.put(path, commit.entry().timestamp());
        }
        Need need = active.remove(key(file));
        if (need != null) {
            need.end = version;
            needs.add(need);
        }
    }

    private static boolean isThere(TableCommit commit, String path) {
        try {
            return Files.isRegularFile(commit.locate(path));
        } catch (LakeException e) {
            if (e.code() == ErrorCode.PATH_OUTSIDE_TABLE) {
                // It would not be read, so it can't come back either.
                return false;
            }
            throw e;
        }
    }

    /** Goes through the versions with what each of them needs at hand. */
    private List<RestorePoint> sweep(Snapshot newest) {
        Duration retention = Retention.of(newest);
        String log = newest.detail().properties().get(LOG_RETENTION);
        Duration logRetention = log == null ? DEFAULT_LOG_RETENTION : Retention.parse(log);
        needs.addAll(active.values());
        // What the newest version needs stays, however often it came and went before.
        active.values().forEach(need -> need.paths.forEach(lastRemoved::remove));
        Map<Long, List<Need>> begins = new HashMap<>();
        Map<Long, List<Need>> ends = new HashMap<>();
        for (Need need : needs) {
            begins.computeIfAbsent(need.begin, v -> new ArrayList<>()).add(need);
            ends.computeIfAbsent(need.end, v -> new ArrayList<>()).add(need);
        }
        Counts<Instant> removed = new Counts<>();
        Counts<String> missing = new Counts<>();
        List<RestorePoint> points = new ArrayList<>();
        for (HistoryEntry entry : entries) {
            long version = entry.version();
            ends.getOrDefault(version, List.of()).forEach(need -> count(need, -1, removed, missing));
            begins.getOrDefault(version, List.of()).forEach(need -> count(need, 1, removed, missing));
            Optional<Instant> files = removed.first().map(instant -> instant.plus(retention));
            Optional<Instant> until = files;
            if (version != newest.version()) {
                Instant logged = entry.timestamp().plus(logRetention);
                until = Optional.of(files.filter(f -> f.isBefore(logged)).orElse(logged));
            }
            points.add(new RestorePoint(
                    version, entry.timestamp(), missing.size(), missing.first(RestorePoint.NAMED), until));
        }
        return points;
    }

    private void count(Need need, int by, Counts<Instant> removed, Counts<String> missing) {
        for (String path : need.paths) {
            Instant went = lastRemoved.get(path);
            if (went != null) {
                removed.add(went, by);
            }
            if (Boolean.FALSE.equals(stands.get(path))) {
                missing.add(path, by);
            }
        }
    }

    private static String key(DataFile file) {
        return file.path() + "\n" + file.deletionVector().map(v -> v.uniqueId()).orElse("");
    }

    /** From the version that brought a file to the one that took it, itself no longer. */
    private static final class Need {
        private final List<String> paths;
        private final long begin;
        private long end = Long.MAX_VALUE;

        Need(List<String> paths, long begin) {
            this.paths = paths;
            this.begin = begin;
        }
    }

    /** How often each value is there. */
    private static final class Counts<T extends Comparable<T>> {
        private final TreeMap<T, Integer> counts = new TreeMap<>();

        void add(T value, int by) {
            counts.merge(value, by, (a, b) -> a + b == 0 ? null : a + b);
        }

        int size() {
            return counts.size();
        }

        Optional<T> first() {
            return counts.isEmpty() ? Optional.empty() : Optional.of(counts.firstKey());
        }

        List<T> first(int most) {
            return counts.keySet().stream().limit(most).toList();
        }
    }
}
