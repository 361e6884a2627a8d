package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.recovery.RestorePoint;
import io.lakeops.recovery.RestorePoints;
import io.lakeops.table.DataFile;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogUpkeep.Cleaned;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of a commit a day: what is deleted of its old end, and what is not. */
class LogCleaningTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path folder;

    private final List<String> warnings = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Test
    void versions_within_the_retention_stay_and_the_newest_one_that_is_older() throws IOException {
        make(Map.of("delta.logRetentionDuration", "interval 5 days", "delta.checkpointInterval", "100"), 12, 2, 4, 8);

        // Day 12 at noon: what is not younger than the beginning of day 7 is older.
        Cleaned cleaned = at(12).upkeep().orElseThrow().clean();

        // Version 6 is the newest of those, and needs the checkpoint of version 4.
        assertThat(cleaned.earliestVersion()).isEqualTo(4);
        assertThat(cleaned.deletedFiles())
                .as("commits, checksums, a checkpoint")
                .isEqualTo(4 + 4 + 1);
        assertThat(cleaned.deletedBytes()).isPositive();
        assertThat(versions()).containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        for (long version = 4; version <= 12; version++) {
            assertThat(paths(at(12).snapshot(SnapshotSelector.version(version))))
                    .hasSize((int) version);
        }
        assertThat(paths(at(12).snapshot(SnapshotSelector.asOf(day(7).minusSeconds(1)))))
                .hasSize(6);
        assertThatThrownBy(() -> at(12).snapshot(SnapshotSelector.version(3)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_NOT_RETAINED));
        assertThat(at(12).restorable(3)).isInstanceOf(Restorability.Gone.class);
        assertThat(RestorePoints.of(at(12)).stream().map(RestorePoint::version))
                .startsWith(4L)
                .hasSize(9);
        assertThat(at(12).upkeep().orElseThrow().clean()).isEqualTo(new Cleaned(4, 0, 0));
        assertThat(warnings).isEmpty();
    }

    @Test
    void the_tenth_commit_cleans_the_log_unless_the_table_asks_for_none_of_it() throws IOException {
        make(Map.of(), 25, 3);
        append(at(60), 26);
        assertThat(versions()).as("only a checkpoint brings a clean-up").startsWith(0L, 1L);
        for (int version = 27; version <= 30; version++) {
            append(at(60), version);
        }
        // All that was committed before day 30 is older, and version 20 is the newest of that with a checkpoint.
        assertThat(versions()).startsWith(20L, 21L);

        Path other = folder.resolve("other");
        make(other, Map.of("delta.enableExpiredLogCleanup", "false"), 10);
        assertThat(open(other, 90).upkeep().orElseThrow().clean()).isEqualTo(new Cleaned(0, 0, 0));

        Path forever = folder.resolve("forever");
        String interval = "interval 999999999999 days";
        make(
                forever,
                Map.of("delta.logRetentionDuration", interval, "delta.deletedFileRetentionDuration", interval),
                10);
        assertThat(open(forever, 90).upkeep().orElseThrow().newestCheckpoint()).hasValue(10);
        assertThat(open(forever, 90).upkeep().orElseThrow().clean()).isEqualTo(new Cleaned(0, 0, 0));
        assertThat(warnings).isEmpty();
    }

    @Test
    void nothing_goes_where_no_checkpoint_would_be_left_to_begin_with() throws IOException {
        make(Map.of("delta.logRetentionDuration", "interval 1 day"), 8);
        assertThat(at(90).upkeep().orElseThrow().clean()).isEqualTo(new Cleaned(0, 0, 0));

        at(90).upkeep().orElseThrow().checkpoint();
        Path checkpoint = log().resolve("00000000000000000008.checkpoint.parquet");
        byte[] whole = Files.readAllBytes(checkpoint);
        for (byte[] damaged : List.of(java.util.Arrays.copyOf(whole, whole.length - 9), new byte[0])) {
            Files.write(checkpoint, damaged);
            assertThat(at(90).upkeep().orElseThrow().clean()).isEqualTo(new Cleaned(0, 0, 0));
            assertThat(warnings).anyMatch(text -> text.contains("not cleaned up to version 8"));
        }
        Files.write(checkpoint, whole);
        assertThat(at(90).upkeep().orElseThrow().clean().earliestVersion()).isEqualTo(8);
        assertThat(versions()).containsExactly(8L);
    }

    @Test
    void a_clean_up_that_was_stopped_leaves_a_log_that_reads_and_is_finished_later() throws IOException {
        make(Map.of("delta.logRetentionDuration", "interval 1 day", "delta.checkpointInterval", "100"), 10, 3, 7, 10);
        Path half = log().resolve("00000000000000000000.json");
        Files.delete(half);
        Files.delete(log().resolve("00000000000000000001.json"));

        assertThat(paths(at(30).snapshot(SnapshotSelector.version(3)))).hasSize(3);
        assertThat(at(30).upkeep().orElseThrow().clean().earliestVersion()).isEqualTo(10);
        assertThat(versions()).containsExactly(10L);
        assertThat(paths(at(30).snapshot(SnapshotSelector.latest()))).hasSize(10);
    }

    @Test
    void a_commit_is_as_old_as_the_younger_of_its_two_times() throws IOException {
        make(Map.of("delta.logRetentionDuration", "interval 2 days", "delta.enableInCommitTimestamps", "true"), 6, 4);
        // The files say that all is old.
        for (Path file : names("\\d{20}\\.json")) {
            Files.setLastModifiedTime(file, FileTime.from(day(-400)));
        }
        assertThat(at(6).upkeep().orElseThrow().clean().earliestVersion()).isZero();
        assertThat(at(8).upkeep().orElseThrow().clean().earliestVersion()).isEqualTo(4);

        // The files say that all is new.
        for (Path file : names("\\d{20}\\.json")) {
            Files.setLastModifiedTime(file, FileTime.from(day(400)));
        }
        assertThat(at(200).upkeep().orElseThrow().clean().deletedFiles()).isZero();
    }

    @Test
    void what_belongs_to_a_version_goes_with_it_and_nothing_else() throws IOException {
        make(Map.of("delta.logRetentionDuration", "interval 1 day"), 6, 5);
        for (String name : List.of(
                "00000000000000000002.crc",
                ".00000000000000000002.json.crc",
                "00000000000000000001.checkpoint.0000000001.0000000002.parquet",
                "00000000000000000001.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
                "00000000000000000005.00000000000000000006.compacted.json",
                "00000000000000000001.00000000000000000003.compacted.json",
                "_last_checkpoint.mine",
                "00000000000000000002.note",
                "00000000000000000006.crc",
                ".00000000000000000006.json.0b8de1c4-9d0b-4a80-a0a4-0b8de1c49d0b.tmp",
                ".00000000000000000007.json.1b8de1c4-9d0b-4a80-a0a4-0b8de1c49d0b.tmp")) {
            Files.writeString(log().resolve(name), "x");
            Files.setLastModifiedTime(log().resolve(name), FileTime.from(day(name.contains("7.json") ? 10 : 2)));
        }
        at(10).upkeep().orElseThrow().clean();

        assertThat(names(".*").stream()
                        .map(file -> String.valueOf(file.getFileName()))
                        .toList())
                .containsExactly(
                        ".00000000000000000007.json.1b8de1c4-9d0b-4a80-a0a4-0b8de1c49d0b.tmp",
                        "00000000000000000002.note",
                        "00000000000000000005.checkpoint.parquet",
                        "00000000000000000005.crc",
                        "00000000000000000005.json",
                        "00000000000000000006.crc",
                        "00000000000000000006.json",
                        "_last_checkpoint",
                        "_last_checkpoint.mine");
    }

    @Test
    void a_vacuum_of_a_table_whose_log_was_cleaned_still_knows_what_younger_versions_need() throws IOException {
        make(Map.of("delta.logRetentionDuration", "interval 2 days"), 8, 4, 6);
        at(9).upkeep().orElseThrow().clean();
        assertThat(versions()).startsWith(6L);

        References references = at(9).referencedSince(day(3));

        assertThat(references.complete()).isFalse();
        assertThat(references.paths()).hasSize(8);
        assertThat(at(9).referencedSince(day(7)).complete()).isTrue();
    }

    @Test
    void many_may_clean_a_log_while_others_commit_and_read() throws Exception {
        make(Map.of("delta.logRetentionDuration", "interval 1 day", "delta.checkpointInterval", "3"), 0);
        int writers = 2;
        int each = 12;
        ExecutorService threads = Executors.newFixedThreadPool(2 * writers);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int first = 100 * writer;
                // The commits are of day 0 all, and whoever cleans finds them old.
                work.add(() -> {
                    for (int i = 0; i < each; i++) {
                        append(at(0), first + i);
                    }
                    return null;
                });
                work.add(() -> {
                    for (int i = 0; i < each; i++) {
                        at(60).upkeep().orElseThrow().clean();
                        Snapshot latest = at(60).snapshot(SnapshotSelector.latest());
                        assertThat(paths(latest)).hasSize((int) latest.version());
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        at(60).upkeep().orElseThrow().clean();
        assertThat(versions()).startsWith(24L);
        assertThat(paths(at(60).snapshot(SnapshotSelector.latest()))).hasSize(writers * each);
        assertThat(warnings).isEmpty();
    }

    /** A table that got a file a day, each in a commit, and checkpoints of some versions. */
    private void make(Map<String, String> properties, int commits, int... checkpoints) throws IOException {
        make(folder, properties, commits, checkpoints);
    }

    private void make(Path home, Map<String, String> properties, int commits, int... checkpoints) throws IOException {
        TableLocation location = new TableLocation(home.resolve("50% orders"));
        new DeltaFormat()
                .create(
                        TableId.of(location),
                        location,
                        new TableSpec(Tables.IDS, List.of(), List.of(), properties, Optional.empty()),
                        Optional.empty(),
                        context(0));
        for (int version = 1; version <= commits; version++) {
            LakeTable table = open(home, version);
            append(table, version);
            for (int checkpoint : checkpoints) {
                if (checkpoint == version) {
                    table.upkeep().orElseThrow().checkpoint();
                }
            }
        }
    }

    private void append(LakeTable table, int version) {
        Tables.append(table, Tables.file(table, "part-" + version + ".parquet", Map.of(), Optional.empty()));
    }

    private static List<String> paths(Snapshot snapshot) {
        return snapshot.scan().files().stream().map(DataFile::path).toList();
    }

    private static Instant day(int number) {
        return START.plus(Duration.ofDays(number));
    }

    private LakeContext context(int day) {
        return LakeContext.standard()
                .withClock(Clock.fixed(day(day), ZoneOffset.UTC))
                .withListener(event -> {
                    if (event instanceof LakeEvent.Warning warning) {
                        warnings.add(warning.text());
                    }
                });
    }

    private LakeTable at(int day) {
        return open(folder, day);
    }

    private LakeTable open(Path home, int day) {
        TableLocation location = new TableLocation(home.resolve("50% orders"));
        return new DeltaFormat().open(new TableId("bronze", "orders"), location, Optional.empty(), context(day));
    }

    private Path log() {
        return folder.resolve("50% orders/_delta_log");
    }

    private List<Path> names(String pattern) throws IOException {
        try (Stream<Path> files = Files.list(log())) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    private List<Long> versions() throws IOException {
        return names("\\d{20}\\.json").stream()
                .map(file -> Long.parseLong(String.valueOf(file.getFileName()).substring(0, 20)))
                .toList();
    }
}
