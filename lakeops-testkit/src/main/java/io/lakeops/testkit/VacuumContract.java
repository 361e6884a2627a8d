package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Delete;
import io.lakeops.engine.Expr;
import io.lakeops.error.ErrorCode;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.maintenance.Vacuum;
import io.lakeops.table.DataFile;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VACUUM on every pair of format and engine. */
public interface VacuumContract extends OperationsSubject {
    @Test
    default void it_deletes_what_no_version_inside_the_retention_names(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'x/y'), (2, 'b', 'd 2')");
            t.append("(3, 'c', 'x/y')");
            List<DataFile> small = t.files();
            optimize(t);

            MaintenanceResult early = vacuum(t, Duration.ofDays(6));
            assertThat(early.filesRemoved()).isZero();
            MaintenancePlan plan =
                    new Vacuum().plan(t.table(), Vacuum.Request.standard(), t.runAfter(Duration.ofDays(8)));
            MaintenanceResult late = vacuum(t, Duration.ofDays(8));

            assertThat(plan.files()).hasSize(2);
            assertThat(plan.files()).allSatisfy(i -> assertThat(i.reason()).contains("no version since"));
            assertThat(plan.fileBytes()).isEqualTo(late.bytesRemoved());
            assertThat(late.filesRemoved()).isEqualTo(2);
            assertThat(late.filesKept()).isEqualTo(2);
            assertThat(t.filesOnDisk()).isEqualTo(t.paths());
            assertThat(t.rows()).containsExactly("1|a|x/y", "2|b|d 2", "3|c|x/y");
            assertThat(small.stream().filter(f -> Files.exists(f.location()))).hasSize(1);
            assertThat(vacuum(t, Duration.ofDays(8)).filesRemoved()).isZero();
        }
    }

    @Test
    default void the_dry_run_changes_nothing(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Delete.all().run(t.table(), t.session(), t.run());
            Set<String> files = t.filesOnDisk();

            MaintenancePlan plan =
                    new Vacuum().plan(t.table(), Vacuum.Request.standard(), t.runAfter(Duration.ofDays(8)));

            assertThat(plan.files().stream().map(MaintenancePlan.Item::path)).containsExactlyElementsOf(files);
            assertThat(plan.files().get(0).fileBytes()).isPositive();
            assertThat(t.filesOnDisk()).isEqualTo(files);
            assertThat(t.version()).isEqualTo(2);
            assertThat(MaintenancePlan.fromJson(plan.toJson())).isEqualTo(plan);
        }
    }

    @Test
    default void start_and_end_stand_in_the_history(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Delete.all().run(t.table(), t.session(), t.run());

            Vacuum action = new Vacuum();
            MaintenanceResult result = action.run(
                    action.plan(
                            t.table(),
                            Vacuum.Request.retaining(Duration.ofHours(200)),
                            t.runAfter(Duration.ofDays(30))),
                    t.table(),
                    t.session(),
                    t.runAfter(Duration.ofDays(30)));

            List<HistoryEntry> history = t.history();
            HistoryEntry start = history.get(3);
            HistoryEntry end = history.get(4);
            assertThat(start.operation()).isEqualTo("VACUUM START");
            assertThat(start.operationParameters())
                    .containsEntry("retentionCheckEnabled", "true")
                    .containsEntry("defaultRetentionMillis", "604800000")
                    .containsEntry("specifiedRetentionMillis", "720000000");
            assertThat(start.operationMetrics())
                    .containsEntry("numFilesToDelete", "1")
                    .containsEntry("sizeOfDataToDelete", Long.toString(result.bytesRemoved()));
            assertThat(start.isBlindAppend()).hasValue(true);
            assertThat(end.operation()).isEqualTo("VACUUM END");
            assertThat(end.operationParameters()).containsEntry("status", "COMPLETED");
            assertThat(end.operationMetrics())
                    .containsEntry("numDeletedFiles", "1")
                    .containsKey("numVacuumedDirectories");
            assertThat(result.version()).isEqualTo(4);
        }
    }

    @Test
    default void files_of_writers_in_flight_are_young_and_stay(@TempDir Path folder) throws IOException {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Path young = Files.writeString(t.root().resolve("staged.parquet"), "not yet committed");
            Path old = Files.writeString(t.root().resolve("left.parquet"), "never committed");
            Instant now = context().clock().instant();
            Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofDays(9))));
            Files.setLastModifiedTime(young, FileTime.from(now.minus(Duration.ofDays(6))));

            MaintenanceResult result = vacuum(t, Duration.ZERO);

            assertThat(result.filesRemoved()).isEqualTo(1);
            assertThat(young).exists();
            assertThat(old).doesNotExist();
            assertThat(t.rows()).containsExactly("1|a|d1");
        }
    }

    @Test
    default void hidden_names_and_links_are_left_alone_and_change_data_is_not(@TempDir Path folder) throws IOException {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Path outside = Files.createDirectories(folder.resolve("outside"));
            Path foreign = old(Files.writeString(outside.resolve("precious.parquet"), "not ours"));
            Files.createSymbolicLink(t.root().resolve("linked"), outside);
            Files.createSymbolicLink(t.root().resolve("linked.parquet"), foreign);
            Path hidden = old(write(t.root().resolve("_mine").resolve("a.parquet")));
            Path dotted = old(write(t.root().resolve(".b.parquet.crc")));
            Path below = old(write(t.root().resolve("sub").resolve("_tmp").resolve("c.parquet")));
            Path likePartition = old(write(t.root().resolve("_other=1").resolve("d.parquet")));
            Path change = old(write(t.root().resolve("_change_data").resolve("e.parquet")));
            Path plain = old(write(t.root().resolve("sub").resolve("f.parquet")));

            MaintenanceResult result = vacuum(t, Duration.ZERO);

            assertThat(result.filesRemoved()).isEqualTo(2);
            assertThat(List.of(foreign, hidden, dotted, below, likePartition))
                    .allSatisfy(f -> assertThat(f).exists());
            assertThat(Files.isSymbolicLink(t.root().resolve("linked"))).isTrue();
            assertThat(Files.isSymbolicLink(t.root().resolve("linked.parquet"))).isTrue();
            assertThat(change).doesNotExist();
            assertThat(plain).doesNotExist();
            assertThat(plain.getParent()).exists();
        }
    }

    @Test
    default void a_partition_folder_is_looked_into_whatever_its_name(@TempDir Path folder) throws IOException {
        io.lakeops.table.Schema schema = io.lakeops.table.Schema.of(
                TestTable.ORDERS.require("id"),
                TestTable.ORDERS.require("name"),
                io.lakeops.table.Field.of("_day", io.lakeops.table.DataType.Primitive.STRING));
        try (TestTable t = TestTable.create(this, folder, TableSpec.of(schema, "_day"))) {
            Path left = old(write(t.root().resolve("_day=1").resolve("a.parquet")));

            assertThat(vacuum(t, Duration.ZERO).filesRemoved()).isEqualTo(1);

            assertThat(left).doesNotExist();
        }
    }

    @Test
    default void a_file_that_was_committed_after_the_plan_is_seen_by_the_second_look(@TempDir Path folder)
            throws IOException {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            DataFile back = t.files().get(0);
            Delete.all().run(t.table(), t.session(), t.run());
            Vacuum action = new Vacuum();
            MaintenancePlan plan = action.plan(t.table(), Vacuum.Request.standard(), t.runAfter(Duration.ofDays(8)));
            assertThat(plan.files()).hasSize(1);

            io.lakeops.recovery.Restore.toVersion(1).run(t.table(), t.run());
            MaintenanceResult result = action.run(plan, t.table(), t.session(), t.runAfter(Duration.ofDays(8)));

            assertThat(result.filesRemoved()).isZero();
            assertThat(back.location()).exists();
            assertThat(t.rows()).containsExactly("1|a|d1");
        }
    }

    @Test
    default void below_the_table_s_own_retention_it_is_refused_unless_allowed(@TempDir Path folder) {
        TableSpec spec = new TableSpec(
                TestTable.ORDERS,
                List.of(),
                List.of(),
                Map.of("delta.deletedFileRetentionDuration", "interval 2 days"),
                Optional.empty());
        try (TestTable t = TestTable.create(this, folder, spec)) {
            t.append("(1, 'a', 'd1')");
            Delete.all().run(t.table(), t.session(), t.run());
            Vacuum action = new Vacuum();
            Vacuum.Request hour = Vacuum.Request.retaining(Duration.ofHours(1));

            t.assertRefused(
                    ErrorCode.RETENTION_TOO_SHORT, () -> action.plan(t.table(), hour, t.runAfter(Duration.ofHours(3))));
            t.assertRefused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> action.plan(
                            t.table(),
                            Vacuum.Request.retaining(Duration.ofHours(-1)).allowingShortRetention(),
                            t.run()));
            assertThat(action.plan(t.table(), Vacuum.Request.standard(), t.runAfter(Duration.ofHours(50)))
                            .files())
                    .hasSize(1);
            MaintenancePlan plan =
                    action.plan(t.table(), hour.allowingShortRetention(), t.runAfter(Duration.ofHours(3)));
            assertThat(action.run(plan, t.table(), t.session(), t.runAfter(Duration.ofHours(3)))
                            .filesRemoved())
                    .isEqualTo(1);
            assertThat(t.history().get(3).operationParameters()).containsEntry("retentionCheckEnabled", "false");
        }
    }

    @Test
    default void a_plan_that_climbs_out_of_the_table_deletes_nothing(@TempDir Path folder) throws IOException {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Path foreign = old(write(folder.resolve("my lake").resolve("foreign.parquet")));
            Vacuum action = new Vacuum();
            MaintenancePlan plan = action.plan(t.table(), Vacuum.Request.standard(), t.run());
            MaintenancePlan forged = new MaintenancePlan(
                    plan.action(),
                    plan.table(),
                    plan.baseVersion(),
                    plan.plannedAt(),
                    plan.details(),
                    List.of(new MaintenancePlan.Group(
                            "",
                            List.of(new MaintenancePlan.Item(
                                    "../foreign.parquet", 1, java.util.OptionalLong.empty(), 0, "forged")))));

            assertThat(action.run(forged, t.table(), t.session(), t.run()).filesRemoved())
                    .isZero();

            assertThat(foreign).exists();
        }
    }

    @Test
    default void versions_inside_the_retention_stay_readable(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            for (int i = 1; i <= 4; i++) {
                t.append("(" + i + ", 'a', 'd1')");
            }
            Delete.where(Expr.of("id = 2")).run(t.table(), t.session(), t.run());
            optimize(t);
            Delete.where(Expr.of("id = 3")).run(t.table(), t.session(), t.run());

            vacuum(t, Duration.ofDays(6));

            for (long version = 1; version <= 4; version++) {
                assertThat(t.rows(t.at(version))).hasSize((int) version);
            }
            assertThat(t.rows(t.at(5))).hasSize(3);
            assertThat(t.rows(t.at(6))).hasSize(3);
            assertThat(t.rows()).containsExactly("1|a|d1", "4|a|d1");
        }
    }

    private static void optimize(TestTable t) {
        Optimize action = new Optimize();
        action.run(action.plan(t.table(), Optimize.Request.standard(), t.run()), t.table(), t.session(), t.run());
    }

    private static MaintenanceResult vacuum(TestTable t, Duration later) {
        Vacuum action = new Vacuum();
        MaintenancePlan plan = action.plan(t.reopened(), Vacuum.Request.standard(), t.runAfter(later));
        return action.run(plan, t.reopened(), t.session(), t.runAfter(later));
    }

    private static Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "bytes");
    }

    private Path old(Path file) throws IOException {
        return Files.setLastModifiedTime(
                file, FileTime.from(context().clock().instant().minus(Duration.ofDays(9))));
    }
}
