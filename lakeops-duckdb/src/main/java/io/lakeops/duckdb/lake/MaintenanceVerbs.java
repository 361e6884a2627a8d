package io.lakeops.duckdb.lake;

import io.lakeops.context.Run;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.maintenance.Vacuum;
import io.lakeops.table.LakeTable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs the verbs that keep a table's files in order. */
final class MaintenanceVerbs {
    private final Tables tables;
    private final Conditions conditions;
    private final Settings settings;

    MaintenanceVerbs(Tables tables, Conditions conditions, Settings settings) {
        this.tables = tables;
        this.conditions = conditions;
        this.settings = settings;
    }

    VerbResult run(Verb.Maintenance verb, Run run) throws SQLException {
        if (verb instanceof Verb.Optimize optimize) {
            return optimize(optimize, run);
        }
        return vacuum((Verb.Vacuum) verb, run);
    }

    private VerbResult optimize(Verb.Optimize optimize, Run run) throws SQLException {
        LakeTable table = tables.table(optimize.table());
        Optimize.Request request = Optimize.Request.standard();
        if (optimize.condition().isPresent()) {
            request = request.withWhere(
                    conditions.exact(table.location(), optimize.condition().get()));
        }
        Optimize action = new Optimize();
        MaintenanceResult result;
        try (DuckDbSession engine = tables.engine()) {
            result = action.run(action.plan(table, request, run), table, engine, run);
        }
        return VerbResult.rows(LiteralTable.of(
                        "path VARCHAR",
                        "numFilesAdded BIGINT",
                        "numFilesRemoved BIGINT",
                        "bytesAdded BIGINT",
                        "bytesRemoved BIGINT",
                        "partitionsOptimized BIGINT",
                        "rowsRewritten BIGINT",
                        "version BIGINT")
                .with(
                        table.location().toString(),
                        result.filesAdded(),
                        result.filesRemoved(),
                        result.bytesAdded(),
                        result.bytesRemoved(),
                        result.partitions(),
                        result.rows(),
                        result.version()));
    }

    private VerbResult vacuum(Verb.Vacuum vacuum, Run run) {
        LakeTable table = tables.table(vacuum.table());
        Optional<Duration> retain = vacuum.retainHours().isPresent()
                ? Optional.of(Duration.ofMillis(Math.round(vacuum.retainHours().getAsDouble() * 3_600_000)))
                : Optional.empty();
        Vacuum action = new Vacuum();
        MaintenancePlan plan = action.plan(table, new Vacuum.Request(retain, !settings.retentionCheck()), run);
        if (vacuum.dryRun()) {
            Path root = table.location().root();
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (MaintenancePlan.Item item : plan.files()) {
                rows.add(Arrays.asList(
                        root.resolve(item.path()).toString(),
                        item.fileBytes(),
                        Instant.ofEpochMilli(item.modificationTime()),
                        item.reason()));
            }
            return VerbResult.rows(
                    LiteralTable.of("path VARCHAR", "size BIGINT", "modificationTime TIMESTAMPTZ", "reason VARCHAR")
                            .withRows(rows));
        }
        MaintenanceResult result = action.run(plan, table, run);
        return VerbResult.rows(LiteralTable.of(
                        "path VARCHAR", "numFilesDeleted BIGINT", "bytesDeleted BIGINT", "filesKept BIGINT")
                .with(table.location().toString(), result.filesRemoved(), result.bytesRemoved(), result.filesKept()));
    }
}
