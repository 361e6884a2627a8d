package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Append;
import io.lakeops.change.Delete;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.LogUpkeep;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.TestTable;
import io.lakeops.testkit.fault.CrashPoints;
import io.lakeops.testkit.fault.FaultyLogParquet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The upkeep of a log, with every fault at every step: each version that must stay reads as before, whatever happens. */
class LogUpkeepCrashPointsTest {
    private static final TableId ID = new TableId("bronze", "orders");
    private static final LakeContext CONTEXT = LakeContext.standard();
    /** The version of the newest checkpoint that was there before. */
    private static final long KEPT = 3;

    private static final Pattern SIDECAR = Pattern.compile("\"sidecar\":\\{\"path\":\"([^\"]+)\"");

    @TempDir
    Path folder;

    /** @param byEngine whether DuckDB writes the log's Parquet, and not the format itself */
    record Case(String name, boolean byEngine, Map<String, String> properties, Consumer<LogUpkeep> upkeep) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("log clean-up", false, Map.of(), LogUpkeep::clean),
                new Case("checkpoint by the engine", true, Map.of(), LogUpkeep::checkpoint),
                new Case(
                        "checkpoint with sidecars",
                        true,
                        Map.of("delta.checkpointPolicy", "v2"),
                        LogUpkeep::checkpoint));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatever_happens_every_version_that_must_stay_reads_as_before(Case one, TestReporter reporter)
            throws IOException {
        DuckDbEngine engine = new DuckDbEngine();
        try (Session session = engine.open(new EngineOptions(256L << 20, 2, folder.resolve("spill")), CONTEXT);
                ComputeEngine.LogReader parquet = engine.logReader()) {
            Optional<LogParquet> log = one.byEngine() ? Optional.of(new FaultyLogParquet(parquet)) : Optional.empty();
            int tried = new CrashPoints(folder, session).attack(one.name(), new Upkeep(one, log));
            assertThat(tried).isGreaterThan(20);
            reporter.publishEntry("crash points of " + one.name(), Integer.toString(tried));
        }
    }

    /** Two months later, when only the newest checkpoint and what came after it are needed. */
    private record Upkeep(Case one, Optional<LogParquet> parquet) implements CrashPoints.Subject {
        @Override
        public void prepare(Path lake, Session session) {
            TableSpec spec =
                    new TableSpec(TestTable.ORDERS, List.of("day"), List.of(), one.properties(), Optional.empty());
            LakeTable table = new DeltaFormat().create(ID, at(lake), spec, parquet, CONTEXT);
            Run run = Run.of(CONTEXT);
            Append.of(TestTable.values("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd2')"))
                    .run(table, session, run);
            table.upkeep().orElseThrow().checkpoint();
            Append.of(TestTable.values("(4, 'd', 'd1'), (5, 'e', NULL)")).run(table, session, run);
            Delete.where(Expr.of("id = 3")).run(table, session, run);
            table.upkeep().orElseThrow().checkpoint();
            Append.of(TestTable.values("(6, 'f', 'd1')")).run(table, session, run);
        }

        @Override
        public void run(Path lake, Session session) {
            LakeContext later = CONTEXT.withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(60)));
            one.upkeep()
                    .accept(new DeltaFormat()
                            .open(ID, at(lake), parquet, later)
                            .upkeep()
                            .orElseThrow());
        }

        /** The rows of every version that must stay. */
        @Override
        public List<String> state(Path lake, Session session) {
            requireSidecars(at(lake).root().resolve("_delta_log"));
            LakeTable table = new DeltaFormat().open(ID, at(lake), parquet, CONTEXT);
            return LongStream.rangeClosed(KEPT, table.versions().latest())
                    .mapToObj(version -> version + ": " + rows(table, version, session))
                    .toList();
        }

        /** Other readers than ours do not go back to the commits where a checkpoint names a file that is gone. */
        private static void requireSidecars(Path log) {
            try (DirectoryStream<Path> manifests = Files.newDirectoryStream(log, "*.checkpoint.*.json")) {
                for (Path manifest : manifests) {
                    Matcher sidecar = SIDECAR.matcher(Files.readString(manifest));
                    while (sidecar.find()) {
                        assertThat(log.resolve("_sidecars").resolve(sidecar.group(1)))
                                .as("what %s names", manifest.getFileName())
                                .exists();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean repeatable() {
            return true;
        }

        private static List<String> rows(LakeTable table, long version, Session session) {
            Relation rows = Relation.TableRows.all(table.snapshot(SnapshotSelector.version(version)));
            return session.rows(rows, 1_000, new Cancellation()).rows().stream()
                    .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                    .sorted()
                    .toList();
        }

        private static TableLocation at(Path lake) {
            return new TableLocation(lake.resolve("50% orders"));
        }
    }
}
