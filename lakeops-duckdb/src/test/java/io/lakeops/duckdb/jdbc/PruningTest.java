package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three days of two files each; ids 0–9 in the first file of a day, 100–109 in the second, with the day in front. */
class PruningTest {
    @TempDir
    static Path lake;

    private static Connection connection;

    @BeforeAll
    static void fill() throws SQLException {
        connection = onLake(lake);
        table(
                connection,
                lake,
                "bronze.orders",
                "(id BIGINT, name VARCHAR, amount DECIMAL(12,2), x DOUBLE, ts TIMESTAMPTZ, ntz TIMESTAMP, dt DATE)"
                        + " PARTITIONED BY (dt)");
        table(connection, lake, "bronze.days", "(dt DATE, label VARCHAR)");
        for (int day = 1; day <= 3; day++) {
            for (int part = 0; part <= 1; part++) {
                run(
                        connection,
                        "INSERT INTO bronze.orders SELECT " + day + "000 + " + part * 100
                                + " + i, CASE WHEN i = 3 THEN NULL ELSE 'n' || i END, i / 2, i / 4, TIMESTAMPTZ '2024-04-0"
                                + day + " 00:00:00+00' + INTERVAL (" + part * 12 + ") HOUR, TIMESTAMP '2024-04-0" + day
                                + " 00:00:00' + INTERVAL (i) MINUTE, DATE '2024-04-0" + day + "' FROM range(10) t(i)");
            }
        }
        run(connection, "INSERT INTO bronze.days VALUES ('2024-04-01', 'one'), ('2024-04-02', 'two')");
        run(
                connection,
                "CREATE TABLE copy AS SELECT * FROM bronze.orders",
                "CREATE TABLE copy_days AS SELECT * FROM bronze.days",
                "CREATE VIEW recent AS SELECT * FROM bronze.orders WHERE dt >= DATE '2024-04-02'",
                "CREATE MACRO on_day(d) AS TABLE SELECT * FROM bronze.orders WHERE dt = d",
                "CREATE VIEW copy_recent AS SELECT * FROM copy WHERE dt >= DATE '2024-04-02'");
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    private static List<String> readAndPruned() throws SQLException {
        return rows(
                connection,
                "SELECT reason, count(*) FROM table_partitions WHERE table_name = 'bronze.orders' GROUP BY 1 ORDER BY 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT * FROM bronze.orders WHERE dt = DATE '2024-04-02'|none,2 partition,4",
                "SELECT * FROM bronze.orders WHERE dt = '2024-04-02'|none,2 partition,4",
                "SELECT count(*) FROM bronze.orders WHERE dt > DATE '2024-04-02'|none,2 partition,4",
                "SELECT * FROM bronze.orders WHERE year(dt) = 2023|partition,6",
                "SELECT * FROM bronze.orders WHERE id = 2105|none,1 statistics,5",
                "SELECT * FROM bronze.orders WHERE id BETWEEN 1000 AND 1050|none,1 statistics,5",
                "SELECT * FROM bronze.orders WHERE id IN (1001, 3101)|none,2 statistics,4",
                "SELECT * FROM bronze.orders WHERE dt = '2024-04-01' AND id >= 1100|none,1 partition,4 statistics,1",
                "SELECT * FROM bronze.orders WHERE dt = '2024-04-01' OR id = 3000|none,3 partition,0 statistics,3",
                "SELECT * FROM bronze.orders WHERE ts >= TIMESTAMPTZ '2024-04-03 12:00:00+00'|none,1 statistics,5",
                "SELECT * FROM bronze.orders WHERE ntz < TIMESTAMP '2024-04-02 00:00:00'|none,2 statistics,4",
                "SELECT * FROM bronze.orders WHERE name IS NULL|none,6",
                "SELECT * FROM bronze.orders WHERE id IS NULL|statistics,6",
                "SELECT * FROM bronze.orders WHERE amount > 100|statistics,6",
                "SELECT * FROM bronze.orders|none,6",
                "SELECT * FROM bronze.orders WHERE id % 7 = 3|none,6",
                "SELECT * FROM recent WHERE dt < '2024-04-03'|none,2 partition,4",
                "SELECT * FROM on_day(DATE '2024-04-03')|none,2 partition,4",
                "WITH o AS (SELECT * FROM bronze.orders) SELECT * FROM o WHERE dt = '2024-04-03'|none,2 partition,4",
                "SELECT * FROM (SELECT dt AS d, id FROM bronze.orders) WHERE d = '2024-04-03'|none,2 partition,4",
                "EXPLAIN ANALYZE SELECT * FROM bronze.orders WHERE dt = '2024-04-03'|none,2 partition,4",
                "CREATE OR REPLACE TEMP TABLE t AS SELECT * FROM bronze.orders WHERE dt = '2024-04-03'|none,2 partition,4",
            })
    void files_that_cannot_match_are_not_read(String sql, String expected) throws SQLException {
        run(connection, sql);

        assertThat(readAndPruned())
                .containsExactlyInAnyOrderElementsOf(List.of(expected.split(" ")).stream()
                        .filter(e -> !e.endsWith(",0"))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*), sum(id) FROM {orders} WHERE dt = DATE '2024-04-02'",
                "SELECT count(*) FROM {orders} a, {orders} b WHERE a.dt = '2024-04-01' AND b.dt = '2024-04-02' AND a.id % 1000 = b.id % 1000",
                "SELECT (SELECT count(*) FROM {orders}), (SELECT count(*) FROM {orders} WHERE dt = '2024-04-01')",
                "WITH o AS (SELECT * FROM {orders}) SELECT (SELECT count(*) FROM o), (SELECT sum(id) FROM o WHERE dt = '2024-04-01')",
                "WITH o AS NOT MATERIALIZED (SELECT * FROM {orders}) SELECT (SELECT count(*) FROM o), (SELECT sum(id) FROM o WHERE dt = '2024-04-01')",
                "SELECT count(*) FROM {orders} LEFT JOIN {days} ON orders.dt = days.dt AND days.label = 'one'",
                "SELECT label, count(*) FROM {orders} JOIN {days} ON orders.dt = days.dt WHERE label = 'two' GROUP BY ALL",
                "SELECT count(*) FROM {orders} WHERE dt IN (SELECT dt FROM {days} WHERE label = 'one')",
                "SELECT count(*) FROM {orders} o WHERE EXISTS (SELECT 1 FROM {orders} i WHERE i.id = o.id + 100 AND i.dt = '2024-04-02')",
                "SELECT id FROM {orders} WHERE dt = '2024-04-01' UNION ALL SELECT id FROM {orders} WHERE id > 3105",
                "SELECT id FROM {orders} EXCEPT SELECT id FROM {orders} WHERE dt <= '2024-04-02'",
                "SELECT id, name FROM {orders} WHERE name LIKE 'n1%' OR id = 3001",
                "SELECT id FROM {orders} WHERE NOT (dt = '2024-04-01')",
                "SELECT id FROM {orders} WHERE dt <> '2024-04-01' AND name IS NOT NULL AND x < 0.5",
                "SELECT id FROM {orders} WHERE amount BETWEEN 1.5 AND 2",
                "SELECT id FROM {orders} WHERE ts = '2024-04-02 12:00:00+00' AND ntz > '2024-04-02 00:05:00'",
                "SELECT id FROM {orders} WHERE ts::DATE = '2024-04-02'",
                "SELECT dt, max(id) FROM {orders} GROUP BY dt HAVING dt > '2024-04-01'",
                "SELECT id, row_number() OVER (PARTITION BY dt ORDER BY id) r FROM {orders} QUALIFY r = 1",
                "SELECT id FROM {orders} ORDER BY id DESC LIMIT 3",
                "SELECT count(*) FILTER (dt = '2024-04-01') FROM {orders}",
                "SELECT count(*) FROM {recent} WHERE id < 2100",
                "SELECT DISTINCT dt FROM {orders} WHERE coalesce(name, 'zz') = 'zz'",
                "SELECT count(*) FROM {orders} WHERE name IS DISTINCT FROM 'n1'",
                "SELECT count(*) FROM {orders} WHERE 1 = 0",
                "SELECT count(*) FROM {orders} TABLESAMPLE 100%",
                "FROM {orders} SELECT sum(amount) WHERE dt = '2024-04-01'",
                "PIVOT (SELECT dt, name FROM {orders} WHERE id < 1005) ON dt USING count(*)",
            })
    void what_is_pruned_changes_no_result(String query) throws SQLException {
        String lakeSql = query.replace("{orders}", "bronze.orders")
                .replace("{days}", "bronze.days")
                .replace("{recent}", "recent");
        String copySql = query.replace("{orders} LEFT", "copy orders LEFT")
                .replace("{orders} JOIN", "copy orders JOIN")
                .replace("{orders}", "copy")
                .replace("{days} ON", "copy_days days ON")
                .replace("{days}", "copy_days")
                .replace("{recent}", "copy_recent");

        assertThat(rows(connection, lakeSql)).containsExactlyInAnyOrderElementsOf(rows(connection, copySql));
    }

    @Test
    void parameters_prune_as_constants_do() throws SQLException {
        try (PreparedStatement count =
                connection.prepareStatement("SELECT count(*) FROM bronze.orders WHERE dt = ? AND id < ?")) {
            count.setObject(1, LocalDate.of(2024, 4, 2));
            count.setLong(2, 2100);
            try (ResultSet result = count.executeQuery()) {
                assertThat(rows(result)).containsExactly("10");
            }
            assertThat(readAndPruned()).containsExactly("none,1", "partition,4", "statistics,1");
            count.setObject(1, LocalDate.of(2024, 4, 3));
            count.setLong(2, 9999);
            try (ResultSet result = count.executeQuery()) {
                assertThat(rows(result)).containsExactly("20");
            }
            assertThat(readAndPruned()).containsExactly("none,2", "partition,4");
        }
    }

    @Test
    void the_relation_tells_of_each_file_and_reading_it_changes_nothing() throws SQLException {
        run(connection, "SELECT * FROM bronze.orders WHERE dt = '2024-04-02'");

        for (int i = 0; i < 2; i++) {
            assertThat(rows(
                            connection,
                            "SELECT table_name, partition, rows, bytes > 0, pruned, reason, file LIKE '%.parquet' FROM"
                                    + " table_partitions WHERE NOT pruned"))
                    .containsOnly("bronze.orders,dt=2024-04-02,10,true,false,none,true");
            assertThat(rows(connection, "SELECT count(*) FROM table_partitions WHERE pruned = true"))
                    .containsExactly("4");
        }
        run(connection, "SELECT 1", "EXPLAIN SELECT * FROM bronze.orders");
        assertThat(readAndPruned()).containsExactly("none,2", "partition,4");
    }

    @Test
    void within_a_transaction_files_are_pruned_too() throws SQLException {
        run(connection, "BEGIN", "SELECT * FROM bronze.orders WHERE dt = '2024-04-02'", "COMMIT");

        assertThat(readAndPruned()).containsExactly("none,2", "partition,4");
    }

    @Test
    void the_sessions_zone_decides_what_a_text_without_zone_means() throws SQLException {
        run(connection, "SET TimeZone = 'Asia/Tokyo'");
        try {
            assertThat(rows(connection, "SELECT count(*) FROM bronze.orders WHERE ts >= '2024-04-03 21:00:00'"))
                    .containsExactly("10");
            assertThat(readAndPruned()).containsExactly("none,1", "statistics,5");
        } finally {
            run(connection, "RESET TimeZone");
        }
    }
}
