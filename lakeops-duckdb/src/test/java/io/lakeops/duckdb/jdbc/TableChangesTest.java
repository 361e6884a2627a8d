package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.columns;
import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableChangesTest {
    private static final String SHORT = "SELECT id, name, _change_type, _commit_version FROM ";

    @TempDir
    Path lake;

    private Connection connection;
    private Path orders;

    /** Version 1 brings 1, 2, 2; version 2 changes 1; version 3 deletes one of the partitions; version 4 brings 9. */
    @BeforeEach
    void open() throws SQLException {
        connection = onLake(lake);
        orders = table(connection, lake, "bronze.orders", "(id BIGINT, name VARCHAR, p VARCHAR) PARTITIONED BY (p)");
        run(
                connection,
                "INSERT INTO bronze.orders VALUES (1, 'a', 'x y'), (2, 'b', 'x y'), (2, 'b', 'x y'), (NULL, 'n', '50%')",
                "UPDATE bronze.orders SET name = 'A' WHERE id = 1",
                "DELETE FROM bronze.orders WHERE p = '50%'",
                "INSERT INTO bronze.orders VALUES (9, 'z', NULL)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void without_a_feed_the_changes_are_what_really_differs_and_duplicates_count() throws SQLException {
        assertThat(rows(connection, SHORT + "table_changes(bronze.orders, 0, 4) ORDER BY ALL"))
                .containsExactly(
                        "1,A,insert,2",
                        "1,a,delete,2",
                        "1,a,insert,1",
                        "2,b,insert,1",
                        "2,b,insert,1",
                        "9,z,insert,4",
                        "null,n,delete,3",
                        "null,n,insert,1");
        run(connection, "UPDATE bronze.orders SET name = 'c' WHERE id = 2");
        assertThat(rows(connection, SHORT + "table_changes('bronze.orders', 5) ORDER BY ALL"))
                .containsExactly("2,b,delete,5", "2,b,delete,5", "2,c,insert,5", "2,c,insert,5");
        run(connection, "INSERT INTO bronze.orders VALUES (3, 'd', 'x y')", "OPTIMIZE bronze.orders");
        assertThat(rows(connection, SHORT + "table_changes('bronze.orders', 6)"))
                .containsExactly("3,d,insert,6");
        assertThat(rows(connection, SHORT + "table_changes('bronze.orders', 7)"))
                .isEmpty();
    }

    @Test
    void a_key_turns_what_went_and_came_into_an_update() throws SQLException {
        assertThat(rows(connection, SHORT + "table_changes(bronze.orders, 2, 3, key = 'ID') ORDER BY ALL"))
                .containsExactly("1,A,update_postimage,2", "1,a,update_preimage,2", "null,n,delete,3");
        run(connection, "UPDATE bronze.orders SET name = name || '!'");
        assertThat(rows(connection, SHORT + "table_changes(bronze.orders, 5, key => ['id', 'p']) ORDER BY ALL"))
                .containsExactly(
                        "1,A,update_preimage,5",
                        "1,A!,update_postimage,5",
                        "2,b,delete,5",
                        "2,b,delete,5",
                        "2,b!,insert,5",
                        "2,b!,insert,5",
                        // A key that is null names no row.
                        "9,z,delete,5",
                        "9,z!,insert,5");
    }

    @Test
    void it_says_that_the_changes_are_computed() throws SQLException {
        connection.clearWarnings();
        rows(
                connection,
                "SELECT a.id FROM table_changes(bronze.orders, 1, 2) a JOIN table_changes(bronze.orders, 1, 2) b USING (id)");
        SQLWarning warning = connection.getWarnings();
        assertThat(warning.getMessage()).contains("bronze.orders", "no change feed", "versions 1 to 2");
        assertThat((Object) warning.getNextWarning()).isNull();
    }

    @Test
    void columns_are_the_tables_and_three_more() throws SQLException {
        assertThat(columns(connection, "SELECT * FROM table_changes('" + orders + "', 1)"))
                .containsExactly("id", "name", "p", "_change_type", "_commit_version", "_commit_timestamp");
        assertThat(rows(connection, "SELECT typeof(COLUMNS('_.*')) FROM table_changes('" + orders + "', 4)"))
                .containsExactly("VARCHAR,BIGINT,TIMESTAMP WITH TIME ZONE");
        assertThat(rows(connection, "SELECT DISTINCT p FROM table_changes(delta.`" + orders + "`, 1) ORDER BY p"))
                .containsExactly("50%", "x y", "null");
    }

    @Test
    void ranges_may_be_given_in_time_in_the_session_s_zone() throws Exception {
        for (int version = 0; version <= 4; version++) {
            Files.setLastModifiedTime(
                    orders.resolve("_delta_log").resolve(String.format("%020d.json", version)),
                    FileTime.from(Instant.parse("2024-04-0" + (version + 1) + "T10:00:00Z")));
        }
        run(connection, "SET TimeZone = 'America/New_York'");
        String counted =
                "SELECT list_sort(list_distinct(list(_commit_version))) FROM table_changes(" + "bronze.orders, ";
        assertThat(rows(connection, counted + "'2024-04-02 06:00:00', '2024-04-03 06:00:00')"))
                .containsExactly("[1, 2]");
        assertThat(rows(connection, counted + "TIMESTAMPTZ '2024-04-02 10:00:00.000001Z', '2024-04-04 05:59:59')"))
                .containsExactly("[2]");
        assertThat(rows(connection, counted + "DATE '2020-01-01', 1)")).containsExactly("[1]");
        assertThat(rows(connection, "SELECT epoch_ms(_commit_timestamp) FROM table_changes(bronze.orders, 4)"))
                .containsExactly(
                        Long.toString(Instant.parse("2024-04-05T10:00:00Z").toEpochMilli()));
        assertThatThrownBy(() -> rows(connection, counted + "'2024-04-02 06:00:00+00', '2024-04-02 05:00:00')"))
                .hasMessageStartingWith(ErrorCode.INVALID_ARGUMENT + ": ")
                .hasMessageContaining("ends before it begins");
    }

    @Test
    void it_stands_wherever_a_table_stands() throws SQLException {
        run(
                connection,
                "CREATE VIEW changed AS SELECT * FROM table_changes(bronze.orders, 2)",
                "CREATE MACRO between_(a, b) AS TABLE SELECT * FROM table_changes(bronze.orders, a, b)");
        assertThat(rows(
                        connection,
                        "WITH c AS (FROM table_changes(bronze.orders, 1, 1)) SELECT o.name, count(*)"
                                + " FROM c JOIN bronze.orders o USING (id) GROUP BY ALL ORDER BY ALL"))
                .containsExactly("A,1", "b,4");
        assertThat(rows(connection, "SELECT count(*) FROM changed")).containsExactly("4");
        assertThat(rows(connection, "SELECT count(*) FROM between_(1, 2)")).containsExactly("6");
        try (PreparedStatement prepared =
                connection.prepareStatement("SELECT count(*) FROM table_changes(?, ?, ?) WHERE _commit_version > ?")) {
            prepared.setString(1, orders.toString());
            prepared.setLong(2, 1);
            prepared.setLong(3, 4);
            prepared.setLong(4, 2);
            try (ResultSet result = prepared.executeQuery()) {
                assertThat(rows(result)).containsExactly("2");
            }
        }
    }

    @Test
    void versions_and_partitions_that_are_not_asked_for_are_not_read() throws SQLException {
        assertThat(rows(connection, SHORT + "table_changes(bronze.orders, 1) WHERE _commit_version = 4"))
                .containsExactly("9,z,insert,4");
        // Versions 1, 3 and 4 are read in one scan; version 2, which has to be compared, in another.
        assertThat(rows(connection, "SELECT count(*) FILTER (NOT pruned), count(*) FROM table_partitions"))
                .containsExactly("1,6");
        assertThat(rows(connection, SHORT + "table_changes(bronze.orders, 1) WHERE p = '50%' ORDER BY ALL"))
                .containsExactly("null,n,delete,3", "null,n,insert,1");
        assertThat(rows(connection, "SELECT count(*) FILTER (NOT pruned), count(*) FROM table_partitions"))
                .containsExactly("2,6");
    }

    @Test
    void a_file_that_is_gone_is_named() throws SQLException, IOException {
        try (Stream<Path> files = Files.list(orders.resolve("p=50%25"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThatThrownBy(() -> rows(connection, SHORT + "table_changes(bronze.orders, 3)"))
                .hasMessageStartingWith(ErrorCode.DATA_FILE_MISSING + ": ")
                .hasMessageContaining("p=50%25");
        assertThat(rows(connection, SHORT + "table_changes(bronze.orders, 4)")).containsExactly("9,z,insert,4");
    }

    @Test
    void change_data_that_is_gone_is_named() throws SQLException, IOException {
        Path table = Fixtures.unpackOne("change_data_feed", lake);
        try (Stream<Path> files = Files.walk(table.resolve("_change_data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        assertThatThrownBy(() -> rows(connection, SHORT + "table_changes('" + table + "', 2, 2)"))
                .hasMessageStartingWith(ErrorCode.DATA_FILE_MISSING + ": ")
                .hasMessageContaining("_change_data");
    }

    @Test
    void a_path_out_of_the_table_is_not_followed() throws SQLException {
        Path table = Fixtures.unpackOne("hostile_path_escape", lake);
        assertThatThrownBy(() -> rows(connection, "SELECT * FROM table_changes('" + table + "', 6, 6)"))
                .hasMessageStartingWith(ErrorCode.PATH_OUTSIDE_TABLE + ": ");
    }

    @Test
    void the_versions_that_can_come_back_are_a_relation() throws SQLException, IOException {
        assertThat(rows(
                        connection,
                        "SELECT version, state, missing_files, until IS NULL FROM restorable(bronze.orders)"))
                .containsExactly(
                        "0,whole,0,false", "1,whole,0,false", "2,whole,0,false", "3,whole,0,false", "4,whole,0,true");
        try (Stream<Path> files = Files.list(orders.resolve("p=50%25"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(rows(
                        connection,
                        "SELECT version, missing_files, len(missing) FROM restorable('" + orders
                                + "') WHERE state = 'partial' ORDER BY version"))
                .containsExactly("1,1,1", "2,1,1");
        assertThat(rows(connection, "SELECT bool_and(until > timestamp) FROM restorable(delta.`" + orders + "`)"))
                .containsExactly("true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "3, 2|INVALID_ARGUMENT",
                "5|VERSION_NOT_FOUND",
                "1, 5|VERSION_NOT_FOUND",
                "-1|VERSION_NOT_FOUND",
                "99999999999999999999|VERSION_NOT_FOUND",
                "NULL|INVALID_ARGUMENT",
                "'soon'|INVALID_ARGUMENT",
                "'2999-01-01'|TIMESTAMP_OUT_OF_RANGE",
                "0, '2999-01-01'|TIMESTAMP_OUT_OF_RANGE",
                "0, '1999-01-01'|TIMESTAMP_OUT_OF_RANGE",
                "0, key = 'nothere'|COLUMN_NOT_FOUND",
                "0, key = 7|INVALID_ARGUMENT",
            })
    void a_range_that_can_not_be_meant_is_an_error(String arguments, ErrorCode code) {
        assertThatThrownBy(() -> rows(connection, "SELECT * FROM table_changes(bronze.orders, " + arguments + ")"))
                .hasMessageStartingWith(code + ": ");
    }

    @Test
    void a_table_without_changes_has_none() throws SQLException {
        table(connection, lake, "bronze.empty", "(id BIGINT, s STRUCT<a: INT>)");
        assertThat(rows(connection, "SELECT * FROM table_changes(bronze.empty, 0)"))
                .isEmpty();
        assertThat(List.copyOf(columns(connection, "FROM table_changes(bronze.empty, 0)")))
                .hasSize(5);
    }
}
