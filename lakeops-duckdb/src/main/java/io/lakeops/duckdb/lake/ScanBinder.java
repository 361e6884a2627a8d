package io.lakeops.duckdb.lake;

import io.lakeops.Lake;
import io.lakeops.context.LakeEvent;
import io.lakeops.duckdb.lake.StatementScope.Key;
import io.lakeops.duckdb.lake.StatementScope.Mode;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers DuckDB's binder: the query that stands for {@code delta_scan(path, version, timestamp)} in the statement that
 * is being planned.
 *
 * <p>Threads: one statement at a time.
 */
final class ScanBinder {
    /** No data file has a column of this name, so a probe reads what the file says of none. */
    private static final String ABSENT = "lakeops absent ";

    private final Lake lake;
    private final SnapshotSql snapshotSql;
    private final String prefix;
    private StatementScope scope = new StatementScope(Mode.READ);

    ScanBinder(Lake lake, SnapshotSql snapshotSql, String prefix) {
        this.lake = lake;
        this.snapshotSql = snapshotSql;
        this.prefix = prefix;
    }

    StatementScope scope() {
        return scope;
    }

    /** Begins a statement, and returns the scope of the one around it. */
    StatementScope begin(StatementScope next) {
        StatementScope before = scope;
        scope = next;
        return before;
    }

    String bind(@Nullable String path, @Nullable Long version, @Nullable Long micros) {
        if (path == null) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "delta_scan takes a path, not NULL");
        }
        if (version != null && micros != null) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "delta_scan takes a version or a timestamp, not both");
        }
        Key key = new Key(
                TablePaths.location(path).root().toString(), Optional.ofNullable(version), Optional.ofNullable(micros));
        if (scope.mode() == Mode.COLUMNS) {
            return columns(key);
        }
        Snapshot snapshot = scope.snapshot(key, () -> open(key));
        if (scope.mode() == Mode.PROBE) {
            return probe(key, snapshot);
        }
        List<DataFile> files = scope.files(key, snapshot);
        return files.isEmpty() ? noRows(snapshot.schema()) : snapshotSql.of(new Relation.TableRows(snapshot, files));
    }

    private Snapshot open(Key key) {
        return lake.open(TablePaths.location(key.path())).snapshot(selector(key));
    }

    private static SnapshotSelector selector(Key key) {
        if (key.version().isPresent()) {
            return SnapshotSelector.version(key.version().get());
        }
        return key.micros()
                .map(m -> SnapshotSelector.asOf(Instant.EPOCH.plus(m, ChronoUnit.MICROS)))
                .orElseGet(SnapshotSelector::latest);
    }

    /** A table that can't be opened must not keep the others from being mounted; reading it says what is wrong. */
    private String columns(Key key) {
        try {
            return noRows(scope.snapshot(key, () -> open(key)).schema());
        } catch (LakeException e) {
            lake.context()
                    .listener()
                    .on(new LakeEvent.Warning(key.path(), "mounted, but it can't be read: " + e.getMessage()));
            return "SELECT NULL AS unreadable WHERE false";
        }
    }

    /**
     * A scan that plans like the real one and tells what the statement filters it by. Partition columns are plain columns
     * here, so that filters on them show too. The file has none of the columns: statistics of it would mislead.
     */
    private String probe(Key key, Snapshot snapshot) {
        Optional<DataFile> any = snapshot.scan().files().stream().findFirst();
        if (any.isEmpty()) {
            return noRows(snapshot.schema());
        }
        List<Field> fields = snapshot.schema().fields();
        List<String> names = scope.probe(key, fields, prefix);
        List<String> entries = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            entries.add(SqlText.string(ABSENT + i) + ": {name: " + SqlText.string(names.get(i)) + ", type: "
                    + SqlText.string(DuckTypes.sql(fields.get(i).type())) + ", default_value: NULL}");
            columns.add(names.get(i) + " AS " + SqlText.identifier(fields.get(i).name()));
        }
        return "SELECT " + String.join(", ", columns) + " FROM read_parquet("
                + SqlText.fileList(List.of(any.get().location())) + ", schema = MAP {" + String.join(", ", entries)
                + "})";
    }

    static String noRows(Schema schema) {
        if (schema.fields().isEmpty()) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED, "a table without columns can't be read", Map.of("columns", 0));
        }
        return schema.fields().stream()
                .map(f -> "NULL::" + DuckTypes.sql(f.type()) + " AS " + SqlText.identifier(f.name()))
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }
}
