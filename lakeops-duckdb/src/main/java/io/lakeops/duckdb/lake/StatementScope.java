package io.lakeops.duckdb.lake;

import io.lakeops.change.ChangePlan;
import io.lakeops.duckdb.scan.SnapshotSql;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Predicate;
import io.lakeops.table.Pruning;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableScan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The snapshots that one statement reads: each table at one version, however often DuckDB binds it.
 *
 * <p>Threads: one at a time.
 */
final class StatementScope {
    /** What a bind is for. */
    enum Mode {
        /** To read the rows. */
        READ,
        /** To see the plan's filters; no row is read. */
        PROBE,
        /** To learn columns; no row is read, and a table that can't be opened is no error. */
        COLUMNS
    }

    /**
     * A table as a statement asks for it. Whichever way a table's folder is spelled, by symbolic links too, the statement's
     * first spelling stands for it.
     *
     * @param changes the range and the key where its changes are asked for, else empty
     */
    record TableKey(String path, Optional<Long> version, Optional<Long> micros, String changes) {}

    private final Map<TableKey, Snapshot> pinned = new HashMap<>();
    private final Map<TableKey, ChangePlan> changes = new HashMap<>();
    private final Map<TableKey, Predicate> predicates = new HashMap<>();
    private final Map<TableKey, List<FileUse>> uses = new LinkedHashMap<>();
    private final List<TableKey> probed = new ArrayList<>();
    private final Map<String, PlanFilters.ProbeColumn> probeColumns = new HashMap<>();
    private final Map<String, Throwable> failures = new LinkedHashMap<>();
    private final List<SnapshotSql> held = new ArrayList<>();
    private final Set<DataFile> read = new LinkedHashSet<>();
    private final Set<String> readNewest = new HashSet<>();
    private final Map<String, String> spellings = new HashMap<>();
    private int prefixes;
    private boolean newBind;
    private Mode mode;

    StatementScope(Mode mode) {
        this.mode = mode;
    }

    Mode mode() {
        return mode;
    }

    void mode(Mode next) {
        mode = next;
    }

    /** The table at a version, at an instant, or as it is. */
    TableKey key(String path, Optional<Long> version, Optional<Long> micros) {
        return new TableKey(spelled(path), version, micros, "");
    }

    /** The table as it is. */
    TableKey newest(String path) {
        return key(path, Optional.empty(), Optional.empty());
    }

    private String spelled(String path) {
        return spellings.computeIfAbsent(folder(path), folder -> path);
    }

    /** Where the path leads; the path itself where there is nothing. */
    private static String folder(String path) {
        try {
            return Path.of(path).toRealPath().toString();
        } catch (IOException nothingThere) {
            return path;
        }
    }

    Snapshot snapshot(TableKey key, Supplier<Snapshot> open) {
        Snapshot known = pinned.get(key);
        if (known == null) {
            known = open.get();
            pinned.put(key, known);
        }
        return known;
    }

    /** From here on the newest version of a table is this one. */
    void readAt(String path, Snapshot snapshot) {
        TableKey key = newest(path);
        changes.keySet().removeIf(changed -> changed.path().equals(key.path()));
        Snapshot before = pinned.put(key, snapshot);
        if (before != null && before.version() != snapshot.version()) {
            uses.remove(key);
        }
    }

    /** Whether the statement's text reads the newest version of a table. */
    boolean reads(String path) {
        return readNewest.contains(spelled(path));
    }

    /** The changes of a table that a statement asks for: the same however often they are bound. */
    ChangePlan changes(TableKey key, Supplier<ChangePlan> plan) {
        ChangePlan known = changes.get(key);
        if (known == null) {
            known = plan.get();
            changes.put(key, known);
        }
        return known;
    }

    /** Whether any table of the lake was bound so far. */
    boolean touched() {
        return !pinned.isEmpty() || !failures.isEmpty();
    }

    /** A word that no other use of a table in this statement begins its inner names with. */
    String nextPrefix() {
        return "lake" + prefixes++ + "_";
    }

    /** What is bound from here on takes the place of what was bound before. */
    void beginBind() {
        newBind = true;
    }

    /** Notes a use that was bound as a probe, with its columns by the names that the plan shows. */
    void probed(TableKey key, Map<String, Field> columns) {
        if (newBind) {
            probed.clear();
            probeColumns.clear();
            newBind = false;
        }
        int use = probed.size();
        probed.add(key);
        columns.forEach((name, field) -> probeColumns.put(
                name, new PlanFilters.ProbeColumn(use, new FilterParser.Column(List.of(field.name()), field.type()))));
    }

    /** What the statement's text refers to, until the next one begins. */
    void hold(SnapshotSql select) {
        held.add(select);
    }

    void release() {
        held.forEach(SnapshotSql::close);
        held.clear();
    }

    /**
     * Takes the filters of a probed plan. Uses of one key are not told apart afterwards, so what prunes a file is that
     * every one of them rules it out.
     */
    void planned(String json) {
        Map<Integer, Predicate> found = PlanFilters.read(json, this::probeColumn);
        for (int use = 0; use < probed.size(); use++) {
            Predicate predicate = Objects.requireNonNullElse(found.get(use), Predicate.always());
            predicates.merge(probed.get(use), predicate, PlanFilters::either);
        }
    }

    /** Prunes by no plan from here on: for text that reads tables and was not planned with the rest. */
    void pruneNothing() {
        predicates.clear();
    }

    /** The column of a probe that a name in its plan stands for. */
    Optional<PlanFilters.ProbeColumn> probeColumn(String name) {
        return Optional.ofNullable(probeColumns.get(name));
    }

    /** What the plan filters a table by. */
    Predicate predicate(TableKey key) {
        return Objects.requireNonNullElse(predicates.get(key), Predicate.always());
    }

    /** The files of a snapshot that the plan leaves; keeps what became of each. */
    List<DataFile> files(TableKey key, Snapshot snapshot) {
        TableScan scan = snapshot.scan().where(predicate(key));
        List<DataFile> files = scan.files();
        read.addAll(files);
        if (key.version().isEmpty() && key.micros().isEmpty()) {
            readNewest.add(key.path());
        }
        uses.computeIfAbsent(key, k -> {
            List<FileUse> all = new ArrayList<>();
            files.forEach(f -> all.add(use(snapshot, f, Pruning.Reason.NONE)));
            scan.pruned().forEach(p -> all.add(use(snapshot, p.file(), p.reason())));
            return all;
        });
        return files;
    }

    /** Those files of one scan over changes that the plan leaves; keeps what became of each. */
    List<DataFile> files(TableKey key, int scan, Snapshot snapshot, List<DataFile> all) {
        Pruning pruning = new Pruning(snapshot.schema(), snapshot.partitionColumns());
        List<DataFile> files = new ArrayList<>();
        List<FileUse> became = new ArrayList<>();
        for (DataFile file : all) {
            Pruning.Reason reason = pruning.decide(predicate(key), file);
            if (reason == Pruning.Reason.NONE) {
                files.add(file);
            }
            became.add(use(snapshot, file, reason));
        }
        read.addAll(files);
        readNewest.add(key.path());
        uses.putIfAbsent(new TableKey(key.path(), key.version(), key.micros(), key.changes() + " " + scan), became);
        return files;
    }

    List<FileUse> uses() {
        return uses.values().stream().flatMap(List::stream).toList();
    }

    /** Every data file that the statement may have read. */
    List<DataFile> filesRead() {
        return List.copyOf(read);
    }

    /** Keeps a failure that passes through DuckDB, which carries only text; returns the name to find it by. */
    String keep(Throwable failure) {
        String id = "lakeops-failure-" + failures.size() + ".";
        failures.put(id, failure);
        return id;
    }

    /** The failure that a message of DuckDB names. */
    Optional<Throwable> failureIn(String message) {
        return failures.entrySet().stream()
                .filter(e -> message.contains(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static FileUse use(Snapshot snapshot, DataFile file, Pruning.Reason reason) {
        List<String> parts = new ArrayList<>();
        for (String column : snapshot.partitionColumns()) {
            parts.add(column + "=" + file.partitionValues().get(column));
        }
        return new FileUse(
                snapshot.table().toString(),
                String.join("/", parts),
                file.path(),
                file.liveRows(),
                file.fileBytes(),
                reason);
    }
}
