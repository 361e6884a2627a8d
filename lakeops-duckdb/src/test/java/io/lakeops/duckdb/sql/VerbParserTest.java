package io.lakeops.duckdb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerbParserTest {
    private static final TableRef PATH = new TableRef.AtPath("p");
    private static final TableRef ORDERS = new TableRef.Named(List.of("bronze", "orders"));

    private static Optional<Verb> parse(String sql) {
        return new VerbParser(Statement.of(sql), new Names(), false).parse();
    }

    static Stream<Arguments> verbs() {
        return Stream.of(
                Arguments.of("DESCRIBE HISTORY delta_scan('p')", new Verb.DescribeHistory(PATH, OptionalLong.empty())),
                Arguments.of("describe history 'p' limit 3", new Verb.DescribeHistory(PATH, OptionalLong.of(3))),
                Arguments.of("DESC HISTORY delta.`p`", new Verb.DescribeHistory(PATH, OptionalLong.empty())),
                Arguments.of("DESCRIBE DETAIL bronze.orders", new Verb.DescribeDetail(ORDERS)),
                Arguments.of(
                        "INSERT INTO bronze.orders SELECT * FROM delta.`q`",
                        new Verb.Insert(ORDERS, Verb.InsertedRows.of(List.of(), "SELECT * FROM delta_scan('q')"))),
                Arguments.of(
                        "INSERT INTO delta.`p` (a, \"b c\") VALUES (1, 2)",
                        new Verb.Insert(PATH, Verb.InsertedRows.of(List.of("a", "b c"), "VALUES (1, 2)"))),
                Arguments.of(
                        "INSERT INTO 'p' (SELECT 1)",
                        new Verb.Insert(PATH, Verb.InsertedRows.of(List.of(), "(SELECT 1)"))),
                Arguments.of(
                        "INSERT INTO TABLE 'p' WITH x AS (SELECT 1) SELECT * FROM x",
                        new Verb.Insert(PATH, Verb.InsertedRows.of(List.of(), "WITH x AS (SELECT 1) SELECT * FROM x"))),
                Arguments.of(
                        "CREATE OR REPLACE TABLE bronze.orders AS SELECT 1 AS a", made(ORDERS, true, "SELECT 1 AS a")),
                Arguments.of("CREATE TABLE delta.`p` USING delta SELECT 1 AS a", made(PATH, false, "SELECT 1 AS a")),
                Arguments.of(
                        "CREATE TABLE gold.fresh USING DELTA AS (SELECT 1 AS a)",
                        made(new TableRef.Named(List.of("gold", "fresh")), false, "(SELECT 1 AS a)")),
                Arguments.of(
                        "CREATE OR REPLACE TABLE gold.fresh SHALLOW CLONE bronze.orders VERSION AS OF 3",
                        new Verb.Clone(
                                new TableRef.Named(List.of("gold", "fresh")),
                                false,
                                false,
                                true,
                                ORDERS,
                                OptionalLong.of(3),
                                Optional.empty(),
                                Map.of())),
                Arguments.of(
                        "CREATE TABLE IF NOT EXISTS 'p' DEEP CLONE bronze.orders TIMESTAMP AS OF TIMESTAMP '2024-01-01'"
                                + " TBLPROPERTIES ('a' = 'b')",
                        new Verb.Clone(
                                PATH,
                                true,
                                true,
                                false,
                                ORDERS,
                                OptionalLong.empty(),
                                Optional.of("2024-01-01"),
                                Map.of("a", "b"))),
                Arguments.of(
                        "SET lakeops_allowed_roots = ['/a b', '/c']",
                        new Verb.SetOption("lakeops_allowed_roots", Optional.of("[\"/a b\",\"/c\"]"))),
                Arguments.of(
                        "CONVERT TO DELTA parquet.`p` NO STATISTICS PARTITIONED BY (d DATE, \"a b\" DECIMAL(10, 2))",
                        new Verb.Convert(
                                "p",
                                List.of(
                                        new Verb.ColumnDefinition("d", "DATE", true, Optional.empty()),
                                        new Verb.ColumnDefinition("a b", "DECIMAL(10,2)", true, Optional.empty())),
                                false)),
                Arguments.of("CONVERT TO DELTA parquet.`p`", new Verb.Convert("p", List.of(), true)),
                Arguments.of(
                        "INSERT INTO 'p' BY NAME SELECT 1 AS a",
                        new Verb.Insert(PATH, new Verb.InsertedRows(Map.of(), List.of(), true, "SELECT 1 AS a"))),
                Arguments.of(
                        "INSERT INTO 'p' PARTITION (d = DATE '2024-01-01', e) (a, e) SELECT 1, 2",
                        new Verb.Insert(
                                PATH,
                                new Verb.InsertedRows(
                                        Map.of("d", Optional.of("DATE '2024-01-01'"), "e", Optional.empty()),
                                        List.of("a", "e"),
                                        false,
                                        "SELECT 1, 2"))),
                Arguments.of(
                        "INSERT OVERWRITE TABLE bronze.orders SELECT 1",
                        new Verb.Overwrite(ORDERS, Optional.empty(), Verb.InsertedRows.of(List.of(), "SELECT 1"))),
                Arguments.of(
                        "INSERT OVERWRITE 'p' PARTITION (d = 'x, (y)') BY NAME FROM s",
                        new Verb.Overwrite(
                                PATH,
                                Optional.empty(),
                                new Verb.InsertedRows(
                                        Map.of("d", Optional.of("'x, (y)'")), List.of(), true, "FROM s"))),
                Arguments.of(
                        "INSERT INTO bronze.orders REPLACE WHERE a IS DISTINCT FROM (SELECT 2) AND b::TIMESTAMP WITH TIME ZONE"
                                + " > c WITH x AS (SELECT 1) SELECT * FROM x",
                        new Verb.Overwrite(
                                ORDERS,
                                Optional.of("a IS DISTINCT FROM (SELECT 2) AND b::TIMESTAMP WITH TIME ZONE > c"),
                                Verb.InsertedRows.of(List.of(), "WITH x AS (SELECT 1) SELECT * FROM x"))),
                Arguments.of(
                        "DELETE FROM delta_scan('p') WHERE a = 1 AND b IN (SELECT 2)",
                        new Verb.Delete(PATH, Optional.of("a = 1 AND b IN (SELECT 2)"))),
                Arguments.of("DELETE FROM bronze.orders", new Verb.Delete(ORDERS, Optional.empty())),
                Arguments.of(
                        "UPDATE bronze.orders SET a = (SELECT max(b, 'x, y') FROM x WHERE true), \"b c\" = [1, 2] WHERE a = 1",
                        new Verb.Update(
                                ORDERS,
                                Map.of(
                                        List.of("a"),
                                        "(SELECT max(b, 'x, y') FROM x WHERE true)",
                                        List.of("b c"),
                                        "[1, 2]"),
                                Optional.of("a = 1"))),
                Arguments.of(
                        "UPDATE 'p' SET a = 1", new Verb.Update(PATH, Map.of(List.of("a"), "1"), Optional.empty())),
                Arguments.of("TRUNCATE TABLE bronze.orders", new Verb.Delete(ORDERS, Optional.empty())),
                Arguments.of("OPTIMIZE bronze.orders", new Verb.Optimize(ORDERS, Optional.empty())),
                Arguments.of("OPTIMIZE 'p' WHERE d = 'x'", new Verb.Optimize(PATH, Optional.of("d = 'x'"))),
                Arguments.of(
                        "VACUUM bronze.orders RETAIN 168 HOURS",
                        new Verb.Vacuum(ORDERS, OptionalDouble.of(168), false)),
                Arguments.of("VACUUM 'p' DRY RUN", new Verb.Vacuum(PATH, OptionalDouble.empty(), true)),
                Arguments.of(
                        "VACUUM 'p' RETAIN 0.5 HOURS DRY RUN", new Verb.Vacuum(PATH, OptionalDouble.of(0.5), true)),
                Arguments.of(
                        "RESTORE TABLE bronze.orders TO VERSION AS OF 3",
                        new Verb.Restore(ORDERS, OptionalLong.of(3), Optional.empty())),
                Arguments.of(
                        "RESTORE delta.`p` TO TIMESTAMP AS OF '2024-04-02 10:00:00'",
                        new Verb.Restore(PATH, OptionalLong.empty(), Optional.of("2024-04-02 10:00:00"))),
                Arguments.of(
                        "SET lakeops_retention_check = false",
                        new Verb.SetOption("lakeops_retention_check", Optional.of("false"))),
                Arguments.of(
                        "SET SESSION lakeops_commit_timeout TO '5 s'",
                        new Verb.SetOption("lakeops_commit_timeout", Optional.of("5 s"))),
                Arguments.of(
                        "RESET lakeops_retention_check",
                        new Verb.SetOption("lakeops_retention_check", Optional.empty())));
    }

    private static Verb made(TableRef table, boolean replace, String query) {
        return new Verb.Create(
                table, false, replace, List.of(), List.of(), List.of(), Map.of(), Optional.empty(), Optional.of(query));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbs")
    void verbs_are_read(String sql, Verb verb) {
        assertThat(parse(sql)).contains(verb);
    }

    @Test
    void create_table_reads_columns_partitions_and_properties() {
        assertThat(parse(
                        "CREATE TABLE IF NOT EXISTS delta.`p` (id BIGINT NOT NULL COMMENT 'the key', \"a b\" DECIMAL(10, 2),"
                                + " ts TIMESTAMP WITH TIME ZONE, l ARRAY<STRUCT<x: LONG, y: STRING>>, m MAP<STRING, INT[]>,"
                                + " s STRUCT(q INTEGER, r VARCHAR)[]) PARTITIONED BY (id) TBLPROPERTIES ('delta.appendOnly' = 'true',"
                                + " delta.logRetentionDuration = 'interval 3 days') COMMENT 'why'"))
                .contains(new Verb.Create(
                        PATH,
                        true,
                        false,
                        List.of(
                                new Verb.ColumnDefinition("id", "BIGINT", false, Optional.of("the key")),
                                new Verb.ColumnDefinition("a b", "DECIMAL(10,2)", true, Optional.empty()),
                                new Verb.ColumnDefinition("ts", "TIMESTAMP WITH TIME ZONE", true, Optional.empty()),
                                new Verb.ColumnDefinition(
                                        "l", "STRUCT(\"x\" BIGINT, \"y\" STRING)[]", true, Optional.empty()),
                                new Verb.ColumnDefinition("m", "MAP(STRING, INT[])", true, Optional.empty()),
                                new Verb.ColumnDefinition(
                                        "s", "STRUCT(q INTEGER, r VARCHAR)[]", true, Optional.empty())),
                        List.of("id"),
                        List.of(),
                        Map.of("delta.appendOnly", "true", "delta.logRetentionDuration", "interval 3 days"),
                        Optional.of("why"),
                        Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "DESCRIBE bronze.orders",
                "DESCRIBE history",
                "DESCRIBE SELECT 1",
                "INSERT INTO plain VALUES (1)",
                "INSERT INTO plain SELECT * FROM bronze.orders",
                "INSERT OR REPLACE INTO plain VALUES (1)",
                "DELETE FROM plain WHERE a",
                "UPDATE plain SET a = 1",
                "MERGE INTO plain USING bronze.orders ON true WHEN MATCHED THEN DELETE",
                "CREATE TABLE plain (a INT)",
                "CREATE TABLE plain AS SELECT * FROM bronze.orders",
                "CREATE TABLE bronze.orders (a INT)",
                "CREATE VIEW v AS SELECT 1",
                "VACUUM",
                "VACUUM ANALYZE",
                "VACUUM plain",
                "ALTER TABLE plain ADD COLUMN a INT",
                "DROP TABLE plain",
                "DROP TABLE IF EXISTS plain",
                "SHOW TABLES",
                "ANALYZE",
                "ANALYZE plain",
                "SET threads = 2",
                "EXPLAIN SELECT 1",
                "EXPLAIN ANALYZE INSERT INTO plain VALUES (1)",
                "(SELECT 1)"
            })
    void duckdbs_statements_are_left_to_duckdb(String sql) {
        assertThat(parse(sql)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "OPTIMIZE bronze.orders ZORDER BY (a)|OPTIMIZE … ZORDER BY",
                "OPTIMIZE bronze.orders WHERE d = 1 ZORDER BY (a)|OPTIMIZE … ZORDER BY",
                "OPTIMIZE bronze.orders FULL|OPTIMIZE … FULL",
                "OPTIMIZE bronze.orders VERIFY|OPTIMIZE … VERIFY",
                "VACUUM bronze.orders LITE|VACUUM … LITE",
                "VACUUM bronze.orders USING INVENTORY (SELECT 1)|VACUUM … USING INVENTORY",
                "UNDO VACUUM bronze.orders|UNDO VACUUM",
                "ALTER TABLE bronze.orders RENAME TO x|ALTER TABLE … RENAME TO",
                "DROP TABLE bronze.orders|DROP TABLE",
                "DROP TABLE IF EXISTS delta.`p`|DROP TABLE",
                "UNDROP TABLE bronze.orders|UNDROP TABLE",
                "REORG TABLE bronze.orders APPLY (PURGE)|REORG TABLE",
                "ANALYZE TABLE bronze.orders COMPUTE STATISTICS|ANALYZE TABLE … COMPUTE STATISTICS",
                "EXPLAIN QUALITY bronze.orders|EXPLAIN QUALITY",
                "FSCK REPAIR TABLE bronze.orders DRY RUN|FSCK REPAIR TABLE",
                "EXPLAIN DELETE FROM bronze.orders|EXPLAIN DELETE on a Delta table",
            })
    void a_verb_that_is_not_built_names_itself(String sql, String verb) {
        assertThat(parse(sql)).contains(new Verb.NotYet(verb));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "DESCRIBE HISTORY 'p' LIMIT x|character 28 near 'x'",
                "DESCRIBE HISTORY 'p' nonsense|character 22 near 'nonsense'",
                "RESTORE TABLE 'p' TO|character 21 near the end",
                "VACUUM 'p' RETAIN HOURS|character 19 near 'HOURS'",
                "VACUUM 'p' RETAIN 3 DAYS|character 21 near 'DAYS'",
                "OPTIMIZE 3|character 10 near '3'",
                "DELETE FROM 'p' WHERE|character 22 near the end",
                "INSERT INTO 'p'|character 16 near the end",
                "CREATE TABLE delta.`p` (a)|character 26 near ')'",
                "CREATE TABLE delta.`p` (a INT UNIQUE)|character 31 near 'UNIQUE'",
                "DESCRIBE DETAIL delta_scan('p', version=1)|character 31 near ','",
            })
    void a_wrong_verb_says_where(String sql, String place) {
        assertThatThrownBy(() -> parse(sql))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_SYNTAX))
                .hasMessageContaining(place);
    }

    @Test
    void parameters_become_literals_in_their_order() {
        assertThat(SqlFront.withLiterals("DELETE FROM 'a?' WHERE x = ? AND y = ? -- ?", i -> "<" + i + ">"))
                .isEqualTo("DELETE FROM 'a?' WHERE x =  <1>  AND y =  <2>  -- ?");
        assertThat(SqlFront.withLiterals("SELECT $2, $1", i -> "<" + i + ">")).isEqualTo("SELECT  <2> ,  <1> ");
        assertThat(SqlFront.parameters("SELECT ?, '?', $4")).isEqualTo(4);
    }

    @Test
    void a_verb_is_known_before_its_parameters_are() {
        assertThat(new VerbParser(Statement.of("VACUUM ? RETAIN ? HOURS"), new Names(), true).parse())
                .isPresent();
        assertThatThrownBy(() -> parse("VACUUM 'p' RETAIN ? HOURS")).isInstanceOf(LakeException.class);
    }
}
