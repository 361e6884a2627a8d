package io.lakeops.duckdb.lake;

import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Predicate;
import io.lakeops.table.Pruning;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableScan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    /** A table as a statement asks for it. */
    record Key(String path, Optional<Long> version, Optional<Long> micros) {}

    private final Map<Key, Snapshot> pinned = new HashMap<>();
    private final Map<Key, Predicate> predicates = new HashMap<>();
    private final Map<Key, List<FileUse>> uses = new LinkedHashMap<>();
    private final List<Key> probed = new ArrayList<>();
    private final Map<String, PlanFilters.ProbeColumn> probeColumns = new HashMap<>();
    private final Map<String, Throwable> failures = new LinkedHashMap<>();
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

    Snapshot snapshot(Key key, Supplier<Snapshot> open) {
        Snapshot known = pinned.get(key);
        if (known == null) {
            known = open.get();
            pinned.put(key, known);
        }
        return known;
    }

    /** Whether any table of the lake was bound so far. */
    boolean touched() {
        return !pinned.isEmpty() || !failures.isEmpty();
    }

    /** Names the columns of one more probed use; the answer holds the inner name of each field, in order. */
    List<String> probe(Key key, List<Field> fields, String prefix) {
        int use = probed.size();
        probed.add(key);
        List<String> names = new ArrayList<>(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            String name = prefix + use + "_" + i;
            names.add(name);
            probeColumns.put(
                    name,
                    new PlanFilters.ProbeColumn(
                            use, new FilterParser.Column(List.of(field.name()), field.type())));
        }
        return names;
    }

    /**
     * Takes the filters of a probed plan. Uses of one key are not told apart afterwards, so what prunes a file is that
     * every one of them rules it out.
     */
    void planned(String json) {
        Map<Integer, Predicate> found =
                PlanFilters.read(json, name -> Optional.ofNullable(probeColumns.get(name)));
        for (int use = 0; use < probed.size(); use++) {
            Predicate predicate = Objects.requireNonNullElse(found.get(use), Predicate.always());
            predicates.merge(probed.get(use), predicate, PlanFilters::either);
        }
    }

    /** The files of a snapshot that the plan leaves; keeps what became of each. */
    List<DataFile> files(Key key, Snapshot snapshot) {
        TableScan scan =
                snapshot.scan().where(Objects.requireNonNullElse(predicates.get(key), Predicate.always()));
        List<DataFile> files = scan.files();
        uses.computeIfAbsent(key, k -> {
            List<FileUse> all = new ArrayList<>();
            files.forEach(f -> all.add(use(snapshot, f, Pruning.Reason.NONE)));
            scan.pruned().forEach(p -> all.add(use(snapshot, p.file(), p.reason())));
            return all;
        });
        return files;
    }

    List<FileUse> uses() {
        return uses.values().stream().flatMap(List::stream).toList();
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
