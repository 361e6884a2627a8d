package io.lakeops.delta.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.delta.internal.kernel.KernelLog;
import io.lakeops.delta.internal.kernel.KernelParquet;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.replay.ActionSchema;
import io.lakeops.delta.internal.replay.TableState;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that a checkpoint may have: one file, parts, or a manifest with sidecars. */
class CheckpointFormsTest {
    private static final Map<String, String> BY_MANIFEST = Map.of("delta.checkpointPolicy", "v2");
    private static final long MANY = 1_000;

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    @ParameterizedTest(name = "at most {0} actions a file")
    @ValueSource(longs = {1, 3, 1_000})
    void a_manifest_names_sidecars_that_have_the_files(long most) throws IOException {
        LakeTable table = create(BY_MANIFEST);
        fill(table);
        List<String> before = content(latest(table));

        assertThat(upkeep(most).checkpoint().written()).isTrue();
        assertThat(upkeep(most).checkpoint().written()).isFalse();

        // Four files and a tombstone.
        assertThat(sidecars()).hasSize((int) Math.ceil(5.0 / most));
        Path manifest = manifests().get(0);
        assertThat(manifests()).hasSize(1);
        assertThat(Files.readAllLines(manifest).get(0)).startsWith("{\"checkpointMetadata\":{\"version\":4,");
        assertThat(names()).noneMatch(name -> name.contains("checkpoint.parquet") || name.startsWith("."));
        assertThat(Json.parseObject(Files.readString(log().resolve("_last_checkpoint"))))
                .containsEntry("version", 4L)
                .containsEntry("numOfAddFiles", 4L)
                .containsEntry("size", 5L + 4 + sidecars().size() + 1)
                .containsKeys("checksum", "v2Checkpoint");
        takeAwayBelow(4);
        assertThat(content(latest(open()))).isEqualTo(before);
        assertThat(judged(4)).containsExactlyInAnyOrderElementsOf(paths(latest(open())));
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_manifest_after_a_manifest_keeps_tombstones_and_what_the_table_says() throws IOException {
        LakeTable table = create(BY_MANIFEST);
        fill(table);
        upkeep(2).checkpoint();
        append(open(), "e.parquet");
        upkeep(2).checkpoint();
        List<String> before = content(latest(open()));
        takeAwayBelow(5);

        assertThat(content(latest(open()))).isEqualTo(before);
        Path manifest = manifests().get(0);
        assertThat(Files.readString(manifest)).contains("\"txn\":{\"appId\":\"loader\"", "\"domain\":\"mine\"");
        assertThat(latest(open()).coordination().sequence("loader")).hasValue(7);
        assertThat(sidecarsOf(manifest).stream().filter(this::hasTombstone)).hasSize(1);
    }

    @Test
    void a_manifest_whose_sidecar_is_damaged_is_replaced_and_its_sidecars_go_after_a_day() throws IOException {
        LakeTable table = create(BY_MANIFEST);
        fill(table);
        upkeep(MANY).checkpoint();
        Path damaged = manifests().get(0);
        List<Path> old = sidecars();
        Files.write(old.get(0), new byte[] {1, 2, 3});

        assertThat(upkeep(MANY).checkpoint().written()).isTrue();

        assertThat(manifests()).hasSize(1).doesNotContain(damaged);
        assertThat(warnings).anyMatch(text -> text.contains("can't be read and is written again"));
        for (Path file : sidecars()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        }
        append(open(), "e.parquet");
        later(MANY).clean();
        assertThat(sidecars()).hasSize(1).doesNotContainAnyElementsOf(old);
        assertThat(paths(latest(open()))).hasSize(5);
    }

    @ParameterizedTest(name = "at most {0} actions a file")
    @ValueSource(longs = {2, 5})
    void a_large_checkpoint_comes_in_parts_of_which_all_are_there_or_none_counts(long most) throws IOException {
        LakeTable table = create(Map.of());
        fill(table);
        List<String> before = content(latest(table));
        // Four files, a tombstone, an application, a domain, the protocol and the definition.
        int parts = (int) Math.ceil(9.0 / most);

        assertThat(upkeep(most).checkpoint().written()).isTrue();

        assertThat(names().stream().filter(name -> name.contains(".checkpoint.")))
                .hasSize(parts)
                .allMatch(
                        name -> name.matches(String.format("0{19}4\\.checkpoint\\.\\d{10}\\.%010d\\.parquet", parts)));
        assertThat(Json.parseObject(Files.readString(log().resolve("_last_checkpoint"))))
                .containsEntry("parts", (long) parts)
                .containsEntry("size", 9L);
        assertThat(upkeep(most).checkpoint().written()).isFalse();
        assertThat(judged(4)).containsExactlyInAnyOrderElementsOf(paths(latest(open())));

        Path part = log().resolve(String.format("%020d.checkpoint.%010d.%010d.parquet", 4, 2, parts));
        byte[] whole = Files.readAllBytes(part);
        Files.delete(part);
        assertThatThrownBy(() -> upkeep(most).checkpoint())
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("another writer began");
        Files.write(part, new byte[] {1});
        assertThat(upkeep(most).checkpoint().written()).isTrue();
        assertThat(Files.readAllBytes(part)).hasSameSizeAs(whole);
        takeAwayBelow(4);
        assertThat(content(latest(open()))).isEqualTo(before);
    }

    /** Four versions: files, a tombstone, an application, a domain. */
    private void fill(LakeTable table) {
        append(table, "a b%20.parquet");
        DataFile gone = file(table, "gone.parquet");
        commit(table, List.of(new FileChange.Add(gone, true), new FileChange.Add(file(table, "c.parquet"), true)));
        commit(table, List.of(new FileChange.Remove(gone, true), new FileChange.Add(file(table, "b.parquet"), true)));
        append(table, "d.parquet");
    }

    private void append(LakeTable table, String path) {
        commit(table, List.of(new FileChange.Add(file(table, path), true)));
    }

    private static void commit(LakeTable table, List<FileChange> changes) {
        boolean first = latest(table).version() == 0;
        table.commit(
                latest(table),
                new CommitSpec(
                        new Operation("WRITE", Map.of(), Map.of()),
                        Isolation.WRITE_SERIALIZABLE,
                        new Reads.WholeTable(),
                        changes,
                        Optional.empty(),
                        first ? List.of(new Sequence("loader", 7)) : List.of(),
                        first ? Map.of("mine", "{\"a\":1}") : Map.of(),
                        Optional.empty()));
    }

    private static DataFile file(LakeTable table, String path) {
        Path location = table.location().root().resolve(path);
        try {
            Files.writeString(location, "rows of " + path);
            return new DataFile(
                    path,
                    location,
                    Map.of(),
                    Files.size(location),
                    1,
                    Optional.empty(),
                    Optional.empty(),
                    Map.of("k", "v"),
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean hasTombstone(Path sidecar) {
        try (LogParquet.RowIterator rows = new KernelParquet().read(sidecar, List.of(ActionSchema.REMOVE))) {
            return rows.hasNext();
        }
    }

    private List<Path> sidecarsOf(Path manifest) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String line : Files.readAllLines(manifest)) {
            if (Json.parseObject(line).get("sidecar") instanceof Map<?, ?> sidecar) {
                found.add(log().resolve("_sidecars").resolve(String.valueOf(sidecar.get("path"))));
            }
        }
        return found;
    }

    private List<String> judged(long version) {
        return new KernelLog(root())
                .load(version).files().stream().map(LoggedFile::key).toList();
    }

    private LakeTable create(Map<String, String> properties) {
        TableSpec spec = new TableSpec(
                Schema.of(Field.of("id", Primitive.LONG)), List.of(), List.of(), properties, Optional.empty());
        return new DeltaFormat()
                .create(id(), new TableLocation(root()), spec, Optional.empty(), LakeContext.standard());
    }

    private LakeTable open() {
        return new DeltaFormat().open(id(), new TableLocation(root()), Optional.empty(), LakeContext.standard());
    }

    private Checkpointing upkeep(long most) {
        return new Checkpointing(
                new TableState.Reader(root(), new KernelParquet(), warnings::add),
                "ids",
                LakeContext.standard().withListener(event -> warnings.add(event.toString())),
                most);
    }

    private Checkpointing later(long most) {
        return new Checkpointing(
                new TableState.Reader(root(), new KernelParquet(), warnings::add),
                "ids",
                LakeContext.standard().withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(60))),
                most);
    }

    private static TableId id() {
        return new TableId("bronze", "ids");
    }

    private static Snapshot latest(LakeTable table) {
        return table.snapshot(SnapshotSelector.latest());
    }

    private static List<String> paths(Snapshot snapshot) {
        return snapshot.scan().files().stream().map(DataFile::path).toList();
    }

    private static List<String> content(Snapshot snapshot) {
        List<String> content = new ArrayList<>();
        content.add(snapshot.version() + " " + snapshot.detail()
                + snapshot.coordination().domains());
        snapshot.scan()
                .files()
                .forEach(file -> content.add(file.path() + file.fileBytes() + file.modificationTime() + file.tags()));
        return content;
    }

    private Path root() {
        return folder.resolve("50% ids");
    }

    private Path log() {
        return root().resolve("_delta_log");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(log())) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private List<Path> manifests() throws IOException {
        return names().stream()
                .filter(name -> name.matches("\\d{20}\\.checkpoint\\.[0-9a-f-]{36}\\.json"))
                .map(log()::resolve)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private List<Path> sidecars() throws IOException {
        try (Stream<Path> files = Files.list(log().resolve("_sidecars"))) {
            return files.sorted().toList();
        }
    }

    /** Leaves nothing of the log below a version, so that only its checkpoint can answer. */
    private void takeAwayBelow(long version) throws IOException {
        for (String name : names()) {
            if (name.matches("\\d{20}\\..*") && Long.parseLong(name.substring(0, 20)) < version) {
                Files.delete(log().resolve(name));
            }
        }
    }
}
