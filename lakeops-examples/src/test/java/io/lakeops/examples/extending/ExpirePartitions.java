package io.lakeops.examples.extending;

import com.google.auto.service.AutoService;
import io.lakeops.context.Run;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.maintenance.MaintenanceAction;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.MaintenanceResult.FileSizes;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Takes days out of a table that are older than a number of days, whole partitions at a time: no data file is read or
 * written, and RESTORE brings them back until VACUUM.
 *
 * <p>Options: {@code column}, a partition column of dates; {@code keepDays}. Both are needed.
 */
@AutoService(MaintenanceAction.class)
public final class ExpirePartitions implements MaintenanceAction {
    @Override
    public String name() {
        return "com.example.expire_partitions";
    }

    @Override
    public MaintenancePlan plan(LakeTable table, Map<String, String> options, Run run) {
        if (!options.keySet().equals(Set.of("column", "keepDays"))
                || !options.getOrDefault("keepDays", "").matches("[0-9]{1,6}")) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    name() + " needs column and keepDays, a number, and nothing else",
                    Map.of("options", options));
        }
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        String column = options.getOrDefault("column", "");
        if (!base.partitionColumns().contains(column)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "'" + column + "' is no partition column of " + table.id());
        }
        Instant now = run.context().clock().instant();
        LocalDate first = LocalDate.ofInstant(now, ZoneOffset.UTC)
                .minusDays(Long.parseLong(options.getOrDefault("keepDays", "")));
        Map<String, List<MaintenancePlan.Item>> byDay = new TreeMap<>();
        for (DataFile file : base.scan().files()) {
            String day = file.partitionValues().get(column);
            if (day != null && LocalDate.parse(day).isBefore(first)) {
                byDay.computeIfAbsent(day, d -> new ArrayList<>())
                        .add(new MaintenancePlan.Item(
                                file.path(),
                                file.fileBytes(),
                                file.liveRows(),
                                file.modificationTime(),
                                "before " + first));
            }
        }
        List<MaintenancePlan.Group> groups = new ArrayList<>();
        byDay.forEach((day, files) -> groups.add(new MaintenancePlan.Group(column + "=" + day, files)));
        return new MaintenancePlan(name(), table.id().toString(), base.version(), now, options, groups);
    }

    @Override
    public MaintenanceResult run(MaintenancePlan plan, LakeTable table, Session session, Run run) {
        if (!plan.action().equals(name())) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "this is a plan of " + plan.action());
        }
        Instant begun = run.context().clock().instant();
        Set<String> planned =
                plan.files().stream().map(MaintenancePlan.Item::path).collect(Collectors.toSet());
        return Attempts.run(table, "DELETE", run, attempt -> {
            // Only files of the plan go: what was written into an old day since stays until the next run.
            List<DataFile> before = attempt.base().scan().files();
            List<DataFile> gone =
                    before.stream().filter(f -> planned.contains(f.path())).toList();
            long version = gone.isEmpty() ? attempt.base().version() : remove(attempt, gone, plan);
            List<DataFile> after =
                    before.stream().filter(f -> !planned.contains(f.path())).toList();
            FileSizes sizes = FileSizes.of(gone);
            return new MaintenanceResult(
                    name(),
                    plan.table(),
                    !gone.isEmpty(),
                    version,
                    0,
                    gone.size(),
                    0,
                    sizes.totalBytes(),
                    after.size(),
                    plan.groups().size(),
                    0,
                    FileSizes.of(before),
                    FileSizes.of(after),
                    Duration.between(begun, run.context().clock().instant()),
                    metrics(gone));
        });
    }

    private static long remove(Attempts.Attempt attempt, List<DataFile> gone, MaintenancePlan plan) {
        Operation operation = new Operation(
                "DELETE",
                Map.of(
                        "predicate",
                        Json.write(List.of("older than " + plan.details().get("keepDays") + " days"))),
                metrics(gone));
        List<FileChange> changes = gone.stream()
                .map(f -> (FileChange) new FileChange.Remove(f, true))
                .toList();
        CommitResult result =
                attempt.commit(CommitSpec.of(operation, new Reads.Matching(Predicate.always(), gone), changes));
        if (result instanceof CommitResult.Committed committed) {
            return committed.version();
        }
        throw new LakeException(ErrorCode.INTERNAL, "a commit without a sequence can't be done already");
    }

    private static Map<String, String> metrics(List<DataFile> gone) {
        return Map.of("numRemovedFiles", Integer.toString(gone.size()));
    }
}
