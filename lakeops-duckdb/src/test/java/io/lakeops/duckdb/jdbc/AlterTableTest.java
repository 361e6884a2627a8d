package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.testkit.Fixtures;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlterTableTest {
    private static final String MAPPED =
            "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')";

    @TempDir
    Path lake;

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = onLake(lake);
        table(
                connection,
                lake,
                "bronze.orders",
                "(id BIGINT NOT NULL, name VARCHAR, st STRUCT<a: INT, b: VARCHAR>, dt DATE) PARTITIONED BY (dt)");
        run(connection, "INSERT INTO bronze.orders VALUES (1, 'a', {a: 1, b: 'x'}, DATE '2024-04-01')");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void columns_are_added_at_their_places_and_within_structs_and_old_rows_have_null_there() throws SQLException {
        run(
                connection,
                "ALTER TABLE bronze.orders ADD COLUMNS (qty INT COMMENT 'how many' AFTER id, first_one DOUBLE FIRST,"
                        + " st.c DECIMAL(5, 2) AFTER a, list ARRAY<STRUCT<x: INT>>)",
                "INSERT INTO bronze.orders VALUES (2.5, 2, 7, 'b', {a: 2, c: 1.25, b: 'y'}, DATE '2024-04-02', [{x: 4}])",
                "ALTER TABLE bronze.orders ADD COLUMN list.element.y LONG");

        assertThat(names()).containsExactly("first_one", "id", "qty", "name", "st", "dt", "list");
        assertThat(rows(connection, "SELECT * FROM bronze.orders ORDER BY id"))
                .containsExactly(
                        "null,1,null,a,{'a': 1, 'c': NULL, 'b': x},2024-04-01,null",
                        "2.5,2,7,b,{'a': 2, 'c': 1.25, 'b': y},2024-04-02,[{'x': 4, 'y': NULL}]");
        assertThat(history("ADD COLUMNS"))
                .hasSize(2)
                .first()
                .asString()
                .contains(
                        "{\"column\":{\"name\":\"qty\",\"type\":\"integer\",\"nullable\":true,\"metadata\":{\"comment\":\"how many\"}},\"position\":\"AFTER id\"}");
    }

    @Test
    void a_field_that_old_files_lack_or_have_elsewhere_is_asked_for_alone() throws SQLException {
        run(
                connection,
                "ALTER TABLE bronze.orders ADD COLUMNS (st.c INT, st.deep STRUCT<e: INT>, late STRUCT<f: INT>)",
                "ALTER TABLE bronze.orders ADD COLUMN st.deep.g VARCHAR");
        for (String field : List.of("st.c", "st.deep", "st.deep.e", "st.deep.g", "late", "late.f")) {
            assertThat(rows(connection, "SELECT " + field + " FROM bronze.orders"))
                    .as(field)
                    .containsExactly("null");
            assertThat(rows(connection, "SELECT id FROM bronze.orders WHERE " + field + " IS NULL"))
                    .as(field)
                    .containsExactly("1");
        }
        assertThat(rows(connection, "SELECT max(st.c), min(st.a) FROM bronze.orders"))
                .containsExactly("null,1");
        run(connection, "ALTER TABLE bronze.orders ALTER COLUMN st.b FIRST");
        assertThat(rows(connection, "SELECT st.b, st.a FROM bronze.orders")).containsExactly("x,1");
        assertThat(rows(connection, "SELECT st.b FROM bronze.orders WHERE st.a = 1"))
                .containsExactly("x");
        run(connection, "UPDATE bronze.orders SET st.c = 5 WHERE st.c IS NULL");
        assertThat(rows(connection, "SELECT st.c, st.deep.g FROM bronze.orders"))
                .containsExactly("5,null");
    }

    @Test
    void a_column_is_renamed_and_dropped_only_with_column_mapping() throws SQLException {
        refused("ALTER TABLE bronze.orders RENAME COLUMN name TO title", "FEATURE_UNSUPPORTED", "columnMapping");
        refused(
                "ALTER TABLE bronze.orders DROP COLUMN name",
                "FEATURE_UNSUPPORTED",
                "SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        run(
                connection,
                MAPPED,
                "ALTER TABLE bronze.orders RENAME COLUMN name TO `odd 50% name`",
                "ALTER TABLE bronze.orders RENAME COLUMN st.a TO aa",
                "ALTER TABLE bronze.orders RENAME COLUMN dt TO day",
                "ALTER TABLE bronze.orders DROP COLUMNS (st.b)",
                "INSERT INTO bronze.orders VALUES (2, 'b', {aa: 2}, DATE '2024-04-02')");

        assertThat(names()).containsExactly("id", "odd 50% name", "st", "day");
        assertThat(rows(connection, "SELECT * FROM bronze.orders WHERE day >= DATE '2024-04-01' ORDER BY id"))
                .containsExactly("1,a,{'aa': 1},2024-04-01", "2,b,{'aa': 2},2024-04-02");
        assertThat(history("RENAME COLUMN").get(0)).contains("oldColumnPath=name", "newColumnPath=`odd 50% name`");
        assertThat(history("DROP COLUMNS").get(0)).contains("[\"st.b\"]");
    }

    @Test
    void a_dropped_column_that_comes_again_is_a_new_one() throws SQLException {
        run(
                connection,
                MAPPED,
                "ALTER TABLE bronze.orders DROP COLUMN IF EXISTS nope",
                "ALTER TABLE bronze.orders DROP COLUMN name",
                "ALTER TABLE bronze.orders ADD COLUMN name VARCHAR AFTER id");

        assertThat(rows(connection, "SELECT id, name FROM bronze.orders")).containsExactly("1,null");
        assertThat(history("DROP COLUMNS")).hasSize(1);
    }

    @Test
    void what_the_table_is_laid_out_by_can_not_be_dropped() throws SQLException {
        run(connection, MAPPED);
        refused("ALTER TABLE bronze.orders DROP COLUMN dt", "INVALID_ARGUMENT", "partitioned by it");
        refused("ALTER TABLE bronze.orders DROP COLUMN nope", "COLUMN_NOT_FOUND", "nope");
        refused("ALTER TABLE bronze.orders ADD COLUMN NAME INT", "SCHEMA_MISMATCH", "is there already");
        refused("ALTER TABLE bronze.orders RENAME COLUMN name TO ID", "SCHEMA_MISMATCH", "is there already");
        refused("ALTER TABLE bronze.orders ADD COLUMN k INT NOT NULL", "CONSTRAINT_VIOLATED", "never null");
    }

    @Test
    void columns_move() throws SQLException {
        run(
                connection,
                "ALTER TABLE bronze.orders ALTER COLUMN dt FIRST",
                "ALTER TABLE bronze.orders ALTER COLUMN id AFTER name",
                "ALTER TABLE bronze.orders ALTER COLUMN st.b FIRST");

        assertThat(rows(connection, "SELECT * FROM bronze.orders")).containsExactly("2024-04-01,a,1,{'b': x, 'a': 1}");
        assertThat(history("CHANGE COLUMN").get(0)).contains("position=FIRST");
    }

    @Test
    void a_type_becomes_wider_with_the_feature_only_and_old_rows_are_read_in_it() throws SQLException {
        refused("ALTER TABLE bronze.orders ALTER COLUMN st.a TYPE BIGINT", "FEATURE_UNSUPPORTED", "typeWidening");
        run(
                connection,
                "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
                "ALTER TABLE bronze.orders ALTER COLUMN st.a TYPE BIGINT",
                "ALTER TABLE bronze.orders ALTER COLUMN dt TYPE TIMESTAMP",
                "INSERT INTO bronze.orders VALUES (2, 'b', {a: 3000000000, b: 'y'}, TIMESTAMP '2024-04-02 10:00:00')");

        assertThat(rows(connection, "SELECT st.a, dt FROM bronze.orders ORDER BY id"))
                .containsExactly("1,2024-04-01 00:00:00.0", "3000000000,2024-04-02 10:00:00.0");
        assertThat(rows(connection, "SELECT id FROM bronze.orders WHERE dt < TIMESTAMP '2024-04-01 00:00:01'"))
                .containsExactly("1");
        refused("ALTER TABLE bronze.orders ALTER COLUMN st.a TYPE INT", "FEATURE_UNSUPPORTED", "no widening");
        refused("ALTER TABLE bronze.orders ALTER COLUMN name TYPE INT", "FEATURE_UNSUPPORTED", "no widening");
    }

    @Test
    void a_column_becomes_required_only_where_no_row_has_null_in_it() throws SQLException {
        run(
                connection,
                "INSERT INTO bronze.orders VALUES (2, NULL, {a: 1, b: 'y'}, NULL), (3, 'c', {a: NULL, b: 'z'}, NULL)");
        refused("ALTER TABLE bronze.orders ALTER COLUMN name SET NOT NULL", "CONSTRAINT_VIOLATED", "id=2");
        refused("ALTER TABLE bronze.orders ALTER COLUMN st.a SET NOT NULL", "CONSTRAINT_VIOLATED", "id=3");
        run(
                connection,
                "DELETE FROM bronze.orders WHERE id = 2",
                "ALTER TABLE bronze.orders ALTER COLUMN name SET NOT NULL",
                "ALTER TABLE bronze.orders ALTER COLUMN id DROP NOT NULL",
                "INSERT INTO bronze.orders VALUES (NULL, 'n', {a: 1, b: 'y'}, NULL)");
        refused(
                "INSERT INTO bronze.orders VALUES (9, NULL, {a: 1, b: 'y'}, NULL)",
                "CONSTRAINT_VIOLATED",
                "must not be null");
    }

    @Test
    void properties_are_set_shown_and_taken_away_and_a_wrong_name_is_told() throws SQLException {
        run(connection, "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.appendOnly' = 'true', team.owner = 'us')");

        assertThat(rows(connection, "SHOW TBLPROPERTIES bronze.orders"))
                .containsExactly("delta.appendOnly,true", "team.owner,us");
        assertThat(rows(connection, "SHOW TBLPROPERTIES bronze.orders ('nope')"))
                .containsExactly("nope,Table bronze.orders does not have property: nope");
        refused("DELETE FROM bronze.orders", "CONSTRAINT_VIOLATED", "appendOnly");
        refused(
                "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.apendOnly' = 'true')",
                "UNKNOWN_OPTION",
                "delta.appendOnly");
        refused("ALTER TABLE bronze.orders UNSET TBLPROPERTIES ('nope')", "INVALID_ARGUMENT", "IF EXISTS");
        run(connection, "ALTER TABLE bronze.orders UNSET TBLPROPERTIES IF EXISTS ('nope', 'delta.appendOnly')");
        assertThat(rows(connection, "SHOW TBLPROPERTIES bronze.orders")).containsExactly("team.owner,us");
        assertThat(history("UNSET TBLPROPERTIES").get(0)).contains("ifExists=true");
    }

    @Test
    void versions_of_the_protocol_follow_features() throws SQLException {
        run(
                connection,
                "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name',"
                        + " 'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5')");
        assertThat(rows(connection, "SHOW TBLPROPERTIES bronze.orders ('delta.minReaderVersion')")
                        .get(0))
                .contains("does not have property");
        Path plain = table(connection, lake, "bronze.plain", "(id BIGINT)");
        refused(
                "ALTER TABLE delta.`" + plain + "` SET TBLPROPERTIES ('delta.minWriterVersion' = '7')",
                "FEATURE_UNSUPPORTED",
                "delta.feature.");
    }

    @Test
    void a_comment_stays_with_its_column() throws SQLException {
        run(connection, "ALTER TABLE bronze.orders ALTER COLUMN name COMMENT 'who'");
        assertThat(history("CHANGE COLUMN").get(0)).contains("{\"comment\":\"who\"}");
    }

    @Test
    void a_table_is_clustered_by_other_columns_by_more_and_by_none() throws SQLException {
        Path path = table(
                connection,
                lake,
                "bronze.c",
                "(id BIGINT, name VARCHAR, st STRUCT<a: INT, `b.c`: VARCHAR>, list INT[])"
                        + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.dataSkippingNumIndexedCols' = '0')");
        String t = "delta.`" + path + "`";
        run(
                connection,
                "ALTER TABLE " + t + " CLUSTER BY (NAME, st.a)",
                "INSERT INTO " + t + " VALUES (1, 'n', {a: 5}, [1])");
        assertThat(detail(t)).isEqualTo("[name, st.a]");
        // What it is clustered by has bounds, whatever the table says of statistics.
        assertThat(rows(
                        connection,
                        "SELECT count(*) FROM read_text('" + path
                                + "/_delta_log/00000000000000000002.json') WHERE content LIKE '%minValues%:5}%'"))
                .containsExactly("1");
        run(
                connection,
                "ALTER TABLE " + t + " RENAME COLUMN name TO title",
                "ALTER TABLE " + t + " CLUSTER BY (title, st.a)");
        assertThat(rows(connection, "DESCRIBE HISTORY " + t)).hasSize(4);
        run(connection, "ALTER TABLE " + t + " CLUSTER BY (id)");
        assertThat(detail(t)).isEqualTo("[id]");
        run(connection, "ALTER TABLE " + t + " CLUSTER BY NONE");
        assertThat(detail(t)).isEqualTo("[]");
        refused("ALTER TABLE " + t + " CLUSTER BY (nope)", "COLUMN_NOT_FOUND", "nope");
        refused("ALTER TABLE " + t + " CLUSTER BY (list)", "TYPE_UNSUPPORTED", "list");
        refused("ALTER TABLE " + t + " CLUSTER BY (id, id)", "INVALID_ARGUMENT", "each once");
        refused("ALTER TABLE bronze.orders CLUSTER BY (id)", "INVALID_ARGUMENT", "partitioned or clustered");
    }

    private String detail(String table) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("DESCRIBE DETAIL " + table)) {
            assertThat(result.next()).isTrue();
            return result.getString("clusteringColumns");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "name", "id"})
    void what_is_added_within_a_struct_is_null_in_older_rows_however_it_is_asked_for(String mode) throws SQLException {
        Path path = table(
                connection,
                lake,
                "bronze.n",
                "(id BIGINT, s STRUCT<a: INT, b: VARCHAR>, l ARRAY<STRUCT<a: INT>>) TBLPROPERTIES ('delta.columnMapping.mode' = '"
                        + mode + "')");
        String t = "delta.`" + path + "`";
        run(
                connection,
                "INSERT INTO " + t + " VALUES (1, {a: 1, b: 'x'}, [{a: 1}]), (2, NULL, NULL)",
                "ALTER TABLE " + t
                        + " ADD COLUMNS (s.c STRUCT<d: INT, e: STRUCT<f: INT>>, s.m MAP<VARCHAR, INT>, s.i INT,"
                        + " l.element.n STRUCT<o: DATE>)",
                "INSERT INTO " + t + " VALUES (3, {a: 9, b: 'y', c: {d: 5, e: {f: 6}}, m: MAP {'k': 7}, i: 8},"
                        + " [{a: 2, n: {o: DATE '2024-01-01'}}])");
        for (String[] asked : new String[][] {
            {"s.c", "1:null", "2:null", "3:{'d': 5, 'e': {'f': 6}}"},
            {"s.c.d", "1:null", "2:null", "3:5"},
            {"s.c.e.f", "1:null", "2:null", "3:6"},
            {"s.m['k']", "1:null", "2:null", "3:7"},
            {"s.i", "1:null", "2:null", "3:8"},
            {"s.a", "1:1", "2:null", "3:9"},
            {"l[1].n.o", "1:null", "2:null", "3:2024-01-01"},
            {"s IS NULL", "1:false", "2:true", "3:false"}
        }) {
            assertThat(rows(
                            connection,
                            "SELECT id || ':' || coalesce((" + asked[0] + ")::VARCHAR, 'null') FROM " + t
                                    + " ORDER BY id"))
                    .as(asked[0])
                    .containsExactly(asked[1], asked[2], asked[3]);
        }
        assertThat(rows(connection, "SELECT count(*) FROM " + t + " WHERE s.c.d = 5"))
                .containsExactly("1");
    }

    @Test
    void what_spark_renamed_and_dropped_goes_on_being_altered() throws SQLException {
        Path mapped = Fixtures.unpackOne("column_mapping_name", lake.resolve("spark"));
        run(
                connection,
                "ALTER TABLE delta.`" + mapped + "` RENAME COLUMN `new name.with dots` TO plain",
                "ALTER TABLE delta.`" + mapped + "` DROP COLUMN st.aa",
                "ALTER TABLE delta.`" + mapped + "` ADD COLUMN st.aa LONG FIRST");
        assertThat(rows(connection, "SELECT DISTINCT st.aa FROM delta.`" + mapped + "`"))
                .containsExactly("null");
        assertThat(rows(connection, "SELECT count(plain) > 0 FROM delta.`" + mapped + "`"))
                .containsExactly("true");
    }

    @Test
    void a_word_in_a_text_is_no_name_of_a_column() throws SQLException {
        run(
                connection,
                MAPPED,
                "ALTER TABLE bronze.orders ADD CONSTRAINT c CHECK (name <> 'the st of the dt')",
                "ALTER TABLE bronze.orders RENAME COLUMN st TO struct_");
        refused("ALTER TABLE bronze.orders RENAME COLUMN name TO title", "INVALID_ARGUMENT", "the st of the dt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a=b", "a,b;", "{a}", "(a)"})
    void a_name_that_no_partition_column_may_have_without_mapping_is_refused(String name) throws SQLException {
        String columns = " (id BIGINT, `" + name + "` VARCHAR) PARTITIONED BY (`" + name + "`)";
        refused(
                "CREATE TABLE delta.`" + lake.resolve("plain") + "`" + columns,
                "FEATURE_UNSUPPORTED",
                "delta.columnMapping.mode");
        refused("CREATE OR REPLACE TABLE bronze.orders" + columns, "FEATURE_UNSUPPORTED", "delta.columnMapping.mode");
        run(
                connection,
                "CREATE TABLE delta.`" + lake.resolve("mapped") + "`" + columns
                        + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
    }

    private List<String> names() throws SQLException {
        return Sql.columns(connection, "SELECT * FROM bronze.orders");
    }

    /** The parameters of that operation's entries, oldest first. */
    private List<String> history(String operation) throws SQLException {
        List<String> found = new java.util.ArrayList<>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("DESCRIBE HISTORY bronze.orders")) {
            while (result.next()) {
                if (result.getString("operation").equals(operation)) {
                    found.add(0, result.getString("operationParameters"));
                }
            }
        }
        return found;
    }

    /** It fails so, and no version is made. */
    private void refused(String sql, String code, String word) throws SQLException {
        String versions = "SELECT count(*) FROM glob('" + lake + "/**/_delta_log/*.json')";
        List<String> before = rows(connection, versions);
        assertThatThrownBy(() -> run(connection, sql))
                .hasMessageStartingWith(code)
                .hasMessageContaining(word);
        assertThat(rows(connection, versions)).isEqualTo(before);
    }
}
