package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that read the table that they change, with another writer in between. */
class OwnReadsTest {
    @TempDir
    Path lake;

    private final List<String> rival = new ArrayList<>();
    private Connection other;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        other = onLake(lake);
        table(other, lake, "bronze.t", "(id BIGINT, v BIGINT)");
        run(other, "INSERT INTO bronze.t VALUES (1, 10)", "INSERT INTO bronze.t VALUES (2, 20)");
        LakeContext context = LakeContext.standard().withListener(event -> {
            // The engine has begun to work on what the attempt planned.
            if (event instanceof LakeEvent.Progress && !rival.isEmpty()) {
                String sql = rival.remove(0);
                try {
                    run(other, sql);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        connection =
                Objects.requireNonNull(new LakeDriver(context).connect("jdbc:lakeops:?lake=" + lake, new Properties()));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        other.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "INSERT OVERWRITE bronze.t SELECT id, v + 1 FROM bronze.t|1,11 1000,21",
                "INSERT INTO bronze.t SELECT id + 5, v FROM bronze.t WHERE id > 1|1,10 1000,20 1005,20",
                "INSERT INTO bronze.t REPLACE WHERE v < 15 SELECT id, 0 FROM bronze.t|1,0 1000,0 1000,20",
                "DELETE FROM bronze.t WHERE id = (SELECT max(id) FROM bronze.t)|1,10",
                "UPDATE bronze.t SET v = (SELECT max(id) FROM bronze.t) WHERE id = 1|1,1000 1000,20",
                "MERGE INTO bronze.t USING (SELECT max(id) AS id FROM bronze.t) s ON t.id = s.id WHEN MATCHED THEN DELETE|1,10",
            })
    void are_run_again_on_what_the_other_left(String sql, String expected) throws SQLException {
        rival.add("UPDATE bronze.t SET id = 1000 WHERE id = 2");
        run(connection, sql);
        assertThat(rival).isEmpty();
        assertThat(rows(other, "SELECT * FROM bronze.t ORDER BY id, v")).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "relative", "relative link"})
    void are_run_again_however_the_statement_spells_the_table(String spelling) throws SQLException, IOException {
        Path table = lake.resolve("bronze/delta/t");
        Path link = Files.createSymbolicLink(lake.resolve("a link"), table);
        Path path = spelling.contains("link") ? link : table;
        if (spelling.contains("relative")) {
            path = Path.of("").toAbsolutePath().relativize(path);
        }
        rival.add("UPDATE bronze.t SET id = 1000 WHERE id = 2");
        run(connection, "UPDATE bronze.t SET v = (SELECT max(id) FROM delta_scan('" + path + "')) WHERE id = 1");
        assertThat(rival).isEmpty();
        assertThat(rows(other, "SELECT * FROM bronze.t ORDER BY id, v")).containsExactly("1,1000", "1000,20");
    }

    @Test
    void an_append_that_read_the_table_is_no_blind_one() throws SQLException {
        run(connection, "INSERT INTO bronze.t SELECT id, v FROM bronze.t", "INSERT INTO bronze.t VALUES (3, 3)");
        try (Statement statement = connection.createStatement();
                ResultSet history = statement.executeQuery("DESCRIBE HISTORY bronze.t LIMIT 2")) {
            assertThat(history.next()).isTrue();
            assertThat(history.getBoolean("isBlindAppend")).isTrue();
            assertThat(history.next()).isTrue();
            assertThat(history.getBoolean("isBlindAppend")).isFalse();
        }
    }

    @Test
    void a_value_may_look_at_rows_that_the_condition_leaves_out() throws SQLException {
        run(connection, "UPDATE bronze.t SET v = (SELECT max(v) FROM bronze.t) WHERE id = 1");
        assertThat(rows(connection, "SELECT * FROM bronze.t ORDER BY id")).containsExactly("1,20", "2,20");
    }
}
