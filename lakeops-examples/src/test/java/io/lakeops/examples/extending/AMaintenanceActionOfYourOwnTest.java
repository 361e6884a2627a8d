package io.lakeops.examples.extending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.context.Run;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.MaintenanceAction;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.provider.Providers;
import io.lakeops.recovery.Restore;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AMaintenanceActionOfYourOwnTest {
    private static final Map<String, String> KEEP_30 = Map.of("column", "day", "keepDays", "30");

    private final LakeContext context = LakeContext.standard()
            .withListener(LakeListener.silent())
            .withClock(Clock.fixed(Instant.parse("2024-06-01T06:00:00Z"), ZoneOffset.UTC));
    private final Run run = Run.of(context);
    private final MaintenanceAction action = Providers.load(
                    MaintenanceAction.class, ServiceLoader.load(MaintenanceAction.class))
            .require("com.example.expire_partitions");

    private Lake lake;
    private Session session;
    private LakeTable table;

    @BeforeEach
    void open(@TempDir Path folder) {
        lake = Lake.open(folder.resolve("lake"), context);
        session = lake.engine().open(new EngineOptions(128L << 20, 1, folder.resolve("spill")), context);
        Schema columns = Schema.of(Field.of("id", Primitive.LONG), Field.of("day", Primitive.DATE));
        table = lake.create(new TableId("bronze", "visits"), TableSpec.of(columns, "day"));
        append("(1, DATE '2024-04-01'), (2, DATE '2024-05-01'), (3, DATE '2024-05-02'), (4, DATE '2024-06-01')");
    }

    @AfterEach
    void close() {
        session.close();
        lake.close();
    }

    @Test
    void the_plan_shows_the_days_that_go_and_the_run_takes_them_out() {
        MaintenancePlan plan = action.plan(table, KEEP_30, run);
        assertThat(plan.groups())
                .extracting(MaintenancePlan.Group::name)
                .containsExactly("day=2024-04-01", "day=2024-05-01");

        MaintenanceResult result = action.run(plan, table, session, run);

        assertThat(result.committed()).isTrue();
        assertThat(result.filesRemoved()).isEqualTo(2);
        assertThat(rows()).isEqualTo(2);
        assertThat(action.plan(table, KEEP_30, run).isEmpty()).isTrue();
    }

    @Test
    void nothing_old_makes_no_version_and_a_restore_brings_days_back() {
        action.run(action.plan(table, KEEP_30, run), table, session, run);
        long version = newest().version();

        MaintenanceResult again = action.run(action.plan(table, KEEP_30, run), table, session, run);

        assertThat(again.committed()).isFalse();
        assertThat(newest().version()).isEqualTo(version);
        Restore.toVersion(version - 1).run(table, run);
        assertThat(rows()).isEqualTo(4);
    }

    @Test
    void what_was_written_since_the_plan_stays() {
        MaintenancePlan plan = action.plan(table, KEEP_30, run);
        append("(5, DATE '2024-04-01')");

        action.run(MaintenancePlan.fromJson(plan.toJson()), table, session, run);

        assertThat(rows()).isEqualTo(3);
    }

    @Test
    void a_wrong_option_is_refused() {
        assertThatThrownBy(() -> action.plan(table, Map.of("column", "id", "keepDays", "30"), run))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("'id' is no partition column");
        assertThatThrownBy(() -> action.plan(table, Map.of("column", "day"), run))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("keepDays");
    }

    private void append(String values) {
        Append.of(new Relation.Query(Expr.of("SELECT * FROM (VALUES " + values + ") AS t(id, day)")))
                .run(table, session, run);
    }

    private Snapshot newest() {
        return table.snapshot(SnapshotSelector.latest());
    }

    private long rows() {
        return newest().scan().files().stream()
                .mapToLong(f -> f.liveRows().orElseThrow())
                .sum();
    }
}
