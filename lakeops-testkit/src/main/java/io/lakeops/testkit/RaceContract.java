package io.lakeops.testkit;

import static io.lakeops.testkit.TestTable.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.change.Delete;
import io.lakeops.change.Upsert;
import io.lakeops.context.LakeEvent;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Session;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.CommitOutcomeUnknownException;
import io.lakeops.error.ErrorCode;
import io.lakeops.maintenance.Vacuum;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Sequence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other writers and crashes, on every pair of format and engine. */
public interface RaceContract extends OperationsSubject {
    @Test
    default void a_delete_that_meets_a_commit_is_planned_again_on_the_newest_version(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            List<String> once = new ArrayList<>(List.of("(3, 'a', 'd1'), (4, 'b', 'd1')"));
            LakeTable busy = new InterposedTable(t.table(), spec -> {
                if (!once.isEmpty()) {
                    Upsert.of(values(once.remove(0)), "id").run(t.table(), t.session(), t.run());
                }
            });

            ChangeResult result = Delete.where(Expr.of("name = 'a'")).run(busy, t.session(), t.run());

            assertThat(result.version()).isEqualTo(3);
            assertThat(result.deletedRows()).isEqualTo(2);
            assertThat(t.rows()).containsExactly("2|b|d1", "4|b|d1");
            assertThat(t.events()).contains(new LakeEvent.Retrying("bronze.orders", "DELETE", 1, 2));
            // Two appends and two rewritten files: what the lost attempt had written is gone.
            assertThat(t.filesOnDisk()).hasSize(2 + t.files().size());
        }
    }

    @Test
    default void a_delete_stands_on_an_append_that_it_did_not_see(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            List<String> once = new ArrayList<>(List.of("(3, 'a', 'd1'), (4, 'b', 'd1')"));
            LakeTable busy = new InterposedTable(t.table(), spec -> {
                if (!once.isEmpty()) {
                    t.append(once.remove(0));
                }
            });

            ChangeResult result = Delete.where(Expr.of("name = 'a'")).run(busy, t.session(), t.run());

            assertThat(result.version()).isEqualTo(3);
            assertThat(result.deletedRows()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("2|b|d1", "3|a|d1", "4|b|d1");
            assertThat(t.lastEntry().readVersion()).hasValue(1);
        }
    }

    @Test
    default void an_upsert_that_meets_another_updates_what_the_other_inserted(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            List<Upsert> once = new ArrayList<>(List.of(Upsert.of(values("(1, 'theirs', 'd1')"), "id")));
            LakeTable busy = new InterposedTable(t.table(), spec -> {
                if (!once.isEmpty()) {
                    once.remove(0).run(t.table(), t.session(), t.run());
                }
            });

            ChangeResult result = Upsert.of(values("(1, 'ours', 'd1'), (2, 'ours', 'd1')"), "id")
                    .run(busy, t.session(), t.run());

            assertThat(result.updatedRows()).isEqualTo(1);
            assertThat(result.insertedRows()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("1|ours|d1", "2|ours|d1");
        }
    }

    @Test
    default void without_time_for_another_try_the_conflict_is_final_and_leaves_no_file(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            int[] rival = {10};
            LakeTable busy = new InterposedTable(
                    t.table(),
                    spec -> Upsert.of(values("(" + rival[0]++ + ", 'rival', 'd1')"), "id")
                            .run(t.table(), t.session(), t.run()));

            assertThatThrownBy(() -> Delete.where(Expr.of("name = 'a'"))
                            .run(busy, t.session(), t.run().withCommitTimeout(Duration.ZERO)))
                    .isInstanceOfSatisfying(CommitConflictException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_CONFLICT);
                        assertThat(e.winner().version()).isEqualTo(2);
                    });
            assertThatThrownBy(() -> Delete.where(Expr.of("name = 'a'"))
                            .run(busy, t.session(), t.run().withCommitTimeout(Duration.ofMillis(60))))
                    .isInstanceOf(CommitConflictException.class);

            assertThat(t.rows()).contains("1|a|d1");
            assertThat(t.filesOnDisk()).isEqualTo(t.paths());
        }
    }

    @Test
    default void of_two_loads_with_one_sequence_one_lands(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            Append load = Append.of(values("(1, 'a', 'd1')")).withOnce(new Sequence("loader", 1));
            List<Append> once = new ArrayList<>(List.of(load));
            LakeTable busy = new InterposedTable(t.table(), spec -> {
                if (!once.isEmpty()) {
                    once.remove(0).run(t.table(), t.session(), t.run());
                }
            });

            ChangeResult second = load.run(busy, t.session(), t.run());

            assertThat(second.outcome()).isEqualTo(ChangeResult.Outcome.ALREADY_DONE);
            assertThat(t.rows()).containsExactly("1|a|d1");
            assertThat(t.filesOnDisk()).isEqualTo(t.paths());
        }
    }

    @Test
    default void killed_between_write_and_commit_the_table_is_as_it_was_and_vacuum_cleans_up(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            LakeTable dying = new InterposedTable(t.table(), spec -> {
                throw new Killed();
            });

            assertThatThrownBy(() -> Delete.where(Expr.of("id = 1")).run(dying, t.session(), t.run()))
                    .isInstanceOf(Killed.class);

            assertThat(t.version()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d1");
            Set<String> orphans = t.filesOnDisk();
            orphans = new java.util.HashSet<>(orphans);
            orphans.removeAll(t.paths());
            assertThat(orphans).hasSize(1);
            Delete.where(Expr.of("id = 1")).run(t.table(), t.session(), t.run());
            assertThat(t.rows()).containsExactly("2|b|d1");
            Vacuum vacuum = new Vacuum();
            vacuum.run(
                    vacuum.plan(t.table(), Vacuum.Request.standard(), t.runAfter(Duration.ofDays(8))),
                    t.table(),
                    t.session(),
                    t.runAfter(Duration.ofDays(8)));
            assertThat(t.filesOnDisk()).isEqualTo(t.paths());
        }
    }

    @Test
    default void where_the_outcome_is_not_known_no_file_is_deleted(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            LakeTable torn = new InterposedTable(t.table(), spec -> {
                throw new CommitOutcomeUnknownException("the disk went away", Map.of("version", 1), new Killed());
            });

            TestTable.assertFails(
                    ErrorCode.COMMIT_OUTCOME_UNKNOWN,
                    () -> Append.of(values("(1, 'a', 'd1')")).run(torn, t.session(), t.run()));

            assertThat(t.filesOnDisk()).hasSize(1);
        }
    }

    @Test
    default void a_cancelled_operation_leaves_nothing(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            io.lakeops.context.Cancellation cancelled = new io.lakeops.context.Cancellation();
            cancelled.cancel();

            t.assertRefused(
                    ErrorCode.CANCELLED,
                    () -> Delete.where(Expr.of("id = 1"))
                            .run(t.table(), t.session(), t.run().withCancellation(cancelled)));
        }
    }

    @Test
    default void writers_side_by_side_lose_and_double_no_row(@TempDir Path folder)
            throws InterruptedException, ExecutionException, TimeoutException {
        int perWriter = 5;
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(0, 'counter', 'd1')");
            ExecutorService threads = Executors.newFixedThreadPool(3);
            try {
                List<Future<?>> running = new ArrayList<>();
                running.add(threads.submit(() -> each(
                        t,
                        folder.resolve("s1"),
                        perWriter,
                        (session, i) -> Append.of(values("(" + (100 + i) + ", 'appended', 'd1')"))
                                .run(t.reopened(), session, t.run()))));
                running.add(threads.submit(() -> each(
                        t,
                        folder.resolve("s2"),
                        perWriter,
                        (session, i) -> Upsert.of(
                                        values("(" + (200 + i) + ", 'put', 'd1'), (0, 'counter " + i + "', 'd1')"),
                                        "id")
                                .run(t.reopened(), session, t.run()))));
                running.add(threads.submit(() -> each(t, folder.resolve("s3"), perWriter, (session, i) -> {
                    Append.of(values("(" + (300 + i) + ", 'passing', 'd1')")).run(t.reopened(), session, t.run());
                    Delete.where(Expr.of("name = 'passing'")).run(t.reopened(), session, t.run());
                })));
                for (Future<?> writer : running) {
                    writer.get(120, TimeUnit.SECONDS);
                }
            } finally {
                threads.shutdownNow();
            }

            List<String> expected = new ArrayList<>(List.of("0|counter " + (perWriter - 1) + "|d1"));
            for (int i = 0; i < perWriter; i++) {
                expected.add((100 + i) + "|appended|d1");
                expected.add((200 + i) + "|put|d1");
            }
            assertThat(t.rows()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(t.version()).isEqualTo(1 + perWriter * 4L);
        }
    }

    private void each(TestTable t, Path spill, int times, Writer writer) {
        try (Session session = engine().open(new EngineOptions(128L << 20, 1, spill), context())) {
            for (int i = 0; i < times; i++) {
                writer.write(session, i);
            }
        }
        assertThat(t.version()).isPositive();
    }

    /** One write of a writer. */
    @FunctionalInterface
    interface Writer {
        void write(Session session, int number);
    }

    /** What the end of the process is to a commit. */
    final class Killed extends Error {
        Killed() {
            super("killed");
        }
    }
}
