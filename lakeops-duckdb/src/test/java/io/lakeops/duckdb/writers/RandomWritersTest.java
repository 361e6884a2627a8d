package io.lakeops.duckdb.writers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.duckdb.writers.Step.Row;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Processes and threads change one table at random, some of them killed on the way; the history, replayed in order on rows in
 * memory, gives the rows of every version.
 *
 * <p>At Serializable each commit must be what its step makes of the version just before. At WriteSerializable a step may
 * have missed rows that others appended blindly between the version it read and its own: it is as if it had come before
 * them. Nothing else may be missed.
 */
class RandomWritersTest {
    private static final int THREADS = 2;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, partitions: {1}, seed {2}")
    @CsvSource({"WriteSerializable, true, 20260701", "Serializable, false, 20260702"})
    void every_version_is_what_the_history_makes_of_the_one_before(String isolation, boolean partitions, long seed)
            throws Exception {
        race(isolation, partitions, seed, 3, 8, 2);
    }

    @Tag("soak")
    @ParameterizedTest(name = "{0}, partitions: {1}, seed {2}")
    @CsvSource({
        "WriteSerializable, true, 11",
        "WriteSerializable, false, 12",
        "Serializable, true, 13",
        "Serializable, false, 14"
    })
    void for_a_long_time_too(String isolation, boolean partitions, long seed) throws Exception {
        race(isolation, partitions, seed, 4, 120, 12);
    }

    private void race(String isolation, boolean partitions, long seed, int processes, int steps, int kills)
            throws Exception {
        Path root = folder.resolve("50% orders");
        new DeltaFormat()
                .create(
                        new TableId("bronze", "orders"),
                        new TableLocation(root),
                        new TableSpec(
                                Step.COLUMNS,
                                partitions ? List.of("day") : List.of(),
                                List.of(),
                                Map.of("delta.isolationLevel", isolation),
                                Optional.empty()),
                        Optional.empty(),
                        LakeContext.standard());
        List<String> said = run(root, seed, processes, steps, kills);
        try (Session session = WritingProcess.session(folder.resolve("judge"))) {
            judge(WritingProcess.open(root), said, isolation + ", seed " + seed, session);
        }
    }

    /** Starts the processes, kills some of them at a random line and starts others in their place. */
    private List<String> run(Path root, long seed, int processes, int steps, int kills) throws Exception {
        Random random = new Random(seed);
        ExecutorService pool = Executors.newFixedThreadPool(processes);
        try {
            List<Future<List<String>>> running = new ArrayList<>();
            for (int p = 0; p < processes; p++) {
                List<Integer> lives = new ArrayList<>();
                for (int k = p; k < kills; k += processes) {
                    lives.add(1 + random.nextInt(steps));
                }
                String name = "w" + p;
                long own = seed * 100 + p * 10L;
                running.add(pool.submit(() -> live(root, name, own, steps, lives)));
            }
            List<String> said = new ArrayList<>();
            for (Future<List<String>> process : running) {
                said.addAll(process.get());
            }
            return said;
        } finally {
            pool.shutdownNow();
        }
    }

    /** One place for a process: each number is the line after which the one that is there is killed; the last one lives. */
    private List<String> live(Path root, String name, long seed, int steps, List<Integer> lives)
            throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        for (int life = 0; life <= lives.size(); life++) {
            int until = life < lives.size() ? lives.get(life) : Integer.MAX_VALUE;
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx192m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            WritingProcess.class.getName(),
                            root.toString(),
                            folder.resolve("spill-" + name + "-" + life).toString(),
                            name + "_" + life,
                            Long.toString(seed + life),
                            Integer.toString(THREADS),
                            Integer.toString(steps))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                int lines = 0;
                for (String line = out.readLine(); line != null && lines < until; line = out.readLine()) {
                    said.add(line);
                    lines++;
                }
            }
            if (until < Integer.MAX_VALUE) {
                process.destroyForcibly().waitFor();
                said.add("killed");
            } else {
                assertThat(process.waitFor()).as("the end of %s", name).isZero();
            }
        }
        return said;
    }

    private static void judge(LakeTable table, List<String> said, String what, Session session) {
        List<HistoryEntry> history;
        long latest = table.versions().latest();
        try (Stream<TableCommit> commits = table.commits(0, latest)) {
            history = commits.map(TableCommit::entry).toList();
        }
        Map<Long, List<Row>> rows = new HashMap<>();
        Map<Long, Boolean> blind = new HashMap<>();
        Map<String, Long> landed = new HashMap<>();
        Map<String, Integer> kinds = new TreeMap<>();
        Set<String> pairs = new TreeSet<>();
        int interleaved = 0;
        int compared = 0;
        List<Row> now = List.of();
        for (HistoryEntry entry : history) {
            long version = entry.version();
            boolean isBlind = entry.isBlindAppend().orElse(false);
            blind.put(version, isBlind);
            kinds.merge(entry.operation(), 1, Integer::sum);
            long read = entry.readVersion().orElse(version - 1);
            if (read < version - 1) {
                interleaved++;
                for (long winner = read + 1; winner < version; winner++) {
                    pairs.add(entry.operation() + " over "
                            + history.get((int) winner).operation());
                }
            }
            if (entry.userMetadata().isPresent()) {
                Step step = Step.parse(entry.userMetadata().get());
                assertThat(landed.put(step.id(), version))
                        .as("a step that landed twice: %s", step)
                        .isNull();
                Predicate<Row> seen =
                        "WriteSerializable".equals(entry.isolationLevel().orElse(""))
                                ? row -> row.version() <= read || !blind.get(row.version())
                                : row -> true;
                now = step.kind() == Step.Kind.RESTORE ? rows.get(step.a()) : step.apply(now, seen, version);
            }
            rows.put(version, now);
            assertThat(rowsOf(table, version, session))
                    .as("%s, version %s: %s, read at %s", what, version, entry.userMetadata(), read)
                    .isEqualTo(now.stream().map(Row::text).sorted().toList());
            compared += now.size();
        }
        Map<String, Integer> words = new TreeMap<>();
        for (String line : said) {
            String[] parts = line.split(" ", 3);
            words.merge(parts[0], 1, Integer::sum);
            switch (parts[0]) {
                case "made" ->
                    assertThat(landed.get(Step.parse(parts[2]).id()))
                            .as("%s: %s", what, line)
                            .isEqualTo(Long.parseLong(parts[1]));
                case "nothing", "lost" ->
                    assertThat(landed)
                            .as("%s: %s", what, line)
                            .doesNotContainKey(Step.parse(line.substring(parts[0].length() + 1))
                                    .id());
                default -> assertThat(parts[0]).isIn("killed", "retrying", "upkeep");
            }
        }
        assertThat(interleaved)
                .as("%s: commits that landed on top of winners", what)
                .isPositive();
        System.out.println("random writers, " + what + ": " + history.size() + " versions " + kinds + ", " + compared
                + " rows compared, " + interleaved + " commits on top of winners in " + pairs.size()
                + " pairs of operations, steps " + words);
    }

    private static List<String> rowsOf(LakeTable table, long version, Session session) {
        return session
                .rows(
                        Relation.TableRows.all(table.snapshot(SnapshotSelector.version(version))),
                        1_000_000,
                        new Cancellation())
                .rows()
                .stream()
                .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                .sorted()
                .toList();
    }
}
