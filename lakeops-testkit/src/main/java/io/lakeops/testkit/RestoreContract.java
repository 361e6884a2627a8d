package io.lakeops.testkit;

import static io.lakeops.testkit.TestTable.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.change.Append;
import io.lakeops.change.Delete;
import io.lakeops.engine.Expr;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.Optimize;
import io.lakeops.maintenance.Vacuum;
import io.lakeops.recovery.Restore;
import io.lakeops.recovery.RestorePoint;
import io.lakeops.recovery.RestorePoints;
import io.lakeops.recovery.RestoreResult;
import io.lakeops.recovery.VersionDiff;
import io.lakeops.table.DataFile;
import io.lakeops.table.SnapshotSelector;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RESTORE, and what differs between versions, on every pair of format and engine. */
public interface RestoreContract extends OperationsSubject {
    @Test
    default void an_accidental_delete_is_taken_back(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            t.append("(3, 'c', 'd1')");
            long bytes = t.files().stream().mapToLong(DataFile::fileBytes).sum();
            Delete.where(Expr.of("id <= 2 AND name = 'a'")).run(t.table(), t.session(), t.run());

            RestoreResult result = Restore.toVersion(2).run(t.table(), t.run());

            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d1", "3|c|d1");
            assertThat(result.committed()).isTrue();
            assertThat(result.version()).isEqualTo(4);
            assertThat(result.restoredVersion()).isEqualTo(2);
            assertThat(result.files()).isEqualTo(2);
            assertThat(result.tableBytes()).isEqualTo(bytes);
            assertThat(result.filesRestored()).isEqualTo(1);
            assertThat(result.filesRemoved()).isEqualTo(1);
            assertThat(t.lastEntry().operation()).isEqualTo("RESTORE");
            assertThat(t.lastEntry().operationParameters()).containsEntry("version", "2");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numRestoredFiles", "1")
                    .containsEntry("numRemovedFiles", "1")
                    .containsEntry("numOfFilesAfterRestore", "2")
                    .containsEntry("tableSizeAfterRestore", Long.toString(bytes))
                    .containsEntry("restoredFilesSize", Long.toString(result.bytesRestored()))
                    .containsEntry("removedFilesSize", Long.toString(result.bytesRemoved()));
            assertThat(t.rows(t.at(3))).containsExactly("2|b|d1", "3|c|d1");
        }
    }

    @Test
    default void a_table_is_taken_back_to_an_instant(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Instant then = t.latest().timestamp();
            while (!context().clock().instant().isAfter(then.plusMillis(2))) {
                Thread.onSpinWait();
            }
            t.append("(2, 'b', 'd1')");

            RestoreResult result = Restore.toInstant(then.plusMillis(1)).run(t.table(), t.run());

            assertThat(result.restoredVersion()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("1|a|d1");
            assertThat(t.lastEntry().operationParameters()).containsKey("timestamp");
        }
    }

    @Test
    default void the_schema_comes_back_too(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Append.of(query("SELECT 2 AS id, 'b' AS name, 'd1' AS day, 'late' AS reason"))
                    .withNewColumns()
                    .run(t.table(), t.session(), t.run());
            assertThat(t.latest().schema().names()).contains("reason");

            Restore.toVersion(1).run(t.table(), t.run());

            assertThat(t.latest().schema()).isEqualTo(t.at(1).schema());
            assertThat(t.rows()).containsExactly("1|a|d1");
            Restore.toVersion(2).run(t.table(), t.run());
            assertThat(t.rows()).containsExactly("1|a|d1|null", "2|b|d1|late");
        }
    }

    @Test
    default void a_restore_to_the_newest_version_makes_none(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");

            RestoreResult result = Restore.toVersion(1).run(t.table(), t.run());

            assertThat(result.committed()).isFalse();
            assertThat(result.version()).isEqualTo(1);
            assertThat(result.files()).isEqualTo(1);
            assertThat(t.version()).isEqualTo(1);
        }
    }

    @Test
    default void a_restore_to_the_empty_table_empties_it(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");

            Restore.toVersion(0).run(t.table(), t.run());

            assertThat(t.rows()).isEmpty();
            Restore.toVersion(1).run(t.table(), t.run());
            assertThat(t.rows()).containsExactly("1|a|d1");
        }
    }

    @Test
    default void after_a_vacuum_it_is_refused_naming_the_files(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile gone = t.appendFile("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");
            Optimize optimize = new Optimize();
            optimize.run(
                    optimize.plan(t.table(), Optimize.Request.standard(), t.run()), t.table(), t.session(), t.run());
            Vacuum vacuum = new Vacuum();
            vacuum.run(
                    vacuum.plan(t.table(), Vacuum.Request.standard(), t.runAfter(Duration.ofDays(8))),
                    t.table(),
                    t.session(),
                    t.runAfter(Duration.ofDays(8)));
            long version = t.version();

            assertThatThrownBy(() -> Restore.toVersion(1).run(t.table(), t.run()))
                    .isInstanceOfSatisfying(LakeException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.RESTORE_FILES_MISSING);
                        assertThat(e.getMessage()).contains(gone.path());
                    });

            assertThat(t.version()).isEqualTo(version);
            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d1");
            Restore.toVersion(3).run(t.table(), t.run());
            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d1");
        }
    }

    @Test
    default void a_version_that_never_was_is_refused(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.assertRefused(
                    ErrorCode.VERSION_NOT_FOUND, () -> Restore.toVersion(9).run(t.table(), t.run()));
            t.assertRefused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> new Restore(SnapshotSelector.latest(), java.util.Optional.empty()).run(t.table(), t.run()));
        }
    }

    @Test
    default void two_versions_differ_by_their_files(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile first = t.appendFile("(1, 'a', 'd1'), (2, 'b', 'd1')");
            DataFile second = t.appendFile("(3, 'c', 'd1')");
            Delete.where(Expr.of("id = 1")).run(t.table(), t.session(), t.run());

            VersionDiff diff = VersionDiff.between(t.at(1), t.at(3));

            assertThat(diff.removed().stream().map(DataFile::path)).containsExactly(first.path());
            assertThat(diff.added()).hasSize(2);
            assertThat(diff.added().stream().map(DataFile::path)).contains(second.path());
            assertThat(diff.rowsGained()).hasValue(0);
            assertThat(diff.definitionChanged()).isFalse();
            assertThat(VersionDiff.between(t.at(3), t.at(1)).rowsGained()).hasValue(0);
            assertThat(VersionDiff.between(t.at(1), t.at(2)).rowsGained()).hasValue(1);
            assertThat(VersionDiff.between(t.at(2), t.at(2)).isEmpty()).isTrue();
        }
    }

    @Test
    default void every_version_tells_whether_it_can_come_back_and_until_when(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            DataFile first = t.appendFile("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");
            Delete.where(Expr.of("id = 1")).run(t.table(), t.session(), t.run());

            List<RestorePoint> points = RestorePoints.of(t.reopened());

            Instant taken = t.at(3).timestamp().plus(Duration.ofDays(7));
            assertThat(points).extracting(RestorePoint::version).containsExactly(0L, 1L, 2L, 3L);
            assertThat(points).allMatch(RestorePoint::isWhole);
            assertThat(points.get(0).until()).contains(t.at(0).timestamp().plus(Duration.ofDays(30)));
            assertThat(points.get(1).until()).contains(taken);
            assertThat(points.get(2).until()).contains(taken);
            assertThat(points.get(3).until()).isEmpty();

            Duration wait = Duration.between(t.run().context().clock().instant(), taken);
            vacuum(t, wait.minusSeconds(60));
            assertThat(RestorePoints.of(t.reopened())).allMatch(RestorePoint::isWhole);
            vacuum(t, wait.plusSeconds(60));

            points = RestorePoints.of(t.reopened());
            assertThat(points.get(1).missing()).containsExactly(first.path());
            assertThat(points.get(2).missingFiles()).isEqualTo(1);
            assertThat(points.get(0).isWhole()).isTrue();
            assertThat(points.get(3).isWhole()).isTrue();
        }
    }

    @Test
    default void what_came_back_is_needed_again(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Delete.where(Expr.of("id = 1")).run(t.table(), t.session(), t.run());
            Restore.toVersion(1).run(t.table(), t.run());

            List<RestorePoint> points = RestorePoints.of(t.reopened());

            assertThat(points.get(1).until()).contains(t.at(1).timestamp().plus(Duration.ofDays(30)));
            assertThat(points.get(3).until()).isEmpty();
        }
    }

    private static void vacuum(TestTable t, Duration later) {
        Vacuum action = new Vacuum();
        action.run(
                action.plan(t.reopened(), new Vacuum.Request(Optional.empty(), false), t.runAfter(later)),
                t.reopened(),
                t.runAfter(later));
    }
}
