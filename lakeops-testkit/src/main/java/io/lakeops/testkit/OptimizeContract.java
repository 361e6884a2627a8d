package io.lakeops.testkit;

import static io.lakeops.testkit.TestTable.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Append;
import io.lakeops.change.Delete;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MultisetHash;
import io.lakeops.error.ErrorCode;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.Predicate;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OPTIMIZE on every pair of format and engine. */
public interface OptimizeContract extends OperationsSubject {
    @Test
    default void small_files_become_one_with_the_same_rows_in_the_same_order(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                DataFile file = t.appendFile("(" + i + ", 'a', 'd1'), (" + (i + 100) + ", NULL, 'd2')");
                expected.add(i + "|a|d1");
                expected.add((i + 100) + "|null|d2");
                // Files of one millisecond have no order of their own.
                while (context().clock().millis() <= file.modificationTime()) {
                    Thread.onSpinWait();
                }
            }
            MultisetHash before = t.hash();

            MaintenanceResult result = optimize(t, Optimize.Request.standard().withVerify());

            assertThat(result.committed()).isTrue();
            assertThat(result.version()).isEqualTo(6);
            assertThat(result.filesRemoved()).isEqualTo(5);
            assertThat(result.filesAdded()).isEqualTo(1);
            assertThat(result.partitions()).isEqualTo(1);
            assertThat(result.rows()).isEqualTo(10);
            assertThat(result.before().files()).isEqualTo(5);
            assertThat(result.after().files()).isEqualTo(1);
            assertThat(result.bytesAdded()).isEqualTo(t.files().get(0).fileBytes());
            assertThat(t.hash()).isEqualTo(before);
            assertThat(t.inOrder(t.latest())).containsExactlyElementsOf(expected);
            assertThat(t.rows(t.at(5))).hasSize(10);
        }
    }

    @Test
    default void the_history_says_that_no_row_changed(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");
            optimize(t, Optimize.Request.standard());

            assertThat(t.lastEntry().operation()).isEqualTo("OPTIMIZE");
            assertThat(t.lastEntry().isolationLevel()).hasValue("SnapshotIsolation");
            assertThat(t.lastEntry().operationParameters())
                    .containsEntry("predicate", "[]")
                    .containsEntry("zOrderBy", "[]");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numRemovedFiles", "2")
                    .containsEntry("numAddedFiles", "1")
                    .containsKeys("numAddedBytes", "numRemovedBytes", "minFileSize", "p50FileSize", "maxFileSize");
            try (Stream<TableCommit> commits = t.reopened().commits(3, 3)) {
                assertThat(commits.toList().get(0).changes()).hasSize(3).allSatisfy(c -> {
                    if (c instanceof FileChange.Add add) {
                        assertThat(add.dataChange()).isFalse();
                    } else {
                        assertThat(((FileChange.Remove) c).dataChange()).isFalse();
                    }
                });
            }
        }
    }

    @Test
    default void a_second_run_with_nothing_new_commits_nothing(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            for (int i = 1; i <= 6; i++) {
                t.append("(" + i + ", 'a', 'd1')");
            }
            // A target that holds two or three of the files, so that packed files would fit into one again.
            long target = 5 * t.files().get(0).fileBytes() / 2;
            Optimize.Request request = Optimize.Request.standard().withTargetFileBytes(target);
            assertThat(optimize(t, request).committed()).isTrue();
            Set<String> packed = t.paths();

            MaintenanceResult again = optimize(t, request);

            assertThat(again.committed()).isFalse();
            assertThat(again.filesAdded()).isZero();
            assertThat(again.version()).isEqualTo(7);
            assertThat(t.version()).isEqualTo(7);
            assertThat(t.paths()).isEqualTo(packed);
        }
    }

    @Test
    default void what_came_since_is_packed_with_what_was(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");
            optimize(t, Optimize.Request.standard());
            t.append("(3, 'c', 'd1')");

            assertThat(optimize(t, Optimize.Request.standard()).filesRemoved()).isEqualTo(2);

            assertThat(t.files()).hasSize(1);
            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d1", "3|c|d1");
        }
    }

    @Test
    default void an_empty_table_and_a_table_of_one_file_are_left_alone(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            assertThat(optimize(t, Optimize.Request.standard()).committed()).isFalse();
            t.append("(1, 'a', 'd1')");
            assertThat(optimize(t, Optimize.Request.standard()).committed()).isFalse();
            assertThat(t.version()).isEqualTo(1);
        }
    }

    @Test
    default void each_partition_is_packed_for_itself(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'x/y'), (2, 'b', NULL)");
            t.append("(3, 'c', 'x/y'), (4, 'd', NULL), (5, 'e', 'alone')");

            MaintenanceResult result = optimize(t, Optimize.Request.standard().withVerify());

            assertThat(result.partitions()).isEqualTo(2);
            assertThat(result.filesRemoved()).isEqualTo(4);
            assertThat(result.filesAdded()).isEqualTo(2);
            assertThat(result.filesKept()).isEqualTo(1);
            assertThat(t.files()).hasSize(3);
            assertThat(t.rows()).containsExactly("1|a|x/y", "2|b|null", "3|c|x/y", "4|d|null", "5|e|alone");
        }
    }

    @Test
    default void a_condition_on_the_partition_limits_it(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd2'), (3, 'c', NULL)");
            t.append("(4, 'a', 'd1'), (5, 'b', 'd2'), (6, 'c', NULL)");
            Expr notD1 =
                    new Expr("day <> 'd1'", "common", Predicate.compare("day", Predicate.Operator.NOT_EQUAL, "d1"));

            MaintenanceResult result = optimize(t, Optimize.Request.standard().withWhere(notD1));

            assertThat(result.partitions()).isEqualTo(1);
            assertThat(t.files()).hasSize(5);
            assertThat(t.lastEntry().operationParameters()).containsEntry("predicate", "[\"day <> 'd1'\"]");
        }
    }

    @Test
    default void a_condition_on_other_columns_is_refused(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Expr id = new Expr("id = 1", "common", Predicate.compare("id", Predicate.Operator.EQUAL, 1L));

            t.assertRefused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> optimize(t, Optimize.Request.standard().withWhere(id)));
            t.assertRefused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> optimize(t, Optimize.Request.standard().withWhere(Expr.of("day LIKE 'd%'"))));
        }
    }

    @Test
    default void the_plan_is_the_dry_run_and_runs_after_it_went_through_json(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");
            Optimize action = new Optimize();

            MaintenancePlan plan = action.plan(t.table(), Map.of("target", "1mb"), t.run());
            assertThat(t.version()).isEqualTo(2);
            assertThat(plan.files()).hasSize(2);
            assertThat(plan.baseVersion()).isEqualTo(2);
            MaintenancePlan read = MaintenancePlan.fromJson(plan.toJson());

            assertThat(action.run(read, t.table(), t.session(), t.run()).filesRemoved())
                    .isEqualTo(2);
        }
    }

    @Test
    default void a_plan_whose_files_went_since_does_nothing(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");
            Optimize action = new Optimize();
            MaintenancePlan plan = action.plan(t.table(), Optimize.Request.standard(), t.run());
            Delete.where(Expr.of("id = 1")).run(t.table(), t.session(), t.run());

            assertThat(action.run(plan, t.table(), t.session(), t.run()).committed())
                    .isFalse();

            assertThat(t.rows()).containsExactly("2|b|d1");
        }
    }

    @Test
    default void an_append_that_lands_while_files_are_packed_stays_and_the_packing_counts(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");
            List<String> once = new ArrayList<>(List.of("(3, 'c', 'd1')"));
            InterposedTable busy = new InterposedTable(t.table(), spec -> {
                if (!once.isEmpty()) {
                    t.append(once.remove(0));
                }
            });
            Optimize action = new Optimize();

            MaintenanceResult result =
                    action.run(action.plan(busy, Optimize.Request.standard(), t.run()), busy, t.session(), t.run());

            assertThat(result.version()).isEqualTo(4);
            assertThat(result.filesRemoved()).isEqualTo(2);
            assertThat(t.files()).hasSize(2);
            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d1", "3|c|d1");
        }
    }

    @Test
    default void a_group_that_lost_a_file_while_it_was_packed_is_dropped_and_the_others_count(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd2')");
            t.append("(3, 'c', 'd1'), (4, 'd', 'd2')");
            List<Delete> once = new ArrayList<>(List.of(Delete.where(Expr.of("id = 1"))));
            InterposedTable busy = new InterposedTable(t.table(), spec -> {
                if (!once.isEmpty()) {
                    once.remove(0).run(t.table(), t.session(), t.run());
                }
            });
            Optimize action = new Optimize();

            MaintenanceResult result =
                    action.run(action.plan(busy, Optimize.Request.standard(), t.run()), busy, t.session(), t.run());

            assertThat(result.filesRemoved()).isEqualTo(2);
            assertThat(t.rows()).containsExactly("2|b|d2", "3|c|d1", "4|d|d2");
            Set<String> known = t.paths();
            // What the dropped group had written is gone; what versions name is still there.
            assertThat(t.filesOnDisk()).hasSize(known.size() + 3);
        }
    }

    @Test
    default void the_target_size_is_the_table_s_own(@TempDir Path folder) {
        TableSpec spec = new TableSpec(
                TestTable.ORDERS, List.of(), List.of(), Map.of("delta.targetFileSize", "1b"), Optional.empty());
        try (TestTable t = TestTable.create(this, folder, spec)) {
            t.append("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");

            assertThat(optimize(t, Optimize.Request.standard()).committed()).isFalse();
        }
    }

    @Test
    default void a_table_of_several_targets_becomes_several_files(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            for (int i = 0; i < 6; i++) {
                Append.of(query("SELECT i AS id, md5(CAST(i AS VARCHAR)) AS name, 'd1' AS day FROM range(" + i * 2_000
                                + ", " + (i + 1) * 2_000 + ") AS r(i)"))
                        .run(t.table(), t.session(), t.run());
            }
            long one = t.files().get(0).fileBytes();
            MultisetHash before = t.hash();

            MaintenanceResult result = optimize(
                    t,
                    Optimize.Request.standard()
                            .withTargetFileBytes(2 * one + one / 2)
                            .withVerify());

            assertThat(result.filesAdded()).isEqualTo(3);
            assertThat(t.hash()).isEqualTo(before);
        }
    }

    @Test
    default void an_unknown_option_is_answered_with_the_nearest(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            TestTable.assertFails(
                    ErrorCode.UNKNOWN_OPTION, () -> new Optimize().plan(t.table(), Map.of("targett", "1mb"), t.run()));
        }
    }

    private static MaintenanceResult optimize(TestTable t, Optimize.Request request) {
        Optimize action = new Optimize();
        return action.run(action.plan(t.table(), request, t.run()), t.table(), t.session(), t.run());
    }
}
