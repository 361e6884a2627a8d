package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.Clustering;
import io.lakeops.delta.internal.log.DeletionVectorReader;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.StatisticsJson;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Pruning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file actions of one commit, each checked against the version that it is planned on and against the disk.
 *
 * <p>Errors: INVALID_ARGUMENT, PATH_OUTSIDE_TABLE, DATA_FILE_MISSING, DATA_FILE_CORRUPT, SCHEMA_MISMATCH,
 * CONSTRAINT_VIOLATED, FEATURE_UNSUPPORTED; nothing is written.
 */
final class FilePlan {
    /** A file that joins: its action without row ids, and what those are made of. */
    record Added(
            Map<String, @Nullable Object> action, String path, OptionalLong rows, Optional<DataFile.RowTracking> ids) {}

    private final BaseVersion base;
    private final Protocol protocol;
    private final Metadata metadata;
    private final long now;
    /** Whether the files were held to the definition's rules when they came into the table that has them already. */
    private final boolean held;

    private final List<List<String>> clustering;
    private final Set<String> seen = new HashSet<>();
    private final List<Added> added = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> removed = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> changeData = new ArrayList<>();
    private final Set<Path> files = new LinkedHashSet<>();

    private FilePlan(BaseVersion base, Definition definition, long now, boolean held) {
        this.base = base;
        this.protocol = definition.protocol();
        this.metadata = definition.metadata();
        this.now = now;
        this.held = held;
        this.clustering = protocol.has("clustering") ? Clustering.physicalColumns(base.domains()) : List.of();
    }

    static FilePlan of(BaseVersion base, Definition definition, List<FileChange> changes, long now, boolean held) {
        FilePlan plan = new FilePlan(base, definition, now, held);
        for (FileChange change : changes) {
            if (change instanceof FileChange.Add add) {
                plan.add(add.file(), add.dataChange());
            } else if (change instanceof FileChange.Remove remove) {
                plan.once(remove.file().path());
                plan.remove(remove.file(), remove.dataChange());
            } else if (change instanceof FileChange.ReplaceVector replace) {
                plan.replaceVector(replace);
            } else {
                plan.changeFile((FileChange.ChangeFile) change);
            }
        }
        return plan;
    }

    List<Added> added() {
        return added;
    }

    List<Map<String, @Nullable Object>> removed() {
        return removed;
    }

    List<Map<String, @Nullable Object>> changeData() {
        return changeData;
    }

    /** The files that must be on the disk for good before the commit is; a file that stays with another vector is. */
    Set<Path> files() {
        return files;
    }

    private void add(DataFile file, boolean dataChange) {
        once(file.path());
        boolean foreign = base.paths().isForeign(file.path());
        String path = foreign ? file.path() : requireInside(file.path());
        if (base.logged().holds(path) || base.logged().holds(file.path())) {
            throw refused("the file is in the table already", file.path());
        }
        Path location = base.paths().confined(path);
        join(file, path, foreign ? TablePaths.absolute(location) : TablePaths.encode(path), dataChange);
        force(path);
    }

    /** What stands in another table's folder was forced to the disk by whoever put it there. */
    private void force(String path) {
        if (!base.paths().isForeign(path)) {
            files.add(base.paths().confined(path));
        }
    }

    private void join(DataFile file, String path, String logPath, boolean dataChange) {
        Path location = base.paths().confined(path);
        requireSize(location, file);
        requirePartition(file);
        requireNoNulls(file, dataChange);
        file.deletionVector().ifPresent(vector -> requireVector(vector, file));
        OptionalLong rows = file.statistics().map(FileStatistics::rows).orElse(OptionalLong.empty());
        Map<String, @Nullable Object> action = new LinkedHashMap<>();
        action.put("path", logPath);
        action.put("partitionValues", metadata.physicalPartition(file.partitionValues()));
        action.put("size", file.fileBytes());
        action.put("modificationTime", file.modificationTime());
        action.put("dataChange", dataChange);
        file.statistics()
                .flatMap(s -> StatisticsJson.write(
                        s, metadata, clustering, file.deletionVector().isPresent()))
                .ifPresent(text -> action.put("stats", text));
        if (!file.tags().isEmpty()) {
            action.put("tags", file.tags());
        }
        file.deletionVector().ifPresent(vector -> action.put("deletionVector", vector(vector)));
        added.add(new Added(action, path, rows, file.rowTracking()));
    }

    private void remove(DataFile file, boolean dataChange) {
        LoggedFile logged = base.logged().get(LoggedFile.key(file.path(), file.deletionVector()));
        if (logged == null) {
            throw refused("the file is not in the table at version " + base.version(), file.path());
        }
        Map<String, @Nullable Object> action = new LinkedHashMap<>();
        action.put("path", logged.logPath());
        action.put("deletionTimestamp", now);
        action.put("dataChange", dataChange);
        action.put("extendedFileMetadata", true);
        action.put("partitionValues", logged.partitionValues());
        action.put("size", logged.size());
        if (!logged.tags().isEmpty()) {
            action.put("tags", logged.tags());
        }
        logged.deletionVector().ifPresent(vector -> action.put("deletionVector", vector(vector)));
        logged.rowTracking().ifPresent(ids -> {
            action.put("baseRowId", ids.baseRowId());
            action.put("defaultRowCommitVersion", ids.defaultCommitVersion());
        });
        logged.statistics().ifPresent(text -> action.put("stats", text));
        removed.add(action);
    }

    private void replaceVector(FileChange.ReplaceVector replace) {
        if (!replace.before().path().equals(replace.after().path())) {
            throw refused(
                    "a vector is replaced from one file to another",
                    replace.after().path());
        }
        if (!held
                && !metadata.flag("delta.enableDeletionVectors")
                && replace.after().deletionVector().isPresent()) {
            throw Features.unsupported("deletionVectors", "delta.enableDeletionVectors is not true");
        }
        once(replace.before().path());
        remove(replace.before(), true);
        String logPath = String.valueOf(removed.get(removed.size() - 1).get("path"));
        String path = replace.after().path();
        join(replace.after(), base.paths().isForeign(path) ? path : requireInside(path), logPath, true);
    }

    private void changeFile(FileChange.ChangeFile change) {
        once(change.path());
        String path = requireInside(change.path());
        if (!path.startsWith("_change_data/")) {
            throw refused("a file of change data must be in _change_data", change.path());
        }
        Map<String, @Nullable Object> action = new LinkedHashMap<>();
        action.put("path", TablePaths.encode(path));
        action.put("partitionValues", metadata.physicalPartition(change.partitionValues()));
        action.put("size", change.fileBytes());
        action.put("dataChange", false);
        changeData.add(action);
        files.add(base.paths().confined(path));
    }

    private void once(String path) {
        if (!seen.add(path)) {
            throw refused("the commit names the file twice", path);
        }
    }

    private String requireInside(String path) {
        base.paths().confined(path);
        String relative = base.paths().relative(path);
        if (relative.equals("_delta_log") || relative.startsWith("_delta_log/")) {
            throw refused("the file is in the table's log", path);
        }
        return relative;
    }

    private static void requireSize(Path location, DataFile file) {
        try {
            long size = Files.size(location);
            if (size != file.fileBytes()) {
                throw new LakeException(
                        ErrorCode.DATA_FILE_CORRUPT,
                        "the file to be added has another size on the disk",
                        Map.of("path", file.path(), "expected", file.fileBytes(), "found", size));
            }
        } catch (NoSuchFileException e) {
            throw new LakeException(
                    ErrorCode.DATA_FILE_MISSING,
                    "the file to be added is not on the disk",
                    Map.of("path", file.path(), "location", location),
                    e);
        } catch (IOException e) {
            throw LogErrors.io("the file to be added can't be looked at", location, e);
        }
    }

    private void requirePartition(DataFile file) {
        List<Field> columns = metadata.partitionFields();
        Set<String> wanted = new HashSet<>();
        columns.forEach(field -> wanted.add(field.name()));
        if (!file.partitionValues().keySet().equals(wanted)) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the file's partition columns are not the table's",
                    Map.of("path", file.path(), "file", file.partitionValues().keySet(), "table", wanted));
        }
        for (Field field : columns) {
            String text = file.partitionValues().get(field.name());
            if (text == null || text.isEmpty()) {
                if (!field.nullable()) {
                    throw violated(file, field.name(), "holds null");
                }
            } else if (field.type() != DataType.Primitive.BINARY
                    && Pruning.partitionLiteral(field, text).isEmpty()) {
                throw new LakeException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "the partition value is none of the column's type",
                        Map.of("path", file.path(), "column", field.name(), "type", field.type(), "value", text));
            }
        }
    }

    private void requireNoNulls(DataFile file, boolean dataChange) {
        for (Field field : metadata.schema().fields()) {
            if (!metadata.partitionColumns().contains(field.name())) {
                requireNoNulls(file, field, List.of(field.name()), dataChange);
            }
        }
    }

    private void requireNoNulls(DataFile file, Field field, List<String> path, boolean dataChange) {
        if (field.type() instanceof DataType.Struct struct) {
            for (Field child : struct.fields()) {
                List<String> deeper = new ArrayList<>(path);
                deeper.add(child.name());
                requireNoNulls(file, child, deeper, dataChange);
            }
            if (!field.nullable() && struct.fields().stream().allMatch(Field::nullable)) {
                requireZero(file, path, dataChange);
            }
        } else if (!field.nullable()) {
            requireZero(file, path, dataChange);
        }
    }

    /** Rows that are only moved were checked when they came; new rows must be shown to be whole. */
    private void requireZero(DataFile file, List<String> path, boolean dataChange) {
        OptionalLong nulls = file.statistics().map(s -> s.column(path).nulls()).orElse(OptionalLong.empty());
        boolean noRows = file.statistics()
                .map(s -> s.rows().isPresent() && s.rows().getAsLong() == 0)
                .orElse(false);
        if (noRows) {
            return;
        }
        if (nulls.isEmpty()) {
            if (dataChange && !held) {
                throw violated(file, String.join(".", path), "has no statistics that show it to be without nulls");
            }
        } else if (nulls.getAsLong() > 0) {
            throw violated(file, String.join(".", path), "holds " + nulls.getAsLong() + " nulls");
        }
    }

    private void requireVector(DeletionVector vector, DataFile file) {
        if (!protocol.has("deletionVectors")) {
            throw Features.unsupported("deletionVectors", "the table does not have it");
        }
        OptionalLong rows = file.statistics().map(FileStatistics::rows).orElse(OptionalLong.empty());
        if (rows.isEmpty()) {
            throw refused("a file with a deletion vector must say how many rows it has", file.path());
        }
        if (vector.cardinality() > rows.getAsLong()) {
            throw refused("a deletion vector deletes more rows than the file has", file.path());
        }
        new DeletionVectorReader(base.paths()).read(vector, rows);
        String stored = DeletionVectorReader.file(vector);
        if (!stored.isEmpty()) {
            force(stored);
        }
    }

    static Map<String, @Nullable Object> vector(DeletionVector vector) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("storageType", vector.storage());
        json.put("pathOrInlineDv", vector.pathOrInline());
        vector.offset().ifPresent(offset -> json.put("offset", offset));
        json.put("sizeInBytes", vector.sizeBytes());
        json.put("cardinality", vector.cardinality());
        return json;
    }

    private static LakeException violated(DataFile file, String column, String what) {
        return new LakeException(
                ErrorCode.CONSTRAINT_VIOLATED,
                "the column " + column + " is never null, and the file " + what,
                Map.of("path", file.path(), "column", column));
    }

    private static LakeException refused(String problem, String path) {
        return new LakeException(ErrorCode.INVALID_ARGUMENT, problem, Map.of("path", path));
    }
}
