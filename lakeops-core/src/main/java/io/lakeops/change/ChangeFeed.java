package io.lakeops.change;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.engine.ChangedFile;
import io.lakeops.engine.ChangedFile.Kind;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.FileChange;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableCommit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads what changed in a table from one version to another, both included, row by row.
 *
 * <p>Where the table records its changes ({@value #PROPERTY}), they are what it recorded: a version's change data where it
 * has some, else the rows of the files, and of the deletion vectors, that it added and removed. Where it does not, the
 * difference is computed version by version from the same files, so that a row that was only rewritten does not show; with
 * a key, a row that changed is shown as an update. A listener hears a warning then.
 *
 * <p>Columns are those of the newest version; of the last version of the range where the table maps its columns, or where
 * the newest has other columns than the range.
 *
 * <p>Errors: VERSION_NOT_FOUND, VERSION_NOT_RETAINED, TIMESTAMP_OUT_OF_RANGE; CHANGES_NOT_RECORDED where the table
 * recorded changes in a part of the range only, or since; SCHEMA_MISMATCH where the columns changed within the range so
 * that its files can't be read alike; PATH_OUTSIDE_TABLE.
 *
 * <p>Source: Delta protocol, "Add CDC File"; where that leaves it open, as Delta on Spark has it.
 *
 * @param from the first version, or an instant: the first version that was committed then or later
 * @param to the last version, the newest, or an instant: the version that was the newest then
 * @param key columns that name a row; may be empty. What a table recorded has its updates already.
 */
public record ChangeFeed(SnapshotSelector from, SnapshotSelector to, List<String> key) {
    /** The table's property that switches the recording on. */
    public static final String PROPERTY = "delta.enableChangeDataFeed";

    public ChangeFeed {
        Objects.requireNonNull(to);
        key = List.copyOf(key);
        if (from instanceof SnapshotSelector.Latest) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "changes are asked for from a version or an instant on");
        }
    }

    /** From a version to the newest. */
    public static ChangeFeed since(long from) {
        return new ChangeFeed(SnapshotSelector.version(from), SnapshotSelector.latest(), List.of());
    }

    /** From an instant to the newest version. */
    public static ChangeFeed since(Instant from) {
        return new ChangeFeed(SnapshotSelector.asOf(from), SnapshotSelector.latest(), List.of());
    }

    /** From one version to another, both included. */
    public static ChangeFeed between(long from, long to) {
        return new ChangeFeed(SnapshotSelector.version(from), SnapshotSelector.version(to), List.of());
    }

    /** From one instant to another, both included. */
    public static ChangeFeed between(Instant from, Instant to) {
        return new ChangeFeed(SnapshotSelector.asOf(from), SnapshotSelector.asOf(to), List.of());
    }

    public ChangeFeed withKey(String... columns) {
        return new ChangeFeed(from, to, List.of(columns));
    }

    /** Finds the files that hold the changes; reads the log and no row. */
    public ChangePlan plan(LakeTable table, LakeContext context) {
        return plan(table, table.snapshot(SnapshotSelector.latest()), context);
    }

    /** The same where the newest version is known, or another one is to be taken for it. */
    public ChangePlan plan(LakeTable table, Snapshot newest, LakeContext context) {
        long last = last(table, newest);
        long first = first(table, newest);
        if (first > last) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the range of changes ends before it begins",
                    Map.of("from", first, "to", last, "newest", newest.version()));
        }
        Snapshot start = table.snapshot(SnapshotSelector.version(first));
        boolean recorded = isRecording(start.detail().properties());
        Range range = new Range(table, start, recorded);
        if (!recorded && isRecording(newest.detail().properties())) {
            throw range.notRecorded(first, last, first);
        }
        try (Stream<TableCommit> commits = table.commits(first, last)) {
            commits.forEach(commit -> range.take(commit, first, last));
        }
        Snapshot readAs = range.readAs(newest, last);
        key.forEach(readAs.schema()::require);
        if (!recorded) {
            context.listener()
                    .on(new LakeEvent.Warning(
                            table.id().toString(),
                            "the table has no change feed, so the changes of versions " + first + " to " + last
                                    + " are computed from the files that came and went"));
        }
        return new ChangePlan(first, last, recorded, new Relation.Changes(readAs, range.files, !recorded, key));
    }

    private long last(LakeTable table, Snapshot newest) {
        if (to instanceof SnapshotSelector.Version version) {
            requireThere(version.version(), newest);
            return version.version();
        }
        if (to instanceof SnapshotSelector.AsOf asOf) {
            return Math.min(newest.version(), table.snapshot(asOf).version());
        }
        return newest.version();
    }

    private long first(LakeTable table, Snapshot newest) {
        if (from instanceof SnapshotSelector.Version version) {
            requireThere(version.version(), newest);
            return version.version();
        }
        Instant instant = ((SnapshotSelector.AsOf) from).instant();
        if (table.versions().earliest() == 0 && !instant.isAfter(timeOf(table, 0))) {
            return 0;
        }
        Snapshot before = table.snapshot(from);
        if (before.timestamp().equals(instant)) {
            return before.version();
        }
        if (before.version() >= newest.version()) {
            throw new LakeException(
                    ErrorCode.TIMESTAMP_OUT_OF_RANGE,
                    "there is no version at or after " + instant,
                    Map.of("latest", newest.timestamp()));
        }
        return before.version() + 1;
    }

    private static Instant timeOf(LakeTable table, long version) {
        try (Stream<TableCommit> commits = table.commits(version, version)) {
            return commits.findFirst().orElseThrow().entry().timestamp();
        }
    }

    private static void requireThere(long version, Snapshot newest) {
        if (version < 0 || version > newest.version()) {
            throw new LakeException(
                    ErrorCode.VERSION_NOT_FOUND, "there is no version " + version, Map.of("latest", newest.version()));
        }
    }

    private static boolean isRecording(Map<String, String> properties) {
        return Boolean.parseBoolean(properties.get(PROPERTY));
    }

    /** What the commits of the range did, gathered one by one. */
    private static final class Range {
        private final LakeTable table;
        private final boolean recorded;
        private final List<ChangedFile> files = new ArrayList<>();
        private final List<Written> definitions = new ArrayList<>();

        Range(LakeTable table, Snapshot start, boolean recorded) {
            this.table = table;
            this.recorded = recorded;
            definitions.add(new Written(start.version(), start.schema(), start.partitionColumns()));
        }

        void take(TableCommit commit, long first, long last) {
            HistoryEntry entry = commit.entry();
            Optional<TableChange> definition = commit.tableChange();
            if (definition.isPresent() && isRecording(definition.get().properties()) != recorded) {
                throw notRecorded(first, last, recorded ? entry.version() : first);
            }
            int before = files.size();
            takeFiles(commit);
            if (definition.isPresent()) {
                boolean took = files.subList(before, files.size()).stream()
                        .anyMatch(
                                f -> f.kind() instanceof ChangedFile.Deleted || f.kind() instanceof ChangedFile.Marked);
                if (took && entry.version() == first) {
                    // What it took was written under the definition before it.
                    Snapshot earlier = table.snapshot(SnapshotSelector.version(first - 1));
                    definitions.add(new Written(first, earlier.schema(), earlier.partitionColumns()));
                }
                definitions.add(new Written(
                        entry.version(),
                        definition.get().schema(),
                        definition.get().partitionColumns()));
            }
        }

        private void takeFiles(TableCommit commit) {
            HistoryEntry entry = commit.entry();
            List<FileChange> changes = commit.changes();
            List<FileChange.ChangeFile> data = changes.stream()
                    .filter(FileChange.ChangeFile.class::isInstance)
                    .map(FileChange.ChangeFile.class::cast)
                    .toList();
            if (recorded && !data.isEmpty()) {
                data.forEach(file -> add(recordedIn(commit, file), new ChangedFile.Recorded(), entry));
            } else if (!recorded || !isMergeOfNothing(entry)) {
                changes.forEach(change -> take(commit, change));
            }
        }

        private void take(TableCommit commit, FileChange change) {
            HistoryEntry entry = commit.entry();
            if (change instanceof FileChange.Add add && add.dataChange()) {
                commit.locate(add.file().path());
                add(add.file(), new ChangedFile.Inserted(), entry);
            } else if (change instanceof FileChange.Remove remove && remove.dataChange()) {
                commit.locate(remove.file().path());
                add(withPartition(remove.file(), entry.version()), new ChangedFile.Deleted(), entry);
            } else if (change instanceof FileChange.ReplaceVector replaced) {
                commit.locate(replaced.after().path());
                DataFile before = replaced.before().partitionValues().isEmpty()
                        ? withVector(replaced.after(), replaced.before().deletionVector())
                        : replaced.before();
                if (replaced.after().deletionVector().isPresent()) {
                    add(before, new ChangedFile.Marked(replaced.after()), entry);
                }
                if (before.deletionVector().isPresent()) {
                    add(replaced.after(), new ChangedFile.Returned(before), entry);
                }
            }
        }

        private void add(DataFile file, Kind kind, HistoryEntry entry) {
            files.add(new ChangedFile(file, kind, entry.version(), entry.timestamp()));
        }

        /** A remove need not say in which partition its file was; the version before knows. */
        private DataFile withPartition(DataFile file, long version) {
            List<String> partition = definitions.get(definitions.size() - 1).partitionColumns();
            if (file.partitionValues().keySet().containsAll(partition)) {
                return file;
            }
            return table.snapshot(SnapshotSelector.version(version - 1)).scan().files().stream()
                    .filter(f -> f.path().equals(file.path()))
                    .findFirst()
                    .orElseThrow(() -> new LakeException(
                            ErrorCode.LOG_CORRUPT,
                            "a version removes a file that the one before does not have",
                            Map.of("version", version, "path", file.path())));
        }

        /** The version whose columns can show every file of the range. */
        Snapshot readAs(Snapshot newest, long last) {
            boolean mapped =
                    newest.schema().fields().stream().anyMatch(f -> f.fieldId().isPresent());
            if (!mapped && obstacle(newest).isEmpty()) {
                return newest;
            }
            Snapshot end = last == newest.version() ? newest : table.snapshot(SnapshotSelector.version(last));
            obstacle(end).ifPresent(obstacle -> {
                throw new LakeException(
                        ErrorCode.SCHEMA_MISMATCH,
                        obstacle + "; ask for the versions before and after that change apart",
                        Map.of("table", table.id(), "columnsOf", end.version()));
            });
            return end;
        }

        private Optional<String> obstacle(Snapshot readAs) {
            for (Written written : definitions) {
                Optional<String> obstacle = written.partitionColumns().equals(readAs.partitionColumns())
                        ? ReadCompatibility.obstacle(written.schema(), readAs.schema())
                        : Optional.of("the partition columns were " + written.partitionColumns());
                if (obstacle.isPresent()) {
                    return Optional.of("the changes of version " + written.version()
                            + " can't be read with the columns of version " + readAs.version() + ": "
                            + obstacle.get());
                }
            }
            return Optional.empty();
        }

        LakeException notRecorded(long first, long last, long version) {
            return new LakeException(
                    ErrorCode.CHANGES_NOT_RECORDED,
                    "the changes of versions " + first + " to " + last + " can't be read, because version " + version
                            + " was not recorded",
                    Map.of("table", table.id(), "version", version, "property", PROPERTY));
        }
    }

    /** The columns under which files of the range were written. */
    private record Written(long version, Schema schema, List<String> partitionColumns) {}

    private static DataFile recordedIn(TableCommit commit, FileChange.ChangeFile file) {
        return new DataFile(
                file.path(),
                commit.locate(file.path()),
                file.partitionValues(),
                file.fileBytes(),
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }

    private static DataFile withVector(DataFile file, Optional<DeletionVector> vector) {
        return new DataFile(
                file.path(),
                file.location(),
                file.partitionValues(),
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                vector,
                file.tags(),
                file.rowTracking());
    }

    /** Spark rewrites files for a MERGE that changed no row, and then has no change data to write. */
    private static boolean isMergeOfNothing(HistoryEntry entry) {
        return entry.operation().equals("MERGE")
                && Stream.of("numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted")
                        .allMatch(name -> "0".equals(entry.operationMetrics().get(name)));
    }
}
