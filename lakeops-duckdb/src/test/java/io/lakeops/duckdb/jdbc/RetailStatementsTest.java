package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.columns;
import static io.lakeops.duckdb.jdbc.Sql.open;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.check.QualityTables;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.table.Schema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statements that users of a retail lake run, as they stand, on a small one. */
class RetailStatementsTest {
    @TempDir
    static Path folder;

    private static Connection connection;
    private static Path returns;

    @BeforeAll
    static void fill() throws SQLException {
        Path lake = folder.resolve("lake");
        try (Connection writer = open("")) {
            Path orders = table(
                    writer,
                    lake,
                    "bronze.orders",
                    "(order_id BIGINT, order_ts TIMESTAMPTZ, order_dt DATE) PARTITIONED BY (order_dt)");
            returns = table(writer, lake, "bronze.returns", "(return_id BIGINT, qty INTEGER, reason VARCHAR)");
            for (int day = 1; day <= 3; day++) {
                run(
                        writer,
                        "INSERT INTO '" + orders + "' SELECT i, '2024-04-0" + day + " 10:00:00+00', '2024-04-0" + day
                                + "' FROM range(" + day * 10 + ") t(i)");
            }
            run(writer, "INSERT INTO '" + returns + "' VALUES (1, 1, 'broken'), (2, 2, 'size')");
            run(writer, "INSERT INTO '" + returns + "' VALUES (3, 1, 'colour')");
            Path results = lake.resolve(QualityTables.RESULTS_PATH);
            Schema schema = QualityTables.RESULTS.schema();
            run(
                    writer,
                    "CREATE TABLE delta.`" + results + "` "
                            + schema.fields().stream()
                                    .map(f -> SqlText.identifier(f.name()) + " " + DuckTypes.sql(f.type()))
                                    .collect(Collectors.joining(", ", "(", ")")),
                    "INSERT INTO '" + results
                            + "' (run_id, suite, table_name, check_type, check_name, executed_at, as_of,"
                            + " check_date, status, severity, pass_rate, failures, reported_failures, duration_ms)"
                            + " SELECT 'r', 's', 'bronze.orders', 'not_null', 'n' || i, now(), now(), CURRENT_DATE,"
                            + " CASE WHEN i = 0 THEN 'fail' ELSE 'pass' END, 'error', 1.0 - i / 10, i, i, 5 FROM range(3)"
                            + " t(i)");
        }
        connection = open(folder.resolve("warehouse.duckdb") + "?lake=" + lake);
        run(
                connection,
                "CREATE TABLE gold.fct_sales AS SELECT order_dt AS date, order_id, 1 AS quantity FROM bronze.orders");
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @Test
    void counts_and_the_newest_day() throws SQLException {
        assertThat(rows(connection, "SELECT COUNT(*), MAX(order_dt) FROM bronze.orders"))
                .containsExactly("60,2024-04-03");
        assertThat(rows(
                        connection,
                        "SELECT date, count(*) FROM gold.fct_sales GROUP BY date ORDER BY date DESC LIMIT 5"))
                .containsExactly("2024-04-03,30", "2024-04-02,20", "2024-04-01,10");
    }

    @Test
    void history_and_the_difference_of_two_versions() throws SQLException {
        assertThat(rows(connection, "DESCRIBE HISTORY delta_scan('" + returns + "')"))
                .hasSize(3);
        assertThat(rows(connection, "SELECT * FROM delta_scan('" + returns + "', version=2)"))
                .hasSize(3);
        assertThat(rows(
                        connection,
                        "WITH v1 AS (SELECT * FROM delta_scan('" + returns
                                + "', version=1)), v2 AS (SELECT * FROM delta_scan('" + returns
                                + "', version=2)) SELECT * FROM v2 EXCEPT SELECT * FROM v1"))
                .containsExactly("3,1,colour");
    }

    @Test
    void a_query_for_one_day_shows_what_it_pruned() throws SQLException {
        run(connection, "EXPLAIN ANALYZE SELECT count(*) FROM bronze.orders WHERE order_dt = DATE '2024-04-02'");

        assertThat(rows(connection, "SELECT partition, pruned, reason FROM table_partitions WHERE pruned = true"))
                .containsExactlyInAnyOrder("order_dt=2024-04-01,true,partition", "order_dt=2024-04-03,true,partition");
        assertThat(columns(connection, "SELECT * FROM table_partitions WHERE pruned = true"))
                .containsExactly("table_name", "partition", "file", "rows", "bytes", "pruned", "reason");
    }

    @Test
    void quality_is_monitored() throws SQLException {
        assertThat(rows(connection, "SELECT table_name, status FROM dbt_test_results WHERE status = 'fail'"))
                .containsExactly("bronze.orders,fail");
        assertThat(rows(
                        connection,
                        "SELECT table_name, check_type, count(*) FROM data_quality_metrics WHERE check_date >= CURRENT_DATE - 7"
                                + " GROUP BY ALL"))
                .containsExactly("bronze.orders,not_null,3");
        assertThat(rows(connection, "SELECT count(*) FROM manifest_processed_files"))
                .containsExactly("0");
    }

    @Test
    void upkeep_runs_by_the_tables_name() throws SQLException {
        assertThat(rows(connection, "OPTIMIZE bronze.orders")).hasSize(1);
        assertThat(rows(connection, "VACUUM bronze.orders RETAIN 168 HOURS")).hasSize(1);
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("60");
    }
}
