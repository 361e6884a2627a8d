package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clones with copies of the files. */
class DeepCloneTest {
    @TempDir
    Path folder;

    private Path source;
    private Path copy;
    private String src;
    private String clone;
    private String again;
    private Connection connection;

    /** Four files in three partitions with odd names, one with a vector. */
    @BeforeEach
    void make() throws SQLException {
        source = folder.resolve("50% of [all] ü");
        copy = folder.resolve("a copy%20");
        src = "delta.`" + source + "`";
        clone = "delta.`" + copy + "`";
        again = "CREATE OR REPLACE TABLE " + clone + " DEEP CLONE " + src;
        connection = onLake(folder);
        run(
                connection,
                "SET lakeops_retention_check = false",
                "CREATE TABLE " + src + " (id BIGINT NOT NULL, t VARCHAR, p VARCHAR) PARTITIONED BY (p)"
                        + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
                "INSERT INTO " + src + " VALUES (1, 'a', 'x y'), (2, NULL, 'x y'), (3, 'c', '%/#ü')",
                "INSERT INTO " + src + " VALUES (4, 'd', NULL), (5, 'e', 'x y')",
                "DELETE FROM " + src + " WHERE id = 2");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private List<String> all(String table) throws SQLException {
        return rows(connection, "SELECT * FROM " + table + " ORDER BY id");
    }

    /** numCopiedFiles of the newest version. */
    private String copied(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet history = statement.executeQuery("DESCRIBE HISTORY " + table + " LIMIT 1")) {
            assertThat(history.next()).isTrue();
            assertThat(history.getString("operation")).isEqualTo("CLONE");
            assertThat(history.getString("operationParameters")).contains("isShallow=false");
            return history.getString("operationMetrics").replaceAll(".*numCopiedFiles=(\\d+).*", "$1");
        }
    }

    private static Set<String> dataFiles(Path table) throws IOException {
        try (Stream<Path> files = Files.walk(table)) {
            return files.filter(f ->
                            f.toString().endsWith(".parquet") || f.toString().endsWith(".bin"))
                    .map(f -> table.relativize(f).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void a_copy_needs_its_source_no_longer() throws SQLException, IOException {
        List<String> expected = all(src);
        assertThat(rows(connection, "CREATE TABLE " + clone + " DEEP CLONE " + src)
                        .get(0))
                .matches("(\\d+),4,0,4,0,\\1");
        Files.move(source, folder.resolve("away"));

        assertThat(all(clone)).isEqualTo(expected);
        assertThat(copied(clone)).isEqualTo("4");
        assertThat(dataFiles(copy)).hasSize(5);
        assertThat(Files.readString(copy.resolve("_delta_log/00000000000000000000.json")))
                .doesNotContain("\"path\":\"file:");
        run(
                connection,
                "UPDATE " + clone + " SET t = 'new' WHERE id = 1",
                "DELETE FROM " + clone + " WHERE id = 5",
                "OPTIMIZE " + clone,
                "VACUUM " + clone + " RETAIN 0 HOURS");
        assertThat(all(clone)).containsExactly("1,new,x y", "3,c,%/#ü", "4,d,null");
    }

    @Test
    void a_copy_made_again_copies_what_it_lacks() throws SQLException, IOException {
        run(connection, again);
        Set<String> first = dataFiles(copy);
        run(connection, again);
        assertThat(copied(clone)).isEqualTo("0");
        assertThat(dataFiles(copy)).isEqualTo(first);

        // One new file, one vector more, one vector changed, one file gone.
        run(
                connection,
                "INSERT INTO " + src + " VALUES (6, 'f', 'x y')",
                "DELETE FROM " + src + " WHERE id = 1",
                "DELETE FROM " + src + " WHERE id = 4",
                again);
        assertThat(copied(clone)).isEqualTo("1");
        assertThat(all(clone)).isEqualTo(all(src)).hasSize(3);
        assertThat(dataFiles(copy)).containsAll(first);
        assertThat(rows(connection, "SELECT count(*) FROM " + clone + " VERSION AS OF 1"))
                .containsExactly("4");
    }

    @Test
    void what_was_done_to_the_copy_is_taken_back() throws SQLException {
        run(
                connection,
                again,
                "INSERT INTO " + clone + " VALUES (9, 'own', 'x y')",
                "DELETE FROM " + clone + " WHERE id IN (3, 5)",
                "ALTER TABLE " + clone + " ADD COLUMN more VARCHAR",
                again);
        assertThat(all(clone)).isEqualTo(all(src));
        run(connection, "DELETE FROM " + clone + " WHERE id = 1", "OPTIMIZE " + clone, again);
        assertThat(all(clone)).isEqualTo(all(src));
        // A row that the copy deleted in a file with a vector of the source's.
        run(
                connection,
                "INSERT INTO " + src + " VALUES (7, 'g', 'z'), (8, 'h', 'z')",
                "DELETE FROM " + src + " WHERE id = 7");
        run(connection, again, "DELETE FROM " + clone + " WHERE id = 8", again);
        assertThat(all(clone)).isEqualTo(all(src));
        assertThat(copied(clone)).isEqualTo("1");
    }

    @Test
    void columns_that_the_source_renamed_find_their_values_in_files_that_stay() throws SQLException {
        String mapped = "delta.`" + folder.resolve("mapped") + "`";
        String of = "CREATE OR REPLACE TABLE " + clone + " DEEP CLONE " + mapped;
        run(
                connection,
                "CREATE TABLE " + mapped + " (id BIGINT, \"a b\" VARCHAR, p VARCHAR) PARTITIONED BY (p)"
                        + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.enableDeletionVectors' = 'true')",
                "INSERT INTO " + mapped + " VALUES (1, 'x', 'q'), (2, 'y', 'q')",
                of,
                "ALTER TABLE " + mapped + " RENAME COLUMN \"a b\" TO c",
                "ALTER TABLE " + mapped + " RENAME COLUMN p TO day",
                "DELETE FROM " + mapped + " WHERE c = 'y'",
                "ALTER TABLE " + mapped + " ADD COLUMN d INTEGER",
                of);
        assertThat(copied(clone)).isEqualTo("0");
        assertThat(rows(connection, "SELECT id, c, day, d FROM " + clone)).containsExactly("1,x,q,null");
        run(connection, "INSERT INTO " + clone + " (id, c, day, d) VALUES (3, 'z', 'r', 4)");
        assertThat(rows(connection, "SELECT d FROM " + clone + " WHERE c = 'z'"))
                .containsExactly("4");
    }

    @Test
    void a_deep_clone_of_a_shallow_one_has_all_files() throws SQLException, IOException {
        String shallow = "delta.`" + folder.resolve("shallow") + "`";
        run(
                connection,
                "CREATE TABLE " + shallow + " SHALLOW CLONE " + src,
                "INSERT INTO " + shallow + " VALUES (6, 'f', 'x y')",
                "DELETE FROM " + shallow + " WHERE id = 5",
                "CREATE TABLE " + clone + " DEEP CLONE " + shallow);
        List<String> expected = all(shallow);
        Files.move(source, folder.resolve("away"));
        Files.move(folder.resolve("shallow"), folder.resolve("away too"));
        assertThat(all(clone)).isEqualTo(expected).hasSize(4);
    }

    @Test
    void a_source_that_is_damaged_leaves_nothing_behind() throws SQLException, IOException {
        Path one;
        try (Stream<Path> files = Files.walk(source)) {
            one = files.filter(f -> f.toString().contains("p=x") && f.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(one, StandardOpenOption.WRITE)) {
            channel.truncate(100);
        }
        String create = "CREATE TABLE " + clone + " DEEP CLONE " + src;
        assertThatThrownBy(() -> run(connection, create)).hasMessageStartingWith("DATA_FILE_CORRUPT");
        assertThat(dataFiles(copy)).isEmpty();
        Files.delete(one);
        assertThatThrownBy(() -> run(connection, create))
                .hasMessageStartingWith("DATA_FILE_MISSING")
                .hasMessageContaining(one.toString());
        assertThat(dataFiles(copy)).isEmpty();
        assertThatThrownBy(() -> all(clone)).hasMessageStartingWith("TABLE_NOT_FOUND");
        run(connection, "RESTORE " + src + " TO VERSION AS OF 0", create);
        assertThat(all(clone)).isEmpty();
    }

    @Test
    void a_link_in_the_table_s_folder_takes_no_copy_elsewhere() throws SQLException, IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        run(connection, "CREATE TABLE " + clone + " AS SELECT 1 AS a");
        String partition;
        try (Stream<Path> parts = Files.list(source)) {
            partition = parts.map(p -> p.getFileName().toString())
                    .filter(name -> name.startsWith("p=x"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.createSymbolicLink(copy.resolve(partition), elsewhere);
        assertThatThrownBy(() -> run(connection, again)).hasMessageStartingWith("PATH_OUTSIDE_TABLE");
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(rows(connection, "SELECT * FROM " + clone)).containsExactly("1");
    }

    @Test
    void a_link_out_of_the_source_s_folder_is_not_followed() throws SQLException, IOException {
        Path part;
        try (Stream<Path> parts = Files.list(source)) {
            part = parts.filter(p -> p.getFileName().toString().startsWith("p=x"))
                    .findFirst()
                    .orElseThrow();
        }
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(part, elsewhere);
        Files.createSymbolicLink(part, elsewhere);
        for (String kind : List.of("DEEP", "SHALLOW")) {
            assertThatThrownBy(() -> run(connection, "CREATE TABLE " + clone + " " + kind + " CLONE " + src))
                    .hasMessageStartingWith("PATH_OUTSIDE_TABLE");
        }
        assertThat(dataFiles(copy)).isEmpty();
    }
}
