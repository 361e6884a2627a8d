package io.lakeops.duckdb.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CharLengths;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Snapshot;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionTextTest {
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

    /** A type, the texts that the log has, and the values as JSON. */
    static Stream<Arguments> values() {
        return Stream.of(
                values(
                        Primitive.STRING,
                        "plain",
                        "\"plain\"",
                        "it's \"q\", [x] {y} \\ back",
                        "\"it's \\\"q\\\", [x] {y} \\\\ back\"",
                        " lead trail ",
                        "\" lead trail \"",
                        "NULL",
                        "\"NULL\"",
                        "null",
                        "\"null\"",
                        "new\nline\ttab",
                        "\"new\\nline\\ttab\"",
                        "a|b",
                        "\"a|b\"",
                        "nul\0in",
                        "\"nul\\u0000in\"",
                        "日本😀",
                        "\"日本😀\"",
                        "",
                        "null"),
                values(
                        Primitive.DATE,
                        "2024-02-29",
                        "\"2024-02-29\"",
                        "0001-01-01",
                        "\"0001-01-01\"",
                        "9999-12-31",
                        "\"9999-12-31\"",
                        "1582-10-10",
                        "\"1582-10-10\""),
                values(
                        Primitive.TIMESTAMP,
                        "2024-03-10 02:30:00",
                        "\"2024-03-10T02:30:00.000000Z\"",
                        "2024-11-03 01:30:00.123456",
                        "\"2024-11-03T01:30:00.123456Z\"",
                        "1970-01-01T00:00:00.000001Z",
                        "\"1970-01-01T00:00:00.000001Z\"",
                        "0001-01-01 00:00:00",
                        "\"0001-01-01T00:00:00.000000Z\"",
                        "2024-01-01T00:00:00+02:00",
                        "\"2023-12-31T22:00:00.000000Z\"",
                        "2024-01-01",
                        "\"2024-01-01T00:00:00.000000Z\""),
                values(
                        Primitive.TIMESTAMP_NTZ,
                        "2024-03-10 02:30:00",
                        "\"2024-03-10T02:30:00.000000\"",
                        "1582-10-15 00:00:00.000001",
                        "\"1582-10-15T00:00:00.000001\""),
                values(Primitive.BOOLEAN, "true", "true", "false", "false"),
                values(Primitive.BYTE, "-128", "-128", "127", "127"),
                values(Primitive.SHORT, "-32768", "-32768"),
                values(Primitive.INTEGER, "2147483647", "2147483647", "-5", "-5"),
                values(Primitive.LONG, "9223372036854775807", "9223372036854775807"),
                values(Primitive.FLOAT, "1.1", "1.1", "NaN", "\"NaN\"", "-Infinity", "\"-Infinity\"", "-0.0", "-0.0"),
                values(Primitive.DOUBLE, "1.0E300", "1.0E300", "Infinity", "\"Infinity\"", "2.2", "2.2"),
                values(
                        new DataType.Decimal(38, 18),
                        "-0.000000000000000001",
                        "-1E-18",
                        "12.5",
                        "12.500000000000000000"),
                values(Primitive.BINARY, "a\0b", "\"YQBi\"", "\\x41 ü", "\"XHg0MSDDvA==\""));
    }

    private static Arguments values(DataType type, String... textsAndValues) {
        return Arguments.of(type, List.of(textsAndValues));
    }

    @ParameterizedTest
    @MethodSource("values")
    void a_text_of_the_log_is_its_value(DataType type, List<String> textsAndValues) throws SQLException {
        bench.file("f.parquet", "SELECT 1 AS id");
        List<DataFile> files = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < textsAndValues.size(); i += 2) {
            files.add(file(textsAndValues.get(i)));
            expected.add("{\"id\":1,\"p\":" + textsAndValues.get(i + 1) + "}");
        }
        files.add(file(null));
        expected.add("{\"id\":1,\"p\":null}");
        Snapshot snapshot = snapshot(type, files.get(0));
        List<String> all = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            List<String> one = rows(snapshot, List.of(files.get(i)));
            assertThat(one).containsExactly(expected.get(i));
            all.addAll(one);
        }
        all.sort(null);
        assertThat(rows(snapshot, files)).isEqualTo(all);
    }

    @Test
    void a_value_that_is_missing_in_the_log_is_null() throws SQLException {
        bench.file("f.parquet", "SELECT 1 AS id");
        DataFile bare = bench.file("f.parquet", Map.of());
        assertThat(rows(snapshot(Primitive.LONG, file("1")), List.of(bare))).containsExactly("{\"id\":1,\"p\":null}");
    }

    @Test
    void a_partition_column_of_a_table_with_renamed_columns_and_of_char_type_is_read() throws SQLException {
        bench.file("f.parquet", "SELECT 1 AS id, 'stale' AS p");
        DataFile file = file("ab");
        Field p = new Field(
                "p", Primitive.STRING, true, "col-7", OptionalInt.empty(), Map.of(CharLengths.METADATA_KEY, "char(4)"));
        Snapshot snapshot =
                bench.snapshot(List.of(Field.of("id", Primitive.INTEGER), p), List.of("p"), Map.of(), List.of(file));
        assertThat(rows(snapshot, List.of(file, file("c"))))
                .containsExactly("{\"id\":1,\"p\":\"ab  \"}", "{\"id\":1,\"p\":\"c   \"}");
    }

    @Test
    void a_filter_on_a_partition_column_leaves_the_other_files_unread() throws SQLException {
        bench.file("f.parquet", "SELECT 1 AS id");
        List<DataFile> files = List.of(file("2024-01-01"), file("2024-01-02"), file(null), file("2024-01-04"));
        Snapshot snapshot = snapshot(Primitive.TIMESTAMP, files.get(0));
        try (SnapshotSql select = bench.scans.select(snapshot, files, ScanOptions.rows())) {
            assertThat(bench.query("EXPLAIN ANALYZE SELECT count(*) FROM (" + select.sql()
                                    + ") WHERE p = '2024-01-02 00:00:00+00'")
                            .toString())
                    .contains("Total Files Read: 1");
        }
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void a_text_that_is_no_value_is_a_corrupt_log(DataType type, String text) throws SQLException {
        bench.file("f.parquet", "SELECT 1 AS id");
        DataFile file = file(text);
        assertThatThrownBy(() -> rows(snapshot(type, file), List.of(file)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_CORRUPT))
                .hasMessageContaining(text);
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of(Primitive.DATE, "2024-02-30"),
                Arguments.of(Primitive.INTEGER, "1.5"),
                Arguments.of(Primitive.BYTE, "128"),
                Arguments.of(Primitive.BOOLEAN, "maybe"),
                Arguments.of(Primitive.TIMESTAMP, "yesterday"),
                Arguments.of(new DataType.Decimal(4, 2), "123.45"),
                Arguments.of(Primitive.DOUBLE, "x"));
    }

    private DataFile file(@Nullable String value) {
        Map<String, @Nullable String> values = new HashMap<>();
        values.put("p", value);
        return bench.file("f.parquet", values);
    }

    private Snapshot snapshot(DataType type, DataFile file) {
        return bench.snapshot(
                Arrays.asList(Field.of("id", Primitive.INTEGER), Field.of("p", type)),
                List.of("p"),
                Map.of(),
                List.of(file));
    }

    private List<String> rows(Snapshot snapshot, List<DataFile> files) throws SQLException {
        try (SnapshotSql select = bench.scans.select(snapshot, files, ScanOptions.rows());
                java.sql.Statement statement = bench.connection.createStatement();
                java.sql.ResultSet result = statement.executeQuery(select.sql())) {
            return SparkJson.rows(result, snapshot.schema());
        }
    }
}
