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

    @ParameterizedTest
    @ValueSource(strings = {"none", "name", "id"})
    void fields_are_added_where_the_statement_says_so(String mode) throws SQLException {
        Sql.table(connection, lake, "bronze.t", S + " TBLPROPERTIES ('delta.columnMapping.mode' = '" + mode + "')");
        run(
                connection,
                "INSERT INTO bronze.t VALUES (1, {'a': 1, 'b': 'x'}, [{'a': 1}]), (2, NULL, NULL)",
                "INSERT INTO bronze.t VALUES (3, {'a': 3, 'b': 'z'}, [{'a': 3}])",
                "MERGE WITH SCHEMA EVOLUTION INTO bronze.t USING (SELECT 1 AS id, {'a': 9, 'c': {'d e': 5}} AS s,"
                        + " [{'a': 2, 'n': DATE '2024-01-01'}] AS l UNION ALL SELECT 4, NULL, NULL) u ON t.id = u.id"
                        + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
        assertThat(rows(connection, "SELECT id, s.a, s.b, s.c.\"d e\", l[1].a, l[1].n FROM bronze.t ORDER BY id"))
                .containsExactly(
                        "1,9,x,5,2,2024-01-01",
                        "2,null,null,null,null,null",
                        "3,3,z,null,3,null",
                        "4,null,null,null,null,null");
        assertThat(rows(connection, "SELECT s FROM bronze.t WHERE id = 2")).containsExactly("null");
    }
}
