package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VARCHAR(n) and CHAR(n) take what Spark lets them take. */
class TextLengthsTest {
    @TempDir
    Path lake;

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = onLake(lake);
        Sql.table(
                connection,
                lake,
                "bronze.t",
                "(id BIGINT, v VARCHAR(3), `a c` CHAR (4), p VARCHAR(2)) PARTITIONED BY (p)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void a_length_is_kept_in_the_log_as_spark_keeps_it() throws IOException {
        assertThat(Files.readString(lake.resolve("bronze/delta/t/_delta_log/00000000000000000000.json")))
                .contains("\\\"__CHAR_VARCHAR_TYPE_STRING\\\":\\\"varchar(3)\\\"")
                .contains("\\\"__CHAR_VARCHAR_TYPE_STRING\\\":\\\"char(4)\\\"");
    }

    @Test
    void texts_up_to_the_length_come_in_and_blanks_at_their_end_are_no_text() throws SQLException {
        run(
                connection,
                "INSERT INTO bronze.t VALUES (1, 'abc', 'ab', 'xy'), (2, 'äö😀', 'äö😀ü', NULL), (3, NULL, NULL, 'x'),"
                        + " (4, 'ab     ', 'abcd    ', 'z    ')");
        assertThat(rows(connection, "SELECT id, v, \"a c\", p FROM bronze.t ORDER BY id"))
                .containsExactly("1,abc,ab  ,xy", "2,äö😀,äö😀ü,null", "3,null,null,x", "4,ab ,abcd,z ");
    }

    @Test
    void longer_ones_are_refused_by_every_write_and_shown() throws SQLException {
        run(connection, "INSERT INTO bronze.t VALUES (1, 'abc', 'ab', 'xy')");
        for (String sql : List.of(
                "INSERT INTO bronze.t VALUES (2, 'abcd', 'ab', 'xy')",
                "INSERT INTO bronze.t VALUES (2, 'a', 'abcde', 'xy')",
                "INSERT INTO bronze.t VALUES (2, 'a', 'a', 'xyz')",
                "INSERT OVERWRITE bronze.t SELECT 1, '    x', 'a', 'x'",
                "UPDATE bronze.t SET v = 'long'",
                "MERGE INTO bronze.t USING (SELECT 1 AS id, 'long' AS v) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v",
                "MERGE INTO bronze.t USING (SELECT 9 AS id, 'longer' AS v) s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id, v)"
                        + " VALUES (s.id, s.v)")) {
            assertThatThrownBy(() -> run(connection, sql))
                    .as(sql)
                    .hasMessageStartingWith("CONSTRAINT_VIOLATED")
                    .hasMessageContaining("char(");
        }
        assertThat(rows(connection, "SELECT id, v, \"a c\", p FROM bronze.t")).containsExactly("1,abc,ab  ,xy");
    }

    @Test
    void a_column_that_is_added_has_its_length_too() throws SQLException {
        run(
                connection,
                "INSERT INTO bronze.t (id) VALUES (1)",
                "ALTER TABLE bronze.t ADD COLUMN later VARCHAR(2)",
                "INSERT INTO bronze.t (id, later) VALUES (2, 'ab')");
        assertThatThrownBy(() -> run(connection, "INSERT INTO bronze.t (id, later) VALUES (3, 'abc')"))
                .hasMessageStartingWith("CONSTRAINT_VIOLATED")
                .hasMessageContaining("later varchar(2)");
        assertThat(rows(connection, "SELECT id, later FROM bronze.t ORDER BY id"))
                .containsExactly("1,null", "2,ab");
    }

    @Test
    void lengths_within_structs_are_held_and_those_that_can_not_be_judged_are_named() throws SQLException, IOException {
        Path path = Sql.table(connection, lake, "bronze.n", "(id BIGINT, s STRUCT(a VARCHAR, b VARCHAR), l VARCHAR[])");
        declare(path, "s", "struct<a:varchar(2),b:string>");
        String t = "delta.`" + path + "`";
        run(connection, "INSERT INTO " + t + " VALUES (1, {'a': 'ab', 'b': 'abc'}, ['long']), (2, NULL, NULL)");
        assertThatThrownBy(() -> run(connection, "INSERT INTO " + t + " VALUES (3, {'a': 'abc', 'b': 'x'}, NULL)"))
                .hasMessageStartingWith("CONSTRAINT_VIOLATED");
        Path other = Sql.table(connection, lake, "bronze.o", "(id BIGINT, l VARCHAR[])");
        declare(other, "l", "array<varchar(2)>");
        assertThatThrownBy(() -> run(connection, "INSERT INTO delta.`" + other + "` VALUES (1, ['a'])"))
                .hasMessageStartingWith("FEATURE_UNSUPPORTED")
                .hasMessageContaining("forall");
    }

    /** Adds to what the first commit says of a column. */
    private static void declare(Path table, String column, String type) throws IOException {
        Path commit = table.resolve("_delta_log/00000000000000000000.json");
        String text = Files.readString(commit);
        int name = text.indexOf("\\\"name\\\":\\\"" + column + "\\\"");
        String empty = "\\\"nullable\\\":true,\\\"metadata\\\":{";
        int end = column.equals("s") ? text.indexOf("},{\\\"name\\\":\\\"l\\\"", name) : text.length();
        int at = text.substring(0, end).lastIndexOf(empty) + empty.length();
        Files.writeString(
                commit,
                text.substring(0, at) + "\\\"__CHAR_VARCHAR_TYPE_STRING\\\":\\\"" + type + "\\\"" + text.substring(at));
    }
}
