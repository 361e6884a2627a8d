package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.CommitConflictException;
import io.lakeops.error.LakeException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Reads;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableCommit;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several threads, and several processes, on one table of one disk. */
class ManyWritersTest {
    private static final int PROCESSES = 4;
    private static final int APPENDS = 50;

    @TempDir
    Path folder;

    @Test
    void four_processes_append_fifty_times_each_and_nothing_is_lost() throws Exception {
        LakeTable table = Tables.create(folder.resolve("a table"), Tables.IDS, Map.of());
        List<Process> writers = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            writers.add(child(Appender.class, "writer" + i, Integer.toString(APPENDS)));
        }
        for (Process writer : writers) {
            assertThat(writer.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(writer.exitValue()).isZero();
        }

        Snapshot snapshot = Tables.latest(table);
        assertThat(snapshot.version()).isEqualTo(PROCESSES * APPENDS);
        List<DataFile> files = snapshot.scan().files();
        Set<String> expected = new HashSet<>();
        for (int writer = 0; writer < PROCESSES; writer++) {
            for (int i = 0; i < APPENDS; i++) {
                expected.add("writer" + writer + "-" + i + ".parquet");
            }
        }
        assertThat(files.stream().map(DataFile::path).toList()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(files).allSatisfy(file -> assertThat(file.location()).hasSize(file.fileBytes()));
        try (Stream<TableCommit> commits = table.commits(1, PROCESSES * APPENDS)) {
            assertThat(commits.map(c -> c.changes().size())).allMatch(n -> n == 1);
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void threads_that_append_at_once_all_land() throws Exception {
        LakeTable table = Tables.create(folder.resolve("a table"), Tables.IDS, Map.of());

        List<CommitResult> results = together(8, i -> {
            CommitResult last = null;
            for (int n = 0; n < 10; n++) {
                last = Tables.append(
                        table, Tables.file(table, "t" + i + "-" + n + ".parquet", Map.of(), Optional.empty()));
            }
            return java.util.Objects.requireNonNull(last);
        });

        assertThat(results).hasSize(8);
        assertThat(Tables.latest(table).version()).isEqualTo(80);
        assertThat(Tables.latest(table).scan().files()).hasSize(80);
    }

    @Test
    void of_many_that_bring_the_same_batch_one_lands() throws Exception {
        LakeTable table = Tables.create(folder.resolve("a table"), Tables.IDS, Map.of());
        Snapshot base = Tables.latest(table);

        List<CommitResult> results = together(
                8,
                i -> table.commit(
                        base,
                        CommitSpec.append(
                                        Tables.WRITE,
                                        List.of(Tables.file(table, "t" + i + ".parquet", Map.of(), Optional.empty())))
                                .withOnce(new Sequence("loader", 1))));

        assertThat(results.stream().filter(CommitResult.Committed.class::isInstance))
                .hasSize(1);
        assertThat(results.stream().filter(CommitResult.AlreadyDone.class::isInstance))
                .hasSize(7);
        assertThat(Tables.latest(table).scan().files()).hasSize(1);
    }

    @Test
    void of_many_that_rewrite_the_same_file_one_lands_and_the_others_know_who_won() throws Exception {
        LakeTable table = Tables.create(folder.resolve("a table"), Tables.IDS, Map.of());
        DataFile a = Tables.file(table, 5);
        Tables.append(table, a);
        Snapshot base = Tables.latest(table);

        List<Optional<Long>> winners = together(8, i -> {
            try {
                table.commit(
                        base,
                        CommitSpec.of(
                                Tables.DELETE,
                                new Reads.WholeTable(),
                                List.of(
                                        new FileChange.Remove(a, true),
                                        new FileChange.Add(
                                                Tables.file(table, "t" + i + ".parquet", Map.of(), Optional.empty()),
                                                true))));
                return Optional.<Long>empty();
            } catch (CommitConflictException e) {
                assertThat(e).hasMessageContaining("DELETE");
                return Optional.of(e.winner().version());
            }
        });

        assertThat(winners.stream().filter(Optional::isEmpty)).hasSize(1);
        assertThat(winners.stream().flatMap(Optional::stream)).hasSize(7).allMatch(v -> v == 2);
        assertThat(Tables.latest(table).scan().files()).hasSize(1);
        assertThat(Tables.latest(table).version()).isEqualTo(2);
    }

    @Test
    void of_many_creators_one_makes_the_table() throws Exception {
        List<Boolean> made = together(8, i -> {
            try {
                Tables.create(folder.resolve("a table"), Tables.IDS, Map.of());
                return true;
            } catch (LakeException e) {
                assertThat(e.code()).isEqualTo(io.lakeops.error.ErrorCode.TABLE_ALREADY_EXISTS);
                return false;
            }
        });

        assertThat(made.stream().filter(m -> m)).hasSize(1);
        assertThat(Tables.latest(Tables.open(folder.resolve("a table"))).version())
                .isZero();
    }

    @Test
    void a_process_that_dies_before_the_commit_leaves_the_old_version() throws Exception {
        LakeTable table = Tables.create(folder.resolve("a table"), Tables.IDS, Map.of());
        Tables.append(table, Tables.file(table, 1));

        Process writer = child(Dying.class, "orphan", "0");
        assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(writer.exitValue()).isEqualTo(Dying.EXIT);
        assertThat(table.location().root().resolve("orphan-0.parquet")).exists();
        Snapshot snapshot = Tables.latest(table);
        assertThat(snapshot.version()).isEqualTo(1);
        assertThat(snapshot.scan().files()).hasSize(1);
        Tables.append(table, Tables.file(table, 1));
        assertThat(Tables.latest(table).version()).isEqualTo(2);
    }

    @Test
    void a_stale_base_whose_successor_was_cleaned_up_conflicts_instead_of_landing_in_the_past() throws Exception {
        LakeTable table = Tables.create(folder.resolve("a table"), Tables.IDS, Map.of());
        Snapshot stale = Tables.latest(table);
        for (int i = 0; i < 3; i++) {
            Tables.append(table, Tables.file(table, 1));
        }
        Files.delete(folder.resolve("a table/_delta_log/00000000000000000001.json"));
        DataFile file = Tables.file(Tables.open(folder.resolve("a table")), "x.parquet", Map.of(), Optional.empty());

        assertThatThrownBy(() -> table.commit(stale, CommitSpec.append(Tables.WRITE, List.of(file))))
                .isInstanceOf(CommitConflictException.class);

        assertThat(folder.resolve("a table/_delta_log/00000000000000000001.json"))
                .doesNotExist();
    }

    private List<String> leftovers() throws Exception {
        try (Stream<Path> log = Files.list(folder.resolve("a table/_delta_log"))) {
            return log.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.matches("\\d{20}\\.(json|crc|checkpoint\\.parquet)|_last_checkpoint"))
                    .toList();
        }
    }

    private interface Task<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> together(int threads, Task<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                calls.add(() -> task.run(number));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(calls, 60, TimeUnit.SECONDS)) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    private Process child(Class<?> main, String name, String count) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .collect(Collectors.joining(File.pathSeparator)),
                main.getName(),
                folder.resolve("a table").toString(),
                name,
                count);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
    }

    /** A process that appends. */
    static final class Appender {
        private Appender() {}

        public static void main(String[] arguments) {
            LakeTable table = Tables.open(Path.of(arguments[0]));
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                Tables.append(
                        table, Tables.file(table, arguments[1] + "-" + i + ".parquet", Map.of(), Optional.empty()));
            }
        }
    }

    /** A process that ends without a word once its data is written and its commit is not. */
    static final class Dying {
        static final int EXIT = 7;

        private Dying() {}

        public static void main(String[] arguments) {
            Path root = Path.of(arguments[0]);
            LakeTable table = Tables.open(root);
            DataFile file = Tables.file(table, arguments[1] + "-0.parquet", Map.of(), Optional.empty());
            io.lakeops.delta.internal.write.Interrupted.commit(
                    root, Tables.latest(table), CommitSpec.append(Tables.WRITE, List.of(file)), EXIT);
        }
    }
}
