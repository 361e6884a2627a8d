package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What whoever reads Delta checkpoints must give, be it an engine's {@link LogParquet} or the format's own reader.
 *
 * <p>The commits below the checkpoint are taken away first, so that nothing but the checkpoint can answer; the folder has a
 * blank and a percent sign in its name.
 */
public interface CheckpointReadingContract {
    /** The Delta format. */
    TableFormat delta();

    /** Who reads the checkpoints; empty for the format's own reader. */
    Optional<LogParquet> logParquet();

    @Test
    default void a_classic_checkpoint_gives_files_and_the_statistics_that_it_keeps_as_columns(@TempDir Path folder) {
        Snapshot snapshot = onlyFromCheckpoint("checkpoint_classic_stats_struct", 3, folder);

        assertThat(snapshot.scan().files()).isNotEmpty().allSatisfy(file -> {
            assertThat(file.location()).exists();
            ColumnStatistics id = file.statistics().orElseThrow().column(List.of("id"));
            assertThat(id.nulls()).hasValue(0);
            assertThat(id.min()).isPresent();
            assertThat(id.max()).isPresent();
            ColumnStatistics v = file.statistics().orElseThrow().column(List.of("v"));
            assertThat(v.max().isPresent()).isEqualTo(v.nulls().orElseThrow() == 0);
        });
    }

    @Test
    default void a_checkpoint_in_several_parts_is_read_whole(@TempDir Path folder) {
        onlyFromCheckpoint("multipart_checkpoint", checkpointOf("multipart_checkpoint", folder), folder);
    }

    @Test
    default void a_v2_checkpoint_is_read_through_its_sidecars(@TempDir Path folder) {
        Snapshot snapshot = onlyFromCheckpoint("v2_checkpoint_json", 8, folder);

        assertThat(snapshot.scan().files())
                .anySatisfy(file -> assertThat(file.deletionVector()).isPresent());
        snapshot.scan()
                .files()
                .forEach(file -> assertThat(snapshot.deletedRows(file).cardinality())
                        .isEqualTo(file.deletionVector()
                                .map(DeletionVector::cardinality)
                                .orElse(0L)));
    }

    @Test
    default void a_log_that_was_cleaned_is_read_from_its_checkpoint(@TempDir Path folder) {
        onlyFromCheckpoint("checkpoint_cleaned_logs", 12, folder);
    }

    @Test
    default void a_damaged_pointer_to_the_checkpoint_does_not_matter(@TempDir Path folder) {
        onlyFromCheckpoint("corrupt_last_checkpoint_pointer", 6, folder);
    }

    @Test
    default void a_checkpoint_that_ends_early_is_passed_over_with_a_warning_and_corrupt_where_nothing_else_stands(
            @TempDir Path folder) throws IOException {
        Path table = Fixtures.unpackOne("checkpoint_cleaned_logs", folder);
        List<String> whole = paths(open(table).snapshot(SnapshotSelector.latest()));
        Path checkpoint = table.resolve("_delta_log/00000000000000000012.checkpoint.parquet");
        byte[] bytes = Files.readAllBytes(checkpoint);
        Files.write(checkpoint, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        List<String> warnings = new ArrayList<>();
        TableLocation location = new TableLocation(table);
        LakeContext context = LakeContext.standard().withListener(event -> warnings.add(event.toString()));

        assertThat(paths(delta().open(TableId.of(location), location, logParquet(), context)
                        .snapshot(SnapshotSelector.latest())))
                .isEqualTo(whole);
        assertThat(warnings).anyMatch(warning -> warning.contains("checkpoint of version 12"));

        for (long version = 0; version < 12; version++) {
            Files.deleteIfExists(table.resolve(String.format("_delta_log/%020d.json", version)));
        }
        assertThatThrownBy(() ->
                        open(table).snapshot(SnapshotSelector.latest()).scan().files())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_CORRUPT));
    }

    private static List<String> paths(Snapshot snapshot) {
        return snapshot.scan().files().stream().map(DataFile::path).toList();
    }

    /** The newest version, with nothing of the log left below the checkpoint, held against what Spark read. */
    private Snapshot onlyFromCheckpoint(String name, long checkpoint, Path folder) {
        Path home = folder.resolve("a b%20c");
        Path table = Fixtures.unpackOne(name, home);
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            for (Path file : log.toList()) {
                String digits = String.valueOf(file.getFileName());
                boolean below = digits.matches("\\d{20}\\..*") && Long.parseLong(digits.substring(0, 20)) < checkpoint;
                if (below || digits.endsWith(".crc")) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Snapshot snapshot = open(table).snapshot(SnapshotSelector.latest());
        Map<?, ?> latest = (Map<?, ?>) expected(home, name, "latest");
        assertThat(snapshot.version()).isEqualTo(expected(home, name, "latestVersion"));
        long rows = 0;
        for (DataFile file : snapshot.scan().files()) {
            rows += file.liveRows().orElseThrow();
        }
        assertThat(rows).isEqualTo(latest.get("rowCount"));
        Map<?, ?> schema = (Map<?, ?>) Objects.requireNonNull(latest.get("schema"));
        assertThat(snapshot.schema().fields()).hasSize(((List<?>) Objects.requireNonNull(schema.get("fields"))).size());
        return snapshot;
    }

    private static long checkpointOf(String name, Path folder) {
        Path table = Fixtures.unpackOne(name, folder.resolve("look"));
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            return log.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.contains(".checkpoint."))
                    .mapToLong(file -> Long.parseLong(file.substring(0, 20)))
                    .max()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object expected(Path home, String name, String key) {
        try {
            Map<String, @Nullable Object> json =
                    Json.parseObject(Files.readString(home.resolve(name + ".expected.json")));
            return Objects.requireNonNull(json.get(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LakeTable open(Path table) {
        TableLocation location = new TableLocation(table);
        return delta().open(TableId.of(location), location, logParquet(), LakeContext.standard());
    }
}
