package io.lakeops.duckdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.LoadRequest;
import io.lakeops.engine.LoadRequest.Derived;
import io.lakeops.engine.LoadRequest.RawFile;
import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.Relation;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoaderTest {
    private static final long MIB = 1L << 20;
    private static final Instant NOW = Instant.parse("2024-04-02T02:00:00.123456Z");
    private static final Schema SOURCE = Schema.of(
            Field.of("id", Primitive.LONG),
            Field.of("reason", Primitive.STRING),
            Field.of("ts", Primitive.TIMESTAMP),
            Field.of("price", new DataType.Decimal(6, 2)),
            Field.of("line", Primitive.INTEGER));

    @TempDir
    Path dir;

    private DuckDbSession session;

    @BeforeEach
    void open() {
        session = DuckDbSession.open(new EngineOptions(256 * MIB, 2, dir.resolve("spill")), LakeContext.standard());
    }

    @AfterEach
    void close() {
        session.close();
    }

    private RawFile raw(String name, String text) throws IOException {
        Path path = dir.resolve("raw").resolve(name);
        Files.createDirectories(path.getParent());
        return new RawFile(Files.writeString(path, text), "raw/" + name);
    }

    private static Schema table(Schema source, Field... derived) {
        List<Field> fields = new ArrayList<>(source.fields());
        fields.addAll(List.of(derived));
        fields.add(Field.of("ingestion_ts", Primitive.TIMESTAMP));
        fields.add(Field.of("src_filename", Primitive.STRING));
        fields.add(Field.of("src_row_hash", Primitive.STRING));
        return new Schema(fields);
    }

    private LoadRequest request(List<RawFile> files, RawFormat format, Schema source, String... required) {
        return new LoadRequest(
                files,
                format,
                source,
                List.of(required),
                List.of(),
                table(source),
                List.of(),
                List.of(),
                dir.resolve("table"),
                dir.resolve("rejects"),
                "b-1",
                NOW,
                128 * MIB);
    }

    @Test
    void a_row_gets_what_the_table_generates_and_its_defaults() throws IOException {
        Schema source = Schema.of(Field.of("id", Primitive.LONG));
        LoadRequest plain = request(List.of(raw("a.csv", "id\n1\n2\n")), RawFormat.Csv.standard(), source);
        Loaded loaded = load(new LoadRequest(
                plain.files(),
                plain.format(),
                source,
                List.of(),
                List.of(),
                table(source, Field.of("twice", Primitive.LONG).required(), Field.of("kind", Primitive.STRING)),
                List.of(),
                List.of(),
                plain.root(),
                plain.rejectsRoot(),
                plain.batch(),
                plain.ingestionTime(),
                plain.targetFileBytes(),
                new TableRules(
                        List.of(),
                        List.of(new TableRules.Computed("twice", "id * 2")),
                        List.of(new TableRules.Computed("kind", "'raw'")))));

        assertThat(read("SELECT id, twice, kind FROM FILES ORDER BY 1", loaded.files()))
                .isEqualTo(List.of(List.of(1L, 2L, "raw"), List.of(2L, 4L, "raw")));
    }

    @Test
    void a_row_that_breaks_a_constraint_of_the_table_is_rejected() throws IOException {
        LoadRequest plain = request(
                List.of(raw("a.csv", "id,qty\n1,5\n2,-5\n3,\n")),
                RawFormat.Csv.standard(),
                Schema.of(Field.of("id", Primitive.LONG), Field.of("qty", Primitive.INTEGER)));
        Loaded loaded = load(new LoadRequest(
                plain.files(),
                plain.format(),
                plain.source(),
                plain.required(),
                plain.derived(),
                plain.table(),
                plain.partitionColumns(),
                plain.orderBy(),
                plain.root(),
                plain.rejectsRoot(),
                plain.batch(),
                plain.ingestionTime(),
                plain.targetFileBytes(),
                new TableRules(List.of(new TableRules.Check("qty_pos", "qty > 0 AND src_filename IS NOT NULL")))));

        assertThat(read("SELECT id FROM FILES", loaded.files())).isEqualTo(List.of(List.of(1L)));
        assertThat(read("SELECT src_line, reject_reason FROM FILES ORDER BY 1", loaded.rejects()))
                .isEqualTo(List.of(
                        List.of(3L, "CONSTRAINT_VIOLATED: CHECK qty_pos (qty > 0 AND src_filename IS NOT NULL)"),
                        List.of(4L, "CONSTRAINT_VIOLATED: CHECK qty_pos (qty > 0 AND src_filename IS NOT NULL)")));
    }

    private Loaded csv(String text, String... required) throws IOException {
        return load(request(List.of(raw("a.csv", text)), RawFormat.Csv.standard(), SOURCE, required));
    }

    private Loaded load(LoadRequest request) {
        return session.load(request, new Cancellation());
    }

    private List<List<@Nullable Object>> read(String select, List<WrittenFile> files) {
        String list = files.stream()
                .map(f -> "'" + f.location().toString().replace("'", "''") + "'")
                .collect(Collectors.joining(", ", "[", "]"));
        String sql = select.replace("FILES", "read_parquet(" + list + ", hive_partitioning = false)");
        return session.rows(
                        new Relation.Query(new Expr(sql, "duckdb", Predicate.always())), 1_000_000, new Cancellation())
                .rows();
    }

    private static String md5(@Nullable String... values) {
        String text = Arrays.stream(values).map(v -> v == null ? "\\N" : v).collect(Collectors.joining("\u001f"));
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Path> filesBelow(String folder) throws IOException {
        if (!Files.exists(dir.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(dir.resolve(folder))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void good_rows_are_typed_and_stamped_and_their_hash_is_that_of_the_raw_text() throws IOException {
        Loaded loaded = csv("id,reason,ts,price,line\n"
                + "1,\"a,\n b\",2024-04-01 10:00:00,12.5,7\n"
                + "2,,2024-04-01T10:00:00.5+10:00,0012.345,\n");
        assertThat(loaded.counts()).containsExactly(new Loaded.Count("raw/a.csv", 2, 2, 0));
        assertThat(loaded.rejects()).isEmpty();
        assertThat(filesBelow("rejects")).isEmpty();
        assertThat(read("SELECT * FROM FILES ORDER BY id", loaded.files()))
                .containsExactly(
                        Arrays.asList(
                                1L,
                                "a,\n b",
                                Instant.parse("2024-04-01T10:00:00Z"),
                                new BigDecimal("12.50"),
                                7,
                                NOW,
                                "raw/a.csv",
                                md5("1", "a,\n b", "2024-04-01 10:00:00", "12.5", "7")),
                        Arrays.asList(
                                2L,
                                null,
                                Instant.parse("2024-04-01T00:00:00.500Z"),
                                new BigDecimal("12.35"),
                                null,
                                NOW,
                                "raw/a.csv",
                                md5("2", null, "2024-04-01T10:00:00.5+10:00", "0012.345", null)));
    }

    @Test
    void what_can_not_be_typed_or_is_missing_is_rejected_with_line_and_text() throws IOException {
        Loaded loaded = csv(
                "id,reason,ts,price,line\n"
                        + "1,\"x\ny\",2024-04-01,1,1\n"
                        + "abc,r,2024-04-01,1,1\n"
                        + "3,r,2024-13-01,1,1\n"
                        + "4,r,2024-04-01,12345.6,1\n"
                        + "5,r,2024-04-01,1,1.5\n"
                        + ",\"r\n\",2024-04-01,1,1\n"
                        + "7,r,infinity,1,1\n"
                        + "8,r\n"
                        + "9,r,,1,\"\"\n"
                        + "10,r,,1,3000000000\n"
                        + "11,r,,,\n",
                "id");
        assertThat(loaded.counts()).containsExactly(new Loaded.Count("raw/a.csv", 11, 2, 9));
        assertThat(read("SELECT id FROM FILES ORDER BY 1", loaded.files())).containsExactly(List.of(1L), List.of(11L));
        assertThat(read(
                        "SELECT src_line, split_part(reject_reason, ':', 1), raw FROM FILES ORDER BY 1",
                        loaded.rejects()))
                .containsExactly(
                        List.of(4L, "INVALID_VALUE", "abc,r,2024-04-01,1,1"),
                        List.of(5L, "INVALID_VALUE", "3,r,2024-13-01,1,1"),
                        List.of(6L, "INVALID_VALUE", "4,r,2024-04-01,12345.6,1"),
                        List.of(7L, "INVALID_VALUE", "5,r,2024-04-01,1,1.5"),
                        List.of(8L, "MISSING_VALUE", ",\"r\n\",2024-04-01,1,1"),
                        List.of(10L, "INVALID_VALUE", "7,r,infinity,1,1"),
                        List.of(11L, "TOO_FEW_FIELDS", "8,r"),
                        List.of(12L, "INVALID_VALUE", "9,r,,1,\"\""),
                        List.of(13L, "INVALID_VALUE", "10,r,,1,3000000000"));
        assertThat(read("SELECT DISTINCT src_filename, batch FROM FILES", loaded.rejects()))
                .containsExactly(List.of("raw/a.csv", "b-1"));
        assertThat(read("SELECT reject_reason FROM FILES WHERE src_line = 4", loaded.rejects()))
                .containsExactly(List.of("INVALID_VALUE: column 'id' is no BIGINT: abc"));
    }

    @Test
    void derived_columns_partition_the_rows_and_reject_where_they_are_required() throws IOException {
        Schema source = Schema.of(Field.of("id", Primitive.LONG), Field.of("ts", Primitive.TIMESTAMP));
        LoadRequest request = new LoadRequest(
                List.of(
                        raw("2/a.csv", "id,ts\n4,2024-04-02 00:00:00\n3,2024-04-01 00:00:00\n"),
                        raw("1/b.csv", "ts,id\n2024-04-01 23:59:59,1\n,5\n2024-04-02 00:00:00,2\n")),
                RawFormat.Csv.standard(),
                source,
                List.of("id", "day"),
                List.of(new Derived("day", new Expr("CAST(ts AS DATE) -- the day", "common", Predicate.always()))),
                table(source, Field.of("day", Primitive.DATE)),
                List.of("day"),
                List.of("id"),
                dir.resolve("table"),
                dir.resolve("rejects"),
                "b-1",
                NOW,
                128 * MIB);
        Loaded loaded = load(request);
        assertThat(loaded.counts())
                .containsExactly(new Loaded.Count("raw/2/a.csv", 2, 2, 0), new Loaded.Count("raw/1/b.csv", 3, 2, 1));
        assertThat(loaded.files().stream().map(f -> f.partitionValues().get("day")))
                .containsExactly("2024-04-01", "2024-04-02");
        assertThat(loaded.files().get(0).path()).startsWith("day=2024-04-01/");
        assertThat(read("SELECT id FROM FILES", loaded.files().subList(0, 1)))
                .containsExactly(List.of(1L), List.of(3L));
        assertThat(read("SELECT src_filename, src_line, reject_reason, raw FROM FILES", loaded.rejects()))
                .containsExactly(List.of("raw/1/b.csv", 3L, "MISSING_VALUE: column 'day' is null", ",5"));
    }

    @Test
    void json_lines_have_an_envelope_and_a_payload() throws IOException {
        Schema source = Schema.of(
                Field.of("event_id", Primitive.STRING),
                Field.of("event_ts", Primitive.TIMESTAMP),
                Field.of("n", Primitive.INTEGER),
                Field.of("tags", new DataType.Array(Primitive.STRING, true)),
                Field.of("payload", Primitive.STRING));
        RawFile file = raw(
                "e.jsonl",
                "{\"event_id\":\"e1\",\"event_ts\":\"2024-04-01T00:00:00Z\",\"n\":5,\"tags\":[\"a\",\"b\"],\"k\": {\"v\":1.0}}\n"
                        + "{\"event_id\":\"e2\",\"event_ts\":\"2024-04-01T00:00:00Z\"\n"
                        + "{\"event_ts\":\"2024-04-01T00:00:00Z\",\"n\":5}\n"
                        + "{\"event_id\":\"e4\",\"event_ts\":\"2024-04-01T00:00:00Z\",\"n\":\"five\"}\n"
                        + "\n{\"event_id\":\"e6\",\"event_ts\":\"2024-04-01T00:00:00Z\"}");
        Loaded loaded = load(request(
                List.of(file), new RawFormat.JsonLines(Optional.of("payload")), source, "event_id", "event_ts"));
        assertThat(loaded.counts()).containsExactly(new Loaded.Count("raw/e.jsonl", 5, 2, 3));
        assertThat(read("SELECT event_id, n, tags, payload, src_row_hash FROM FILES ORDER BY 1", loaded.files()))
                .containsExactly(
                        List.of(
                                "e1",
                                5,
                                List.of("a", "b"),
                                "{\"k\": {\"v\":1.0}}",
                                md5("e1", "2024-04-01T00:00:00Z", "5", "[\"a\",\"b\"]", "{\"k\": {\"v\":1.0}}")),
                        Arrays.asList("e6", null, null, "{}", md5("e6", "2024-04-01T00:00:00Z", null, null, "{}")));
        assertThat(read("SELECT src_line, split_part(reject_reason, ':', 1) FROM FILES ORDER BY 1", loaded.rejects()))
                .containsExactly(
                        List.of(2L, "MALFORMED_JSON"), List.of(3L, "MISSING_VALUE"), List.of(4L, "INVALID_VALUE"));
    }

    @Test
    void parquet_is_loaded_by_name_and_what_does_not_fit_is_rejected_as_json() throws IOException {
        Path first = parquet(
                "FROM (VALUES (5::BIGINT, 'r', TIMESTAMP '2024-04-01 10:00:00', 1.25, 3), (NULL, 'q', NULL, 1, 4))"
                        + " AS rows(id, reason, ts, price, line)");
        Path second = parquet(
                "SELECT 9 AS line, 123456.0::DOUBLE AS price, 7::INTEGER AS \"ID\", 's' AS reason, TIMESTAMP '2024-04-01 11:00:00' AS ts");
        Loaded loaded = load(request(
                List.of(new RawFile(first, "p/1"), new RawFile(second, "p/2")), new RawFormat.Parquet(), SOURCE, "id"));
        assertThat(loaded.counts()).containsExactly(new Loaded.Count("p/1", 2, 1, 1), new Loaded.Count("p/2", 1, 0, 1));
        assertThat(read("SELECT id, ts, price, src_filename, src_row_hash FROM FILES", loaded.files()))
                .containsExactly(List.of(
                        5L,
                        Instant.parse("2024-04-01T10:00:00Z"),
                        new BigDecimal("1.25"),
                        "p/1",
                        md5("5", "r", "2024-04-01 10:00:00", "1.25", "3")));
        assertThat(read(
                        "SELECT src_filename, src_line, split_part(reject_reason, ':', 1), raw FROM FILES ORDER BY 1",
                        loaded.rejects()))
                .containsExactly(
                        List.of(
                                "p/1",
                                2L,
                                "MISSING_VALUE",
                                "{\"id\":null,\"reason\":\"q\",\"ts\":null,\"price\":\"1.00\",\"line\":4}"),
                        List.of(
                                "p/2",
                                1L,
                                "INVALID_VALUE",
                                "{\"id\":\"7\",\"reason\":\"s\",\"ts\":\"2024-04-01 11:00:00\",\"price\":\"123456.0\",\"line\":9}"));
    }

    private Path parquet(String sql) {
        Relation rows = new Relation.Query(new Expr(sql, "duckdb", Predicate.always()));
        return session.write(
                        new WriteRequest(rows, session.schema(rows), List.of(), dir.resolve("src"), MIB, List.of()),
                        new Cancellation())
                .get(0)
                .location();
    }

    @Test
    void a_file_that_can_not_be_read_stops_the_load_and_leaves_nothing() throws IOException {
        RawFile good = raw("good.csv", "id\n1\n");
        Schema source = Schema.of(Field.of("id", Primitive.LONG));
        RawFile latin = raw("latin.csv", "");
        Files.write(latin.path(), "id\n1\n\u00fc\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(failure(good, latin, source)).isEqualTo(ErrorCode.SOURCE_ENCODING);
        assertThat(failure(good, raw("empty.csv", ""), source)).isEqualTo(ErrorCode.SOURCE_EMPTY);
        assertThat(failure(good, raw("other.csv", "idd\n1\n"), source)).isEqualTo(ErrorCode.SOURCE_COLUMNS);
        assertThat(failure(good, new RawFile(dir.resolve("none.csv"), "n"), source))
                .isEqualTo(ErrorCode.SOURCE_NOT_FOUND);
        assertThat(filesBelow("table")).isEmpty();
        Path whole = parquet("SELECT i AS id, md5(i::VARCHAR) AS t FROM range(10000) t(i)");
        byte[] bytes = Files.readAllBytes(whole);
        Schema two = Schema.of(Field.of("id", Primitive.LONG), Field.of("t", Primitive.STRING));
        Path cut = Files.write(dir.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(failure(new RawFormat.Parquet(), two, cut)).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
        assertThat(failure(new RawFormat.Parquet(), two, Files.createFile(dir.resolve("zero.parquet"))))
                .isEqualTo(ErrorCode.SOURCE_EMPTY);
        assertThat(failure(new RawFormat.Parquet(), two, good.path())).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
        Arrays.fill(bytes, 1000, bytes.length / 2, (byte) 0x5a);
        Path rotten = Files.write(dir.resolve("rotten.parquet"), bytes);
        assertThat(failure(new RawFormat.Parquet(), two, rotten)).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
        assertThat(failure(new RawFormat.Parquet(), source, whole)).isEqualTo(ErrorCode.SOURCE_COLUMNS);
        assertThat(filesBelow("table")).isEmpty();
        assertThat(filesBelow("rejects")).isEmpty();
    }

    private ErrorCode failure(RawFile good, RawFile bad, Schema source) {
        return catchThrowableOfType(
                        LakeException.class, () -> load(request(List.of(good, bad), RawFormat.Csv.standard(), source)))
                .code();
    }

    private ErrorCode failure(RawFormat format, Schema source, Path bad) {
        return catchThrowableOfType(
                        LakeException.class, () -> load(request(List.of(new RawFile(bad, "bad")), format, source)))
                .code();
    }

    @Test
    void a_header_alone_is_no_rows() throws IOException {
        Loaded loaded = csv("id,reason,ts,price,line\n");
        assertThat(loaded.counts()).containsExactly(new Loaded.Count("raw/a.csv", 0, 0, 0));
        assertThat(loaded.files()).isEmpty();
        assertThat(filesBelow("table")).isEmpty();
    }

    @Test
    void many_files_and_many_rejects_are_counted_exactly() throws IOException {
        List<RawFile> files = new ArrayList<>();
        for (int f = 0; f < 40; f++) {
            int file = f;
            files.add(raw(
                    "many/" + f + ".csv",
                    IntStream.range(0, 2000)
                            .mapToObj(i -> (i % 3 == 0 ? "x" + i : String.valueOf(i)) + "," + file)
                            .collect(Collectors.joining("\n", "id,f\n", "\n"))));
        }
        Schema source = Schema.of(Field.of("id", Primitive.LONG), Field.of("f", Primitive.INTEGER));
        Loaded loaded = load(request(files, RawFormat.Csv.standard(), source));
        assertThat(loaded.counts())
                .hasSize(40)
                .allSatisfy(c ->
                        assertThat(List.of(c.rows(), c.loaded(), c.rejected())).isEqualTo(List.of(2000L, 1333L, 667L)));
        assertThat(loaded.files()).hasSize(1);
        assertThat(read("SELECT count(*), count(DISTINCT src_filename) FROM FILES", loaded.files()))
                .containsExactly(List.of(40L * 1333, 40L));
        assertThat(read(
                        "SELECT count(*), count(*) FILTER (raw = 'x' || (src_line - 2) || ',' || split_part(split_part(src_filename, '/', 3), '.', 1)) FROM FILES",
                        loaded.rejects()))
                .containsExactly(List.of(40L * 667, 40L * 667));
    }

    @Test
    void a_cancelled_load_leaves_nothing() throws IOException {
        RawFile file = raw("a.csv", "id\n" + "1\n".repeat(500_000));
        Cancellation cancellation = new Cancellation();
        LakeContext context = LakeContext.standard().withListener(event -> cancellation.cancel());
        try (DuckDbSession other =
                DuckDbSession.open(new EngineOptions(256 * MIB, 2, dir.resolve("spill3")), context)) {
            LoadRequest request =
                    request(List.of(file), RawFormat.Csv.standard(), Schema.of(Field.of("id", Primitive.LONG)));
            assertThat(catchThrowableOfType(LakeException.class, () -> other.load(request, cancellation))
                            .code())
                    .isEqualTo(ErrorCode.CANCELLED);
        }
        assertThat(filesBelow("table")).isEmpty();
    }
}
