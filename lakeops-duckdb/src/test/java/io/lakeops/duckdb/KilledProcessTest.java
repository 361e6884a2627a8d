package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Append;
import io.lakeops.change.Delete;
import io.lakeops.change.Upsert;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.Optimize;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.TestTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Processes that change a table are killed by the system at random moments; the table always is what their steps make. */
class KilledProcessTest {
    private static final String APPLICATION = "worker";

    @TempDir
    Path folder;

    @Test
    void a_few_kills_lose_nothing_and_double_nothing(TestReporter reporter) throws Exception {
        kill(6, 20260601, reporter);
    }

    @Test
    @Tag("soak")
    void two_hundred_kills_lose_nothing_and_double_nothing(TestReporter reporter) throws Exception {
        kill(200, 20260602, reporter);
    }

    private void kill(int times, long seed, TestReporter reporter) throws Exception {
        Random random = new Random(seed);
        Path root = folder.resolve("50% orders");
        create(root);
        long reached = 0;
        try (Session session = session(folder.resolve("judge"))) {
            for (int i = 0; i < times; i++) {
                // The worker says when it is at work; then any moment is as good as another.
                Process worker = worker(root, folder.resolve("spill" + i));
                try (BufferedReader out = worker.inputReader(StandardCharsets.UTF_8)) {
                    for (int steps = random.nextInt(12); steps >= 0; steps--) {
                        assertThat(out.readLine()).as("what worker %s says", i).startsWith("step");
                    }
                    assertThat(worker.waitFor(random.nextLong(60_000_000), TimeUnit.NANOSECONDS))
                            .isFalse();
                    worker.destroyForcibly().waitFor();
                }
                Snapshot now = open(root).snapshot(SnapshotSelector.latest());
                long number = now.coordination().sequence(APPLICATION).orElse(0);
                assertThat(number).isGreaterThanOrEqualTo(reached);
                assertThat(rows(now, session))
                        .as("kill %s, after step %s, seed %s", i, number, seed)
                        .isEqualTo(model(number));
                reached = number;
            }
        }
        assertThat(reached).isGreaterThan(times);
        reporter.publishEntry("kills", times + ", steps " + reached);
    }

    /** The rows after a number of steps, by id. */
    private static Map<Long, String> model(long steps) {
        Map<Long, String> rows = new TreeMap<>();
        for (long n = 1; n <= steps; n++) {
            switch ((int) (n % 4)) {
                case 0 -> {
                    rows.put(n - 1, "put " + n);
                    rows.put(n, "new " + n);
                }
                case 1 -> rows.remove(n - 3);
                default -> rows.put(n, "row " + n);
            }
        }
        return rows;
    }

    private static void step(long n, LakeTable table, Session session, Run run) {
        Sequence once = new Sequence(APPLICATION, n);
        switch ((int) (n % 4)) {
            case 0 ->
                Upsert.of(
                                TestTable.values(
                                        "(" + (n - 1) + ", 'put " + n + "', 'd1'), (" + n + ", 'new " + n + "', 'd2')"),
                                "id")
                        .withOnce(once)
                        .run(table, session, run);
            case 1 -> Delete.where(Expr.of("id = " + (n - 3))).withOnce(once).run(table, session, run);
            default ->
                Append.of(TestTable.values("(" + n + ", 'row " + n + "', 'd1')"))
                        .withOnce(once)
                        .run(table, session, run);
        }
    }

    /** The worker's program: goes on where the table's sequence stands, and compacts now and then. */
    public static final class Worker {
        private Worker() {}

        public static void main(String[] args) {
            LakeTable table = open(Path.of(args[0]));
            Run run = Run.of(LakeContext.standard());
            try (Session session = session(Path.of(args[1]))) {
                long n = table.snapshot(SnapshotSelector.latest())
                                .coordination()
                                .sequence(APPLICATION)
                                .orElse(0)
                        + 1;
                while (true) {
                    step(n, table, session, run);
                    if (n % 7 == 0) {
                        Optimize optimize = new Optimize();
                        MaintenancePlan plan = optimize.plan(table, Optimize.Request.standard(), run);
                        optimize.run(plan, table, session, run);
                    }
                    System.out.println("step " + n);
                    n++;
                }
            }
        }
    }

    private static Process worker(Path root, Path spill) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        root.toString(),
                        spill.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static LakeTable open(Path root) {
        return new DeltaFormat()
                .open(
                        new TableId("bronze", "orders"),
                        new TableLocation(root),
                        Optional.empty(),
                        LakeContext.standard());
    }

    private static void create(Path root) {
        new DeltaFormat()
                .create(
                        new TableId("bronze", "orders"),
                        new TableLocation(root),
                        TableSpec.of(TestTable.ORDERS, "day"),
                        Optional.empty(),
                        LakeContext.standard());
    }

    private static Session session(Path spill) {
        return new DuckDbEngine().open(new EngineOptions(128L << 20, 1, spill), LakeContext.standard());
    }

    private static Map<Long, String> rows(Snapshot snapshot, Session session) {
        List<List<Object>> rows =
                session.rows(Relation.TableRows.all(snapshot), 1_000_000, new Cancellation()).rows().stream()
                        .map(row -> List.copyOf(row.stream()
                                .map(v -> (Object) String.valueOf(v))
                                .toList()))
                        .toList();
        return rows.stream()
                .collect(Collectors.toMap(
                        row -> Long.parseLong(String.valueOf(row.get(0))),
                        row -> String.valueOf(row.get(1)),
                        (a, b) -> {
                            throw new AssertionError("a row is doubled: " + a + ", " + b);
                        },
                        TreeMap::new));
    }
}
