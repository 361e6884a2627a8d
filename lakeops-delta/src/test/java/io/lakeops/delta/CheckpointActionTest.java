package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.Checkpoint;
import io.lakeops.maintenance.MaintenanceAction;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.table.LakeTable;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The maintenance action that keeps a log short. */
class CheckpointActionTest {
    @TempDir
    Path folder;

    @Test
    void it_writes_a_checkpoint_cleans_the_log_and_leaves_no_version() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        for (int i = 0; i < 3; i++) {
            Tables.append(table, Tables.file(table, 5));
        }
        LakeContext later = Tables.context().withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(60)));
        TableLocation location = table.location();
        LakeTable aged = new DeltaFormat().open(TableId.of(location), location, Optional.empty(), later);
        Checkpoint action = found();
        Run run = Run.of(later);

        MaintenancePlan plan = action.plan(aged, Map.of(), run);
        assertThat(plan.isEmpty()).isFalse();
        MaintenancePlan kept = MaintenancePlan.fromJson(plan.toJson());
        MaintenanceResult result = action.run(kept, aged, run);

        assertThat(result.committed()).isFalse();
        assertThat(result.version()).isEqualTo(3);
        assertThat(result.filesKept()).isEqualTo(3);
        assertThat(result.filesRemoved())
                .as("three commits and their checksums")
                .isEqualTo(6);
        assertThat(result.metrics())
                .isEqualTo(Map.of(
                        "checkpointVersion", "3",
                        "checkpointWritten", "true",
                        "earliestVersion", "3",
                        "numDeletedLogFiles", "6"));
        assertThat(Tables.latest(table).version()).isEqualTo(3);
        assertThat(Tables.latest(table).scan().files()).hasSize(3);
        assertThat(action.plan(aged, Map.of(), run).isEmpty()).isTrue();
        assertThat(action.run(plan, aged, run).metrics()).containsEntry("checkpointWritten", "false");
    }

    @Test
    void it_leaves_the_old_end_where_that_is_asked_for_and_knows_its_option() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        Run run = Run.of(Tables.context());
        MaintenancePlan plan = found().plan(table, Map.of("clean", "false"), run);

        assertThat(found().run(plan, table, run).metrics())
                .isEqualTo(Map.of("checkpointVersion", "0", "checkpointWritten", "true"));
        assertThatThrownBy(() -> found().plan(table, Map.of("clear", "false"), run))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_OPTION))
                .hasMessageContaining("'clean'");
    }

    private static Checkpoint found() {
        return (Checkpoint) ServiceLoader.load(MaintenanceAction.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(action -> action.name().equals("checkpoint"))
                .findFirst()
                .orElseThrow();
    }
}
