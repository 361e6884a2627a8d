package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.open;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands for a version of a table is that version, or an error: never another one, nor the newest. */
class VersionArgumentsTest {
    @TempDir
    Path folder;

    private Connection connection;
    private Path path;

    @BeforeEach
    void makeThreeVersions() throws SQLException {
        connection = open("");
        path = table(connection, folder, "bronze.t", "(a INT)");
        run(connection, "INSERT INTO '" + path + "' VALUES (1)", "INSERT INTO '" + path + "' VALUES (2)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version = 1.5                  | INVALID_ARGUMENT: a version is a whole number, not 1.5",
                "version = 1.0                  | INVALID_ARGUMENT: a version is a whole number, not 1.0",
                "version = true                 | INVALID_ARGUMENT: a version is a whole number, not true",
                "version = NULL                 | INVALID_ARGUMENT: a version is a whole number, not null",
                "version = 'one'                | INVALID_ARGUMENT: a version is a whole number, not one",
                "version = -1                   | VERSION_NOT_FOUND: there is no version -1",
                "version = 99999999999999999999 | VERSION_NOT_FOUND: there is no version 99999999999999999999",
                "timestamp = NULL               | INVALID_ARGUMENT: a timestamp is a text",
                "timestamp = 'yesterday'        | INVALID_ARGUMENT: a timestamp is a text",
                "versoin = 1                    | UNKNOWN_OPTION: delta_scan has no argument 'versoin'",
                "version = 1, timestamp = '2024-01-01' | INVALID_ARGUMENT: delta_scan takes a version or a timestamp",
            })
    void an_argument_that_names_no_version_is_an_error(String argument, String error) {
        assertThatThrownBy(() -> rows(connection, "SELECT * FROM delta_scan('" + path + "', " + argument + ")"))
                .hasMessageStartingWith(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VERSION AS OF 1.5                     | INVALID_ARGUMENT: a version is a whole number, not 1.5",
                "VERSION AS OF 99999999999999999999    | VERSION_NOT_FOUND: ",
                "@v99999999999999999999                | VERSION_NOT_FOUND: ",
                "TIMESTAMP AS OF 'yesterday'           | INVALID_ARGUMENT: a timestamp is a text",
            })
    void the_other_spellings_are_held_to_the_same(String suffix, String error) {
        String spaced = suffix.startsWith("@") ? suffix : " " + suffix;
        assertThatThrownBy(() -> rows(connection, "SELECT * FROM '" + path + "'" + spaced))
                .hasMessageStartingWith(error);
    }

    @Test
    void a_restore_names_the_timestamp_that_is_none() {
        assertThatThrownBy(() -> run(connection, "RESTORE TABLE '" + path + "' TO TIMESTAMP AS OF 'yesterday'"))
                .hasMessageStartingWith("INVALID_ARGUMENT: a timestamp is a text")
                .hasMessageContaining("'yesterday'");
    }

    @Test
    void a_parameter_is_a_version_and_null_is_not_the_newest() throws SQLException {
        String query = "SELECT count(*) FROM delta_scan('" + path + "', version = ?)";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setLong(1, 1);
            assertThat(rows(statement.executeQuery())).containsExactly("1");
            statement.setInt(1, 0);
            assertThat(rows(statement.executeQuery())).containsExactly("0");
            statement.setNull(1, Types.BIGINT);
            assertThatThrownBy(statement::executeQuery).hasMessageStartingWith("INVALID_ARGUMENT: a version is");
        }
    }
}
