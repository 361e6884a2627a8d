package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of structs with other fields than the table: none is dropped, and none made null, without a word. */
class NestedValuesTest {
    private static final String S = "(id BIGINT, s STRUCT(a INTEGER, b VARCHAR), l STRUCT(a INTEGER)[])";

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO bronze.t VALUES (2, {'a': 1, 'b': 'x', 'c': 3}, NULL)",
                "UPDATE bronze.t SET s = {'a': 1, 'b': 'x', 'c': 3}",
                "UPDATE bronze.t SET l = [{'a': 1, 'c': 3}]",
                "MERGE INTO bronze.t USING (SELECT 1 AS id, {'a': 1, 'b': 'x', 'c': 3} AS s, NULL AS l) u ON t.id = u.id"
                        + " WHEN MATCHED THEN UPDATE SET *",
                "MERGE INTO bronze.t USING (SELECT 9 AS id, {'a': 1, 'b': 'x', 'c': 3} AS s, NULL AS l) u ON t.id = u.id"
                        + " WHEN NOT MATCHED THEN INSERT *",
                "MERGE WITH SCHEMA EVOLUTION INTO bronze.t USING (SELECT 1 AS id, {'a': 1, 'c': 3} AS s) u ON t.id = u.id"
                        + " WHEN MATCHED THEN UPDATE SET *",
                "MERGE INTO bronze.t USING (SELECT 1 AS id) u ON t.id = u.id WHEN MATCHED THEN UPDATE SET"
                        + " s = {'a': t.id, 'b': 'x', 'c': u.id}"
            })
    void a_field_that_the_table_lacks_is_refused(String sql) throws SQLException {
        Sql.table(connection, lake, "bronze.t", S);
        run(connection, "INSERT INTO bronze.t VALUES (1, {'a': 1, 'b': 'x'}, [{'a': 1}])");
        assertThatThrownBy(() -> run(connection, sql))
                .hasMessageStartingWith("SCHEMA_MISMATCH")
                .hasMessageContaining("nested field");
        assertThat(rows(connection, "SELECT * FROM bronze.t")).containsExactly("1,{'a': 1, 'b': x},[{'a': 1}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE bronze.t SET s = {'b': 'y'}",
                "MERGE INTO bronze.t USING (SELECT 1 AS id, {'a': 9} AS s, NULL AS l) u ON t.id = u.id WHEN MATCHED THEN UPDATE SET *"
            })
    void a_field_that_a_new_value_lacks_is_not_made_null_without_a_word(String sql) throws SQLException {
        Sql.table(connection, lake, "bronze.t", S);
        run(connection, "INSERT INTO bronze.t VALUES (1, {'a': 1, 'b': 'x'}, [{'a': 1}])");
        assertThatThrownBy(() -> run(connection, sql))
                .hasMessageStartingWith("SCHEMA_MISMATCH")
                .hasMessageContaining("lacks a nested field");
        run(
                connection,
                "MERGE WITH SCHEMA EVOLUTION INTO bronze.t USING (SELECT 1 AS id, {'a': 9} AS s UNION ALL SELECT 2, {'a': 8}) u"
                        + " ON t.id = u.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
        assertThat(rows(connection, "SELECT * FROM bronze.t ORDER BY id"))
                .containsExactly("1,{'a': 9, 'b': x},[{'a': 1}]", "2,{'a': 8, 'b': NULL},null");
    }
}
