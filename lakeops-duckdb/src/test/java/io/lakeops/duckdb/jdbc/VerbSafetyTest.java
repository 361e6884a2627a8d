package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that could be taken for more, or for another table, than they name. */
class VerbSafetyTest {
    @TempDir
    Path lake;

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = onLake(lake);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private Path orders() throws SQLException {
        Path path = table(connection, lake, "bronze.orders", "(id BIGINT, name VARCHAR, f FLOAT)");
        run(connection, "INSERT INTO bronze.orders VALUES (5, 'a', 0.1), (15, 'b', 0.2), (15, 'c', 0.3)");
        return path;
    }

    private List<String> ids() throws SQLException {
        return rows(connection, "SELECT id || name FROM delta_scan('" + lake + "/bronze/delta/orders') ORDER BY 1");
    }

    @Test
    void a_negative_parameter_after_a_minus_does_not_comment_out_the_rest_of_the_condition() throws SQLException {
        orders();
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM bronze.orders WHERE id >= 10 -? AND name = 'b'")) {
            delete.setInt(1, -5);
            delete.executeUpdate();
        }
        assertThat(ids()).containsExactly("15c", "5a");
    }

    @Test
    void a_float_parameter_finds_the_float_it_names() throws SQLException {
        orders();
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM bronze.orders WHERE f = ?")) {
            delete.setFloat(1, 0.1f);
            assertThat(delete.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void a_comment_ends_at_a_carriage_return_as_for_DuckDB_in_a_delete() throws SQLException {
        orders();
        run(connection, "CREATE TABLE own AS SELECT * FROM bronze.orders");
        // DuckDB by itself, without our front, ends the comment there.
        try (Connection plain = java.sql.DriverManager.getConnection("jdbc:duckdb:")) {
            run(plain, "CREATE TABLE own AS SELECT range AS id FROM range(3)");
            assertThat(rows(plain, "SELECT count(*) FROM own --x\rWHERE id = 1"))
                    .containsExactly("1");
        }
        run(connection, "DELETE FROM own -- one only\rWHERE name = 'b'");
        assertThat(rows(connection, "SELECT name FROM own ORDER BY 1")).containsExactly("a", "c");
    }

    @Test
    void a_comment_ends_at_a_carriage_return_in_a_delete_of_the_lake() throws SQLException {
        orders();
        run(connection, "DELETE FROM bronze.orders -- one only\rWHERE name = 'b'");
        assertThat(ids()).containsExactly("15c", "5a");
    }

    @Test
    void a_temporary_table_hides_the_mounted_one_from_a_delete() throws SQLException {
        orders();
        run(connection, "CREATE TEMP TABLE orders AS SELECT 1 AS id");
        assertThat(rows(connection, "SELECT id FROM orders")).containsExactly("1");
        run(connection, "DELETE FROM orders");
        assertThat(ids()).containsExactly("15b", "15c", "5a");
    }

    @Test
    void a_temporary_table_takes_the_rows_that_are_inserted_into_it() throws SQLException {
        orders();
        run(connection, "CREATE TEMP TABLE orders (id BIGINT, name VARCHAR, f FLOAT)");
        run(connection, "INSERT INTO orders VALUES (1, 't', 0)");
        assertThat(ids()).containsExactly("15b", "15c", "5a");
    }

    @Test
    void a_table_of_an_attached_database_in_use_hides_the_mounted_one_from_a_delete() throws SQLException {
        orders();
        run(connection, "ATTACH ':memory:' AS other", "CREATE TABLE other.orders AS SELECT 1 AS id", "USE other");
        assertThat(rows(connection, "SELECT id FROM orders")).containsExactly("1");
        run(connection, "DELETE FROM orders");
        assertThat(ids()).containsExactly("15b", "15c", "5a");
    }

    @Test
    void a_condition_whose_parentheses_do_not_match_deletes_nothing() throws SQLException {
        orders();
        try {
            run(connection, "DELETE FROM bronze.orders WHERE name = 'b') OR (true");
        } catch (SQLException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
        assertThat(ids()).containsExactly("15b", "15c", "5a");
    }
}
