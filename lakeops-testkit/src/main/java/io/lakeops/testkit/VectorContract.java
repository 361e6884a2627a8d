package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.ChangeResult;
import io.lakeops.change.Delete;
import io.lakeops.change.Merge;
import io.lakeops.change.Update;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.error.ErrorCode;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.recovery.Restore;
import io.lakeops.table.DataFile;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of tables that ask for deletion vectors: no row that stays is written again. */
public interface VectorContract extends OperationsSubject {
    private TestTable withVectors(Path folder, String... partitions) {
        return TestTable.create(
                this,
                folder,
                new TableSpec(
                        TestTable.ORDERS,
                        List.of(partitions),
                        List.of(),
                        Map.of("delta.enableDeletionVectors", "true"),
                        Optional.empty()));
    }

    @Test
    default void a_delete_masks_rows_removes_whole_files_and_writes_none(@TempDir Path folder) {
        try (TestTable t = withVectors(folder)) {
            DataFile some = t.appendFile("(1, 'a', 'd1'), (2, NULL, 'd1'), (3, 'c', 'd1'), (4, 'a', 'd1')");
            DataFile all = t.appendFile("(5, 'a', 'd2'), (6, 'a', 'd2')");
            DataFile none = t.appendFile("(7, 'z', 'd3')");
            Set<String> onDisk = t.filesOnDisk();

            ChangeResult result = Delete.where(Expr.of("name = 'a'")).run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("2|null|d1", "3|c|d1", "7|z|d3");
            assertThat(result.deletedRows()).isEqualTo(4);
            assertThat(result.filesRemoved()).isEqualTo(1);
            assertThat(result.filesAdded()).isZero();
            assertThat(t.paths()).containsExactlyInAnyOrder(some.path(), none.path());
            assertThat(t.filesOnDisk()).isEqualTo(onDisk).contains(all.path());
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numDeletedRows", "4")
                    .containsEntry("numCopiedRows", "0")
                    .containsEntry("numRemovedFiles", "1")
                    .containsEntry("numAddedFiles", "0")
                    .containsEntry("numDeletionVectorsAdded", "1")
                    .containsEntry("numDeletionVectorsUpdated", "0")
                    .containsEntry("numDeletionVectorsRemoved", "0");
        }
    }

    @Test
    default void a_second_delete_keeps_what_the_first_deleted_and_counts_what_it_finds(@TempDir Path folder) {
        try (TestTable t = withVectors(folder)) {
            DataFile file = t.appendFile("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1'), (4, 'd', 'd1')");
            Delete.where(Expr.of("id = 1")).run(t.table(), t.session(), t.run());

            ChangeResult second = Delete.where(Expr.of("id <= 2")).run(t.table(), t.session(), t.run());

            assertThat(second.deletedRows()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("3|c|d1", "4|d|d1");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numDeletionVectorsAdded", "1")
                    .containsEntry("numDeletionVectorsUpdated", "1")
                    .containsEntry("numDeletionVectorsRemoved", "1");
            assertThat(Delete.where(Expr.of("id <= 2"))
                            .run(t.table(), t.session(), t.run())
                            .outcome())
                    .isEqualTo(ChangeResult.Outcome.NOTHING_TO_DO);

            ChangeResult last = Delete.where(Expr.of("id < 100")).run(t.table(), t.session(), t.run());

            assertThat(last.deletedRows()).isEqualTo(2);
            assertThat(t.files()).isEmpty();
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numRemovedFiles", "1")
                    .containsEntry("numDeletionVectorsAdded", "0")
                    .containsEntry("numDeletionVectorsRemoved", "1");
            assertThat(t.filesOnDisk()).containsExactly(file.path());
        }
    }

    @Test
    default void rows_are_masked_in_files_of_many_blocks_and_partitions(@TempDir Path folder) {
        try (TestTable t = withVectors(folder, "day")) {
            io.lakeops.change.Append.of(TestTable.query(
                            "SELECT i AS id, 'n' || i % 7 AS name, 'd' || i % 3 AS day FROM" + " range(20000) AS r(i)"))
                    .run(t.table(), t.session(), t.run());
            assertThat(t.files()).hasSize(3);

            ChangeResult result =
                    Delete.where(Expr.of("name = 'n3' OR id IN (0, 19999)")).run(t.table(), t.session(), t.run());

            assertThat(result.deletedRows()).isEqualTo(2859);
            assertThat(t.files())
                    .hasSize(3)
                    .allSatisfy(f -> assertThat(f.deletionVector()).isPresent());
            assertThat(t.session()
                            .rows(
                                    TestTable.query("SELECT count(*) AS n, sum(i) AS s FROM range(20000) AS r(i) WHERE"
                                            + " NOT (i % 7 = 3 OR i IN (0, 19999))"),
                                    1,
                                    new io.lakeops.context.Cancellation())
                            .rows()
                            .toString())
                    .isEqualTo("[[" + t.rows().size() + ", "
                            + t.rows().stream()
                                    .mapToLong(row -> Long.parseLong(row.substring(0, row.indexOf('|'))))
                                    .sum()
                            + "]]");
        }
    }

    @Test
    default void an_update_masks_the_old_rows_and_writes_the_new_ones_alone(@TempDir Path folder) {
        try (TestTable t = withVectors(folder, "day")) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, NULL, 'd1')");
            t.append("(4, 'a', 'd2')");
            Set<String> before = t.paths();

            ChangeResult result = Update.where(
                            Expr.of("name = 'a'"),
                            new Assignment("id", Expr.of("id + 100")),
                            new Assignment("day", Expr.of("'moved from ' || day")))
                    .run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("101|a|moved from d1", "104|a|moved from d2", "2|b|d1", "3|null|d1");
            assertThat(result.updatedRows()).isEqualTo(2);
            assertThat(result.filesAdded()).isEqualTo(2);
            assertThat(result.filesRemoved()).isEqualTo(1);
            assertThat(t.paths()).hasSize(3).filteredOn(before::contains).hasSize(1);
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numUpdatedRows", "2")
                    .containsEntry("numCopiedRows", "0")
                    .containsEntry("numAddedFiles", "2")
                    .containsEntry("numRemovedFiles", "1")
                    .containsEntry("numDeletionVectorsAdded", "1");
        }
    }

    @Test
    default void an_update_of_all_rows_leaves_no_vector(@TempDir Path folder) {
        try (TestTable t = withVectors(folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1')");
            Delete.where(Expr.of("id = 2")).run(t.table(), t.session(), t.run());

            assertThat(Update.all(new Assignment("name", Expr.of("'x'")))
                            .run(t.table(), t.session(), t.run())
                            .updatedRows())
                    .isEqualTo(2);

            assertThat(t.rows()).containsExactly("1|x|d1", "3|x|d1");
            assertThat(t.files()).allSatisfy(f -> assertThat(f.deletionVector()).isEmpty());
        }
    }

    @Test
    default void a_change_that_is_refused_leaves_no_vector_and_no_file(@TempDir Path folder) {
        try (TestTable t = withVectors(folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            Set<String> before = t.everything();

            t.assertRefused(
                    ErrorCode.SCHEMA_MISMATCH,
                    () -> Update.where(Expr.of("id = 1"), new Assignment("id", Expr.of("name")))
                            .run(t.table(), t.session(), t.run()));

            assertThat(t.everything()).isEqualTo(before);
        }
    }

    @Test
    default void optimize_takes_the_masked_rows_out_and_restore_brings_them_back(@TempDir Path folder) {
        try (TestTable t = withVectors(folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1')");
            t.append("(4, 'd', 'd1'), (5, 'e', 'd1')");
            Delete.where(Expr.of("id IN (1, 4)")).run(t.table(), t.session(), t.run());
            Optimize optimize = new Optimize();

            MaintenanceResult packed = optimize.run(
                    optimize.plan(t.table(), Optimize.Request.standard(), t.run()), t.table(), t.session(), t.run());

            assertThat(packed.metrics()).containsEntry("numDeletionVectorsRemoved", "2");
            assertThat(t.files())
                    .hasSize(1)
                    .allSatisfy(f -> assertThat(f.deletionVector()).isEmpty());
            assertThat(t.rows()).containsExactly("2|b|d1", "3|c|d1", "5|e|d1");

            Restore.toVersion(3).run(t.table(), t.run());
            assertThat(t.rows()).containsExactly("2|b|d1", "3|c|d1", "5|e|d1");
            assertThat(t.files())
                    .hasSize(2)
                    .allSatisfy(f -> assertThat(f.deletionVector()).isPresent());
            Restore.toVersion(2).run(t.table(), t.run());
            assertThat(t.rows()).hasSize(5);
            assertThat(t.rows(t.at(3))).containsExactly("2|b|d1", "3|c|d1", "5|e|d1");
        }
    }

    @Test
    default void a_merge_masks_what_it_updates_and_deletes_and_writes_only_new_rows(@TempDir Path folder) {
        try (TestTable t = withVectors(folder, "day")) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1'), (NULL, 'n', 'd1')");
            t.append("(4, 'd', 'd2')");
            Delete.where(Expr.of("id = 3")).run(t.table(), t.session(), t.run());
            Merge merge = Merge.of(
                    TestTable.values("(1, 'put', 'd9'), (2, 'gone', 'd1'), (3, 'new', 'd1'), (4, 'gone', 'd2')"),
                    Expr.of("t.id = s.id"),
                    new Clause(When.MATCHED, Optional.of(Expr.of("s.name = 'gone'")), new MergeRequest.Delete()),
                    new Clause(When.MATCHED, Optional.empty(), new MergeRequest.SetAll()),
                    new Clause(When.NOT_MATCHED, Optional.empty(), new MergeRequest.InsertAll()));

            ChangeResult result = merge.run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("1|put|d9", "3|new|d1", "null|n|d1");
            assertThat(result.insertedRows()).isEqualTo(1);
            assertThat(result.updatedRows()).isEqualTo(1);
            assertThat(result.deletedRows()).isEqualTo(2);
            assertThat(result.filesRemoved()).isEqualTo(1);
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numTargetRowsCopied", "0")
                    .containsEntry("numOutputRows", "2")
                    .containsEntry("numTargetFilesRemoved", "1")
                    .containsEntry("numTargetFilesAdded", "2")
                    .containsEntry("numTargetDeletionVectorsAdded", "1")
                    .containsEntry("numTargetDeletionVectorsUpdated", "1")
                    .containsEntry("numTargetDeletionVectorsRemoved", "1");
        }
    }

    @Test
    default void a_merge_of_rows_that_no_source_row_matches_masks_them_too(@TempDir Path folder) {
        try (TestTable t = withVectors(folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1'), (4, 'd', 'd1')");

            Merge.of(
                            TestTable.values("(1, 'x', 'd1')"),
                            Expr.of("t.id = s.id"),
                            new Clause(
                                    When.NOT_MATCHED_BY_SOURCE,
                                    Optional.of(Expr.of("t.id = 2")),
                                    new MergeRequest.Delete()),
                            new Clause(
                                    When.NOT_MATCHED_BY_SOURCE,
                                    Optional.of(Expr.of("t.id = 3")),
                                    new MergeRequest.Set(List.of(new Assignment("name", Expr.of("'lone'"))))))
                    .run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("1|a|d1", "3|lone|d1", "4|d|d1");
            assertThat(t.files()).hasSize(2);
        }
    }

    @Test
    default void a_merge_that_fails_leaves_no_vector_and_no_file(@TempDir Path folder) {
        try (TestTable t = withVectors(folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            Set<String> before = t.everything();

            t.assertRefused(
                    ErrorCode.SCHEMA_MISMATCH,
                    () -> Merge.of(
                                    TestTable.values("(1, 'x', 'd1')"),
                                    Expr.of("t.id = s.id"),
                                    new Clause(
                                            When.MATCHED,
                                            Optional.empty(),
                                            new MergeRequest.Set(List.of(new Assignment("id", Expr.of("s.name"))))))
                            .run(t.table(), t.session(), t.run()));

            assertThat(t.everything()).isEqualTo(before);
        }
    }
}
