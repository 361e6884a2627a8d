package io.lakeops.duckdb.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fields below the top level that were renamed, added, dropped or widened. */
class NestedReadingTest {
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

    private static DataType struct(Field... fields) {
        return new DataType.Struct(List.of(fields));
    }

    private static Field physical(String name, String physicalName, DataType type) {
        return new Field(name, type, true, physicalName, OptionalInt.empty(), Map.of());
    }

    @Test
    void fields_are_renamed_widened_and_added_at_every_depth() throws SQLException {
        DataFile file = bench.file(
                "f.parquet",
                "SELECT {'p1': 1::INTEGER, 'p2': {'p3': 'x'}} AS s, [{'p4': 2::TINYINT}, NULL] AS l,"
                        + " map {'k': {'p5': 3::SMALLINT}, 'n': NULL} AS m, [map {1: [{'p6': 4}]}] AS deep"
                        + " UNION ALL SELECT NULL, NULL, NULL, NULL"
                        + " UNION ALL SELECT {'p1': NULL, 'p2': NULL}, [], map {}, [NULL]");
        Field s = physical(
                "renamed s",
                "s",
                struct(
                        Field.of("added", Primitive.DATE),
                        physical("a \"b\"", "p1", Primitive.LONG),
                        physical("select", "p2", struct(physical("c", "p3", Primitive.STRING)))));
        Field l = Field.of(
                "l",
                new DataType.Array(struct(physical("x", "p4", Primitive.LONG), Field.of("y", Primitive.STRING)), true));
        Field m = Field.of(
                "m", new DataType.Mapping(Primitive.STRING, struct(physical("z", "p5", Primitive.LONG)), true));
        Field deep = Field.of(
                "deep",
                new DataType.Array(
                        new DataType.Mapping(
                                Primitive.INTEGER,
                                new DataType.Array(struct(physical("w", "p6", Primitive.LONG)), true),
                                true),
                        true));
        assertThat(bench.rows(bench.snapshot(List.of(s, l, m, deep), file)))
                .containsExactly(
                        "{\"renamed s\":null,\"l\":null,\"m\":null,\"deep\":null}",
                        "{\"renamed s\":{\"added\":null,\"a \\\"b\\\"\":1,\"select\":{\"c\":\"x\"}},"
                                + "\"l\":[{\"x\":2,\"y\":null},null],"
                                + "\"m\":{\"k\":{\"z\":3},\"n\":null},\"deep\":[{\"1\":[{\"w\":4}]}]}",
                        "{\"renamed s\":{\"added\":null,\"a \\\"b\\\"\":null,\"select\":null},"
                                + "\"l\":[],\"m\":{},\"deep\":[null]}");
    }

    @Test
    void a_struct_of_which_the_file_has_no_field_keeps_which_of_it_are_null() throws SQLException {
        DataFile file = bench.file(
                "f.parquet",
                "SELECT 1 AS id, {'a': 1} AS s, {'in': {'a': [1]}, 'k': 1} AS o, [{'a': 1}, NULL] AS l,"
                        + " map {'k': {'a': 1}, 'n': NULL} AS m"
                        + " UNION ALL SELECT 2, NULL, {'in': NULL, 'k': 2}, NULL, NULL");
        DataType fresh = struct(Field.of("q", Primitive.LONG), Field.of("r", Primitive.TIMESTAMP));
        List<Field> fields = List.of(
                Field.of("s", fresh),
                Field.of("o", struct(Field.of("in", fresh), Field.of("k", Primitive.LONG))),
                Field.of("l", new DataType.Array(fresh, true)),
                Field.of("m", new DataType.Mapping(Primitive.STRING, fresh, true)));
        String nulls = "{\"q\":null,\"r\":null}";
        assertThat(bench.rows(bench.snapshot(fields, file)))
                .containsExactly(
                        "{\"s\":null,\"o\":{\"in\":null,\"k\":2},\"l\":null,\"m\":null}",
                        "{\"s\":" + nulls + ",\"o\":{\"in\":" + nulls + ",\"k\":1},\"l\":[" + nulls
                                + ",null],\"m\":{\"k\":" + nulls + ",\"n\":null}}");
    }

    @Test
    void a_field_that_was_dropped_and_added_again_does_not_show_the_old_values() throws SQLException {
        DataFile old = bench.file("a.parquet", "SELECT {'x': 1, 'keep': 1} AS s, [{'x': 1}] AS l");
        DataFile fresh = bench.file("b.parquet", "SELECT {'col-9': 'new', 'keep': 2} AS s, [{'col-8': 'new'}] AS l");
        List<Field> fields = List.of(
                Field.of("s", struct(Field.of("keep", Primitive.INTEGER), physical("x", "col-9", Primitive.STRING))),
                Field.of("l", new DataType.Array(struct(physical("x", "col-8", Primitive.STRING)), true)));
        assertThat(bench.rows(bench.snapshot(fields, old, fresh)))
                .containsExactly(
                        "{\"s\":{\"keep\":1,\"x\":null},\"l\":[{\"x\":null}]}",
                        "{\"s\":{\"keep\":2,\"x\":\"new\"},\"l\":[{\"x\":\"new\"}]}");
    }

    @Test
    void names_that_differ_in_case_alone_are_the_same_field() throws SQLException {
        DataFile file = bench.file("a.parquet", "SELECT 1 AS ID, {'Aa': 2} AS S");
        assertThat(bench.rows(bench.snapshot(
                        List.of(Field.of("id", Primitive.LONG), Field.of("s", struct(Field.of("aA", Primitive.LONG)))),
                        file)))
                .containsExactly("{\"id\":1,\"s\":{\"aA\":2}}");
    }
}
