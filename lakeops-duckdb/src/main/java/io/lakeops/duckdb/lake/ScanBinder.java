package io.lakeops.duckdb.lake;

import io.lakeops.Lake;
import io.lakeops.change.ChangePlan;
import io.lakeops.context.LakeEvent;
import io.lakeops.duckdb.lake.StatementScope.Mode;
import io.lakeops.duckdb.lake.StatementScope.TableKey;
import io.lakeops.duckdb.scan.ChangeSelect;
import io.lakeops.duckdb.scan.ScanOptions;
import io.lakeops.duckdb.scan.SnapshotScans;
import io.lakeops.duckdb.scan.SnapshotSql;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableLocation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers DuckDB's binder: the query that stands for {@code delta_scan(path, version, timestamp)}, or for {@code
 * table_changes(path, from, to)}, in the statement that is being planned.
 *
 * <p>Threads: one statement at a time.
 */
final class ScanBinder {
    private final Lake lake;
    private final SnapshotScans scans;
    /** Paths that stand for no one table, and what reading them answers. */
    private final Map<String, Supplier<LakeException>> refused = new HashMap<>();

    private StatementScope scope = new StatementScope(Mode.READ);

    ScanBinder(Lake lake, SnapshotScans scans) {
        this.lake = lake;
        this.scans = scans;
    }

    StatementScope scope() {
        return scope;
    }

    /** Begins a statement: what the one before it held is let go. */
    StatementScope begin(Mode mode) {
        scope.release();
        scope = new StatementScope(mode);
        return scope;
    }

    String bind(@Nullable String path, @Nullable Long version, @Nullable Long micros) {
        if (path == null) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "delta_scan takes a path, not NULL");
        }
        if (version != null && micros != null) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "delta_scan takes a version or a timestamp, not both");
        }
        TableKey key = scope.key(
                TablePaths.location(path).root().toString(), Optional.ofNullable(version), Optional.ofNullable(micros));
        if (scope.mode() == Mode.COLUMNS) {
            return columns(key);
        }
        Snapshot snapshot = scope.snapshot(key, () -> open(key));
        boolean probe = scope.mode() == Mode.PROBE;
        List<DataFile> files = probe ? snapshot.scan().files() : scope.files(key, snapshot);
        if (files.isEmpty()) {
            return noRows(snapshot.schema());
        }
        ScanOptions options = ScanOptions.rows().withPrefix(scope.nextPrefix());
        SnapshotSql select = scans.select(snapshot, files, probe ? options.forPlanning() : options);
        scope.hold(select);
        if (probe) {
            scope.probed(key, select.columns());
        }
        return select.sql();
    }

    /** The query behind {@code table_changes}. */
    String bindChanges(@Nullable String path, ChangeBounds bounds) {
        if (path == null) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "table_changes takes a table, not NULL");
        }
        TableLocation location = TablePaths.location(path);
        TableKey newest = scope.newest(location.root().toString());
        TableKey key = new TableKey(newest.path(), Optional.empty(), Optional.empty(), bounds.toString());
        ChangePlan plan = scope.changes(
                key,
                () -> bounds.feed()
                        .plan(lake.open(location), scope.snapshot(newest, () -> open(newest)), lake.context()));
        if (scope.mode() == Mode.COLUMNS) {
            return noRows(plan.rows().schema());
        }
        boolean probe = scope.mode() == Mode.PROBE;
        AtomicInteger scan = new AtomicInteger();
        return ChangeSelect.sql(plan.rows(), (snapshot, files, options) -> {
            ScanOptions own = options.withPrefix(scope.nextPrefix());
            SnapshotSql select = probe
                    ? scans.select(snapshot, files, own.forPlanning())
                    : scans.select(snapshot, scope.files(key, scan.getAndIncrement(), snapshot, files), own);
            scope.hold(select);
            if (probe) {
                scope.probed(key, select.columns());
            }
            return select;
        });
    }

    /** From now on, reading that path is that error. */
    void refuse(String path, Supplier<LakeException> error) {
        refused.put(TablePaths.location(path).root().toString(), error);
    }

    private Snapshot open(TableKey key) {
        Supplier<LakeException> error = refused.get(key.path());
        if (error != null) {
            throw error.get();
        }
        return lake.open(TablePaths.location(key.path())).snapshot(selector(key));
    }

    private static SnapshotSelector selector(TableKey key) {
        if (key.version().isPresent()) {
            return SnapshotSelector.version(key.version().get());
        }
        return key.micros()
                .map(m -> SnapshotSelector.asOf(Instant.EPOCH.plus(m, ChronoUnit.MICROS)))
                .orElseGet(SnapshotSelector::latest);
    }

    /** A table that can't be opened must not keep the others from being mounted; reading it says what is wrong. */
    private String columns(TableKey key) {
        try {
            return noRows(scope.snapshot(key, () -> open(key)).schema());
        } catch (LakeException e) {
            lake.context()
                    .listener()
                    .on(new LakeEvent.Warning(key.path(), "mounted, but it can't be read: " + e.getMessage()));
            return "SELECT NULL AS unreadable WHERE false";
        }
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
