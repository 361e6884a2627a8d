package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.Reads;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the checkpoints are like that a Delta table gets from us, through an engine or without one. */
public interface CheckpointWritingContract {
    Field REMOVED = Field.of("remove", new DataType.Struct(List.of(Field.of("path", Primitive.STRING))));

    /** The Delta format. */
    TableFormat delta();

    /** Who writes and reads the checkpoints; empty for the format's own. */
    Optional<LogParquet> logParquet();

    /** A reader of any Parquet file of a log. */
    LogParquet reader();

    @Test
    default void the_tenth_commit_brings_a_checkpoint_that_stands_for_them_all(@TempDir Path folder)
            throws IOException {
        LakeTable table = orders(folder, Map.of("delta.checkpoint.writeStatsAsStruct", "true"));
        DataFile first = file(folder, "a b%20.parquet", 1, 9);
        ContractTables.append(table, first);
        table.commit(
                latest(table),
                new CommitSpec(
                        ContractTables.WRITE,
                        Isolation.WRITE_SERIALIZABLE,
                        new Reads.Nothing(),
                        List.of(),
                        Optional.empty(),
                        List.of(new Sequence("loader", 7)),
                        Map.of("mine", "{\"a\":1}", "gone", "x"),
                        Optional.empty()));
        table.commit(
                latest(table),
                new CommitSpec(
                        ContractTables.WRITE,
                        Isolation.WRITE_SERIALIZABLE,
                        new Reads.Nothing(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        Map.of("gone", ""),
                        Optional.empty()));
        remove(table, first);
        for (int version = 5; version <= 9; version++) {
            ContractTables.append(table, file(folder, "part-" + version + ".parquet", version, version + 1));
        }
        assertThat(checkpoints(table)).isEmpty();
        ContractTables.append(table, file(folder, "part-10.parquet", 10, 11));
        assertThat(checkpoints(table)).containsExactly("00000000000000000010.checkpoint.parquet");
        List<String> before = content(latest(table));

        Map<String, @Nullable Object> pointer = Json.parseObject(Files.readString(log(table, "_last_checkpoint")));
        assertThat(pointer)
                .containsEntry("version", 10L)
                .containsEntry("numOfAddFiles", 6L)
                .containsEntry("size", 6L + 1 + 1 + 1 + 1 + 1)
                .containsEntry("sizeInBytes", Files.size(log(table, "00000000000000000010.checkpoint.parquet")))
                .containsKey("checksum");
        takeAwayBelow(table, 10);
        Snapshot after = latest(open(folder));
        assertThat(content(after)).isEqualTo(before);
        assertThat(after.coordination().sequence("loader")).hasValue(7);
        assertThat(after.coordination().domains()).isEqualTo(Map.of("mine", "{\"a\":1}"));
        assertThat(hidden(table)).isEmpty();
    }

    @Test
    default void tombstones_are_kept_through_every_checkpoint_until_their_retention_ends(@TempDir Path folder) {
        LakeTable table = orders(folder, Map.of());
        DataFile first = file(folder, "first.parquet", 1, 9);
        ContractTables.append(table, first);
        remove(table, first);
        checkpoint(table);
        ContractTables.append(table, file(folder, "second.parquet", 1, 9));
        checkpoint(table);
        assertThat(tombstones(table, 2)).containsExactly("first.parquet");
        assertThat(tombstones(table, 3)).containsExactly("first.parquet");

        LakeContext later = LakeContext.standard().withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));
        LakeTable aged = delta().open(table.id(), table.location(), logParquet(), later);
        ContractTables.append(aged, file(folder, "third.parquet", 1, 9));
        checkpoint(aged);
        assertThat(tombstones(table, 4)).isEmpty();
    }

    @Test
    default void files_stand_in_the_order_of_their_paths_and_stay_in_it(@TempDir Path folder) {
        LakeTable table = orders(folder, Map.of());
        Field path = Field.of("add", new DataType.Struct(List.of(Field.of("path", Primitive.STRING))));
        DataFile d = file(folder, "d.parquet", 1, 9);
        ContractTables.append(table, d, file(folder, "a.parquet", 1, 9), file(folder, "f.parquet", 1, 9));
        checkpoint(table);
        remove(table, d, file(folder, "c.parquet", 1, 9));
        ContractTables.append(table, file(folder, "g.parquet", 1, 9), file(folder, "b.parquet", 1, 9));
        checkpoint(table);

        assertThat(rows(table, 3, path).stream().map(row -> ((@Nullable Object[]) row)[0]))
                .containsExactly("a.parquet", "b.parquet", "c.parquet", "f.parquet", "g.parquet");
        assertThat(ContractTables.paths(latest(open(folder))))
                .containsExactly("a.parquet", "b.parquet", "c.parquet", "f.parquet", "g.parquet");
    }

    @Test
    default void a_table_that_asks_for_it_gets_a_manifest_with_sidecars(@TempDir Path folder) throws IOException {
        LakeTable table =
                orders(folder, Map.of("delta.checkpointPolicy", "v2", "delta.checkpoint.writeStatsAsStruct", "true"));
        DataFile first = file(folder, "a b%20.parquet", 1, 9);
        ContractTables.append(table, first, file(folder, "b.parquet", 2, 9));
        remove(table, first);
        checkpoint(table);
        ContractTables.append(table, file(folder, "c.parquet", 1, 9));
        checkpoint(table);
        List<String> before = content(latest(table));

        assertThat(names(table).filter(name -> name.contains(".checkpoint.")))
                .hasSize(2)
                .allMatch(name -> name.matches("\\d{20}\\.checkpoint\\.[0-9a-f-]{36}\\.json"));
        takeAwayBelow(table, 3);
        assertThat(content(latest(open(folder)))).isEqualTo(before);
        List<Path> sidecars;
        try (Stream<Path> files = Files.list(log(table, "_sidecars"))) {
            sidecars = files.toList();
        }
        assertThat(sidecars).hasSize(2);
        for (Path sidecar : sidecars) {
            try (LogParquet.RowIterator rows = reader().read(sidecar, List.of(REMOVED))) {
                assertThat(rows.next()[0]).isEqualTo(new @Nullable Object[] {"a%20b%2520.parquet"});
            }
        }
    }

    @Test
    default void a_longer_retention_keeps_tombstones_longer(@TempDir Path folder) {
        LakeTable table = orders(folder, Map.of("delta.deletedFileRetentionDuration", "interval 2 weeks"));
        DataFile first = file(folder, "first.parquet", 1, 9);
        ContractTables.append(table, first);
        remove(table, first);
        LakeContext later = LakeContext.standard().withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));
        checkpoint(delta().open(table.id(), table.location(), logParquet(), later));

        assertThat(tombstones(table, 2)).containsExactly("first.parquet");
    }

    @Test
    default void statistics_are_kept_in_the_forms_that_the_table_asks_for(@TempDir Path folder) {
        Field asText = Field.of("stats", Primitive.STRING);
        Field asColumns = Field.of(
                "stats_parsed",
                new DataType.Struct(List.of(
                        Field.of("numRecords", Primitive.LONG),
                        Field.of("maxValues", new DataType.Struct(List.of(Field.of("id", Primitive.LONG)))),
                        Field.of("nullCount", new DataType.Struct(List.of(Field.of("qty", Primitive.LONG)))))));
        Field partition =
                Field.of("partitionValues_parsed", new DataType.Struct(List.of(Field.of("day", Primitive.STRING))));
        Field add = Field.of("add", new DataType.Struct(List.of(asText, asColumns, partition)));
        Map<String, List<Boolean>> forms = new TreeMap<>();
        for (String json : new String[] {"true", "false"}) {
            for (String struct : new String[] {"true", "false"}) {
                Path home = folder.resolve(json + struct);
                LakeTable table = orders(
                        home,
                        Map.of(
                                "delta.checkpoint.writeStatsAsJson", json,
                                "delta.checkpoint.writeStatsAsStruct", struct));
                ContractTables.append(table, file(home, "part.parquet", 1, 9));
                // The second checkpoint has the first one's rows to go by, and nothing else.
                checkpoint(table);
                remove(table, file(home, "part.parquet", 1, 9), file(home, "other.parquet", 2, 8));
                checkpoint(table);
                for (Object row : rows(table, 2, add)) {
                    @Nullable Object[] file = (@Nullable Object[]) row;
                    forms.put(json + struct, List.of(file[0] != null, file[1] != null, file[2] != null));
                    if (file[1] instanceof @Nullable Object[] columns) {
                        assertThat(columns[0]).isEqualTo(7L);
                        assertThat((@Nullable Object[]) columns[1]).containsExactly(8L);
                        assertThat((@Nullable Object[]) columns[2]).containsExactly(1L);
                    }
                }
                takeAwayBelow(table, 2);
                assertThat(latest(open(home)).scan().files()).singleElement().satisfies(file -> {
                    boolean any = json.equals("true") || struct.equals("true");
                    assertThat(file.statistics().isPresent()).isEqualTo(any);
                    if (any) {
                        assertThat(file.statistics()
                                        .orElseThrow()
                                        .column(List.of("qty"))
                                        .nulls())
                                .hasValue(1);
                    }
                });
            }
        }
        assertThat(forms)
                .isEqualTo(Map.of(
                        "truetrue", List.of(true, true, true),
                        "truefalse", List.of(true, false, false),
                        "falsetrue", List.of(false, true, true),
                        "falsefalse", List.of(false, false, false)));
    }

    @Test
    default void what_spark_wrote_is_the_same_from_our_checkpoint(@TempDir Path folder) throws IOException {
        Fixtures fixtures = Fixtures.unpackInto(folder);
        int written = 0;
        for (String name : fixtures.names()) {
            TableLocation location = new TableLocation(fixtures.table(name));
            LakeTable table = delta().open(TableId.of(location), location, logParquet(), LakeContext.standard());
            Snapshot before;
            try {
                before = latest(table);
                before.scan().files();
            } catch (LakeException unreadable) {
                continue;
            }
            List<String> content = content(before);
            try {
                if (!table.upkeep().orElseThrow().checkpoint().written()) {
                    continue;
                }
            } catch (LakeException refused) {
                assertThat(refused.code()).as(name).isEqualTo(ErrorCode.FEATURE_UNSUPPORTED);
                continue;
            }
            takeAwayBelow(table, before.version());
            assertThat(content(latest(table))).as(name).isEqualTo(content);
            written++;
        }
        assertThat(written).isGreaterThan(20);
    }

    @Test
    default void a_checkpoint_that_can_not_be_written_leaves_the_commit_and_is_told(@TempDir Path folder) {
        List<String> warnings = new ArrayList<>();
        LogParquet full = new LogParquet() {
            @Override
            public RowIterator read(Path file, List<Field> schema) {
                return reader().read(file, schema);
            }

            @Override
            public void write(Path file, List<Field> schema, Iterator<@Nullable Object[]> rows) {
                try {
                    Files.writeString(file, "half a ");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                throw new LakeException(ErrorCode.DISK_FULL, "no space");
            }
        };
        LakeTable made = orders(folder, Map.of("delta.checkpointInterval", "1"));
        LakeTable table = delta().open(
                        made.id(),
                        made.location(),
                        Optional.of(full),
                        LakeContext.standard().withListener(event -> {
                            if (event instanceof LakeEvent.Warning warning) {
                                warnings.add(warning.text());
                            }
                        }));

        CommitResult result = ContractTables.append(table, file(folder, "part.parquet", 1, 9));

        assertThat(result).isEqualTo(new CommitResult.Committed(1, 1));
        assertThat(warnings).singleElement().asString().contains("version 1 is committed", "no space");
        assertThat(checkpoints(table)).isEmpty();
        assertThat(hidden(table)).isEmpty();
        ContractTables.assertFails(ErrorCode.DISK_FULL, () -> checkpoint(table));
        checkpoint(open(folder));
        assertThat(checkpoints(table)).hasSize(1);
    }

    @Test
    default void a_checkpoint_that_is_damaged_is_passed_over_by_the_next_one(@TempDir Path folder) throws IOException {
        LakeTable table = orders(folder, Map.of());
        ContractTables.append(table, file(folder, "first.parquet", 1, 9));
        checkpoint(table);
        ContractTables.append(table, file(folder, "second.parquet", 1, 9));
        Path damaged = log(table, "00000000000000000001.checkpoint.parquet");
        Files.write(damaged, java.util.Arrays.copyOf(Files.readAllBytes(damaged), 300));

        checkpoint(open(folder));

        takeAwayBelow(table, 2);
        assertThat(ContractTables.paths(latest(open(folder)))).containsExactly("first.parquet", "second.parquet");
    }

    @Test
    default void a_torn_checkpoint_of_the_newest_version_does_not_stand_and_is_written_again(@TempDir Path folder)
            throws IOException {
        LakeTable table = orders(folder, Map.of());
        ContractTables.append(table, file(folder, "first.parquet", 1, 9));
        checkpoint(table);
        Path torn = log(table, "00000000000000000001.checkpoint.parquet");
        byte[] whole = Files.readAllBytes(torn);
        for (byte[] damaged : List.of(java.util.Arrays.copyOf(whole, 300), new byte[0])) {
            Files.write(torn, damaged);

            checkpoint(open(folder));

            assertThat(Files.size(torn)).isEqualTo(whole.length);
        }
        takeAwayBelow(table, 1);
        assertThat(ContractTables.paths(latest(open(folder)))).containsExactly("first.parquet");
        assertThat(hidden(table)).isEmpty();
    }

    @Test
    default void a_pointer_that_lies_leads_nobody_astray_and_is_put_right(@TempDir Path folder) throws IOException {
        LakeTable table = orders(folder, Map.of());
        ContractTables.append(table, file(folder, "first.parquet", 1, 9));
        checkpoint(table);
        Path pointer = log(table, "_last_checkpoint");
        for (String lie : new String[] {"{\"version\":99,\"size\":1}", "{\"version\":0,\"size\":-1}", "[1", ""}) {
            Files.writeString(pointer, lie);
            assertThat(ContractTables.paths(latest(open(folder)))).contains("first.parquet");
            ContractTables.append(open(folder), file(folder, "after " + lie.hashCode() + ".parquet", 1, 9));
            LakeTable fresh = open(folder);
            checkpoint(fresh);
            assertThat(Json.parseObject(Files.readString(pointer)))
                    .containsEntry("version", latest(fresh).version());
        }
    }

    @Test
    default void many_may_write_checkpoints_while_others_commit(@TempDir Path folder) throws Exception {
        orders(folder, Map.of("delta.checkpointInterval", "2"));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int worker = 0; worker < 2; worker++) {
                int number = worker;
                work.add(() -> {
                    for (int i = 0; i < 12; i++) {
                        ContractTables.append(
                                open(folder), file(folder, "part-" + number + "-" + i + ".parquet", 1, 9));
                    }
                    return 12;
                });
                work.add(() -> {
                    for (int i = 0; i < 12; i++) {
                        open(folder).upkeep().orElseThrow().checkpoint();
                    }
                    return 0;
                });
            }
            int appended = 0;
            for (Future<Integer> done : threads.invokeAll(work)) {
                appended += done.get();
            }
            LakeTable table = open(folder);
            assertThat(latest(table).scan().files()).hasSize(appended);
            table.upkeep().orElseThrow().checkpoint();
            takeAwayBelow(table, appended);
            assertThat(latest(open(folder)).scan().files()).hasSize(appended);
            assertThat(hidden(table)).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    private LakeTable orders(Path folder, Map<String, String> properties) {
        TableLocation location = ContractTables.location(folder);
        return delta().create(
                        TableId.of(location),
                        location,
                        new TableSpec(
                                ContractTables.ORDERS, List.of("day"), List.of(), properties, Optional.of("orders")),
                        logParquet(),
                        LakeContext.standard());
    }

    private LakeTable open(Path folder) {
        TableLocation location = ContractTables.location(folder);
        return delta().open(TableId.of(location), location, logParquet(), LakeContext.standard());
    }

    private static DataFile file(Path folder, String path, long from, long to) {
        Map<String, @Nullable String> partition = new HashMap<>();
        partition.put("day", from % 2 == 0 ? "a=b/c d%" : null);
        return ContractTables.file(folder, path, partition, from, to, 1);
    }

    private static Snapshot latest(LakeTable table) {
        return table.snapshot(SnapshotSelector.latest());
    }

    private static void remove(LakeTable table, DataFile file, DataFile... added) {
        ContractTables.commit(table, Isolation.WRITE_SERIALIZABLE, true, List.of(file), List.of(added));
    }

    private static void checkpoint(LakeTable table) {
        assertThat(table.upkeep().orElseThrow().checkpoint().written()).isTrue();
        assertThat(table.upkeep().orElseThrow().checkpoint().written()).isFalse();
    }

    /** All of a version that a reader could notice. */
    private static List<String> content(Snapshot snapshot) {
        List<String> content = new ArrayList<>();
        content.add(snapshot.version() + " " + snapshot.detail() + " " + snapshot.schema());
        content.add(new TreeMap<>(snapshot.coordination().domains()).toString());
        for (DataFile file : snapshot.scan().files()) {
            StringBuilder line = new StringBuilder();
            line.append(file.path()).append(new TreeMap<>(file.partitionValues()));
            line.append(file.fileBytes()).append(' ').append(file.modificationTime());
            line.append(file.deletionVector())
                    .append(new TreeMap<>(file.tags()))
                    .append(file.rowTracking());
            file.statistics().ifPresent(statistics -> {
                line.append(statistics.rows()).append(statistics.tightBounds());
                snapshot.schema().names().forEach(column -> line.append(statistics.column(List.of(column))));
            });
            content.add(line.toString());
        }
        return content;
    }

    private List<String> tombstones(LakeTable table, long version) {
        return rows(table, version, REMOVED).stream()
                .map(row -> String.valueOf(((@Nullable Object[]) row)[0]))
                .toList();
    }

    private List<Object> rows(LakeTable table, long version, Field column) {
        List<Object> found = new ArrayList<>();
        try (LogParquet.RowIterator rows =
                reader().read(log(table, String.format("%020d.checkpoint.parquet", version)), List.of(column))) {
            rows.forEachRemaining(row -> {
                if (row[0] != null) {
                    found.add(row[0]);
                }
            });
        }
        return found;
    }

    private static Path log(LakeTable table, String name) {
        return table.location().root().resolve("_delta_log").resolve(name);
    }

    private static List<String> checkpoints(LakeTable table) {
        return names(table).filter(name -> name.contains("checkpoint.parquet")).toList();
    }

    private static List<String> hidden(LakeTable table) {
        return names(table).filter(name -> name.startsWith(".")).toList();
    }

    private static Stream<String> names(LakeTable table) {
        try (Stream<Path> files = Files.list(table.location().root().resolve("_delta_log"))) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves nothing of the log below a version, so that only its checkpoint can answer. */
    private static void takeAwayBelow(LakeTable table, long version) {
        names(table).filter(name -> name.matches("\\d{20}\\..*")).forEach(name -> {
            boolean below = Long.parseLong(name.substring(0, 20)) < version;
            if (below || name.endsWith(".crc")) {
                try {
                    Files.delete(log(table, name));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }
}
