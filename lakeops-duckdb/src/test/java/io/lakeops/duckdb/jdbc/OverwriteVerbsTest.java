package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.columns;
import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverwriteVerbsTest {
    private static final String ALL = "SELECT * FROM bronze.orders ORDER BY ALL";

    @TempDir
    Path lake;

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = onLake(lake);
        table(connection, lake, "bronze.orders", "(id BIGINT, dt DATE, region VARCHAR) PARTITIONED BY (dt, region)");
        run(
                connection,
                "INSERT INTO bronze.orders VALUES (1, DATE '2024-04-01', 'eu'), (2, DATE '2024-04-01', 'us'),"
                        + " (3, DATE '2024-04-02', 'eu'), (4, NULL, 'eu')");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void insert_overwrite_replaces_all_and_counts_the_new_rows() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT OVERWRITE bronze.orders (region, id) VALUES ('x', 9), ('y', 8)"))
                    .isEqualTo(2);
        }
        assertThat(rows(connection, ALL)).containsExactly("8,null,y", "9,null,x");
        assertThat(columns(connection, "INSERT OVERWRITE TABLE bronze.orders SELECT 1, DATE '2024-01-01', 'z'"))
                .containsExactly("num_affected_rows", "num_inserted_rows");
        assertThat(rows(connection, ALL)).containsExactly("1,2024-01-01,z");
        assertThat(history()).contains("mode=Overwrite").doesNotContain("predicate");
    }

    @Test
    void dynamic_overwrite_is_a_setting_that_can_be_seen_and_taken_back() throws SQLException {
        String setting = "SELECT value FROM lakeops_settings() WHERE name = 'lakeops_partition_overwrite'";
        assertThat(rows(connection, setting)).containsExactly("static");
        run(connection, "SET lakeops_partition_overwrite = 'Dynamic'");
        assertThat(rows(connection, setting)).containsExactly("dynamic");

        run(connection, "INSERT OVERWRITE bronze.orders VALUES (7, DATE '2024-04-01', 'us'), (8, NULL, 'eu')");
        assertThat(rows(connection, ALL))
                .containsExactly("1,2024-04-01,eu", "3,2024-04-02,eu", "7,2024-04-01,us", "8,null,eu");
        assertThat(history()).contains("isDynamicPartitionOverwrite=true");

        run(connection, "RESET lakeops_partition_overwrite", "INSERT OVERWRITE bronze.orders VALUES (0, NULL, NULL)");
        assertThat(rows(connection, ALL)).containsExactly("0,null,null");
        assertThatThrownBy(() -> run(connection, "SET lakeops_partition_overwrite = 'some'"))
                .hasMessageStartingWith("INVALID_ARGUMENT: ");
    }

    @Test
    void a_partition_with_a_value_is_what_is_replaced() throws SQLException {
        run(connection, "INSERT OVERWRITE bronze.orders PARTITION (dt = '2024-04-01') SELECT 9, 'asia'");
        assertThat(rows(connection, ALL)).containsExactly("3,2024-04-02,eu", "4,null,eu", "9,2024-04-01,asia");
        assertThat(history()).contains("predicate=").contains("2024-04-01");

        run(connection, "INSERT OVERWRITE bronze.orders PARTITION (region = 'eu', DT = NULL) VALUES (5)");
        assertThat(rows(connection, ALL)).containsExactly("3,2024-04-02,eu", "5,null,eu", "9,2024-04-01,asia");

        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OVERWRITE bronze.orders PARTITION (dt = ?, region) VALUES (?, 'oz')")) {
            statement.setObject(1, java.time.LocalDate.of(2024, 4, 2));
            statement.setLong(2, 11);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
        assertThat(rows(connection, ALL)).containsExactly("5,null,eu", "9,2024-04-01,asia", "11,2024-04-02,oz");
    }

    @Test
    void beside_a_partition_with_a_value_the_others_are_replaced_as_the_setting_says() throws SQLException {
        run(
                connection,
                "SET lakeops_partition_overwrite = dynamic",
                "INSERT OVERWRITE bronze.orders PARTITION (dt = DATE '2024-04-01') SELECT 9, 'us'");
        assertThat(rows(connection, ALL))
                .containsExactly("1,2024-04-01,eu", "3,2024-04-02,eu", "4,null,eu", "9,2024-04-01,us");

        // Where every partition column has a value, there is nothing left to find out.
        run(
                connection,
                "INSERT OVERWRITE bronze.orders PARTITION (dt = DATE '2024-04-02', region = 'eu') SELECT 1 WHERE false");
        assertThat(rows(connection, ALL)).containsExactly("1,2024-04-01,eu", "4,null,eu", "9,2024-04-01,us");
    }

    @Test
    void an_insert_can_name_its_partition() throws SQLException {
        run(connection, "INSERT INTO bronze.orders PARTITION (dt = '2024-05-01', region = '') (id) VALUES (12)");
        assertThat(rows(connection, "SELECT * FROM bronze.orders WHERE id = 12"))
                .containsExactly("12,2024-05-01,null");
        refused("INSERT INTO bronze.orders PARTITION (id = 1) SELECT 1, 2", "INVALID_ARGUMENT");
        refused("INSERT INTO bronze.orders PARTITION (dt = id) SELECT 1, 'x'", "SQL_FAILED");
        refused("INSERT INTO bronze.orders PARTITION (dt = NULL) (id, dt) SELECT 1, NULL", "INVALID_ARGUMENT");
        refused("INSERT INTO bronze.orders PARTITION (dt = NULL, DT = NULL) SELECT 1, 'x'", "INVALID_ARGUMENT");
        refused("INSERT INTO bronze.orders PARTITION (dt = 'soon') SELECT 1, 'x'", "SQL_FAILED");
    }

    @Test
    void replace_where_takes_the_rows_of_a_condition_and_only_such_rows() throws SQLException {
        assertThat(rows(
                        connection,
                        "INSERT INTO bronze.orders REPLACE WHERE dt >= DATE '2024-04-02' OR id = 1 SELECT 30 + id, DATE '2024-04-03',"
                                + " region FROM bronze.orders WHERE id = 3"))
                .containsExactly("1,1");
        assertThat(rows(connection, ALL)).containsExactly("2,2024-04-01,us", "4,null,eu", "33,2024-04-03,eu");
        assertThat(history()).contains("predicate='dt >= DATE \\'2024-04-02\\' OR id = 1'");

        String wrong = "INSERT INTO bronze.orders BY NAME REPLACE WHERE region = 'us' SELECT 99 AS id, 'eu' AS region";
        refused(wrong, "CONSTRAINT_VIOLATED");
        assertThatThrownBy(() -> run(connection, wrong)).hasMessageContaining("99");
        refused("INSERT INTO bronze.orders REPLACE WHERE nosuch = 1 SELECT 1, NULL, 'x'", "SQL_FAILED");
    }

    @Test
    void by_name_columns_find_their_place_themselves() throws SQLException {
        run(
                connection,
                "INSERT INTO bronze.orders BY NAME SELECT 'by' AS REGION, 21 AS id",
                "INSERT INTO bronze.orders BY POSITION SELECT 22, NULL, 'by'",
                "INSERT OVERWRITE bronze.orders PARTITION (region = 'us') BY NAME SELECT 23 AS id");
        assertThat(rows(connection, "SELECT * FROM bronze.orders WHERE id > 20 ORDER BY id"))
                .containsExactly("21,null,by", "22,null,by", "23,null,us");
        assertThat(rows(connection, "SELECT * FROM bronze.orders WHERE id = 2")).isEmpty();
        refused("INSERT INTO bronze.orders BY NAME SELECT 1 AS id, 2 AS nosuch", "SCHEMA_MISMATCH");
        refused("INSERT INTO bronze.orders BY NAME SELECT 1 AS id, 2 AS ID", "S");
        refused("INSERT INTO bronze.orders (id) BY NAME SELECT 1 AS id", "SQL_SYNTAX");
    }

    private String history() throws SQLException {
        return rows(connection, "DESCRIBE HISTORY bronze.orders LIMIT 1").get(0);
    }

    private void refused(String sql, String code) throws SQLException {
        var before = rows(connection, ALL);
        assertThatThrownBy(() -> run(connection, sql)).hasMessageStartingWith(code);
        assertThat(rows(connection, ALL)).isEqualTo(before);
    }
}
