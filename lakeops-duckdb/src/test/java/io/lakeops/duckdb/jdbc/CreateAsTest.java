package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreateAsTest {
    @TempDir
    Path lake;

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = onLake(lake);
        table(connection, lake, "bronze.orders", "(id BIGINT, name VARCHAR, dt DATE) PARTITIONED BY (dt)");
        run(
                connection,
                "INSERT INTO bronze.orders VALUES (1, 'a', DATE '2024-04-01'), (2, 'b', DATE '2024-04-02'), (3, NULL, NULL)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private List<String> history(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet history = statement.executeQuery("DESCRIBE HISTORY " + table + " LIMIT 1")) {
            assertThat(history.next()).isTrue();
            return List.of(
                    history.getString("version"),
                    history.getString("operation"),
                    history.getString("operationMetrics").replaceAll("Bytes=\\d+", "Bytes=n"),
                    String.valueOf(history.getObject("readVersion")),
                    history.getString("isBlindAppend"));
        }
    }

    private List<String> detail(String table, String... columns) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet detail = statement.executeQuery("DESCRIBE DETAIL " + table)) {
            assertThat(detail.next()).isTrue();
            java.util.ArrayList<String> values = new java.util.ArrayList<>();
            for (String column : columns) {
                values.add(String.valueOf(detail.getString(column)));
            }
            return values;
        }
    }

    @Test
    void a_table_is_made_together_with_its_rows_in_one_commit() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("CREATE TABLE silver.\"my orders\" USING delta PARTITIONED BY (region)"
                            + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true') COMMENT 'why' AS"
                            + " SELECT id + 10 AS id, 'eu' AS region FROM bronze.orders WHERE dt IS NOT NULL"))
                    .isEqualTo(2);
        }
        assertThat(rows(connection, "SELECT * FROM silver.\"my orders\" ORDER BY id"))
                .containsExactly("11,eu", "12,eu");
        assertThat(history("silver.\"my orders\""))
                .containsExactly(
                        "0",
                        "CREATE TABLE AS SELECT",
                        "{numFiles=1, numOutputRows=2, numOutputBytes=n}",
                        "null",
                        "true");
        assertThat(detail("silver.\"my orders\"", "partitionColumns", "description", "properties", "numFiles"))
                .containsExactly("[region]", "why", "{delta.enableDeletionVectors=true}", "1");
        run(connection, "DELETE FROM silver.\"my orders\" WHERE id = 11");
        assertThat(rows(connection, "SELECT * FROM silver.\"my orders\"")).containsExactly("12,eu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "id"})
    void a_table_with_column_mapping_is_made_with_its_rows(String mode) throws SQLException {
        String path = "delta.`" + lake.resolve("50% mapped") + "`";
        run(
                connection,
                "CREATE TABLE " + path + " PARTITIONED BY (p) TBLPROPERTIES ('delta.columnMapping.mode' = '" + mode
                        + "', 'delta.enableRowTracking' = 'true', 'delta.enableInCommitTimestamps' = 'true')"
                        + " AS SELECT 1 AS \"a b\", {'x': 2} AS s, 'q' AS p UNION ALL SELECT 3, {'x': NULL}, NULL");
        assertThat(rows(connection, "SELECT \"a b\", s.x, p FROM " + path + " ORDER BY ALL"))
                .containsExactly("1,2,q", "3,null,null");
        run(connection, "INSERT INTO " + path + " VALUES (5, {'x': 6}, 'q')");
        assertThat(rows(connection, "SELECT count(*) FROM " + path)).containsExactly("3");
    }

    @Test
    void a_table_that_is_there_is_left_alone() throws SQLException {
        String path = "delta.`" + lake.resolve("bronze/delta/orders") + "`";
        assertThatThrownBy(() -> run(connection, "CREATE TABLE " + path + " AS SELECT 1 AS a"))
                .hasMessageStartingWith("TABLE_ALREADY_EXISTS: ");
        run(connection, "CREATE TABLE IF NOT EXISTS " + path + " AS SELECT 1 AS a");
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("3");
        // Without USING delta the name is a table of the warehouse.
        run(connection, "CREATE TABLE silver.local AS SELECT 7 AS a");
        assertThat(lake.resolve("silver/delta/local")).doesNotExist();
        assertThatThrownBy(() -> run(connection, "CREATE TABLE alone USING delta AS SELECT 1 AS a"))
                .hasMessageStartingWith("INVALID_ARGUMENT: ");
    }

    @Test
    void a_query_that_fails_makes_no_table_and_can_be_run_again() throws SQLException, IOException {
        Path folder = lake.resolve("silver/delta/late");
        String create = "CREATE TABLE silver.late USING delta PARTITIONED BY (p) AS SELECT id AS a, name AS p,"
                + " CASE WHEN id = 3 THEN error('broken') ELSE 'x' END AS b FROM bronze.orders";
        assertThatThrownBy(() -> run(connection, create)).hasMessageContaining("broken");
        assertThatThrownBy(() -> run(connection, "SELECT * FROM silver.late")).isInstanceOf(SQLException.class);
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        run(connection, create.replace("id = 3", "id = 4"));
        assertThat(rows(connection, "SELECT count(*) FROM silver.late")).containsExactly("3");
    }

    @Test
    void a_replaced_table_stays_the_same_table_with_its_history() throws SQLException {
        List<String> before = detail("bronze.orders", "id", "minReaderVersion", "minWriterVersion");
        run(connection, "ALTER TABLE bronze.orders SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')");

        run(
                connection,
                "CREATE OR REPLACE TABLE bronze.orders PARTITIONED BY (name) COMMENT 'new' AS"
                        + " SELECT CAST(id AS VARCHAR) AS id, coalesce(name, 'none') AS name FROM bronze.orders");

        assertThat(rows(connection, "SELECT * FROM bronze.orders ORDER BY id")).containsExactly("1,a", "2,b", "3,none");
        assertThat(history("bronze.orders"))
                .containsExactly(
                        "3",
                        "CREATE OR REPLACE TABLE AS SELECT",
                        "{numFiles=3, numOutputRows=3, numOutputBytes=n, numRemovedFiles=3, numRemovedBytes=n}",
                        "2",
                        "false");
        assertThat(detail("bronze.orders", "id", "partitionColumns", "description", "properties", "minWriterVersion"))
                .containsExactly(before.get(0), "[name]", "new", "{}", "7");
        assertThat(rows(connection, "SELECT * FROM bronze.orders VERSION AS OF 1 ORDER BY id"))
                .containsExactly("1,a,2024-04-01", "2,b,2024-04-02", "3,null,null");
        run(connection, "RESTORE bronze.orders TO VERSION AS OF 1");
        assertThat(rows(connection, "SELECT * FROM bronze.orders WHERE id = 1")).containsExactly("1,a,2024-04-01");
    }

    @Test
    void replacing_by_columns_leaves_an_empty_table_and_makes_one_where_there_is_none() throws SQLException {
        run(connection, "CREATE OR REPLACE TABLE bronze.orders (a INTEGER NOT NULL, s STRUCT<x: LONG>)");
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("0");
        assertThat(history("bronze.orders").subList(0, 2)).containsExactly("2", "CREATE OR REPLACE TABLE");
        run(connection, "INSERT INTO bronze.orders VALUES (1, {'x': 2})");
        assertThatThrownBy(() -> run(connection, "INSERT INTO bronze.orders VALUES (NULL, NULL)"))
                .hasMessageStartingWith("CONSTRAINT_VIOLATED: ");

        run(connection, "CREATE OR REPLACE TABLE gold.made USING delta AS SELECT 1 AS a");
        assertThat(history("gold.made").subList(0, 2)).containsExactly("0", "CREATE OR REPLACE TABLE AS SELECT");
    }

    @Test
    void constraints_go_with_the_definition_that_had_them_and_hold_for_the_new_one() throws SQLException {
        run(connection, "ALTER TABLE bronze.orders ADD CONSTRAINT low CHECK (id < 10)");
        run(connection, "CREATE OR REPLACE TABLE bronze.orders AS SELECT 100 AS id");
        assertThat(rows(connection, "SELECT * FROM bronze.orders")).containsExactly("100");
        String high =
                "CREATE OR REPLACE TABLE bronze.orders TBLPROPERTIES ('delta.constraints.high' = 'id > 50') AS SELECT ";
        assertThatThrownBy(() -> run(connection, high + "7 AS id")).hasMessageStartingWith("CONSTRAINT_VIOLATED: ");
        run(connection, high + "77 AS id");
        assertThatThrownBy(() -> run(connection, "INSERT INTO bronze.orders VALUES (8)"))
                .hasMessageStartingWith("CONSTRAINT_VIOLATED: ");
        assertThat(rows(connection, "SELECT * FROM bronze.orders")).containsExactly("77");
    }

    @Test
    void what_can_not_be_replaced_yet_is_named_and_stays() throws SQLException {
        String mapped = "delta.`" + lake.resolve("mapped") + "`";
        String kept = "delta.`" + lake.resolve("kept") + "`";
        String clustered = "delta.`" + lake.resolve("clustered") + "`";
        run(
                connection,
                "CREATE TABLE " + mapped
                        + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name') AS SELECT 1 AS a, 2 AS b",
                "CREATE TABLE " + kept + " TBLPROPERTIES ('delta.appendOnly' = 'true') AS SELECT 1 AS a",
                "CREATE TABLE " + clustered + " CLUSTER BY (a) AS SELECT 1 AS a");
        refused(kept, "CREATE OR REPLACE TABLE " + kept + " AS SELECT 1 AS a", "appendOnly");
        refused(clustered, "CREATE OR REPLACE TABLE " + clustered + " AS SELECT 1 AS a", "clustering");
        refused(kept, "CREATE OR REPLACE TABLE " + kept + " CLUSTER BY (a) AS SELECT 1 AS a", "clustering");

        run(connection, "CREATE OR REPLACE TABLE " + mapped + " AS SELECT 7 AS b, 'x' AS a, 8 AS c");
        assertThat(rows(connection, "SELECT * FROM " + mapped)).containsExactly("7,x,8");
        assertThat(rows(connection, "SELECT * FROM " + mapped + " VERSION AS OF 0"))
                .containsExactly("1,2");
    }

    private void refused(String table, String sql, String feature) throws SQLException {
        List<String> before = rows(connection, "SELECT * FROM " + table);
        assertThatThrownBy(() -> run(connection, sql)).hasMessageContaining(feature);
        assertThat(rows(connection, "SELECT * FROM " + table)).isEqualTo(before);
    }
}
