package io.lakeops.maintenance;

import com.google.auto.service.AutoService;
import io.lakeops.context.Run;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogUpkeep;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keeps a table's log short to read: a checkpoint of the newest version, and then the old end of the log cleaned of what no
 * version inside the table's log retention needs. Makes no version, and leaves nothing in the history.
 *
 * <p>Options: {@code clean}, false to leave the log's old end.
 *
 * <p>Errors: FEATURE_UNSUPPORTED for a table whose format keeps no such log.
 *
 * <p>Threads: safe.
 */
@AutoService(MaintenanceAction.class)
public final class Checkpoint implements MaintenanceAction {
    static final String CLEAN = "clean";
    private static final String LAST = "lastCheckpoint";

    @Override
    public String name() {
        return "checkpoint";
    }

    @Override
    public MaintenancePlan plan(LakeTable table, Map<String, String> options, Run run) {
        Options.check(name(), options, List.of(CLEAN));
        boolean clean = !options.containsKey(CLEAN) || Options.flag(options, CLEAN);
        OptionalLong last = upkeep(table).newestCheckpoint();
        long version = table.versions().latest();
        Map<String, String> details = new LinkedHashMap<>();
        details.put(CLEAN, Boolean.toString(clean));
        last.ifPresent(checkpoint -> details.put(LAST, Long.toString(checkpoint)));
        boolean stands = last.isPresent() && last.getAsLong() == version;
        return new MaintenancePlan(
                name(),
                table.id().toString(),
                version,
                run.context().clock().instant(),
                details,
                stands ? List.of() : List.of(new MaintenancePlan.Group("", List.of())));
    }

    @Override
    public MaintenanceResult run(MaintenancePlan plan, LakeTable table, Session session, Run run) {
        return run(plan, table, run);
    }

    /** Does it; needs no engine. The newest version may be newer than the plan's. */
    public MaintenanceResult run(MaintenancePlan plan, LakeTable table, Run run) {
        if (!plan.action().equals(name())) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "this is a plan of " + plan.action());
        }
        Instant begun = run.context().clock().instant();
        run.cancellation().check();
        LogUpkeep log = upkeep(table);
        LogUpkeep.Checkpoint checkpoint = log.checkpoint();
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("checkpointVersion", Long.toString(checkpoint.version()));
        metrics.put("checkpointWritten", Boolean.toString(checkpoint.written()));
        LogUpkeep.Cleaned cleaned = new LogUpkeep.Cleaned(checkpoint.version(), 0, 0);
        if (Boolean.parseBoolean(plan.details().get(CLEAN))) {
            cleaned = log.clean();
            metrics.put("earliestVersion", Long.toString(cleaned.earliestVersion()));
            metrics.put("numDeletedLogFiles", Long.toString(cleaned.deletedFiles()));
        }
        Snapshot snapshot = table.snapshot(SnapshotSelector.version(checkpoint.version()));
        MaintenanceResult.FileSizes sizes =
                MaintenanceResult.FileSizes.of(snapshot.scan().files());
        return new MaintenanceResult(
                plan.action(),
                plan.table(),
                false,
                checkpoint.version(),
                0,
                cleaned.deletedFiles(),
                0,
                cleaned.deletedBytes(),
                sizes.files(),
                0,
                0,
                sizes,
                sizes,
                Duration.between(begun, run.context().clock().instant()),
                metrics);
    }

    private static LogUpkeep upkeep(LakeTable table) {
        return table.upkeep()
                .orElseThrow(() -> new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "the table's format keeps no log that checkpoints would shorten",
                        Map.of("table", table.id())));
    }
}
