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

/** Generated columns and defaults on every way by which SQL brings rows into a table. */
class GeneratedColumnsTest {
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
                "(id BIGINT, ts TIMESTAMPTZ, qty INT DEFAULT 7, twice INT NOT NULL GENERATED ALWAYS AS (qty * 2), note VARCHAR"
                        + " DEFAULT 'none' COMMENT 'c', day DATE GENERATED ALWAYS AS (CAST(ts AS DATE))) PARTITIONED BY"
                        + " (day)");
        run(
                connection,
                "SET TimeZone = 'Pacific/Chatham'",
                "INSERT INTO bronze.orders (id, ts, qty) VALUES (1, TIMESTAMPTZ '2024-01-01 23:30:00+00', 5)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void what_an_insert_does_not_give_is_computed_or_the_default() throws SQLException {
        run(connection, "INSERT INTO bronze.orders (id) SELECT 2");

        assertThat(rows(connection, "SELECT id, qty, twice, note, day FROM bronze.orders ORDER BY id"))
                .containsExactly("1,5,10,none,2024-01-01", "2,7,14,none,null");
        assertThat(rows(connection, "SELECT id FROM bronze.orders WHERE day = DATE '2024-01-01'"))
                .containsExactly("1");
    }

    @Test
    void what_an_insert_gives_must_be_what_is_generated() throws SQLException {
        refused("INSERT INTO bronze.orders (id, qty, twice) VALUES (3, 4, 9)", "'twice': 9", "qty * 2");
        refused("INSERT INTO bronze.orders (id, qty, twice) VALUES (3, 4, NULL)", "'twice': NULL");
        refused("INSERT INTO bronze.orders (id, qty) VALUES (3, NULL)", "NOT NULL");
        refused("INSERT INTO bronze.orders (id, day) VALUES (3, DATE '2024-01-01')", "'day': 2024-01-01");
        run(connection, "INSERT INTO bronze.orders (id, qty, twice, note) VALUES (3, 4, 8, NULL)");
        assertThat(rows(connection, "SELECT twice, note FROM bronze.orders WHERE id = 3"))
                .containsExactly("8,null");
    }

    @Test
    void an_update_computes_anew_what_it_does_not_give() throws SQLException {
        run(
                connection,
                "INSERT INTO bronze.orders (id, ts, qty) VALUES (2, TIMESTAMPTZ '2024-01-01 01:00:00+00', 6)",
                "UPDATE bronze.orders SET qty = qty + 1, ts = ts + INTERVAL 1 DAY WHERE id = 1");
        assertThat(rows(connection, "SELECT id, twice, day FROM bronze.orders ORDER BY id"))
                .containsExactly("1,12,2024-01-02", "2,12,2024-01-01");
        refused("UPDATE bronze.orders SET twice = 1 WHERE id = 2", "'twice': 1");
    }

    @Test
    void a_merge_computes_what_no_clause_gives_and_gives_defaults() throws SQLException {
        run(
                connection,
                "MERGE INTO bronze.orders t USING (VALUES (1, 20), (4, 30)) s(id, q) ON t.id = s.id WHEN MATCHED THEN"
                        + " UPDATE SET qty = s.q WHEN NOT MATCHED THEN INSERT (id, qty) VALUES (s.id, s.q)");
        assertThat(rows(connection, "SELECT id, qty, twice, note, day FROM bronze.orders ORDER BY id"))
                .containsExactly("1,20,40,none,2024-01-01", "4,30,60,none,null");
        assertFailed(
                "MERGE INTO bronze.orders t USING (SELECT 1 AS id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET twice = 1"
                        + " WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
                "FEATURE_UNSUPPORTED",
                "in none");
    }

    @Test
    void a_table_with_vectors_computes_too() throws SQLException {
        run(
                connection,
                "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
                "INSERT INTO bronze.orders (id, qty) VALUES (5, 1), (6, 2), (7, 3)",
                "UPDATE bronze.orders SET qty = 9 WHERE id = 6",
                "INSERT OVERWRITE bronze.orders BY NAME SELECT id, qty FROM bronze.orders WHERE id > 5");
        assertThat(rows(connection, "SELECT id, twice FROM bronze.orders ORDER BY id"))
                .containsExactly("6,18", "7,6");
    }

    @Test
    void a_default_changes_for_rows_to_come() throws SQLException {
        run(
                connection,
                "ALTER TABLE bronze.orders ALTER COLUMN note SET DEFAULT 'late'",
                "INSERT INTO bronze.orders (id) VALUES (2)",
                "ALTER TABLE bronze.orders ALTER COLUMN note DROP DEFAULT",
                "INSERT INTO bronze.orders (id) VALUES (3)");
        assertThat(rows(connection, "SELECT note FROM bronze.orders ORDER BY id"))
                .containsExactly("none", "late", "null");
        assertFailed(
                "ALTER TABLE bronze.orders ALTER COLUMN ts SET DEFAULT current_timestamp()",
                "FEATURE_UNSUPPORTED",
                "current_timestamp");
        assertFailed(
                "ALTER TABLE bronze.orders ALTER COLUMN day SET DEFAULT DATE '2024-01-01'",
                "INVALID_ARGUMENT",
                "has no default");
    }

    @Test
    void the_word_default_stands_for_what_a_column_holds_by_default() throws SQLException {
        table(
                connection,
                lake,
                "bronze.d",
                "(id BIGINT GENERATED ALWAYS AS IDENTITY, a INT DEFAULT 7, b VARCHAR, c BIGINT GENERATED ALWAYS AS (a * 2), d VARCHAR"
                        + " DEFAULT 'by, (default)')");
        run(
                connection,
                "INSERT INTO bronze.d VALUES (DEFAULT, 1, 'x', DEFAULT, DEFAULT), (default, DEFAULT, DEFAULT, DEFAULT, 'own')",
                "INSERT INTO bronze.d (b, a) VALUES ('DEFAULT', 3), (upper('y'), DEFAULT)",
                "UPDATE bronze.d SET a = DEFAULT, d = 'set' WHERE b = 'x'");
        assertThat(rows(connection, "SELECT * FROM bronze.d ORDER BY id"))
                .containsExactly(
                        "1,7,x,14,set", "2,7,null,14,own", "3,3,DEFAULT,6,by, (default)", "4,7,Y,14,by, (default)");
        assertFailed(
                "INSERT INTO bronze.d VALUES (DEFAULT, 1, 'x', DEFAULT, 'y'), (5, 1, 'x', 2, 'y')",
                "",
                "each row or in none");
        assertFailed("UPDATE bronze.d SET c = DEFAULT", "INVALID_ARGUMENT", "no default");
        assertFailed("INSERT INTO bronze.d (id) VALUES (DEFAULT)", "INVALID_ARGUMENT", "one value");
        assertFailed(
                "ALTER TABLE bronze.d ADD COLUMN e INT DEFAULT 3", "FEATURE_UNSUPPORTED", "ALTER COLUMN … SET DEFAULT");
    }

    @Test
    void what_can_not_be_computed_here_is_not_created_here() {
        for (String column : List.of(
                "x INT GENERATED ALWAYS AS (round(id))",
                "x INT GENERATED ALWAYS AS (nope + 1)",
                "x VARCHAR DEFAULT uuid()",
                "x INT GENERATED ALWAYS AS (id::INT)")) {
            assertThatThrownBy(() -> table(connection, lake, "bronze.other", "(id BIGINT, " + column + ")"))
                    .hasMessageMatching("(?s)(FEATURE_UNSUPPORTED|COLUMN_NOT_FOUND): .*");
        }
        assertThat(lake.resolve("bronze/delta/other")).doesNotExist();
    }

    @Test
    void a_table_of_spark_gets_its_defaults() throws SQLException {
        Path table = Fixtures.unpackOne("default_columns", lake.resolve("spark"));
        run(connection, "INSERT INTO delta.`" + table + "` (id) VALUES (900)");
        assertThat(rows(connection, "SELECT s, n FROM delta.`" + table + "` WHERE id = 900"))
                .containsExactly("changed,42");
    }

    private void refused(String sql, String... words) throws SQLException {
        assertFailed(sql, "CONSTRAINT_VIOLATED", words);
    }

    /** It fails so, and neither a version nor a file is made. */
    private void assertFailed(String sql, String code, String... words) throws SQLException {
        String files = "SELECT file FROM glob('" + lake + "/**') WHERE file NOT LIKE '%crc' ORDER BY 1";
        List<String> before = rows(connection, files);
        assertThatThrownBy(() -> run(connection, sql))
                .hasMessageStartingWith(code)
                .hasMessageContainingAll(words);
        assertThat(rows(connection, files)).isEqualTo(before);
    }
}
