package io.lakeops.recovery;

import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.FileChange;
import io.lakeops.table.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which files, and which definitions, differ between two versions of a table. Metadata alone; which rows differ is asked of
 * an engine, by SQL.
 *
 * @param from the version that is compared
 * @param to the version with which
 * @param added files of {@code to} that {@code from} lacks
 * @param removed files of {@code from} that {@code to} lacks
 * @param revectored files of both, with other rows deleted
 * @param definitionChanged whether schema, partition columns, properties or description differ
 */
public record VersionDiff(
        long from,
        long to,
        List<DataFile> added,
        List<DataFile> removed,
        List<FileChange.ReplaceVector> revectored,
        boolean definitionChanged) {
    public VersionDiff {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        revectored = List.copyOf(revectored);
    }

    /** Compares two snapshots of one table, in either direction. */
    public static VersionDiff between(Snapshot from, Snapshot to) {
        Map<String, DataFile> before = new LinkedHashMap<>();
        from.scan().files().forEach(f -> before.put(f.path(), f));
        List<DataFile> added = new ArrayList<>();
        List<FileChange.ReplaceVector> revectored = new ArrayList<>();
        for (DataFile file : to.scan().files()) {
            DataFile was = before.remove(file.path());
            if (was == null) {
                added.add(file);
            } else if (!vector(was).equals(vector(file))) {
                revectored.add(new FileChange.ReplaceVector(was, file));
            }
        }
        boolean definitionChanged = !from.schema().equals(to.schema())
                || !from.partitionColumns().equals(to.partitionColumns())
                || !from.detail().properties().equals(to.detail().properties())
                || !from.detail().description().equals(to.detail().description());
        return new VersionDiff(
                from.version(), to.version(), added, new ArrayList<>(before.values()), revectored, definitionChanged);
    }

    /** How many rows more {@code to} has than {@code from}, where the statistics of all files concerned count them. */
    public OptionalLong rowsGained() {
        long rows = 0;
        for (DataFile file : added) {
            if (file.liveRows().isEmpty()) {
                return OptionalLong.empty();
            }
            rows += file.liveRows().getAsLong();
        }
        for (DataFile file : removed) {
            if (file.liveRows().isEmpty()) {
                return OptionalLong.empty();
            }
            rows -= file.liveRows().getAsLong();
        }
        for (FileChange.ReplaceVector replaced : revectored) {
            rows += deleted(replaced.before()) - deleted(replaced.after());
        }
        return OptionalLong.of(rows);
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && revectored.isEmpty() && !definitionChanged;
    }

    private static long deleted(DataFile file) {
        return file.deletionVector().map(DeletionVector::cardinality).orElse(0L);
    }

    private static String vector(DataFile file) {
        return file.deletionVector().map(DeletionVector::uniqueId).orElse("");
    }
}
