package io.lakeops.duckdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class WriterTest {
    private static final long MIB = 1L << 20;

    @TempDir
    Path dir;

    private Path root;
    private DuckDbSession session;

    @BeforeEach
    void open() {
        root = dir.resolve("table");
        session = DuckDbSession.open(new EngineOptions(256 * MIB, 2, dir.resolve("spill")), LakeContext.standard());
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static Relation query(String sql) {
        return new Relation.Query(new Expr(sql, "duckdb", io.lakeops.table.Predicate.always()));
    }

    private List<WrittenFile> write(
            String sql, Schema schema, List<String> partitions, List<String> orderBy, long target) {
        return session.write(
                new WriteRequest(query(sql), schema, partitions, root, target, orderBy), new Cancellation());
    }

    private List<WrittenFile> write(String sql, Schema schema, String... partitions) {
        return write(sql, schema, List.of(partitions), List.of(), 128 * MIB);
    }

    /** The values of all rows of a file or of many, by DuckDB alone. */
    private List<List<@Nullable Object>> read(String select, List<WrittenFile> files) {
        String list = files.stream()
                .map(f -> "'" + f.location().toString().replace("'", "''") + "'")
                .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
        return session.rows(
                        query(select.replace(
                                "FILES",
                                "read_parquet(" + list
                                        + ", hive_partitioning = false, file_row_number = true, filename = true)")),
                        Long.MAX_VALUE,
                        new Cancellation())
                .rows();
    }

    private List<Path> filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static @Nullable Object value(java.util.Optional<Literal> bound) {
        return bound.map(Literal::value).orElse(null);
    }

    @Test
    void every_type_is_written_and_measured_exactly() {
        Schema schema = Schema.of(
                Field.of("bool", Primitive.BOOLEAN),
                Field.of("b", Primitive.BYTE),
                Field.of("s", Primitive.SHORT),
                Field.of("i", Primitive.INTEGER),
                Field.of("l", Primitive.LONG),
                Field.of("f", Primitive.FLOAT),
                Field.of("d", Primitive.DOUBLE),
                Field.of("str", Primitive.STRING),
                Field.of("bin", Primitive.BINARY),
                Field.of("dt", Primitive.DATE),
                Field.of("ts", Primitive.TIMESTAMP),
                Field.of("ntz", Primitive.TIMESTAMP_NTZ),
                Field.of("dec", new DataType.Decimal(38, 10)),
                Field.of("arr", new DataType.Array(Primitive.INTEGER, true)),
                Field.of("map", new DataType.Mapping(Primitive.STRING, Primitive.LONG, true)),
                Field.of(
                        "st",
                        new DataType.Struct(List.of(
                                Field.of("x", Primitive.LONG),
                                Field.of("in", new DataType.Struct(List.of(Field.of("y", Primitive.STRING))))))));
        List<WrittenFile> files = write(
                "SELECT * FROM (VALUES (true, 1, 2, 3, 4, 0.1, 1.5, 'ä€😀', 'ab'::BLOB, DATE '2024-02-29',"
                        + " TIMESTAMPTZ '2024-06-01 10:00:00.123456+10', TIMESTAMP '2024-06-01 10:00:00.5', 1234567890123456789012345678.0123456789,"
                        + " [1, NULL], MAP {'k': 1}, {'x': 7, 'in': {'y': 'z'}}),"
                        + " (false, -1, -2, -3, -4, 2, -1.5, '', 'b'::BLOB, DATE '1969-01-01',"
                        + " TIMESTAMPTZ '1960-01-01 00:00:00+00', TIMESTAMP '1960-01-01 00:00:00', -1, [], MAP {}, NULL))"
                        + " t(bool, b, s, i, l, f, d, str, bin, dt, ts, ntz, dec, arr, map, st)",
                schema);
        assertThat(files).hasSize(1);
        WrittenFile file = files.get(0);
        assertThat(file.path()).doesNotContain("/");
        assertThat(file.fileBytes()).isEqualTo(file.location().toFile().length());
        assertThat(file.statistics().rowCount()).isEqualTo(2);
        Map<String, List<@Nullable Object>> bounds = new HashMap<>();
        for (Field field : schema.fields()) {
            ColumnStatistics column = file.statistics().column(List.of(field.name()));
            bounds.put(field.name(), Arrays.asList(value(column.min()), value(column.max())));
        }
        assertThat(bounds.get("l")).containsExactly(-4L, 4L);
        assertThat(bounds.get("b")).containsExactly(-1L, 1L);
        assertThat(bounds.get("f")).containsExactly((double) 0.1f, 2.0);
        assertThat(bounds.get("d")).containsExactly(-1.5, 1.5);
        assertThat(bounds.get("str")).containsExactly("", "ä€😀");
        assertThat(bounds.get("dt")).containsExactly(LocalDate.of(1969, 1, 1), LocalDate.of(2024, 2, 29));
        assertThat(bounds.get("ts"))
                .containsExactly(Instant.parse("1960-01-01T00:00:00Z"), Instant.parse("2024-06-01T00:00:00.123456Z"));
        assertThat(bounds.get("ntz"))
                .containsExactly(
                        LocalDateTime.parse("1960-01-01T00:00:00"), LocalDateTime.parse("2024-06-01T10:00:00.5"));
        assertThat(bounds.get("dec"))
                .containsExactly(
                        new BigDecimal("-1.0000000000"), new BigDecimal("1234567890123456789012345678.0123456789"));
        assertThat(bounds.get("bool")).containsOnlyNulls();
        assertThat(bounds.get("bin")).containsOnlyNulls();
        assertThat(bounds.get("arr")).containsOnlyNulls();
        ColumnStatistics nested = file.statistics().column(List.of("st", "in", "y"));
        assertThat(value(nested.min())).isEqualTo("z");
        assertThat(nested.nulls()).hasValue(1);
        assertThat(read("SELECT typeof(ts), typeof(ntz), typeof(dec), typeof(b), typeof(st) FROM FILES LIMIT 1", files))
                .containsExactly(List.of(
                        "TIMESTAMP WITH TIME ZONE",
                        "TIMESTAMP",
                        "DECIMAL(38,10)",
                        "TINYINT",
                        "STRUCT(x BIGINT, \"in\" STRUCT(y VARCHAR))"));
        assertThat(read("SELECT str, ts, st FROM FILES WHERE i = 3", files))
                .containsExactly(List.of(
                        "ä€😀", Instant.parse("2024-06-01T00:00:00.123456Z"), Map.of("x", 7L, "in", Map.of("y", "z"))));
    }

    @Test
    void nan_takes_the_bounds_and_nulls_are_counted() {
        Schema schema = Schema.of(Field.of("d", Primitive.DOUBLE), Field.of("n", Primitive.LONG));
        WrittenFile file = write("SELECT * FROM (VALUES ('nan'::DOUBLE, NULL), (1.0, NULL)) t(d, n)", schema)
                .get(0);
        assertThat(file.statistics().column(List.of("d")).min()).isEmpty();
        assertThat(file.statistics().column(List.of("d")).nulls()).hasValue(0);
        assertThat(file.statistics().column(List.of("n")).nulls()).hasValue(2);
    }

    @Test
    void columns_match_by_name_in_any_order_and_case_and_a_missing_one_is_null() {
        Schema schema = Schema.of(
                Field.of("a", Primitive.LONG), Field.of("B", Primitive.STRING), Field.of("c", Primitive.DATE));
        List<WrittenFile> files = write("SELECT 'x' AS b, 5 AS A", schema);
        assertThat(read("SELECT a, \"B\", c FROM FILES", files)).containsExactly(Arrays.asList(5L, "x", null));
    }

    @Test
    void a_column_too_many_is_refused_by_name_also_a_nested_one() throws IOException {
        Schema schema = Schema.of(
                Field.of("a", Primitive.LONG),
                Field.of("s", new DataType.Struct(List.of(Field.of("x", Primitive.LONG)))));
        LakeException flat = catchThrowableOfType(LakeException.class, () -> write("SELECT 1 AS a, 2 AS zz", schema));
        assertThat(flat.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(flat).hasMessageContaining("zz");
        LakeException nested =
                catchThrowableOfType(LakeException.class, () -> write("SELECT {'x': 1, 'lost': 2} AS s", schema));
        assertThat(nested.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(nested).hasMessageContaining("s.lost");
        assertThat(filesBelow(root)).isEmpty();
    }

    @Test
    void a_null_in_a_required_column_shows_the_rows_and_leaves_no_file() throws IOException {
        Schema schema = Schema.of(
                Field.of("id", Primitive.LONG).required(),
                Field.of(
                        "s",
                        new DataType.Struct(
                                List.of(Field.of("x", Primitive.LONG).required()))));
        LakeException failure = catchThrowableOfType(
                LakeException.class,
                () -> write(
                        "SELECT CASE WHEN i = 299999 THEN NULL ELSE i END AS id, {'x': 42424242} AS s FROM range(300000) t(i)",
                        schema));
        assertThat(failure.code()).isEqualTo(ErrorCode.CONSTRAINT_VIOLATED);
        assertThat(failure).hasMessageContaining("column=id").hasMessageContaining("42424242");
        LakeException nested =
                catchThrowableOfType(LakeException.class, () -> write("SELECT 1 AS id, {'x': NULL} AS s", schema));
        assertThat(nested.code()).isEqualTo(ErrorCode.CONSTRAINT_VIOLATED);
        assertThat(write("SELECT 1 AS id, NULL AS s", schema)).hasSize(1);
        LakeException missing = catchThrowableOfType(LakeException.class, () -> write("SELECT NULL AS s", schema));
        assertThat(missing.code()).isEqualTo(ErrorCode.CONSTRAINT_VIOLATED);
        assertThat(filesBelow(root)).hasSize(1);
    }

    @Test
    void a_value_that_does_not_fit_leaves_no_file_and_touches_no_other() throws IOException {
        Files.createDirectories(root);
        Path foreign = Files.writeString(root.resolve("part-foreign.parquet"), "not ours");
        Schema schema = Schema.of(Field.of("a", Primitive.SHORT));
        LakeException failure = catchThrowableOfType(
                LakeException.class,
                () -> write(
                        "SELECT CASE WHEN i = 999999 THEN 70000 ELSE i % 100 END AS a FROM range(1000000) t(i)",
                        schema, List.of(), List.of(), 100_000));
        assertThat(failure.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(failure).hasMessageContaining("70000");
        assertThat(filesBelow(root)).containsExactly(foreign);
    }

    @Test
    @Timeout(120)
    void a_write_that_fails_ends_every_time() throws IOException {
        Schema schema = Schema.of(Field.of("i", Primitive.LONG).required(), Field.of("t", Primitive.STRING));
        for (int k = 0; k < 40; k++) {
            String rows = "SELECT CASE WHEN i = " + (150_000 + k) + " THEN NULL ELSE i END AS i, md5(i::VARCHAR) AS t"
                    + " FROM range(200000) t(i)";
            LakeException failure =
                    catchThrowableOfType(LakeException.class, () -> write(rows, schema, List.of(), List.of(), MIB));
            assertThat(failure.code()).isEqualTo(ErrorCode.CONSTRAINT_VIOLATED);
        }
        assertThat(filesBelow(root)).isEmpty();
    }

    @Test
    void no_rows_make_no_files() throws IOException {
        assertThat(write("SELECT 1 AS a WHERE false", Schema.of(Field.of("a", Primitive.LONG))))
                .isEmpty();
        assertThat(write("SELECT 1 AS a WHERE false", Schema.of(Field.of("a", Primitive.LONG)), "a"))
                .isEmpty();
        assertThat(filesBelow(root)).isEmpty();
    }

    @Test
    void strange_partition_values_stay_apart_and_come_back_as_they_were() {
        List<@Nullable String> values = Arrays.asList(
                "a/b",
                "a=b",
                "a%b",
                "a%2Fb",
                "a b",
                "q\"'q",
                "..",
                ".",
                "ü€😀",
                "tab\tx",
                "nl\nx",
                "NULL",
                "null",
                "[]*?",
                "__HIVE_DEFAULT_PARTITION__",
                "\\",
                "x".repeat(300),
                "x".repeat(299) + "y",
                "ü".repeat(100),
                null);
        StringBuilder rows = new StringBuilder();
        for (String value : values) {
            rows.append(rows.isEmpty() ? "" : ", ")
                    .append("(")
                    .append(value == null ? "NULL" : "'" + value.replace("'", "''") + "'")
                    .append(", ")
                    .append(values.indexOf(value))
                    .append(")");
        }
        Schema schema = Schema.of(Field.of("a p", Primitive.STRING), Field.of("i", Primitive.INTEGER));
        List<WrittenFile> files = write("SELECT * FROM (VALUES " + rows + ", ('', 1000)) t(\"a p\", i)", schema, "a p");
        assertThat(files).hasSize(values.size());
        assertThat(files.stream().map(f -> f.path().substring(0, f.path().indexOf('/'))))
                .doesNotHaveDuplicates();
        Map<@Nullable String, Object> found = new HashMap<>();
        for (WrittenFile file : files) {
            assertThat(file.location()).startsWith(root);
            assertThat(root.relativize(file.location()).getNameCount()).isEqualTo(2);
            assertThat(file.statistics().columns()).doesNotContainKey(List.of("a p"));
            List<List<@Nullable Object>> read = read("SELECT i FROM FILES", List.of(file));
            found.put(
                    file.partitionValues().get("a p"),
                    read.stream().map(r -> r.get(0)).toList());
        }
        for (String value : values) {
            List<Object> expected = new ArrayList<>(List.of(values.indexOf(value)));
            if (value == null) {
                expected.add(1000);
                assertThat(files.stream().filter(f -> f.partitionValues().get("a p") == null))
                        .allMatch(f -> f.path().startsWith("a%20p=__HIVE_DEFAULT_PARTITION__/"));
            }
            assertThat(found.get(value)).isEqualTo(expected);
        }
    }

    @Test
    void partition_values_of_every_type_have_the_text_of_the_protocol() {
        Map<String, List<String>> cases = new LinkedHashMap<>();
        cases.put("BOOLEAN", List.of("true", "true"));
        cases.put("BYTE", List.of("-5", "-5"));
        cases.put("LONG", List.of("9223372036854775807", "9223372036854775807"));
        cases.put("FLOAT", List.of("0.1::FLOAT", "0.1"));
        cases.put("DOUBLE", List.of("'nan'::DOUBLE", "NaN"));
        cases.put("DATE", List.of("DATE '0001-01-01'", "0001-01-01"));
        cases.put("TIMESTAMP", List.of("TIMESTAMPTZ '2024-06-01 10:00:00.1+10'", "2024-06-01 00:00:00.100000"));
        cases.put("TIMESTAMP_NTZ", List.of("TIMESTAMP '1969-12-31 23:59:59'", "1969-12-31 23:59:59"));
        cases.put("BINARY", List.of("'a\\x00b'::BLOB", "a\0b"));
        cases.put("STRING", List.of("'s'", "s"));
        cases.forEach((type, texts) -> {
            Schema schema = Schema.of(Field.of("p", Primitive.valueOf(type)), Field.of("i", Primitive.INTEGER));
            List<WrittenFile> files = write("SELECT " + texts.get(0) + " AS p, 1 AS i", schema, "p");
            assertThat(files.get(0).partitionValues()).as(type).isEqualTo(Map.of("p", texts.get(1)));
        });
        Schema decimal = Schema.of(Field.of("p", new DataType.Decimal(20, 4)), Field.of("i", Primitive.INTEGER));
        assertThat(write("SELECT 1.5 AS p, 1 AS i", decimal, "p").get(0).partitionValues())
                .isEqualTo(Map.of("p", "1.5000"));
    }

    private static Field inner(int id) {
        return new Field("In ner", Primitive.LONG, true, "col-in", OptionalInt.of(id), Map.of());
    }

    @Test
    void physical_names_and_field_ids_stand_in_the_files_also_within() {
        Schema schema = Schema.of(
                new Field("a \"x\"", Primitive.LONG, true, "col-a", OptionalInt.of(1), Map.of()),
                new Field("p", Primitive.STRING, true, "col-p", OptionalInt.of(2), Map.of()),
                new Field("s", new DataType.Struct(List.of(inner(12))), true, "col-s", OptionalInt.of(3), Map.of()),
                new Field(
                        "l",
                        new DataType.Array(new DataType.Struct(List.of(inner(13))), true),
                        true,
                        "col-l",
                        OptionalInt.of(4),
                        Map.of()),
                new Field(
                        "m",
                        new DataType.Mapping(Primitive.STRING, new DataType.Struct(List.of(inner(14))), true),
                        true,
                        "col-m",
                        OptionalInt.of(5),
                        Map.of()));
        List<WrittenFile> files = write(
                "SELECT 1 AS \"a \"\"x\"\"\", 'v' AS p, {'In ner': 5} AS s, [{'In ner': 6}] AS l, MAP {'k': {'In ner': 7}} AS m"
                        + " UNION ALL SELECT 2, 'v', NULL, NULL, NULL",
                schema,
                "p");
        assertThat(files).hasSize(1);
        assertThat(files.get(0).path()).startsWith("col-p=v/");
        assertThat(files.get(0).partitionValues()).isEqualTo(Map.of("p", "v"));
        assertThat(read("SELECT \"col-a\", \"col-s\", \"col-l\", \"col-m\" FROM FILES ORDER BY 1", files))
                .containsExactly(
                        List.of(
                                1L,
                                Map.of("col-in", 5L),
                                List.of(Map.of("col-in", 6L)),
                                Map.of("k", Map.of("col-in", 7L))),
                        Arrays.asList(2L, null, null, null));
        Rows ids = session.rows(
                query("SELECT name, field_id FROM parquet_schema('"
                        + files.get(0).location() + "') WHERE field_id IS NOT NULL ORDER BY ALL"),
                100,
                new Cancellation());
        assertThat(ids.rows().stream().map(r -> r.get(0) + "=" + r.get(1)))
                .containsExactly("col-a=1", "col-in=12", "col-in=13", "col-in=14", "col-l=4", "col-m=5", "col-s=3");
        assertThat(files.get(0).statistics().column(List.of("s", "In ner")).max())
                .contains(new Literal(5L));
    }

    @Test
    void the_order_of_the_input_is_kept_over_many_files() {
        Schema schema = Schema.of(Field.of("i", Primitive.LONG), Field.of("t", Primitive.STRING));
        List<WrittenFile> files =
                write("SELECT i, md5(i::VARCHAR) AS t FROM range(500000) t(i)", schema, List.of(), List.of(), 2 * MIB);
        assertThat(files).hasSizeGreaterThan(3);
        assertThat(outOfOrder(files, "i", "+ 1")).isZero();
        List<WrittenFile> again = session.write(
                new WriteRequest(
                        new Relation.ParquetFiles(
                                files.stream().map(WrittenFile::location).toList(), schema),
                        schema,
                        List.of(),
                        dir.resolve("again"),
                        2 * MIB,
                        List.of()),
                new Cancellation());
        assertThat(outOfOrder(again, "i", "+ 1")).isZero();
        assertThat(again.stream().mapToLong(f -> f.statistics().rowCount()).sum())
                .isEqualTo(500_000);
    }

    @Test
    void rows_are_sorted_where_that_is_asked_also_within_partitions() {
        Schema schema = Schema.of(
                Field.of("i", Primitive.LONG), Field.of("p", Primitive.INTEGER), Field.of("t", Primitive.STRING));
        String rows = "SELECT i, i % 2 AS p, md5(i::VARCHAR) AS t FROM range(400000) t(i)";
        List<WrittenFile> flat = write(rows, schema, List.of(), List.of("t"), 3 * MIB);
        assertThat(outOfOrder(flat, "t", "")).isZero();
        List<WrittenFile> parted = write(rows, schema, List.of("p"), List.of("t"), 3 * MIB);
        assertThat(outOfOrder(parted, "t", "")).isZero();
        assertThat(parted.stream().mapToLong(f -> f.statistics().rowCount()).sum())
                .isEqualTo(400_000);
        List<WrittenFile> asItCame = write(rows, schema, List.of("p"), List.of(), 3 * MIB);
        assertThat(outOfOrder(asItCame, "i", "+ 2")).isZero();
    }

    private long outOfOrder(List<WrittenFile> files, String column, String step) {
        String broken = step.isEmpty() ? column + " < before" : column + " <> before " + step;
        return read(
                        "SELECT " + column + " FROM (SELECT " + column + ", lag(" + column
                                + ") OVER (PARTITION BY filename ORDER BY file_row_number) AS before FROM FILES) WHERE "
                                + broken,
                        files)
                .size();
    }

    @Test
    void a_thousand_small_inputs_land_in_one_file() {
        Schema schema = Schema.of(Field.of("i", Primitive.LONG));
        List<Path> inputs = new ArrayList<>();
        for (int k = 0; k < 1000; k++) {
            inputs.add(dir.resolve("in" + k + ".parquet"));
        }
        session.write(
                        new WriteRequest(query("SELECT 1 AS i"), schema, List.of(), dir.resolve("one"), MIB, List.of()),
                        new Cancellation())
                .forEach(f -> inputs.forEach(path -> copy(f.location(), path)));
        List<WrittenFile> files = session.write(
                new WriteRequest(
                        new Relation.ParquetFiles(inputs, schema), schema, List.of(), root, 128 * MIB, List.of()),
                new Cancellation());
        assertThat(files).hasSize(1);
        assertThat(files.get(0).statistics().rowCount()).isEqualTo(1000);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void many_partitions_and_more_rows_than_memory_pass_within_the_limit() {
        DuckDbSession small =
                DuckDbSession.open(new EngineOptions(128 * MIB, 2, dir.resolve("spill2")), LakeContext.standard());
        Schema schema = Schema.of(
                Field.of("p", Primitive.INTEGER), Field.of("i", Primitive.LONG), Field.of("t", Primitive.STRING));
        try {
            List<WrittenFile> files = small.write(
                    new WriteRequest(
                            query("SELECT i % 100 AS p, i, repeat(md5(i::VARCHAR), 6) AS t FROM range(800000) t(i)"),
                            schema,
                            List.of("p"),
                            root,
                            128 * MIB,
                            List.of()),
                    new Cancellation());
            assertThat(files).hasSize(100);
            assertThat(files.stream().mapToLong(f -> f.statistics().rowCount()).sum())
                    .isEqualTo(800_000);
        } finally {
            small.close();
        }
        assertThat(dir.resolve("spill2")).doesNotExist();
    }
}
