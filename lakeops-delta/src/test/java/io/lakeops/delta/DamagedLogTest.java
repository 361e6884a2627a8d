package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.LakeTable;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.testkit.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that are torn, holed, cleaned or made by an enemy; and what VACUUM and RESTORE may trust of them. */
class DamagedLogTest {
    @TempDir
    Path folder;

    @Test
    void a_commit_that_is_torn_or_empty_or_no_json_is_named_and_older_versions_stay_readable() throws Exception {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        Tables.append(table, Tables.file(table, 1));
        Tables.append(table, Tables.file(table, 1));
        Path commit = folder.resolve("t/_delta_log/00000000000000000002.json");
        String whole = Files.readString(commit);
        for (String damaged : new String[] {
            "",
            "\n",
            whole.substring(0, whole.length() / 2),
            whole.substring(0, whole.length() - 5),
            "[]\n",
            "{\"add\":7}\n"
        }) {
            Files.writeString(commit, damaged);
            assertCode(ErrorCode.LOG_CORRUPT, "00000000000000000002.json", () -> {
                Snapshot snapshot = Tables.latest(table);
                snapshot.scan().files();
                try (Stream<TableCommit> commits = table.commits(2, 2)) {
                    commits.forEach(TableCommit::changes);
                }
            });
            assertThat(table.snapshot(SnapshotSelector.version(1)).scan().files())
                    .hasSize(1);
        }
    }

    @Test
    void an_empty_commit_is_noticed_by_whoever_opens_the_version() throws Exception {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        Tables.append(table, Tables.file(table, 1));
        Files.writeString(folder.resolve("t/_delta_log/00000000000000000001.json"), "");

        assertCode(ErrorCode.LOG_CORRUPT, "00000000000000000001.json", () -> Tables.latest(table));
    }

    @Test
    void a_hole_in_the_log_is_named() throws Exception {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        for (int i = 0; i < 3; i++) {
            Tables.append(table, Tables.file(table, 1));
        }
        Files.delete(folder.resolve("t/_delta_log/00000000000000000002.json"));

        assertCode(
                ErrorCode.LOG_CORRUPT,
                "00000000000000000002.json",
                () -> Tables.latest(Tables.open(folder.resolve("t"))));
    }

    @Test
    void a_column_of_a_type_that_nobody_knows_is_named() throws Exception {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        Path commit = folder.resolve("t/_delta_log/00000000000000000000.json");
        Files.writeString(commit, Files.readString(commit).replace("\\\"long\\\"", "\\\"interval\\\""));

        assertCode(ErrorCode.TYPE_UNSUPPORTED, "interval", () -> Tables.latest(table));
    }

    @Test
    void a_path_that_leads_out_is_refused_to_a_reader_and_still_shown_in_the_history() {
        LakeTable table = Tables.open(Fixtures.unpackOne("hostile_path_escape", folder));

        assertCode(
                ErrorCode.PATH_OUTSIDE_TABLE,
                "../zz_src",
                () -> Tables.latest(table).scan().files());
        try (Stream<TableCommit> commits = table.commits(6, 6)) {
            assertThat(commits.toList().get(0).changes()).hasSize(2);
        }
        assertThat(table.restorable(6))
                .isInstanceOfSatisfying(
                        Restorability.Partial.class,
                        partial -> assertThat(partial.missing()).contains("/etc/hostname"));
        assertThat(table.referencedSince(Instant.EPOCH).paths())
                .noneMatch(path -> path.contains("hostname") || path.contains(".."));
    }

    @Test
    void a_version_whose_files_were_vacuumed_says_which() {
        LakeTable table = Tables.open(Fixtures.unpackOne("vacuumed", folder));

        assertThat(table.restorable(7)).isEqualTo(new Restorability.Whole());
        assertThat(table.restorable(1))
                .isInstanceOfSatisfying(
                        Restorability.Partial.class,
                        partial ->
                                assertThat(partial.missing()).isNotEmpty().allMatch(path -> path.endsWith(".parquet")));
        assertThat(table.restorable(99)).isInstanceOf(Restorability.Gone.class);
        LakeTable cleaned = Tables.open(Fixtures.unpackOne("checkpoint_cleaned_logs", folder));
        assertThat(cleaned.restorable(3)).isInstanceOf(Restorability.Gone.class);
    }

    @Test
    void a_vector_s_file_that_is_gone_can_not_come_back() throws Exception {
        LakeTable table = Tables.open(Fixtures.unpackOne("deletion_vectors", folder));
        long version = Tables.latest(table).version();
        assertThat(table.restorable(version)).isEqualTo(new Restorability.Whole());
        try (Stream<Path> files = Files.list(table.location().root())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".bin")).toList()) {
                Files.delete(file);
            }
        }

        assertThat(table.restorable(version))
                .isInstanceOfSatisfying(
                        Restorability.Partial.class,
                        partial -> assertThat(partial.missing())
                                .isNotEmpty()
                                .allMatch(path -> path.startsWith("deletion_vector_")));
    }

    @Test
    void every_version_from_the_cutoff_on_is_protected_with_vectors_and_change_data() {
        for (String name : new String[] {"deletion_vectors", "change_data_feed", "partitioned_special", "restored"}) {
            LakeTable table = Tables.open(Fixtures.unpackOne(name, folder));
            long latest = table.versions().latest();
            for (long version = 0; version <= latest; version++) {
                Snapshot at = table.snapshot(SnapshotSelector.version(version));
                References protectedPaths = table.referencedSince(at.timestamp());
                assertThat(protectedPaths.complete()).isTrue();
                for (long later = version; later <= latest; later++) {
                    Set<String> needed = table.snapshot(SnapshotSelector.version(later)).scan().files().stream()
                            .map(DataFile::path)
                            .collect(Collectors.toSet());
                    assertThat(protectedPaths.paths()).containsAll(needed);
                }
                assertThat(protectedPaths.paths())
                        .allSatisfy(path -> assertThat(table.location().root().resolve(path))
                                .exists());
            }
        }
        References cdf = Tables.open(folder.resolve("change_data_feed")).referencedSince(Instant.EPOCH);
        assertThat(cdf.paths()).anyMatch(path -> path.startsWith("_change_data/"));
        References vectors = Tables.open(folder.resolve("deletion_vectors")).referencedSince(Instant.EPOCH);
        assertThat(vectors.paths()).anyMatch(path -> path.contains("deletion_vector_"));
    }

    @Test
    void a_log_that_does_not_reach_back_says_so_and_protects_what_its_checkpoint_names() {
        LakeTable table = Tables.open(Fixtures.unpackOne("checkpoint_cleaned_logs", folder));

        References references = table.referencedSince(Instant.EPOCH);

        assertThat(references.complete()).isFalse();
        assertThat(references.newestVersion()).isEqualTo(13);
        assertThat(references.paths())
                .containsAll(table.snapshot(SnapshotSelector.version(8)).scan().files().stream()
                        .map(DataFile::path)
                        .toList());
        assertThat(table.referencedSince(Instant.now()).complete()).isTrue();
    }

    @Test
    void a_cleaned_log_names_the_range_that_is_left() {
        LakeTable table = Tables.open(Fixtures.unpackOne("checkpoint_cleaned_logs", folder));

        assertCode(ErrorCode.VERSION_NOT_RETAINED, "earliest=8", () -> table.snapshot(SnapshotSelector.version(7)));
        assertCode(ErrorCode.VERSION_NOT_FOUND, "latest=13", () -> table.snapshot(SnapshotSelector.version(14)));
        assertCode(ErrorCode.VERSION_NOT_RETAINED, "earliest=8", () -> table.commits(3, 9));
        assertCode(
                ErrorCode.TIMESTAMP_OUT_OF_RANGE,
                "earliest=",
                () -> table.snapshot(SnapshotSelector.asOf(Instant.EPOCH)));
    }

    @Test
    void a_base_of_another_table_is_refused() {
        LakeTable one = Tables.create(folder.resolve("one"), Tables.IDS, Map.of());
        LakeTable two = Tables.create(folder.resolve("two"), Tables.IDS, Map.of());
        DataFile file = Tables.file(two, "x.parquet", Map.of(), Optional.empty());

        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                "no version of this table",
                () -> two.commit(
                        Tables.latest(one), io.lakeops.table.CommitSpec.append(Tables.WRITE, java.util.List.of(file))));
    }

    @Test
    void a_file_that_is_missing_or_of_another_size_is_not_added() throws Exception {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        DataFile missing = Tables.file(table, "missing.parquet", Map.of(), Optional.empty());
        Files.delete(missing.location());
        DataFile grown = Tables.file(table, "grown.parquet", Map.of(), Optional.empty());
        Files.writeString(grown.location(), "more than was measured");

        assertCode(ErrorCode.DATA_FILE_MISSING, "missing.parquet", () -> Tables.append(table, missing));
        assertCode(ErrorCode.DATA_FILE_CORRUPT, "grown.parquet", () -> Tables.append(table, grown));
        assertThat(Tables.latest(table).version()).isZero();
    }

    private static void assertCode(ErrorCode code, String word, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(word);
    }
}
