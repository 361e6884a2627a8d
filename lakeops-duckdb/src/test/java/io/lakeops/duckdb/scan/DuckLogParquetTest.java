package io.lakeops.duckdb.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.testkit.Fixtures;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuckLogParquetTest {
    @TempDir
    Path folder;

    private static DataType struct(Field... fields) {
        return new DataType.Struct(List.of(fields));
    }

    private Path write(String select) throws SQLException {
        Path file = folder.resolve("log [1].parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        }
        return file;
    }

    private static List<@Nullable Object[]> rows(Path file, Field... schema) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        try (DuckLogParquet log = new DuckLogParquet();
                LogParquet.RowIterator found = log.read(file, List.of(schema))) {
            found.forEachRemaining(rows::add);
        }
        return rows;
    }

    @Test
    void every_scalar_comes_over_as_its_java_value() throws SQLException {
        Path file = write("SELECT true AS bo, 1::TINYINT AS by, 2::SMALLINT AS sh, 3::INTEGER AS i, 4::BIGINT AS l,"
                + " 1.5::FLOAT AS f, 'NaN'::DOUBLE AS d, 1.10::DECIMAL(9,2) AS de, 'ü''x' AS s, '\\x00\\xFF'::BLOB AS b,"
                + " DATE '0001-01-01' AS dt, TIMESTAMPTZ '2024-01-01 00:00:00.000001+00' AS ts,"
                + " TIMESTAMP '1582-10-15 00:00:00.5' AS ntz");
        @Nullable
        Object[] row = rows(
                        file,
                        Field.of("ntz", Primitive.TIMESTAMP_NTZ),
                        Field.of("ts", Primitive.TIMESTAMP),
                        Field.of("dt", Primitive.DATE),
                        Field.of("b", Primitive.BINARY),
                        Field.of("s", Primitive.STRING),
                        Field.of("de", new DataType.Decimal(9, 2)),
                        Field.of("d", Primitive.DOUBLE),
                        Field.of("f", Primitive.FLOAT),
                        Field.of("l", Primitive.LONG),
                        Field.of("i", Primitive.INTEGER),
                        Field.of("sh", Primitive.SHORT),
                        Field.of("by", Primitive.BYTE),
                        Field.of("bo", Primitive.BOOLEAN))
                .get(0);
        assertThat(row)
                .containsExactly(
                        LocalDateTime.parse("1582-10-15T00:00:00.5"),
                        Instant.parse("2024-01-01T00:00:00.000001Z"),
                        LocalDate.parse("0001-01-01"),
                        new byte[] {0, (byte) 0xFF},
                        "ü'x",
                        new BigDecimal("1.10"),
                        Double.NaN,
                        1.5f,
                        4L,
                        3,
                        (short) 2,
                        (byte) 1,
                        true);
    }

    @Test
    void nested_values_keep_their_nulls_and_what_the_file_lacks_is_null() throws SQLException {
        Path file = write("SELECT * FROM (VALUES"
                + " (1, {'path': 'a', 'tags': map {'k': NULL, '': 'v'}, 'dv': NULL::STRUCT(x INTEGER), 'l': ['p', NULL]}),"
                + " (2, NULL),"
                + " (3, {'path': NULL, 'tags': map {}, 'dv': {'x': 7}, 'l': []})) t(i, add) ORDER BY i");
        List<@Nullable Object[]> rows = rows(
                file,
                Field.of("remove", struct(Field.of("path", Primitive.STRING))),
                Field.of(
                        "add",
                        struct(
                                Field.of("path", Primitive.STRING),
                                Field.of("tags", new DataType.Mapping(Primitive.STRING, Primitive.STRING, true)),
                                Field.of("dv", struct(Field.of("other", Primitive.LONG))),
                                Field.of("l", new DataType.Array(Primitive.STRING, true)),
                                Field.of("missing", struct(Field.of("z", Primitive.DATE))))));
        Map<String, @Nullable String> tags = new LinkedHashMap<>();
        tags.put("k", null);
        tags.put("", "v");
        assertThat(rows.get(0)[0]).isNull();
        assertThat((Object[]) rows.get(0)[1]).containsExactly("a", tags, null, Arrays.asList("p", null), null);
        assertThat(rows).as("the second row has nothing to tell").hasSize(2);
        @Nullable Object[] third = (@Nullable Object[]) rows.get(1)[1];
        assertThat(third[0]).isNull();
        assertThat(third[1]).isEqualTo(Map.of());
        assertThat((Object[]) third[2]).containsExactly((Object) null);
        assertThat(third[3]).isEqualTo(List.of());
        assertThat(third[4]).isNull();
    }

    @Test
    void many_chunks_keep_the_order_of_the_file() throws SQLException {
        Path file = write("SELECT {'n': range, 's': 'f' || range} AS add FROM range(50000)");
        List<@Nullable Object[]> rows =
                rows(file, Field.of("add", struct(Field.of("s", Primitive.STRING), Field.of("n", Primitive.LONG))));
        assertThat(rows).hasSize(50_000);
        for (int i = 0; i < rows.size(); i++) {
            assertThat((Object[]) rows.get(i)[0]).containsExactly("f" + i, (long) i);
        }
    }

    @Test
    void a_file_that_is_no_parquet_is_a_corrupt_log() throws IOException {
        Path file = folder.resolve("x.checkpoint.parquet");
        Files.writeString(file, "PAR1 and then nothing that makes sense PAR1", StandardCharsets.UTF_8);
        assertCorrupt(file);
        Files.write(file, new byte[0]);
        assertCorrupt(file);
        Files.delete(file);
        assertCorrupt(file);
    }

    @Test
    void a_file_that_is_damaged_inside_is_a_corrupt_log() throws IOException, SQLException {
        Path file = write("SELECT 'part-' || hash(range) AS path FROM range(200000)");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 4_000, (byte) 0x5A);
        Files.write(file, bytes);
        assertCorrupt(file);
    }

    @Test
    void a_truncated_file_is_a_corrupt_log() throws IOException, SQLException {
        Path file = write("SELECT 'part-' || hash(range) AS path FROM range(20000)");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
        assertCorrupt(file);
    }

    private static void assertCorrupt(Path file) {
        assertThatThrownBy(() -> rows(file, Field.of("path", Primitive.STRING)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_CORRUPT))
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_closed_reader_reads_no_more() {
        DuckLogParquet log = new DuckLogParquet();
        log.close();
        log.close();
        assertThatThrownBy(() -> log.read(folder.resolve("x"), List.of(Field.of("a", Primitive.LONG))))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "checkpoint_classic_stats_struct",
                "checkpoint_cleaned_logs",
                "corrupt_last_checkpoint_pointer",
                "multipart_checkpoint",
                "v2_checkpoint_json"
            })
    void a_table_with_checkpoints_is_the_same_through_it_and_without_it(String name) {
        Path root = Fixtures.unpackOne(name, folder);
        TableLocation location = new TableLocation(root);
        try (DuckLogParquet log = new DuckLogParquet()) {
            List<Path> read = new ArrayList<>();
            LogParquet noting = new LogParquet() {
                @Override
                public RowIterator read(Path file, List<Field> schema) {
                    read.add(file);
                    return log.read(file, schema);
                }

                @Override
                public void write(Path file, List<Field> schema, Iterator<@Nullable Object[]> rows) {
                    throw new AssertionError("reading writes nothing");
                }
            };
            assertThat(files(location, Optional.of(noting))).isEqualTo(files(location, Optional.empty()));
            assertThat(read).isNotEmpty();
        }
    }

    private static List<List<Object>> files(TableLocation location, Optional<LogParquet> log) {
        return new DeltaFormat()
                        .open(TableId.of(location), location, log, LakeContext.standard())
                        .snapshot(SnapshotSelector.latest())
                        .scan()
                        .files()
                        .stream()
                        .sorted(Comparator.comparing(DataFile::path))
                        .map(file -> List.<Object>of(
                                file.path(),
                                file.partitionValues(),
                                file.fileBytes(),
                                file.modificationTime(),
                                file.tags(),
                                file.deletionVector(),
                                file.rowTracking(),
                                file.statistics().orElseThrow().rows(),
                                file.statistics().orElseThrow().column(List.of("id"))))
                        .toList();
    }
}
