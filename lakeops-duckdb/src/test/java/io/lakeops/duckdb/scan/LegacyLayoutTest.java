package io.lakeops.duckdb.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as older writers laid them out, which Parquet's own library writes for us. */
class LegacyLayoutTest {
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

    private DataFile write(String name, String schema, Consumer<Group> fill) throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(schema);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(folder.resolve(name)))
                .withType(type)
                .build()) {
            Group row = new SimpleGroup(type);
            fill.accept(row);
            writer.write(row);
        }
        return bench.file(name, Map.of());
    }

    private static DataType list(String physicalName) {
        Field x = new Field("renamed", Primitive.LONG, true, physicalName, OptionalInt.empty(), Map.of());
        return new DataType.Array(new DataType.Struct(List.of(x)), true);
    }

    @ParameterizedTest
    @CsvSource({"list,element", "list,item", "bag,array_element", "array,element"})
    void fields_renamed_within_a_list_are_found_whatever_its_parts_are_called(String part, String element)
            throws IOException, SQLException {
        DataFile file = write(
                "f.parquet",
                "message m { optional group l (LIST) { repeated group " + part + " { optional group " + element
                        + " { optional int32 x; optional int32 y; } } } }",
                row -> row.addGroup("l").addGroup(part).addGroup(element).append("x", 7));
        DataFile usual = bench.file("g.parquet", "SELECT [{'x': 8}, NULL] AS l");
        assertThat(bench.rows(bench.snapshot(List.of(Field.of("l", list("x"))), file, usual)))
                .containsExactly("{\"l\":[{\"renamed\":7}]}", "{\"l\":[{\"renamed\":8},null]}");
    }

    @Test
    void fields_renamed_within_a_list_of_two_levels_are_found() throws IOException, SQLException {
        DataFile file = write(
                "f.parquet",
                "message m { optional group l (LIST) { repeated group array { optional int32 x; optional int32 y; } } }",
                row -> row.addGroup("l").addGroup("array").append("x", 7));
        assertThat(bench.rows(bench.snapshot(List.of(Field.of("l", list("x"))), file)))
                .containsExactly("{\"l\":[{\"renamed\":7}]}");
    }

    @Test
    void a_bare_repeated_group_is_read_and_refused_where_its_fields_were_renamed() throws IOException, SQLException {
        DataFile file = write(
                "f.parquet",
                "message m { repeated group l { optional int32 x; optional int32 y; } }",
                row -> row.addGroup("l").append("x", 7));
        DataType same = new DataType.Array(new DataType.Struct(List.of(Field.of("x", Primitive.LONG))), true);
        assertThat(bench.rows(bench.snapshot(List.of(Field.of("l", same)), file)))
                .containsExactly("{\"l\":[{\"x\":7}]}");
        assertRefused(bench.snapshot(List.of(Field.of("l", list("x"))), file));
    }

    @Test
    void a_map_with_odd_names_is_read_and_refused_where_its_fields_were_renamed() throws IOException, SQLException {
        DataFile file = write(
                "f.parquet",
                "message m { optional group m (MAP) { repeated group entries { required binary kk (UTF8);"
                        + " optional group vv { optional int32 x; optional int32 y; } } } }",
                row -> {
                    Group entry = row.addGroup("m").addGroup("entries");
                    entry.append("kk", "k");
                    entry.addGroup("vv").append("x", 7);
                });
        DataType value = new DataType.Struct(List.of(Field.of("x", Primitive.LONG)));
        assertThat(bench.rows(bench.snapshot(
                        List.of(Field.of("m", new DataType.Mapping(Primitive.STRING, value, true))), file)))
                .containsExactly("{\"m\":{\"k\":{\"x\":7}}}");
        DataType renamed =
                new DataType.Struct(List.of(new Field("z", Primitive.LONG, true, "x", OptionalInt.empty(), Map.of())));
        assertRefused(bench.snapshot(
                List.of(Field.of("m", new DataType.Mapping(Primitive.STRING, renamed, true))), file));
    }

    private void assertRefused(Snapshot snapshot) {
        assertThatThrownBy(() -> bench.rows(snapshot))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_UNSUPPORTED));
    }

    @Test
    void int96_timestamps_at_every_depth_are_instants() throws IOException, SQLException {
        byte[] noon = new byte[12];
        ByteBuffer.wrap(noon)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(12L * 3600 * 1_000_000_000L)
                .putInt(2_460_311);
        Binary value = Binary.fromConstantByteArray(noon);
        DataFile file = write(
                "f.parquet",
                "message m { optional int96 ts; optional group s { optional int96 t; }"
                        + " optional group l (LIST) { repeated group list { optional int96 element; } } }",
                row -> {
                    row.add("ts", value);
                    row.addGroup("s").add("t", value);
                    row.addGroup("l").addGroup("list").add("element", value);
                });
        String t = "\"2024-01-01T12:00:00.000000Z\"";
        assertThat(bench.rows(bench.snapshot(
                        List.of(
                                Field.of("ts", Primitive.TIMESTAMP),
                                Field.of("s", new DataType.Struct(List.of(Field.of("t", Primitive.TIMESTAMP)))),
                                Field.of("l", new DataType.Array(Primitive.TIMESTAMP, true))),
                        file)))
                .containsExactly("{\"ts\":" + t + ",\"s\":{\"t\":" + t + "},\"l\":[" + t + "]}");
    }
}
