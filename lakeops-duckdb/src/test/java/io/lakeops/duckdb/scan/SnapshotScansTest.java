package io.lakeops.duckdb.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CharLengths;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotScansTest {
    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ScanBench bench;

    @BeforeEach
    void open() throws SQLException {
        bench = new ScanBench(folder);
    }

    @AfterEach
    void close() throws SQLException {
        bench.close();
    }

    private static final Field ID = Field.of("id", Primitive.LONG);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "filename",
                "file_index",
                "file_row_number",
                "lake_c0",
                "select",
                "a b",
                "a.b",
                "it's \"q\"",
                "日本",
                "x[1]",
                "schema"
            })
    void a_column_may_have_any_name(String name) throws SQLException {
        String quoted = '"' + name.replace("\"", "\"\"") + '"';
        DataFile file = bench.file("f.parquet", "SELECT range AS id, 'v' || range AS " + quoted + " FROM range(3)");
        Snapshot snapshot = bench.snapshot(List.of(Field.of(name, Primitive.STRING), ID), ScanBench.without(file, 1));
        try (SnapshotSql select =
                bench.scans.select(snapshot, snapshot.scan().files(), ScanOptions.addressed("the file", "the row"))) {
            assertThat(bench.query("SELECT * FROM (" + select.sql() + ") ORDER BY id"))
                    .containsExactly(List.of("v0", "0", "0", "0"), List.of("v2", "2", "0", "2"));
            assertThat(bench.query("SELECT " + quoted + " FROM (" + select.sql() + ") WHERE " + quoted + " = 'v2'"))
                    .containsExactly(List.of("v2"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g[1].parquet",
                "star*.parquet",
                "what?.parquet",
                "50%25 off.parquet",
                "it's \"q\".parquet",
                "new\nline.parquet",
                "{a,b}.parquet",
                "back\\slash.parquet",
                "日本.parquet",
                "k=v.parquet"
            })
    void a_file_may_have_any_name_and_no_other_file_is_read(String name) throws IOException, SQLException {
        // A backslash beside a pattern character is refused; see below.
        String below = name.contains("\\") ? "dt=2024-01-01/x" : "dt=2024-01-01/[x]";
        Path sub = Files.createDirectories(folder.resolve(below));
        bench.execute("COPY (SELECT 1::BIGINT AS id) TO '" + folder.resolve("right.parquet") + "'");
        bench.execute("COPY (SELECT 666::BIGINT AS id) TO '" + folder.resolve("wrong.parquet") + "'");
        for (String lure : List.of("g1.parquet", "starry.parquet", "whats.parquet", "a", "b")) {
            Files.copy(folder.resolve("wrong.parquet"), sub.resolve(lure));
        }
        Files.copy(folder.resolve("right.parquet"), sub.resolve(name));
        DataFile file = bench.file(below + "/" + name, Map.of());
        assertThat(bench.rows(bench.snapshot(List.of(ID), file))).containsExactly("{\"id\":1}");
        List<DataFile> many = new ArrayList<>(Collections.nCopies(20, file));
        Snapshot snapshot = bench.snapshot(List.of(ID, Field.of("ts", Primitive.TIMESTAMP)), file);
        try (SnapshotSql select = bench.scans.select(snapshot, many, ScanOptions.rows())) {
            assertThat(bench.query("SELECT count(*), sum(id) FROM (" + select.sql() + ")"))
                    .containsExactly(List.of("20", "20"));
        }
    }

    @Test
    void a_file_that_duckdb_cannot_be_told_apart_is_refused() throws IOException, SQLException {
        Files.createDirectories(folder.resolve("[x]"));
        DataFile file = bench.file("[x]/plain.parquet", "SELECT 1::BIGINT AS id");
        Files.move(file.location(), folder.resolve("[x]").resolve("back\\slash.parquet"));
        DataFile odd = bench.file("[x]/back\\slash.parquet", Map.of());
        assertFault(ErrorCode.FEATURE_UNSUPPORTED, bench.snapshot(List.of(ID), odd), "back\\slash.parquet");
    }

    @Test
    void no_files_are_a_relation_with_the_columns_and_no_rows() throws SQLException {
        Snapshot snapshot = bench.snapshot(List.of(
                ID,
                Field.of("d", new DataType.Decimal(38, 18)),
                Field.of("v", Primitive.VARIANT),
                Field.of("m", new DataType.Mapping(Primitive.STRING, Primitive.TIMESTAMP, true))));
        try (SnapshotSql select = bench.scans.select(snapshot, List.of(), ScanOptions.addressed("f", "r"))) {
            assertThat(bench.query("DESCRIBE " + select.sql()).stream()
                            .map(row -> row.get(0) + " " + row.get(1))
                            .toList())
                    .containsExactly(
                            "id BIGINT",
                            "d DECIMAL(38,18)",
                            "v VARIANT",
                            "m MAP(VARCHAR, TIMESTAMP WITH TIME ZONE)",
                            "f BIGINT",
                            "r BIGINT");
            assertThat(bench.query(select.sql())).isEmpty();
        }
    }

    @Test
    void columns_are_found_by_physical_name_widened_and_null_where_a_file_lacks_them() throws SQLException {
        DataFile old = bench.file("a.parquet", "SELECT 1::TINYINT AS p1, 1.5::FLOAT AS p2, 'gone' AS name");
        DataFile fresh = bench.file("b.parquet", "SELECT 2::BIGINT AS p1, 2.5::DOUBLE AS p2, 7::DECIMAL(5,2) AS p3");
        Snapshot snapshot = bench.snapshot(
                List.of(
                        physical("name", "p4", Primitive.STRING),
                        physical("l", "p1", Primitive.LONG),
                        physical("d", "p2", Primitive.DOUBLE),
                        physical("de", "p3", new DataType.Decimal(12, 4))),
                old,
                fresh);
        assertThat(bench.rows(snapshot))
                .containsExactly(
                        "{\"name\":null,\"l\":1,\"d\":1.5,\"de\":null}",
                        "{\"name\":null,\"l\":2,\"d\":2.5,\"de\":7.0000}");
    }

    @Test
    void columns_of_a_table_mapped_by_id_are_found_by_id_in_files_that_have_ids() throws SQLException {
        Field a = new Field("a", Primitive.LONG, true, "col-1", OptionalInt.of(1), Map.of());
        Field inner = new Field("x", Primitive.LONG, true, "col-3", OptionalInt.of(3), Map.of());
        Field s = new Field("s", new DataType.Struct(List.of(inner)), true, "col-2", OptionalInt.of(2), Map.of());
        DataFile byId = bench.file(
                "a.parquet",
                "SELECT 1::INTEGER AS one, {'other': 3} AS two, 99 AS \"col-1\"",
                ", FIELD_IDS {one: 1, two: {__duckdb_field_id: 2, other: 3}, \"col-1\": 77}",
                Map.of());
        DataFile byName = bench.file("b.parquet", "SELECT 2::BIGINT AS \"col-1\", {'col-3': 4} AS \"col-2\"");
        Snapshot snapshot = bench.snapshot(
                List.of(a, s), List.of(), Map.of("delta.columnMapping.mode", "id"), List.of(byId, byName));
        assertThat(bench.rows(snapshot)).containsExactly("{\"a\":1,\"s\":{\"x\":3}}", "{\"a\":2,\"s\":{\"x\":4}}");
    }

    @Test
    void timestamps_that_a_file_keeps_without_a_zone_are_in_utc_whatever_the_session_says() throws SQLException {
        DataType nested = new DataType.Struct(List.of(
                Field.of("t", Primitive.TIMESTAMP),
                Field.of("l", new DataType.Array(new DataType.Array(Primitive.TIMESTAMP, true), true)),
                Field.of("m", new DataType.Mapping(Primitive.STRING, Primitive.TIMESTAMP, true))));
        String struct = "{'t': %1$s, 'l': [[%1$s, NULL], NULL], 'm': map {'k': %1$s}}";
        DataFile plain = bench.file(
                "a.parquet",
                "SELECT 1 AS i, TIMESTAMP '2024-07-01 12:00:00.000001' AS ts, "
                        + String.format(struct, "TIMESTAMP '2024-07-01 12:00:00'") + " AS s, NULL::INTEGER AS n"
                        + " UNION ALL SELECT 3, NULL, NULL, NULL");
        DataFile zoned = bench.file(
                "b.parquet",
                "SELECT 2 AS i, TIMESTAMPTZ '2024-07-01 12:00:00.000001+00' AS ts, "
                        + String.format(struct, "TIMESTAMPTZ '2024-07-01 12:00:00+00'") + " AS s");
        Snapshot snapshot = bench.snapshot(
                List.of(Field.of("i", Primitive.INTEGER), Field.of("ts", Primitive.TIMESTAMP), Field.of("s", nested)),
                plain,
                zoned);
        String t = "\"2024-07-01T12:00:00.000000Z\"";
        String rest = ",\"ts\":\"2024-07-01T12:00:00.000001Z\",\"s\":{\"t\":" + t + ",\"l\":[[" + t
                + ",null],null],\"m\":{\"k\":" + t + "}}}";
        assertThat(bench.rows(snapshot))
                .containsExactly("{\"i\":1" + rest, "{\"i\":2" + rest, "{\"i\":3,\"ts\":null,\"s\":null}");
    }

    @Test
    void a_file_tagged_as_ours_is_not_looked_at_for_its_timestamps() throws SQLException {
        Field ts = Field.of("ts", Primitive.TIMESTAMP);
        DataFile missing = bench.file("not there.parquet", Map.of());
        DataFile ours = new DataFile(
                missing.path(),
                missing.location(),
                Map.of(),
                1,
                0,
                missing.statistics(),
                missing.deletionVector(),
                Map.of(SnapshotScans.TIMESTAMPS_TAG, SnapshotScans.TIMESTAMPS_IN_UTC),
                missing.rowTracking());
        assertThat(bench.scans
                        .select(bench.snapshot(List.of(ts), ours), List.of(ours), ScanOptions.rows())
                        .sql())
                .contains("not there");
        assertThatThrownBy(() ->
                        bench.scans.select(bench.snapshot(List.of(ts), missing), List.of(missing), ScanOptions.rows()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILE_MISSING));
    }

    @Test
    void chars_are_padded_at_every_depth() throws SQLException {
        DataType struct = new DataType.Struct(
                List.of(Field.of("a", Primitive.STRING), Field.of("l", new DataType.Array(Primitive.STRING, true))));
        Field s = new Field(
                "s",
                struct,
                true,
                "s",
                OptionalInt.empty(),
                Map.of(CharLengths.METADATA_KEY, "struct<a:varchar(9),l:array<char(3)>>"));
        Field c = new Field(
                "c", Primitive.STRING, true, "c", OptionalInt.empty(), Map.of(CharLengths.METADATA_KEY, "char(4)"));
        DataFile file = bench.file(
                "f.parquet",
                "SELECT 'ü' AS c, {'a': 'x', 'l': ['y', NULL, 'longer']} AS s UNION ALL SELECT NULL, NULL");
        assertThat(bench.rows(bench.snapshot(List.of(c, s), file)))
                .containsExactly(
                        "{\"c\":\"ü   \",\"s\":{\"a\":\"x\",\"l\":[\"y  \",null,\"longer\"]}}",
                        "{\"c\":null,\"s\":null}");
    }

    @Test
    void variants_are_read() throws SQLException {
        DataFile file = bench.file(
                "f.parquet",
                "SELECT 1 AS id, {'a': 1, 'b': ['x', NULL]}::VARIANT AS v UNION ALL SELECT 2, NULL UNION ALL"
                        + " SELECT 3, 'text'::VARIANT");
        Snapshot snapshot = bench.snapshot(List.of(ID, Field.of("v", Primitive.VARIANT)), file);
        try (SnapshotSql select = bench.scans.select(snapshot, snapshot.scan().files(), ScanOptions.rows())) {
            assertThat(bench.query("SELECT id, to_json(v) FROM (" + select.sql() + ") ORDER BY id"))
                    .containsExactly(
                            List.of("1", "{\"a\":1,\"b\":[\"x\",null]}"),
                            Arrays.asList("2", null),
                            List.of("3", "\"text\""));
        }
    }

    @Test
    void ten_thousand_files_are_planned_in_seconds_and_counted_right() throws SQLException {
        DataFile file = bench.file("f.parquet", "SELECT 1::BIGINT AS id", "", Map.of("dt", "2024-01-01"));
        List<DataFile> files = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            DataFile one = bench.file("f.parquet", Map.of("dt", "2024-01-" + (10 + i % 20)));
            files.add(i % 1000 == 7 ? ScanBench.without(one, 0) : one);
        }
        Snapshot snapshot =
                bench.snapshot(List.of(ID, Field.of("dt", Primitive.DATE)), List.of("dt"), Map.of(), List.of(file));
        try (SnapshotSql select = bench.scans.select(snapshot, files, ScanOptions.rows())) {
            long started = System.nanoTime();
            bench.query("EXPLAIN " + select.sql());
            assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
            assertThat(bench.query("SELECT count(*), sum(id), count(DISTINCT dt) FROM (" + select.sql() + ")"))
                    .containsExactly(List.of("9990", "9990", "20"));
            assertThat(bench.query("SELECT count(*) FROM (" + select.sql() + ") WHERE dt = '2024-01-11'"))
                    .containsExactly(List.of("500"));
        }
    }

    @Test
    void a_plan_shows_filters_on_every_column_by_its_inner_name() throws SQLException {
        DataFile file = bench.file("f.parquet", "SELECT 5::BIGINT AS id", "", Map.of("dt", "2024-01-01"));
        DataFile gone = bench.file("gone.parquet", Map.of("dt", "2024-01-02"));
        Snapshot snapshot = bench.snapshot(
                List.of(ID, Field.of("dt", Primitive.DATE), Field.of("ts", Primitive.TIMESTAMP)),
                List.of("dt"),
                Map.of(),
                List.of(file));
        try (SnapshotSql select = bench.scans.select(
                snapshot,
                List.of(gone, file),
                ScanOptions.rows().withPrefix("t7_").forPlanning())) {
            String plan = String.valueOf(bench.query("EXPLAIN (FORMAT json) SELECT count(*) FROM (" + select.sql()
                            + ") WHERE dt = '2024-01-02' AND id > 1000 AND ts >= '2024-01-01 00:00:00+00'")
                    .get(0)
                    .get(1));
            assertThat(plan).contains("t7_c1", "2024-01-02", "t7_c0", "1000", "t7_c2");
            assertThat(select.columns().keySet()).containsExactlyInAnyOrder("t7_c0", "t7_c1", "t7_c2");
            assertThat(select.columns())
                    .containsEntry("t7_c1", snapshot.schema().require("dt"));
        }
    }

    @Test
    void a_select_can_be_made_within_a_function_that_the_database_calls() throws SQLException {
        DataFile file = bench.file("f.parquet", "SELECT 1::BIGINT AS id, TIMESTAMP '2024-01-01 00:00:00' AS ts");
        Snapshot snapshot =
                bench.snapshot(List.of(ID, Field.of("ts", Primitive.TIMESTAMP)), ScanBench.without(file, 5));
        try (DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction()) {
            builder.withName("scan_text")
                    .withParameters(DuckDBColumnType.VARCHAR)
                    .withReturnType(DuckDBColumnType.VARCHAR)
                    .withFunction((String path) -> bench.scans
                            .select(snapshot, snapshot.scan().files(), ScanOptions.rows())
                            .sql())
                    .register(bench.connection);
        }
        assertThat(bench.query("SELECT id, epoch(ts) FROM query(scan_text('x'))"))
                .containsExactly(List.of("1", "1.7040672E9"));
    }

    @Test
    void a_missing_file_is_named() throws SQLException {
        DataFile here = bench.file("a.parquet", "SELECT 1::BIGINT AS id");
        DataFile gone = bench.file("g[2]one.parquet", Map.of());
        assertFault(ErrorCode.DATA_FILE_MISSING, bench.snapshot(List.of(ID), here, gone), "g[2]one.parquet");
    }

    @Test
    void a_file_that_is_no_parquet_is_named() throws IOException, SQLException {
        DataFile here = bench.file("a.parquet", "SELECT 1::BIGINT AS id");
        for (String text : List.of("", "x", "PAR1 but nothing that a reader could make sense of PAR1")) {
            Files.writeString(folder.resolve("b.parquet"), text, StandardCharsets.UTF_8);
            DataFile bad = bench.file("b.parquet", Map.of());
            assertFault(ErrorCode.DATA_FILE_CORRUPT, bench.snapshot(List.of(ID), here, bad), "b.parquet");
            assertFault(
                    ErrorCode.DATA_FILE_CORRUPT,
                    bench.snapshot(List.of(ID, Field.of("ts", Primitive.TIMESTAMP)), here, bad),
                    "b.parquet");
        }
    }

    @Test
    void a_file_that_is_damaged_inside_is_named() throws IOException, SQLException {
        DataFile here = bench.file("a.parquet", "SELECT 'v' || range AS s FROM range(10)");
        DataFile bad = bench.file("b.parquet", "SELECT 'part-' || hash(range) AS s FROM range(200000)");
        byte[] bytes = Files.readAllBytes(bad.location());
        Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 4_000, (byte) 0x5A);
        Files.write(bad.location(), bytes);
        assertFault(
                ErrorCode.DATA_FILE_CORRUPT,
                bench.snapshot(List.of(Field.of("s", Primitive.STRING)), here, bad),
                "b.parquet");
    }

    @Test
    void a_file_whose_column_is_of_another_kind_is_named() throws SQLException {
        DataFile here = bench.file("a.parquet", "SELECT 1::BIGINT AS id");
        DataFile bad = bench.file("b.parquet", "SELECT 'no number' AS id");
        assertFault(ErrorCode.DATA_FILE_CORRUPT, bench.snapshot(List.of(ID), here, bad), "b.parquet");
    }

    private void assertFault(ErrorCode code, Snapshot snapshot, String named) {
        assertThatThrownBy(() -> bench.rows(snapshot))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        e -> assertThat(e.code()).as(e.toString()).isEqualTo(code))
                .hasMessageContaining(named);
    }

    @Test
    void a_fault_of_the_query_is_not_blamed_on_a_file() throws SQLException {
        DataFile file = bench.file("parquet file snappy.parquet", "SELECT 1::BIGINT AS id, 'x' AS s");
        Snapshot snapshot = bench.snapshot(List.of(ID, Field.of("s", Primitive.STRING)), file);
        try (SnapshotSql select = bench.scans.select(snapshot, snapshot.scan().files(), ScanOptions.rows())) {
            for (String query : List.of(
                    "SELECT s::INTEGER FROM (%s)",
                    "SELECT nope FROM (%s)", "SELECT strptime(s, '%%Y') FROM (%s)", "SELECT error(s) FROM (%s)")) {
                SQLException failure =
                        catchThrowableOfType(SQLException.class, () -> bench.query(String.format(query, select.sql())));
                assertThat((Throwable) failure).isNotNull();
                assertThat(bench.scans.fault(failure, select.files())).isEmpty();
                assertThat(bench.scans.explain(failure, select.files()).code()).isEqualTo(ErrorCode.ENGINE_FAILED);
            }
        }
    }

    @Test
    void deleted_rows_are_left_out_and_addresses_count_them() throws SQLException {
        List<DataFile> files = List.of(
                bench.file("a.parquet", "SELECT range AS id FROM range(5)"),
                ScanBench.without(bench.file("b.parquet", "SELECT 10 + range AS id FROM range(300000)"), 0, 2, 299_999),
                bench.file("c.parquet", "SELECT 20::INTEGER AS id"),
                ScanBench.without(bench.file("d.parquet", "SELECT 30 + range AS id FROM range(2)"), 0, 1),
                ScanBench.without(bench.file("e.parquet", "SELECT 40 + range AS id FROM range(100)"), 99));
        Snapshot snapshot = bench.snapshot(List.of(ID), List.of(), Map.of(), files);
        try (SnapshotSql select = bench.scans.select(snapshot, files, ScanOptions.addressed("f", "r"))) {
            List<String> names = select.files().stream().map(DataFile::path).toList();
            assertThat(names)
                    .containsExactlyInAnyOrder("a.parquet", "b.parquet", "c.parquet", "d.parquet", "e.parquet");
            for (List<String> row : List.of(
                    List.of("a.parquet", "5", "0", "4", "10"),
                    List.of("b.parquet", "299997", "1", "299998", "0"),
                    List.of("c.parquet", "1", "0", "0", "0"),
                    List.of("e.parquet", "99", "0", "98", "0"))) {
                assertThat(bench.query("SELECT count(*), min(r), max(r) FROM (" + select.sql() + ") WHERE f = "
                                + names.indexOf(row.get(0))))
                        .containsExactly(row.subList(1, 4));
            }
            assertThat(bench.query("SELECT count(*), count(*) FILTER (r = 2) FROM (" + select.sql() + ")"))
                    .containsExactly(List.of("300102", "2"));
            assertThat(bench.query("SELECT r FROM (" + select.sql() + ") WHERE id = 13"))
                    .containsExactly(List.of("3"));
            assertThat(bench.scans.heldVectors()).isEqualTo(1);
        }
        assertThat(bench.scans.heldVectors()).isZero();
    }

    @Test
    void a_vector_that_cannot_be_read_is_an_error_and_holds_nothing() throws SQLException {
        DataFile good = ScanBench.without(bench.file("a.parquet", "SELECT 1::BIGINT AS id"), 0);
        DataFile bad = ScanBench.without(good);
        Snapshot snapshot = bench.snapshot(List.of(ID), good);
        assertThatThrownBy(() -> bench.scans.select(snapshot, List.of(good, bad), ScanOptions.rows()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DELETION_VECTOR_CORRUPT));
        assertThat(bench.scans.heldVectors()).isZero();
    }

    @Test
    void two_versions_of_a_table_in_one_statement_keep_their_own_vectors() throws SQLException {
        DataFile file = bench.file("a.parquet", "SELECT range AS id FROM range(10)");
        Snapshot one = bench.snapshot(List.of(ID), ScanBench.without(file, 1));
        Snapshot two = bench.snapshot(List.of(ID), ScanBench.without(file, 1, 2));
        try (SnapshotSql first = bench.scans.select(one, one.scan().files(), ScanOptions.rows());
                SnapshotSql second = bench.scans.select(two, two.scan().files(), ScanOptions.rows())) {
            assertThat(bench.query(first.sql() + " EXCEPT " + second.sql())).containsExactly(List.of("2"));
        }
    }

    @Test
    void two_scans_on_one_database_keep_apart() throws SQLException {
        DataFile file = ScanBench.without(bench.file("a.parquet", "SELECT range AS id FROM range(10)"), 1);
        Snapshot snapshot = bench.snapshot(List.of(ID), file);
        SnapshotScans other = SnapshotScans.on(bench.connection);
        SnapshotSql theirs = other.select(snapshot, List.of(file), ScanOptions.rows());
        try (SnapshotSql ours = bench.scans.select(snapshot, List.of(file), ScanOptions.rows())) {
            assertThat(bench.query(theirs.sql())).hasSize(9);
            other.close();
            assertThat(bench.query(ours.sql())).hasSize(9);
            assertThatThrownBy(() -> bench.query(theirs.sql())).hasMessageContaining("released");
        }
    }

    private static Field physical(String name, String physicalName, DataType type) {
        return new Field(name, type, true, physicalName, OptionalInt.empty(), Map.of());
    }
}
