package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.MultisetHash;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that Spark wrote, one file of each damaged at random: what is read then is exact, or an error that says what is
 * wrong. A change of bytes that nothing guards (a number in a commit, a page of a Parquet file) may give other rows; what is
 * redundant, checksummed or without order must not.
 */
class HostileInputTest {
    private static final List<String> TABLES = List.of(
            "basic",
            "deletion_vectors",
            "scalar_types",
            "nested_types",
            "row_tracking",
            "type_widening",
            "column_mapping_name",
            "in_commit_timestamps",
            "checkpoint_classic_stats_struct",
            "multipart_checkpoint",
            "v2_checkpoint_json",
            "checkpoint_cleaned_logs",
            "corrupt_last_checkpoint_pointer",
            "partitioned_special",
            "change_data_feed");

    /** Codes that say nothing of what is wrong with the table. */
    private static final List<ErrorCode> SAY_NOTHING =
            List.of(ErrorCode.ENGINE_FAILED, ErrorCode.INTERNAL, ErrorCode.SQL_FAILED, ErrorCode.IO_FAILED);

    @TempDir
    private static Path all;

    @SuppressWarnings("NullAway.Init")
    private static Fixtures fixtures;

    @SuppressWarnings("NullAway.Init")
    private static Session session;

    @SuppressWarnings("NullAway.Init")
    private static ComputeEngine.LogReader log;

    private static final LakeContext CONTEXT = new LakeContext(Clock.systemUTC(), Runnable::run, LakeListener.silent());

    private static final Map<String, Map<Long, MultisetHash>> SOUND = new HashMap<>();

    @BeforeAll
    static void open() {
        fixtures = Fixtures.unpackInto(all.resolve("fixtures"));
        DuckDbEngine engine = new DuckDbEngine();
        session = engine.open(new EngineOptions(256L << 20, 2, all.resolve("spill")), CONTEXT);
        log = engine.logReader();
    }

    @AfterAll
    static void close() {
        log.close();
        session.close();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_damaged_file_is_read_exactly_or_named(TestReporter reporter) throws IOException {
        damage(1, 70, reporter);
    }

    @Test
    @Tag("soak")
    void many_damaged_files_are_read_exactly_or_named(TestReporter reporter) throws IOException {
        damage(1_000, 10_000, reporter);
    }

    private static void damage(long from, int cases, TestReporter reporter) throws IOException {
        Map<ErrorCode, Integer> errors = new EnumMap<>(ErrorCode.class);
        List<String> faults = new ArrayList<>();
        int exact = 0;
        int other = 0;
        for (long seed = from; seed < from + cases; seed++) {
            Random random = new Random(seed);
            String name = TABLES.get(random.nextInt(TABLES.size()));
            Path copy = copy(name, all.resolve("case-" + seed));
            Damage damage = Damage.any(copy, random);
            String what = "seed " + seed + ": " + name + ", " + damage;
            for (Map.Entry<Long, MultisetHash> sound : sound(name).entrySet()) {
                try {
                    MultisetHash read = read(copy, sound.getKey());
                    if (read.equals(sound.getValue())) {
                        exact++;
                    } else {
                        other++;
                        if (damage.isGuarded()) {
                            faults.add(what + ": version " + sound.getKey() + " has other rows");
                        }
                    }
                } catch (LakeException e) {
                    errors.merge(e.code(), 1, Integer::sum);
                    if (SAY_NOTHING.contains(e.code())) {
                        faults.add(what + ": " + e.getMessage());
                    }
                } catch (RuntimeException | Error e) {
                    StackTraceElement[] stack = e.getStackTrace();
                    faults.add(what + ": " + e + (stack.length > 0 ? " at " + stack[0] : ""));
                }
            }
            delete(copy);
        }
        reporter.publishEntry(
                "hostile input", cases + " damages: " + exact + " exact, " + other + " other rows, errors " + errors);
        assertThat(faults).isEmpty();
        assertThat(exact).isPositive();
        assertThat(errors).isNotEmpty();
    }

    private static MultisetHash read(Path table, long version) {
        LakeTable open =
                new DeltaFormat().open(new TableId("", "t"), new TableLocation(table), Optional.of(log), CONTEXT);
        return session.multisetHash(
                Relation.TableRows.all(
                        open.snapshot(version < 0 ? SnapshotSelector.latest() : SnapshotSelector.version(version))),
                new Cancellation());
    }

    /** The rows of some versions of the undamaged table; -1 is the newest. */
    private static Map<Long, MultisetHash> sound(String name) {
        return SOUND.computeIfAbsent(name, n -> {
            LakeTable open = new DeltaFormat()
                    .open(new TableId("", n), new TableLocation(fixtures.table(n)), Optional.of(log), CONTEXT);
            LakeTable.VersionRange range = open.versions();
            Map<Long, MultisetHash> hashes = new HashMap<>();
            for (long version : List.of(-1L, (range.earliest() + range.latest()) / 2)) {
                hashes.put(version, read(fixtures.table(n), version));
            }
            return hashes;
        });
    }

    static Path copy(String name, Path to) throws IOException {
        Path original = fixtures.table(name);
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(original.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
