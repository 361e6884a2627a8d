package io.lakeops.maintenance;

import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.MultisetHash;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Literal;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Pruning;
import io.lakeops.table.Reads;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of OPTIMIZE: rewrites the groups once, and commits those that still hold on the newest version. */
final class OptimizeRun {
    private final MaintenancePlan plan;
    private final LakeTable table;
    private final Session session;
    private final Run run;
    private final long target;
    private final Instant begun;
    /** What was rewritten so far, and on which version; none before the first attempt. */
    private @Nullable Snapshot rewrittenOn;

    private List<Rewritten> rewritten = List.of();

    /** A group that was written again. */
    private record Rewritten(List<DataFile> inputs, List<DataFile> outputs, long rows) {
        List<Path> locations() {
            return outputs.stream().map(DataFile::location).toList();
        }
    }

    OptimizeRun(MaintenancePlan plan, LakeTable table, Session session, Run run) {
        this.plan = plan;
        this.table = table;
        this.session = session;
        this.run = run;
        this.target = Long.parseLong(Objects.requireNonNull(plan.details().get(Optimize.TARGET)));
        this.begun = run.context().clock().instant();
    }

    MaintenanceResult execute() {
        if (plan.isEmpty()) {
            return nothing(table.snapshot(SnapshotSelector.latest()));
        }
        return Attempts.run(table, "OPTIMIZE", run, this::attempt);
    }

    private MaintenanceResult attempt(Attempts.Attempt attempt) {
        Snapshot base = attempt.base();
        if (rewrittenOn == null || !sameDefinition(rewrittenOn, base)) {
            for (Rewritten old : rewritten) {
                attempt.discard(old.locations(), run);
            }
            rewritten = rewrite(attempt, base);
            rewrittenOn = base;
        } else {
            rewritten = stillValid(attempt, base);
        }
        if (rewritten.isEmpty()) {
            return nothing(base);
        }
        List<DataFile> removed =
                rewritten.stream().flatMap(r -> r.inputs().stream()).toList();
        List<DataFile> added =
                rewritten.stream().flatMap(r -> r.outputs().stream()).toList();
        List<FileChange> changes = new ArrayList<>();
        removed.forEach(f -> changes.add(new FileChange.Remove(f, false)));
        added.forEach(f -> changes.add(new FileChange.Add(f, false)));
        Operation operation = operation(removed, added);
        CommitResult.Committed committed = (CommitResult.Committed)
                attempt.commit(CommitSpec.of(operation, new Reads.Matching(Predicate.never(), removed), changes)
                        .withIsolation(Isolation.SNAPSHOT)
                        .withRules(TableRules.of(base)));
        Snapshot after = table.snapshot(SnapshotSelector.version(committed.version()));
        return new MaintenanceResult(
                plan.action(),
                plan.table(),
                true,
                committed.version(),
                added.size(),
                removed.size(),
                bytes(added),
                bytes(removed),
                base.scan().files().size() - removed.size(),
                removed.stream().map(DataFile::partitionValues).distinct().count(),
                rewritten.stream().mapToLong(Rewritten::rows).sum(),
                MaintenanceResult.FileSizes.of(base.scan().files()),
                MaintenanceResult.FileSizes.of(after.scan().files()),
                elapsed(),
                operation.metrics());
    }

    private List<Rewritten> rewrite(Attempts.Attempt attempt, Snapshot base) {
        Map<String, DataFile> active = active(base);
        List<Rewritten> done = new ArrayList<>();
        int number = 0;
        for (MaintenancePlan.Group group : plan.groups()) {
            run.cancellation().check();
            List<DataFile> inputs = group.files().stream()
                    .map(item -> Optional.ofNullable(active.get(item.path())))
                    .flatMap(Optional::stream)
                    .toList();
            // A group that lost a file since it was planned is left to the next plan.
            if (inputs.size() == group.files().size()) {
                done.add(rewrite(attempt, base, inputs));
            }
            number++;
            run.context()
                    .listener()
                    .on(new LakeEvent.Progress(
                            "optimize", plan.table(), number, plan.groups().size(), "groups"));
        }
        return done;
    }

    private Rewritten rewrite(Attempts.Attempt attempt, Snapshot base, List<DataFile> inputs) {
        Relation.TableRows before = Relation.TableRows.moving(base, inputs);
        // A group becomes one file: twice its bytes leaves room for files that grow when they are written again.
        long room = 2 * Math.max(target, bytes(inputs));
        List<WrittenFile> written =
                session.write(WriteRequest.again(base, before).withTargetFileBytes(room), run.cancellation());
        attempt.stageAcross(written.stream().map(WrittenFile::location).toList());
        long expected = rows(before);
        long rows = written.stream().mapToLong(f -> f.statistics().rowCount()).sum();
        if (rows != expected) {
            throw failed("the rewritten files hold " + rows + " rows where there were " + expected, base);
        }
        List<DataFile> outputs = written.stream()
                .filter(f -> f.statistics().rowCount() > 0)
                .map(f -> packed(base, f.dataFile(), inputs.get(0).partitionValues()))
                .toList();
        attempt.discard(
                written.stream()
                        .filter(f -> f.statistics().rowCount() == 0)
                        .map(WrittenFile::location)
                        .toList(),
                run);
        if (Boolean.parseBoolean(plan.details().get(Optimize.VERIFY))) {
            MultisetHash was = session.multisetHash(before, run.cancellation());
            MultisetHash is = session.multisetHash(Relation.TableRows.moving(base, outputs), run.cancellation());
            if (!was.equals(is)) {
                throw failed("the rewritten rows are not those that were there: " + is + " for " + was, base);
            }
        }
        return new Rewritten(inputs, outputs, rows);
    }

    /** The groups whose inputs stand in that version as they were read; the outputs of the others are deleted. */
    private List<Rewritten> stillValid(Attempts.Attempt attempt, Snapshot base) {
        Map<String, DataFile> active = active(base);
        List<Rewritten> valid = new ArrayList<>();
        for (Rewritten one : rewritten) {
            if (one.inputs().stream().allMatch(f -> same(f, active.get(f.path())))) {
                valid.add(one);
            } else {
                attempt.discard(one.locations(), run);
            }
        }
        return valid;
    }

    private static boolean same(DataFile read, @Nullable DataFile now) {
        return now != null
                && read.deletionVector()
                        .map(DeletionVector::uniqueId)
                        .equals(now.deletionVector().map(DeletionVector::uniqueId));
    }

    private static boolean sameDefinition(Snapshot a, Snapshot b) {
        return a.schema().equals(b.schema())
                && a.partitionColumns().equals(b.partitionColumns())
                && a.detail().properties().equals(b.detail().properties());
    }

    private long rows(Relation.TableRows relation) {
        if (relation.files().stream().allMatch(f -> f.liveRows().isPresent())) {
            return relation.files().stream()
                    .mapToLong(f -> f.liveRows().orElseThrow())
                    .sum();
        }
        Rows counted = session.measure(
                new MeasureRequest(relation, List.of(new MeasureRequest.Aggregate("n", Expr.of("count(*)")))),
                run.cancellation());
        return ((Number) Objects.requireNonNull(counted.value(0, "n"))).longValue();
    }

    /** The file with our tag, and its partition in the very words of the files that it replaces. */
    private DataFile packed(Snapshot base, DataFile file, Map<String, @Nullable String> partition) {
        for (String column : base.partitionColumns()) {
            if (!sameValue(
                    base.schema().require(column),
                    partition.get(column),
                    file.partitionValues().get(column))) {
                throw failed(
                        "a rewritten file is of partition " + file.partitionValues() + ", its rows of " + partition,
                        base);
            }
        }
        Map<String, String> tags = new LinkedHashMap<>(file.tags());
        tags.put(Optimize.TAG, Long.toString(target));
        return new DataFile(
                file.path(),
                file.location(),
                partition,
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                file.deletionVector(),
                tags,
                file.rowTracking());
    }

    /** Two writers may write one value in two ways, such as a timestamp with and without its fraction. */
    private static boolean sameValue(Field column, @Nullable String a, @Nullable String b) {
        if (a == null || a.isEmpty() || b == null || b.isEmpty()) {
            return (a == null || a.isEmpty()) && (b == null || b.isEmpty());
        }
        if (a.equals(b)) {
            return true;
        }
        Optional<Literal> x = Pruning.partitionLiteral(column, a);
        Optional<Literal> y = Pruning.partitionLiteral(column, b);
        return x.isPresent() && y.isPresent() && x.get().compare(y.get()).orElse(1) == 0;
    }

    private Operation operation(List<DataFile> removed, List<DataFile> added) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String where = plan.details().get(Optimize.WHERE);
        parameters.put("predicate", Json.write(where == null ? List.of() : List.of(where)));
        parameters.put("zOrderBy", "[]");
        parameters.put("clusterBy", "[]");
        parameters.put("auto", "false");
        MaintenanceResult.FileSizes sizes = MaintenanceResult.FileSizes.of(added);
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numRemovedFiles", Long.toString(removed.size()));
        metrics.put("numRemovedBytes", Long.toString(bytes(removed)));
        metrics.put("numAddedFiles", Long.toString(added.size()));
        metrics.put("numAddedBytes", Long.toString(bytes(added)));
        metrics.put("minFileSize", Long.toString(sizes.minBytes()));
        metrics.put("p25FileSize", Long.toString(sizes.p25Bytes()));
        metrics.put("p50FileSize", Long.toString(sizes.p50Bytes()));
        metrics.put("p75FileSize", Long.toString(sizes.p75Bytes()));
        metrics.put("maxFileSize", Long.toString(sizes.maxBytes()));
        metrics.put(
                "numDeletionVectorsRemoved",
                Long.toString(removed.stream()
                        .filter(f -> f.deletionVector().isPresent())
                        .count()));
        return new Operation("OPTIMIZE", parameters, metrics);
    }

    private MaintenanceResult nothing(Snapshot base) {
        MaintenanceResult.FileSizes sizes =
                MaintenanceResult.FileSizes.of(base.scan().files());
        return new MaintenanceResult(
                plan.action(),
                plan.table(),
                false,
                base.version(),
                0,
                0,
                0,
                0,
                sizes.files(),
                0,
                0,
                sizes,
                sizes,
                elapsed(),
                Map.of());
    }

    private Duration elapsed() {
        return Duration.between(begun, run.context().clock().instant());
    }

    private LakeException failed(String problem, Snapshot base) {
        return new LakeException(
                ErrorCode.VERIFICATION_FAILED, problem, Map.of("table", plan.table(), "version", base.version()));
    }

    private static Map<String, DataFile> active(Snapshot base) {
        return base.scan().files().stream().collect(Collectors.toMap(DataFile::path, Function.identity()));
    }

    private static long bytes(List<DataFile> files) {
        return files.stream().mapToLong(DataFile::fileBytes).sum();
    }
}
