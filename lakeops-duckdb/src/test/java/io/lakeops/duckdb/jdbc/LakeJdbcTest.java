package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.open;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LakeJdbcTest {
    @TempDir
    Path folder;

    private Connection connection;

    @BeforeEach
    void openConnection() throws SQLException {
        connection = open("");
    }

    @AfterEach
    void closeConnection() throws SQLException {
        connection.close();
    }

    @Test
    void several_statements_run_in_order_and_the_last_ones_result_stays() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.execute(
                            "CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2); SELECT sum(a) FROM t;"))
                    .isTrue();
            assertThat(rows(statement.getResultSet())).containsExactly("3");
            assertThat(statement.execute("SELECT 1; INSERT INTO t VALUES (3)")).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(1);
        }
    }

    @Test
    void a_statement_can_be_used_again_after_an_error() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(77);
            assertThatThrownBy(() -> statement.execute("SELECT nope")).isInstanceOf(SQLException.class);
            assertThat(statement.isClosed()).isFalse();
            try (ResultSet result = statement.executeQuery("SELECT * FROM range(3)")) {
                assertThat(result.getStatement()).isSameAs(statement);
            }
            assertThat(statement.getQueryTimeout()).isEqualTo(77);
            assertThat(statement.getConnection()).isSameAs(connection);
        }
    }

    @Test
    void prepared_statements_and_batches_of_duckdb_work_as_ever() throws SQLException {
        run(connection, "CREATE TABLE t (a INT, b VARCHAR)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
            for (int i = 0; i < 3; i++) {
                insert.setInt(1, i);
                insert.setString(2, "v" + i);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
            insert.setInt(1, 9);
            insert.setNull(2, java.sql.Types.VARCHAR);
            assertThat(insert.executeUpdate()).isEqualTo(1);
        }
        try (PreparedStatement query = connection.prepareStatement("SELECT b FROM t WHERE a = ?")) {
            assertThat(query.getMetaData().getColumnName(1)).isEqualTo("b");
            assertThat(query.getParameterMetaData().getParameterCount()).isEqualTo(1);
            query.setInt(1, 2);
            try (ResultSet result = query.executeQuery()) {
                assertThat(rows(result)).containsExactly("v2");
                assertThat(result.getStatement()).isSameAs(query);
            }
            query.setInt(1, 9);
            assertThat(query.execute()).isTrue();
            assertThat(rows(query.getResultSet())).containsExactly("null");
            assertThatThrownBy(() -> query.execute("SELECT 1")).hasMessageStartingWith("INVALID_ARGUMENT: ");
        }
        try (Statement statement = connection.createStatement()) {
            statement.addBatch("UPDATE t SET b = 'x' WHERE a < 2");
            statement.addBatch("DELETE FROM t WHERE a = 2");
            assertThat(statement.executeBatch()).containsExactly(2, 1);
            statement.addBatch("DELETE FROM t WHERE a = 0");
            statement.addBatch("DELETE FROM nope");
            assertThatThrownBy(statement::executeBatch)
                    .isInstanceOfSatisfying(
                            BatchUpdateException.class,
                            e -> assertThat(e.getUpdateCounts()).containsExactly(1));
        }
    }

    @Test
    void calls_that_ask_for_generated_keys_are_held_to_the_same_rules() throws SQLException {
        run(connection, "CREATE TABLE t (a INT)");
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO t VALUES (1)", Statement.NO_GENERATED_KEYS))
                    .isEqualTo(1);
            assertThatThrownBy(() -> statement.execute("REORG TABLE delta.`x` APPLY (PURGE)", new String[] {"a"}))
                    .hasMessageStartingWith("NOT_YET: REORG TABLE");
            assertThatThrownBy(() -> statement.executeLargeUpdate("FSCK REPAIR TABLE 'x'", new int[] {1}))
                    .hasMessageStartingWith("NOT_YET: FSCK REPAIR TABLE");
        }
        try (Connection readOnly = open("?read_only=true")) {
            run(readOnly, "CREATE TEMP TABLE t (a INT)");
            try (PreparedStatement insert =
                    readOnly.prepareStatement("INSERT INTO t VALUES (1)", Statement.RETURN_GENERATED_KEYS)) {
                assertThatThrownBy(insert::executeUpdate).hasMessageStartingWith("READ_ONLY: ");
            }
        }
    }

    @Test
    void transactions_of_duckdb_work_as_ever() throws SQLException {
        run(connection, "CREATE TABLE t (a INT)");
        connection.setAutoCommit(false);
        run(connection, "INSERT INTO t VALUES (1)");
        connection.rollback();
        run(connection, "INSERT INTO t VALUES (2)");
        connection.commit();
        connection.setAutoCommit(true);

        assertThat(rows(connection, "SELECT a FROM t")).containsExactly("2");
    }

    @Test
    void objects_unwrap_to_duckdbs() throws SQLException {
        DuckDBConnection duckdb = connection.unwrap(DuckDBConnection.class);
        assertThat(connection.isWrapperFor(DuckDBConnection.class)).isTrue();
        assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
        assertThat(duckdb.isClosed()).isFalse();
        assertThatThrownBy(() -> connection.unwrap(String.class)).isInstanceOf(SQLException.class);
        assertThat(connection.equals(connection)).isTrue();
        assertThat(connection.toString()).isEqualTo("jdbc:lakeops:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT FROM FROM|SQL_SYNTAX|42601",
                "SELECT * FROM nope|SQL_FAILED|42S02",
                "SELECT nope|SQL_FAILED|42000",
                "SELECT 'x'::INT|SQL_FAILED|22000",
                "SELECT error('boo')|SQL_FAILED|HY000",
                "SELECT * FROM read_csv('nope.csv')|SQL_FAILED|HY000",
                "SELECT * FROM delta_scan('nope')|TABLE_NOT_FOUND|42S02",
                "SELECT * FROM delta_scan(NULL)|INVALID_ARGUMENT|22023",
                "SELECT * FROM delta_scan('x', version = 1, timestamp = '2024-01-01')|INVALID_ARGUMENT|22023",
                "SELECT * FROM delta_scan('x', timestamp = 'rubbish')|INVALID_ARGUMENT|22023",
                "DESCRIBE HISTORY nope.nope|TABLE_NOT_FOUND|42S02",
                "OPTIMIZE 'nope'|TABLE_NOT_FOUND|42S02",
                "VACUUM 'nope' RETAIN 1 HOURS|TABLE_NOT_FOUND|42S02",
                "UPDATE delta.`x` SET a = 1|TABLE_NOT_FOUND|42S02",
                "UPDATE delta.`x` SET s[1] = 1|NOT_YET|0A000",
                "UPDATE delta.`x` SET a = 1, a = 2|SQL_SYNTAX|42601",
                "UPDATE delta.`x` SET a = |SQL_SYNTAX|42601",
                "SELECT * FROM table_changes('x', 1)|TABLE_NOT_FOUND|42S02",
                "SELECT * FROM table_changes(NULL, 1)|INVALID_ARGUMENT|22023",
                "SET lakeops_retention_chek = false|UNKNOWN_OPTION|22023",
                "SET lakeops_retention_check = maybe|INVALID_ARGUMENT|22023",
                "SET lakeops_commit_timeout = 'soon'|INVALID_ARGUMENT|22023"
            })
    void every_error_has_a_code_a_state_and_its_cause(String sql, ErrorCode code, String state) {
        assertThatThrownBy(() -> run(connection, sql)).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getMessage()).startsWith(code + ": ").contains(" Fix: ");
            assertThat(e.getSQLState()).isEqualTo(state);
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            LakeException.class, c -> assertThat(c.code()).isEqualTo(code));
        });
    }

    @Test
    void an_unknown_setting_names_the_nearest_and_known_ones_are_listed() throws SQLException {
        assertThatThrownBy(() -> run(connection, "SET lakeops_retention_chek = false"))
                .hasMessageContaining("the nearest is 'lakeops_retention_check'");
        run(connection, "SET lakeops_commit_timeout = '500 ms'", "SET lakeops_retention_check TO false");
        assertThat(rows(connection, "SELECT name, value, default_value FROM lakeops_settings() ORDER BY 1"))
                .containsExactly(
                        "lakeops_allowed_roots,[],[]",
                        "lakeops_commit_timeout,500 ms,60 s",
                        "lakeops_partition_overwrite,static,static",
                        "lakeops_retention_check,false,true");
        run(connection, "RESET lakeops_commit_timeout", "RESET lakeops_retention_check");
        assertThat(rows(connection, "SELECT value FROM lakeops_settings() ORDER BY name"))
                .containsExactly("[]", "60 s", "static", "true");
    }

    @Test
    void metadata_lists_mounted_tables_and_their_columns() throws SQLException {
        try (Connection lake = onLake(folder);
                Connection other = onLake(folder)) {
            table(other, folder, "bronze.late", "(a INT, b VARCHAR)");
            DatabaseMetaData metadata = lake.getMetaData();
            try (ResultSet tables = metadata.getTables(null, "bronze", "%", null)) {
                assertThat(rows(tables)).singleElement().asString().startsWith("lake,bronze,late,VIEW");
            }
            try (ResultSet columns = metadata.getColumns(null, "bronze", "late", "%")) {
                assertThat(columns.next()).isTrue();
                assertThat(columns.getString("COLUMN_NAME")).isEqualTo("a");
                assertThat(columns.getString("TYPE_NAME")).isEqualTo("INTEGER");
            }
            assertThat(metadata.getConnection()).isSameAs(lake);
            assertThat(metadata.getURL()).isEqualTo("jdbc:lakeops:?lake=" + folder);
            assertThat(metadata.getDriverName()).isEqualTo("LakeOps");
            assertThat(metadata.getDatabaseProductName()).isEqualTo("DuckDB");
        }
    }

    @Test
    void a_table_that_comes_into_the_lake_later_is_found_by_its_name() throws SQLException {
        try (Connection lake = onLake(folder);
                Connection other = onLake(folder)) {
            table(other, folder, "gold.late", "(a INT)");
            run(other, "INSERT INTO gold.late VALUES (7)");
            assertThat(rows(lake, "SELECT a FROM gold.late")).containsExactly("7");
        }
    }

    @Test
    void a_running_query_can_be_cancelled() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Statement statement = connection.createStatement()) {
            Future<SQLException> failure = executor.submit(() -> {
                try {
                    statement.execute("SELECT sum(a.range * b.range) FROM range(10000000) a, range(1000000) b");
                    return new SQLException("not cancelled");
                } catch (SQLException e) {
                    return e;
                }
            });
            while (!failure.isDone()) {
                statement.cancel();
                Thread.onSpinWait();
            }
            SQLException cancelled = failure.get(30, TimeUnit.SECONDS);
            assertThat(cancelled.getMessage()).startsWith("CANCELLED: ");
            assertThat(cancelled.getSQLState()).isEqualTo("57014");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void native_sql_shows_what_duckdb_gets() throws SQLException {
        assertThat(connection.nativeSQL("SELECT * FROM delta.`x` VERSION AS OF 2"))
                .isEqualTo("SELECT * FROM delta_scan('x', version := 2)");
    }

    @Test
    void a_closed_connection_and_statement_say_so() throws SQLException {
        Statement statement = connection.createStatement();
        statement.close();
        assertThat(statement.isClosed()).isTrue();
        assertThatThrownBy(() -> statement.execute("SELECT 1")).hasMessageStartingWith("INVALID_ARGUMENT: ");
        connection.close();
        connection.close();
        assertThat(connection.isClosed()).isTrue();
        assertThatThrownBy(() -> connection.createStatement()).hasMessageStartingWith("INVALID_ARGUMENT: ");
        assertThatThrownBy(() -> connection.prepareStatement("SELECT 1")).hasMessageStartingWith("INVALID_ARGUMENT: ");
        connection = open("");
    }

    @Test
    void user_views_over_delta_see_the_newest_version_and_are_stored_as_they_were_written() throws SQLException {
        Path warehouse = folder.resolve("w.duckdb");
        Path path;
        try (Connection writer = open(warehouse.toString())) {
            path = table(writer, folder, "bronze.t", "(a INT)");
            run(writer, "CREATE VIEW v AS SELECT * FROM delta_scan('" + path + "')");
            run(writer, "INSERT INTO '" + path + "' VALUES (1)");
            assertThat(rows(writer, "SELECT * FROM v")).containsExactly("1");
            run(writer, "INSERT INTO '" + path + "' VALUES (2)");
            assertThat(rows(writer, "SELECT count(*) FROM v")).containsExactly("2");
        }
        try (Connection again = open(warehouse.toString())) {
            assertThat(rows(again, "SELECT sum(a) FROM v")).containsExactly("3");
            assertThat(rows(again, "SELECT sql FROM duckdb_views() WHERE view_name = 'v'"))
                    .isEqualTo(List.of("CREATE VIEW v AS SELECT * FROM delta_scan('" + path + "');"));
        }
    }
}
