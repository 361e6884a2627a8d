package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.LoadRequest;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Merged;
import io.lakeops.engine.MultisetHash;
import io.lakeops.engine.Relation;
import io.lakeops.engine.RowMatch;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Literal;
import io.lakeops.table.LogParquet;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link ComputeEngine} does. Implement it in a test class of the engine.
 *
 * <p>The queries here are the common subset of SQL: {@code SELECT}, {@code UNION ALL}, {@code WHERE}, {@code CAST},
 * comparisons, {@code CASE}, {@code count}, {@code sum}, {@code min}, {@code max}, typed literals.
 */
public interface ComputeEngineContract {
    Schema ORDERS = Schema.of(
            Field.of("id", Primitive.LONG), Field.of("qty", Primitive.INTEGER), Field.of("day", Primitive.STRING));

    /** The engine. */
    ComputeEngine engine();

    private Session open(Path dir) {
        return engine().open(new EngineOptions(256L << 20, 2, dir.resolve("spill")), LakeContext.standard());
    }

    private static Relation query(String sql) {
        return new Relation.Query(Expr.of(sql));
    }

    private static WriteRequest into(Path root, Relation rows, Schema schema, String... partitions) {
        return new WriteRequest(rows, schema, List.of(partitions), root, 64L << 20, List.of());
    }

    private static Relation files(List<WrittenFile> written, Schema schema) {
        return new Relation.ParquetFiles(
                written.stream().map(WrittenFile::location).toList(), schema);
    }

    private static List<List<@Nullable Object>> sorted(Session session, Relation relation) {
        List<List<@Nullable Object>> rows = new ArrayList<>(
                session.rows(relation, Long.MAX_VALUE, new Cancellation()).rows());
        rows.sort((a, b) -> a.toString().compareTo(b.toString()));
        return rows;
    }

    private static ErrorCode failure(Runnable action) {
        return catchThrowableOfType(LakeException.class, action::run).code();
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** A table whose files hold what each query returns. */
    private static Snapshot table(
            Session session, Path dir, Schema schema, List<String> partitions, String... queries) {
        LakeTable table = new MemoryFormat()
                .create(
                        new TableId("bronze", "orders"),
                        new TableLocation(dir.resolve("table")),
                        new TableSpec(schema, partitions, List.of(), Map.of(), Optional.empty()),
                        Optional.empty(),
                        LakeContext.standard());
        for (String sql : queries) {
            List<WrittenFile> written = session.write(
                    into(table.location().root(), query(sql), schema, partitions.toArray(new String[0])),
                    new Cancellation());
            table.commit(
                    table.snapshot(SnapshotSelector.latest()),
                    CommitSpec.append(
                            new Operation("WRITE", Map.of(), Map.of()),
                            written.stream().map(WrittenFile::dataFile).toList()));
        }
        return table.snapshot(SnapshotSelector.latest());
    }

    // --- write

    @Test
    default void what_is_written_is_read_back_with_its_types(@TempDir Path dir) {
        Schema schema = Schema.of(
                Field.of("l", Primitive.LONG),
                Field.of("i", Primitive.INTEGER),
                Field.of("d", Primitive.DOUBLE),
                Field.of("dec", new DataType.Decimal(12, 4)),
                Field.of("s", Primitive.STRING),
                Field.of("b", Primitive.BOOLEAN),
                Field.of("dt", Primitive.DATE),
                Field.of("ts", Primitive.TIMESTAMP),
                Field.of("ntz", Primitive.TIMESTAMP_NTZ));
        try (Session session = open(dir)) {
            List<WrittenFile> written = session.write(
                    into(
                            dir.resolve("t"),
                            query("SELECT 1 AS l, 2 AS i, 1.5 AS d, 1.25 AS dec, 'ü€😀' AS s, true AS b,"
                                    + " DATE '2024-02-29' AS dt, CAST('2024-06-01 10:00:00+02' AS TIMESTAMP WITH TIME ZONE) AS ts,"
                                    + " TIMESTAMP '2024-06-01 10:00:00.123456' AS ntz"
                                    + " UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"),
                            schema),
                    new Cancellation());
            assertThat(written).hasSize(1);
            WrittenFile file = written.get(0);
            assertThat(file.statistics().rowCount()).isEqualTo(2);
            assertThat(file.statistics().column(List.of("l")).nulls()).hasValue(1);
            assertThat(file.statistics().column(List.of("ts")).min())
                    .contains(new Literal(Instant.parse("2024-06-01T08:00:00Z")));
            assertThat(file.fileBytes()).isEqualTo(file.location().toFile().length());
            assertThat(dir.resolve("t").resolve(file.path())).isEqualTo(file.location());
            assertThat(sorted(session, files(written, schema)))
                    .containsExactly(
                            Arrays.asList(
                                    1L,
                                    2,
                                    1.5,
                                    new BigDecimal("1.2500"),
                                    "ü€😀",
                                    true,
                                    LocalDate.of(2024, 2, 29),
                                    Instant.parse("2024-06-01T08:00:00Z"),
                                    LocalDateTime.parse("2024-06-01T10:00:00.123456")),
                            Arrays.asList(null, null, null, null, null, null, null, null, null));
        }
    }

    @Test
    default void columns_match_by_name_and_one_too_many_is_refused(@TempDir Path dir) throws IOException {
        try (Session session = open(dir)) {
            List<WrittenFile> written = session.write(
                    into(dir.resolve("t"), query("SELECT 'd' AS DAY, 1 AS id"), ORDERS), new Cancellation());
            assertThat(sorted(session, files(written, ORDERS))).containsExactly(Arrays.asList(1L, null, "d"));
            assertThat(failure(() -> session.write(
                            into(dir.resolve("u"), query("SELECT 1 AS id, 2 AS other"), ORDERS), new Cancellation())))
                    .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
            assertThat(filesBelow(dir.resolve("u"))).isEmpty();
        }
    }

    @Test
    default void a_null_where_none_may_be_leaves_no_file(@TempDir Path dir) throws IOException {
        Schema schema = Schema.of(Field.of("id", Primitive.LONG).required());
        try (Session session = open(dir)) {
            assertThat(failure(() -> session.write(
                            into(dir.resolve("t"), query("SELECT 1 AS id UNION ALL SELECT NULL"), schema),
                            new Cancellation())))
                    .isEqualTo(ErrorCode.CONSTRAINT_VIOLATED);
            assertThat(filesBelow(dir.resolve("t"))).isEmpty();
        }
    }

    @Test
    default void partitions_become_folders_and_values_stay_out_of_the_files(@TempDir Path dir) {
        try (Session session = open(dir)) {
            List<WrittenFile> written = session.write(
                    into(
                            dir.resolve("t"),
                            query("SELECT 1 AS id, 'a/b=%' AS day UNION ALL SELECT 2, '' UNION ALL SELECT 3, NULL"
                                    + " UNION ALL SELECT 4, 'a/b=%'"),
                            ORDERS,
                            "day"),
                    new Cancellation());
            assertThat(written).hasSize(2);
            Map<String, Long> rows = new TreeMap<>();
            for (WrittenFile file : written) {
                rows.merge(
                        String.valueOf(file.partitionValues().get("day")),
                        file.statistics().rowCount(),
                        Long::sum);
                assertThat(dir.resolve("t").relativize(file.location()).getNameCount())
                        .isEqualTo(2);
            }
            assertThat(rows).isEqualTo(Map.of("a/b=%", 2L, "null", 2L));
        }
    }

    @Test
    default void a_cancelled_request_says_so_and_leaves_no_file(@TempDir Path dir) throws IOException {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        try (Session session = open(dir)) {
            assertThat(failure(() -> session.write(into(dir.resolve("t"), query("SELECT 1 AS id"), ORDERS), cancelled)))
                    .isEqualTo(ErrorCode.CANCELLED);
            assertThat(filesBelow(dir.resolve("t"))).isEmpty();
        }
    }

    // --- load

    @Test
    default void a_load_splits_good_rows_from_rejects_and_counts_both(@TempDir Path dir) throws IOException {
        Path raw = Files.writeString(dir.resolve("o.csv"), "qty,id\n1,10\nx,11\n,12\n3\n\"4\",13\n");
        Schema source = Schema.of(Field.of("id", Primitive.LONG), Field.of("qty", Primitive.INTEGER));
        Schema table = Schema.of(
                Field.of("id", Primitive.LONG),
                Field.of("qty", Primitive.INTEGER),
                Field.of("ingestion_ts", Primitive.TIMESTAMP),
                Field.of("src_filename", Primitive.STRING),
                Field.of("src_row_hash", Primitive.STRING));
        Instant now = Instant.parse("2024-04-02T02:00:00Z");
        try (Session session = open(dir)) {
            Loaded loaded = session.load(
                    new LoadRequest(
                            List.of(new LoadRequest.RawFile(raw, "o.csv")),
                            LoadRequest.RawFormat.Csv.standard(),
                            source,
                            List.of("qty"),
                            List.of(),
                            table,
                            List.of(),
                            List.of(),
                            dir.resolve("t"),
                            dir.resolve("r"),
                            "b1",
                            now,
                            64L << 20),
                    new Cancellation());
            assertThat(loaded.counts()).containsExactly(new Loaded.Count("o.csv", 5, 2, 3));
            assertThat(sorted(session, files(loaded.files(), table)))
                    .containsExactly(
                            // md5 of "10", U+001F, "1", and of "13", U+001F, "4"
                            List.of(10L, 1, now, "o.csv", "3209f86a773f1802dd2bc323ed58fc30"),
                            List.of(13L, 4, now, "o.csv", "011ff00a787c04306c2cd1fb4fb8b0dc"));
            Schema rejects = Schema.of(Field.of("src_line", Primitive.LONG), Field.of("raw", Primitive.STRING));
            assertThat(sorted(session, files(loaded.rejects(), rejects)))
                    .containsExactly(List.of(3L, "x,11"), List.of(4L, ",12"), List.of(5L, "3"));
        }
    }

    // --- tables

    @Test
    default void a_tables_rows_are_read_with_partition_values_and_without_deleted_ones(@TempDir Path dir) {
        try (Session session = open(dir)) {
            Snapshot snapshot = table(
                    session,
                    dir,
                    ORDERS,
                    List.of("day"),
                    "SELECT 1 AS id, 5 AS qty, 'a' AS day UNION ALL SELECT 2, 6, 'b'",
                    "SELECT 3 AS id, 7 AS qty, 'a' AS day");
            List<DataFile> files = snapshot.scan().files();
            assertThat(sorted(session, new Relation.TableRows(snapshot, files)))
                    .containsExactly(List.of(1L, 5, "a"), List.of(2L, 6, "b"), List.of(3L, 7, "a"));
            List<DataFile> withVector = files.stream()
                    .map(f -> new DataFile(
                            f.path(),
                            f.location(),
                            f.partitionValues(),
                            f.fileBytes(),
                            f.modificationTime(),
                            f.statistics(),
                            f.path().startsWith("day=b") ? Optional.of(MemoryFormat.vector(0)) : Optional.empty(),
                            f.tags(),
                            f.rowTracking()))
                    .toList();
            assertThat(sorted(session, new Relation.TableRows(snapshot, withVector)))
                    .containsExactly(List.of(1L, 5, "a"), List.of(3L, 7, "a"));
            assertThat(session.schema(Relation.TableRows.all(snapshot))).isEqualTo(ORDERS);
        }
    }

    @Test
    default void rows_are_found_file_by_file_by_condition(@TempDir Path dir) {
        try (Session session = open(dir)) {
            Snapshot snapshot = table(
                    session,
                    dir,
                    ORDERS,
                    List.of(),
                    "SELECT 1 AS id, 5 AS qty UNION ALL SELECT 2, NULL UNION ALL SELECT NULL, 6",
                    "SELECT 3 AS id, 5 AS qty UNION ALL SELECT 4, 5",
                    "SELECT 5 AS id, 9 AS qty");
            Relation.TableRows all = Relation.TableRows.all(snapshot);
            List<FileHits> byCondition =
                    session.locate(all, new RowMatch.ByCondition(Expr.of("qty = 5")), new Cancellation());
            assertThat(byCondition.stream().map(h -> h.hits() + " of " + h.rows()))
                    .containsExactlyInAnyOrder("1 of 3", "2 of 2");
            assertThat(session.locate(all, new RowMatch.ByCondition(Expr.of("qty = 77")), new Cancellation()))
                    .isEmpty();
        }
    }

    @Test
    default void rows_are_found_by_position_those_of_a_vector_never_again(@TempDir Path dir) {
        try (Session session = open(dir)) {
            Snapshot snapshot = table(
                    session,
                    dir,
                    ORDERS,
                    List.of(),
                    "SELECT i AS id, CASE WHEN i % 1000 = 7 THEN 5 END AS qty FROM range(5000) AS r(i)",
                    "SELECT i AS id, 5 AS qty FROM range(1025) AS r(i)",
                    "SELECT 5 AS id, 9 AS qty");
            List<DataFile> files = snapshot.scan().files().stream()
                    .map(f -> f.liveRows().orElse(0) == 1025 ? f.withDeletionVector(MemoryFormat.vector(3, 1024)) : f)
                    .toList();
            Map<Long, List<Long>> found = new java.util.TreeMap<>();
            session.find(
                    new Relation.TableRows(snapshot, files),
                    Expr.of("qty = 5"),
                    (file, rows) -> found.put(
                            file.statistics().orElseThrow().rows().getAsLong(),
                            java.util.BitSet.valueOf(rows.toWords()).stream()
                                    .asLongStream()
                                    .boxed()
                                    .toList()),
                    new Cancellation());
            assertThat(found.keySet()).containsExactly(1025L, 5000L);
            assertThat(found.get(5000L)).containsExactly(7L, 1007L, 2007L, 3007L, 4007L);
            assertThat(found.get(1025L)).hasSize(1023).doesNotContain(3L, 1024L).contains(0L, 1023L);
            session.find(
                    new Relation.TableRows(snapshot, files),
                    Expr.of("qty = 77"),
                    (file, rows) -> {
                        throw new AssertionError("no row is such: " + file.path());
                    },
                    new Cancellation());
        }
    }

    @Test
    default void filtered_and_except_share_every_row_between_them(@TempDir Path dir) {
        Relation rows = query("SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT NULL");
        try (Session session = open(dir)) {
            assertThat(sorted(session, new Relation.Filtered(rows, Expr.of("a > 1 -- the big ones"))))
                    .containsExactly(List.of(2));
            assertThat(sorted(session, new Relation.Except(rows, Expr.of("a > 1"))))
                    .containsExactly(List.of(1), Arrays.asList((Object) null));
            assertThat(sorted(
                            session,
                            new Relation.Derived(
                                    Expr.of("SELECT sum(a) AS s FROM x WHERE a IN (SELECT a FROM y);"),
                                    Map.of("x", rows, "y", new Relation.Filtered(rows, Expr.of("a = 2"))))))
                    .containsExactly(List.of(2L));
        }
    }

    @Test
    default void an_upsert_replaces_adds_and_deletes_by_key_and_keeps_what_the_source_lacks(@TempDir Path dir) {
        try (Session session = open(dir)) {
            Snapshot snapshot = table(
                    session,
                    dir,
                    ORDERS,
                    List.of(),
                    "SELECT 1 AS id, 5 AS qty, 'a' AS day UNION ALL SELECT 2, 6, 'b' UNION ALL SELECT 3, 7, 'c'"
                            + " UNION ALL SELECT NULL, 8, 'n'");
            Relation source = query("SELECT '2' AS id, 60 AS qty, 'u' AS op UNION ALL SELECT '3', 0, 'd'"
                    + " UNION ALL SELECT '4', 40, 'u' UNION ALL SELECT '5', 50, 'd' UNION ALL SELECT NULL, 1, 'u'"
                    + " UNION ALL SELECT NULL, 2, NULL");
            assertThat(upserted(session, snapshot, source, List.of("id"), "op = 'd'"))
                    .containsExactlyInAnyOrder(
                            List.of(1L, 5, "a"),
                            List.of(2L, 60, "b"),
                            Arrays.asList(4L, 40, null),
                            Arrays.asList(null, 8, "n"),
                            Arrays.asList(null, 1, null),
                            Arrays.asList(null, 2, null));
            LakeException twice = catchThrowableOfType(
                    LakeException.class,
                    () -> upserted(
                            session, snapshot, query("SELECT 7 AS id UNION ALL SELECT 7"), List.of("id"), "false"));
            assertThat(twice.code()).isEqualTo(ErrorCode.AMBIGUOUS_MATCH);
            assertThat(twice).hasMessageContaining("id = 7");
        }
    }

    /** The rows of a table once a source was put in by key. */
    private static List<List<@Nullable Object>> upserted(
            Session session, Snapshot snapshot, Relation source, List<String> key, String delete) {
        List<String> given = session.schema(source).names().stream()
                .filter(c -> snapshot.schema().find(c).isPresent())
                .toList();
        List<DataFile> files = new ArrayList<>(snapshot.scan().files());
        Merged merged = session.merge(
                MergeRequest.byKey(
                        new Relation.TableRows(snapshot, files),
                        source,
                        new MergeRequest.Key(key, Expr.of(delete)),
                        given,
                        1L << 20),
                new Cancellation());
        files.removeAll(merged.rewritten());
        merged.files().forEach(f -> files.add(f.dataFile()));
        return sorted(session, new Relation.TableRows(snapshot, files));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14})
    default void upserts_agree_with_a_model(long seed, @TempDir Path dir) {
        Random random = new Random(seed);
        Map<String, List<@Nullable Object>> model = new TreeMap<>();
        List<String> target = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long id = random.nextInt(50);
            String day = String.valueOf(random.nextInt(2));
            if (model.putIfAbsent(id + "/" + day, List.of(id, i, day)) == null) {
                target.add("SELECT " + id + " AS id, " + i + " AS qty, '" + day + "' AS day");
            }
        }
        Map<String, String> source = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            long id = random.nextInt(60);
            String day = String.valueOf(random.nextInt(2));
            boolean delete = random.nextInt(3) == 0;
            String key = id + "/" + day;
            source.put(
                    key,
                    "SELECT " + id + " AS id, '" + day + "' AS day, " + (1000 + i) + " AS qty, " + delete + " AS gone");
            if (delete) {
                model.remove(key);
            } else {
                model.put(key, List.of(id, 1000 + i, day));
            }
            if (source.size() > 25) {
                break;
            }
        }
        try (Session session = open(dir)) {
            int half = target.size() / 2;
            Snapshot snapshot = table(
                    session,
                    dir,
                    ORDERS,
                    List.of("day"),
                    String.join(" UNION ALL ", target.subList(0, half)),
                    String.join(" UNION ALL ", target.subList(half, target.size())));
            List<List<@Nullable Object>> rows = upserted(
                    session,
                    snapshot,
                    query(String.join(" UNION ALL ", source.values())),
                    List.of("id", "day"),
                    "gone");
            assertThat(rows).containsExactlyInAnyOrderElementsOf(model.values());
        }
    }

    // --- measure, hash, schema

    @Test
    default void aggregates_are_measured_in_one_pass_under_their_names(@TempDir Path dir) {
        try (Session session = open(dir)) {
            Rows measured = session.measure(
                    new MeasureRequest(
                            query("SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT NULL"),
                            List.of(
                                    new MeasureRequest.Aggregate("rows", Expr.of("count(*)")),
                                    new MeasureRequest.Aggregate("the max", Expr.of("max(a)")),
                                    new MeasureRequest.Aggregate(
                                            "nulls", Expr.of("sum(CASE WHEN a IS NULL THEN 1 ELSE 0 END)")))),
                    new Cancellation());
            assertThat(measured.columns()).containsExactly("rows", "the max", "nulls");
            assertThat(measured.rows()).containsExactly(List.of(3L, 2, 1L));
        }
    }

    @Test
    default void the_multiset_hash_ignores_order_and_counts_repeats(@TempDir Path dir) {
        try (Session session = open(dir)) {
            MultisetHash one = hash(session, "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL");
            assertThat(hash(session, "SELECT 2 AS a, NULL AS b UNION ALL SELECT 1, 'x'"))
                    .isEqualTo(one);
            assertThat(hash(session, "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, ''"))
                    .isNotEqualTo(one);
            MultisetHash twice = hash(session, "SELECT 3 AS a UNION ALL SELECT 3");
            assertThat(hash(session, "SELECT 4 AS a UNION ALL SELECT 4")).isNotEqualTo(twice);
            assertThat(hash(session, "SELECT 1 AS a WHERE 1 = 0").rows()).isZero();
        }
    }

    private static MultisetHash hash(Session session, String sql) {
        return session.multisetHash(query(sql), new Cancellation());
    }

    @Test
    default void a_query_tells_its_columns(@TempDir Path dir) {
        try (Session session = open(dir)) {
            Schema schema = session.schema(query(
                    "SELECT CAST(1 AS BIGINT) AS a, 'x' AS b, CAST(1 AS DECIMAL(9,2)) AS c, DATE '2024-01-01' AS d"));
            assertThat(schema.fields().stream()
                            .map(f -> f.name() + " " + f.type())
                            .collect(Collectors.joining(", ")))
                    .isEqualTo("a LONG, b STRING, c Decimal[precision=9, scale=2], d DATE");
        }
    }

    @Test
    default void a_dialect_that_the_engine_does_not_read_is_refused_by_name(@TempDir Path dir) {
        Expr foreign = new Expr("SELECT 1", "klingon", Predicate.always());
        try (Session session = open(dir)) {
            LakeException failure = catchThrowableOfType(
                    LakeException.class, () -> session.rows(new Relation.Query(foreign), 1, new Cancellation()));
            assertThat(failure.code()).isEqualTo(ErrorCode.FEATURE_UNSUPPORTED);
            assertThat(failure).hasMessageContaining("klingon");
        }
    }

    @Test
    default void a_session_leaves_nothing_in_its_spill_folder(@TempDir Path dir) throws IOException {
        Session session = open(dir);
        session.rows(query("SELECT 1 AS a"), 1, new Cancellation());
        session.close();
        assertThat(filesBelow(dir.resolve("spill"))).isEmpty();
    }

    // --- the log's files

    @Test
    default void the_log_reader_reads_nested_rows_by_name_and_nulls_for_what_is_not_there(@TempDir Path dir) {
        Schema written = Schema.of(
                Field.of("id", Primitive.LONG), Field.of("ts", Primitive.TIMESTAMP), Field.of("s", Primitive.STRING));
        try (Session session = open(dir);
                ComputeEngine.LogReader reader = engine().logReader()) {
            Path file = session.write(
                            into(
                                    dir.resolve("log"),
                                    query(
                                            "SELECT 1 AS id, CAST('2024-06-01 10:00:00+00' AS TIMESTAMP WITH TIME ZONE) AS ts, 'x' AS s"
                                                    + " UNION ALL SELECT 2, NULL, NULL"),
                                    written),
                            new Cancellation())
                    .get(0)
                    .location();
            List<Field> asked = List.of(
                    Field.of("s", Primitive.STRING),
                    Field.of("gone", new DataType.Struct(List.of(Field.of("x", Primitive.LONG)))),
                    Field.of("id", Primitive.INTEGER),
                    Field.of("ts", Primitive.TIMESTAMP));
            List<List<@Nullable Object>> rows = new ArrayList<>();
            try (LogParquet.RowIterator iterator = reader.read(file, asked)) {
                iterator.forEachRemaining(row -> rows.add(Arrays.asList(row)));
            }
            assertThat(rows)
                    .containsExactlyInAnyOrder(
                            Arrays.asList("x", null, 1, Instant.parse("2024-06-01T10:00:00Z")),
                            Arrays.asList(null, null, 2, null));
            Path broken = Files.writeString(dir.resolve("broken.parquet"), "PAR1 no more");
            assertThat(failure(() -> reader.read(broken, asked).close())).isEqualTo(ErrorCode.LOG_CORRUPT);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // --- damage

    @Test
    default void a_missing_and_a_damaged_data_file_are_told_apart_and_named(@TempDir Path dir) throws IOException {
        try (Session session = open(dir)) {
            Snapshot snapshot = table(session, dir, ORDERS, List.of(), "SELECT 1 AS id", "SELECT 2 AS id");
            Path victim = snapshot.scan().files().get(1).location();
            byte[] bytes = Files.readAllBytes(victim);
            Files.write(victim, Arrays.copyOf(bytes, bytes.length / 2));
            LakeException damaged =
                    catchThrowableOfType(LakeException.class, () -> sorted(session, Relation.TableRows.all(snapshot)));
            assertThat(damaged.code()).isEqualTo(ErrorCode.DATA_FILE_CORRUPT);
            assertThat(damaged)
                    .hasMessageContaining(
                            Objects.requireNonNull(victim.getFileName()).toString());
            Files.delete(victim);
            LakeException missing = catchThrowableOfType(
                    LakeException.class,
                    () -> session.write(
                            into(dir.resolve("again"), Relation.TableRows.all(snapshot), ORDERS), new Cancellation()));
            assertThat(missing.code()).isEqualTo(ErrorCode.DATA_FILE_MISSING);
            assertThat(missing)
                    .hasMessageContaining(
                            Objects.requireNonNull(victim.getFileName()).toString());
            assertThat(filesBelow(dir.resolve("again"))).isEmpty();
        }
    }
}
