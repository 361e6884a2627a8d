package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.ChangeFeed;
import io.lakeops.change.Delete;
import io.lakeops.change.Upsert;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.Expr;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.recovery.Restore;
import io.lakeops.recovery.RestoreResult;
import io.lakeops.recovery.VersionDiff;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.TableFormat;
import io.lakeops.testkit.ChangeFeedContract;
import io.lakeops.testkit.MemoryFormat;
import io.lakeops.testkit.OperationsSubject;
import io.lakeops.testkit.TestTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operations on files some of whose rows are deleted by a vector. */
class DeletionVectorOperationsTest implements OperationsSubject {
    private final MemoryFormat format = new MemoryFormat();
    private final DuckDbEngine engine = new DuckDbEngine();

    @TempDir
    private Path folder;

    @Override
    public TableFormat format() {
        return format;
    }

    @Override
    public ComputeEngine engine() {
        return engine;
    }

    @Test
    void optimize_takes_deleted_rows_out_even_of_a_file_alone() {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile file = t.appendFile("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1')");
            delete(t, file, 1);
            assertThat(t.rows()).containsExactly("1|a|d1", "3|c|d1");

            MaintenanceResult result = optimize(t);

            assertThat(result.rows()).isEqualTo(2);
            assertThat(result.metrics()).containsEntry("numDeletionVectorsRemoved", "1");
            assertThat(t.rows()).containsExactly("1|a|d1", "3|c|d1");
            assertThat(t.files()).hasSize(1);
            assertThat(t.files().get(0).deletionVector()).isEmpty();
            assertThat(optimize(t).committed()).isFalse();
        }
    }

    @Test
    void optimize_drops_a_file_of_which_no_row_is_left() {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile file = t.appendFile("(1, 'a', 'd1'), (2, 'b', 'd1')");
            delete(t, file, 0, 1);

            MaintenanceResult result = optimize(t);

            assertThat(result.filesRemoved()).isEqualTo(1);
            assertThat(result.filesAdded()).isZero();
            assertThat(t.files()).isEmpty();
            assertThat(t.filesOnDisk()).containsExactly(file.path());
        }
    }

    @Test
    void a_delete_counts_and_keeps_only_live_rows() {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile file = t.appendFile("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1'), (4, 'd', 'd1')");
            delete(t, file, 0);

            assertThat(Delete.where(Expr.of("id <= 2"))
                            .run(t.table(), t.session(), t.run())
                            .deletedRows())
                    .isEqualTo(1);

            assertThat(t.rows()).containsExactly("3|c|d1", "4|d|d1");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numCopiedRows", "2")
                    .containsEntry("numDeletionVectorsRemoved", "1");
        }
    }

    @Test
    void a_deleted_row_s_key_is_inserted_anew() {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile file = t.appendFile("(1, 'a', 'd1'), (2, 'b', 'd1')");
            delete(t, file, 0);

            var result = Upsert.of(TestTable.values("(1, 'A', 'd1'), (2, 'B', 'd1')"), "id")
                    .run(t.table(), t.session(), t.run());

            assertThat(result.insertedRows()).isEqualTo(1);
            assertThat(result.updatedRows()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("1|A|d1", "2|B|d1");
        }
    }

    @Test
    void restore_brings_the_vectors_back_as_they_were() {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile file = t.appendFile("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1')");
            delete(t, file, 0);
            delete(t, t.files().get(0), 0, 1);
            assertThat(t.rows()).containsExactly("3|c|d1");
            assertThat(VersionDiff.between(t.at(2), t.at(3)).rowsGained()).hasValue(-1);

            RestoreResult one = Restore.toVersion(2).run(t.table(), t.run());
            assertThat(t.rows()).containsExactly("2|b|d1", "3|c|d1");
            Restore.toVersion(1).run(t.table(), t.run());
            assertThat(t.rows()).hasSize(3);
            Restore.toVersion(3).run(t.table(), t.run());
            assertThat(t.rows()).containsExactly("3|c|d1");

            assertThat(one.filesRestored()).isEqualTo(1);
            assertThat(one.files()).isEqualTo(1);
        }
    }

    @Test
    void the_rows_that_a_vector_takes_and_gives_back_are_the_changes() {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile file = t.appendFile("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1'), (3, 'c', 'd1')");
            delete(t, file, 0);
            delete(t, t.files().get(0), 1, 2);
            Restore.toVersion(1).run(t.table(), t.run());

            assertThat(ChangeFeedContract.changes(t, ChangeFeed.since(2)))
                    .containsExactly(
                            "1|a|d1 delete 2",
                            "1|a|d1 insert 3",
                            "2|b|d1 delete 3",
                            "2|b|d1 insert 4",
                            "3|c|d1 delete 3",
                            "3|c|d1 insert 4");
        }
    }

    private static void delete(TestTable t, DataFile before, long... positions) {
        DataFile after = new DataFile(
                before.path(),
                before.location(),
                before.partitionValues(),
                before.fileBytes(),
                before.modificationTime(),
                before.statistics(),
                Optional.of(MemoryFormat.vector(positions)),
                before.tags(),
                before.rowTracking());
        t.table()
                .commit(
                        t.latest(),
                        CommitSpec.of(
                                new Operation("DELETE", Map.of(), Map.of()),
                                new Reads.WholeTable(),
                                List.of(new FileChange.ReplaceVector(before, after))));
    }

    private static MaintenanceResult optimize(TestTable t) {
        Optimize action = new Optimize();
        return action.run(
                action.plan(t.table(), Optimize.Request.standard(), t.run()), t.table(), t.session(), t.run());
    }
}
