package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.json.Json;
import io.lakeops.testkit.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CHECK constraints on every way by which SQL brings rows into a table. */
class ConstraintsTest {
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
                "(id BIGINT, qty INT, name VARCHAR, day VARCHAR) PARTITIONED BY (day)");
        run(
                connection,
                "INSERT INTO bronze.orders VALUES (1, 5, 'a', 'd1'), (2, 6, 'b', 'd2')",
                "ALTER TABLE bronze.orders ADD CONSTRAINT Qty_Pos CHECK (qty > 0 AND length(name) < 10)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void an_insert_is_held_to_it_and_the_rows_that_break_it_are_shown() throws SQLException {
        refused("INSERT INTO bronze.orders VALUES (3, 1, 'c', 'd1'), (4, 0, 'd', 'd1')", "qty_pos", "'qty': 0");
        refused("INSERT INTO bronze.orders VALUES (3, NULL, 'c', 'd1')", "'qty': NULL");
        refused("INSERT INTO bronze.orders (id) VALUES (3)", "'qty': NULL");
        run(connection, "INSERT INTO bronze.orders SELECT id, qty, 'x', day FROM bronze.orders WHERE qty > 5");
        run(
                connection,
                "CREATE TABLE odd AS SELECT range AS id, range - 2 AS qty FROM range(5)",
                "INSERT INTO bronze.orders SELECT id, qty, 'y', 'd3' FROM odd WHERE qty > 0");
        assertThat(rows(connection, "SELECT count(*), min(qty) FROM bronze.orders"))
                .containsExactly("5,1");
    }

    @Test
    void updates_merges_and_overwrites_are_held_to_it() throws SQLException {
        refused("UPDATE bronze.orders SET qty = qty - 5", "'qty': 0");
        refused(
                "MERGE INTO bronze.orders t USING (SELECT 1 AS id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET qty = -1",
                "'qty': -1");
        refused(
                "MERGE INTO bronze.orders t USING (SELECT 9 AS id) s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id, qty,"
                        + " name) VALUES (s.id, 1, 'a name of many letters')",
                "many letters");
        refused("INSERT OVERWRITE bronze.orders VALUES (1, -7, 'a', 'd1')", "'qty': -7");
        run(
                connection,
                "UPDATE bronze.orders SET qty = qty + 1 WHERE id = 1",
                "DELETE FROM bronze.orders WHERE id = 2",
                "INSERT OVERWRITE bronze.orders SELECT 1, 8, 'a', 'd1'");
        assertThat(rows(connection, "SELECT * FROM bronze.orders")).containsExactly("1,8,a,d1");
    }

    @Test
    void a_table_with_vectors_or_a_change_feed_is_held_to_it_too() throws SQLException {
        run(
                connection,
                "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true',"
                        + " 'delta.enableChangeDataFeed' = 'true')",
                "INSERT INTO bronze.orders VALUES (3, 1, 'c', 'd1'), (4, 2, 'd', 'd1')");
        refused("UPDATE bronze.orders SET qty = 0 WHERE id = 3", "'qty': 0");
        run(connection, "UPDATE bronze.orders SET qty = 7 WHERE id = 3");
        assertThat(rows(connection, "SELECT qty FROM bronze.orders WHERE id = 3"))
                .containsExactly("7");
    }

    @Test
    void rows_that_are_there_are_looked_at_before_a_constraint_is_added() throws SQLException {
        refused("ALTER TABLE bronze.orders ADD CONSTRAINT few CHECK (qty < 6)", "id=2", "qty=6");
        run(connection, "INSERT INTO bronze.orders VALUES (3, 1, 'c', NULL)");
        refused("ALTER TABLE bronze.orders ADD CONSTRAINT dated CHECK (day >= 'd1')", "id=3");
        assertFailed("ALTER TABLE bronze.orders ADD CONSTRAINT qty_pos CHECK (qty < 9)", "INVALID_ARGUMENT", "already");
        assertFailed("ALTER TABLE bronze.orders ADD CONSTRAINT x CHECK (qty)", "INVALID_ARGUMENT", "no condition");
        assertFailed("ALTER TABLE bronze.orders ADD CONSTRAINT x CHECK (nope > 1)", "COLUMN_NOT_FOUND", "nope");
        assertFailed(
                "ALTER TABLE bronze.orders ADD CONSTRAINT x CHECK (upper(name) = 'A')", "FEATURE_UNSUPPORTED", "upper");
        assertFailed(
                "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.constraints.x' = 'qty > 1')",
                "INVALID_ARGUMENT",
                "ADD CONSTRAINT");
    }

    @Test
    void a_constraint_goes_and_its_columns_stay_as_long_as_it_does() throws SQLException {
        run(connection, "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        assertFailed("ALTER TABLE bronze.orders RENAME COLUMN qty TO q", "INVALID_ARGUMENT", "CHECK qty_pos");
        assertFailed("ALTER TABLE bronze.orders DROP COLUMN qty", "INVALID_ARGUMENT", "CHECK qty_pos");
        assertFailed("ALTER TABLE bronze.orders DROP CONSTRAINT nope", "INVALID_ARGUMENT", "IF EXISTS");
        run(
                connection,
                "ALTER TABLE bronze.orders DROP CONSTRAINT IF EXISTS nope",
                "ALTER TABLE bronze.orders DROP CONSTRAINT QTY_POS",
                "INSERT INTO bronze.orders VALUES (3, -1, 'c', 'd1')",
                "ALTER TABLE bronze.orders RENAME COLUMN qty TO q");
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("3");
    }

    /** What Spark says to each row of its own table with constraints, LakeOps says too. */
    @Test
    void spark_and_lakeops_take_the_same_rows() throws Exception {
        Path table = Fixtures.unpackOne("constraints", lake.resolve("spark"));
        Map<?, ?> probes = (Map<?, ?>) Objects.requireNonNull(
                Json.parseObject(Files.readString(lake.resolve("spark").resolve("constraints.expected.json")))
                        .get("insertProbes"));
        assertThat(probes).hasSizeGreaterThan(5);
        probes.forEach((row, answer) -> {
            String values = row.toString()
                    .replace("named_struct('a',1)", "{a: 1}")
                    .replace("named_struct('a',CAST(NULL AS INT))", "{a: CAST(NULL AS INT)}")
                    .replace("STRUCT<a:INT>", "STRUCT(a INT)")
                    .replace("AS STRING", "AS VARCHAR");
            ThrowingCallable insert = () -> run(connection, "INSERT INTO delta.`" + table + "` VALUES " + values);
            if (answer.equals("ok")) {
                assertThatCode(insert).as(values).doesNotThrowAnyException();
            } else {
                assertThatThrownBy(insert).as(values).hasMessageStartingWith("CONSTRAINT_VIOLATED");
            }
        });
    }

    private void refused(String sql, String... words) throws SQLException {
        assertFailed(sql, "CONSTRAINT_VIOLATED", words);
    }

    /** It fails so, and neither a version nor a file is made. */
    private void assertFailed(String sql, String code, String... words) throws SQLException {
        String files = "SELECT file FROM glob('" + lake + "/**') ORDER BY 1";
        List<String> before = rows(connection, files);
        assertThatThrownBy(() -> run(connection, sql))
                .hasMessageStartingWith(code)
                .hasMessageContainingAll(words);
        assertThat(rows(connection, files)).isEqualTo(before);
    }
}
