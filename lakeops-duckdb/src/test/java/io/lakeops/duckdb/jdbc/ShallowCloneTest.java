package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.open;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clones that name another table's files: they read exactly, write into their own folder only, and follow no path unasked. */
class ShallowCloneTest {
    @TempDir
    Path folder;

    private Path lake;
    private Path source;
    private String src;
    private String clone;
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException, IOException {
        lake = Files.createDirectories(folder.resolve("lake"));
        source = folder.resolve("50% of [all] 'em, ü");
        src = "delta.`" + source + "`";
        clone = "delta.`" + folder.resolve("a clone%20") + "`";
        connection = onLake(lake);
        run(connection, "SET lakeops_retention_check = false");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    /** Three files in two partitions with odd names, one with a vector. */
    private void make(String properties) throws SQLException {
        run(
                connection,
                "CREATE TABLE " + src + " (id BIGINT NOT NULL, t VARCHAR, p VARCHAR) PARTITIONED BY (p)"
                        + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true'" + properties + ")",
                "INSERT INTO " + src + " VALUES (1, 'a', 'x y'), (2, NULL, 'x y'), (3, 'c', '%/#ü')",
                "INSERT INTO " + src + " VALUES (4, 'd', NULL), (5, 'e', 'x y')",
                "DELETE FROM " + src + " WHERE id = 2");
    }

    private static final String ALL = "SELECT * FROM %s ORDER BY id";

    private List<String> all(String table) throws SQLException {
        return rows(connection, ALL.formatted(table));
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                FileTime time = Files.getLastModifiedTime(file);
                found.put(
                        folder.relativize(file).toString(),
                        Files.isDirectory(file) ? "folder" : time.toMillis() + " " + Files.size(file));
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", 'delta.columnMapping.mode' = 'name'",
                ", 'delta.enableRowTracking' = 'true', 'delta.enableInCommitTimestamps' = 'true'",
                ", 'delta.enableChangeDataFeed' = 'true', 'delta.checkpointInterval' = '1'"
            })
    void a_clone_reads_as_its_source_and_writes_into_its_own_folder_only(String properties)
            throws SQLException, IOException {
        make(properties);
        List<String> expected = all(src);
        Map<String, String> before = files(source);

        assertThat(rows(connection, "CREATE TABLE " + clone + " SHALLOW CLONE " + src)
                        .get(0))
                .matches("\\d+,4,0,0,0,0");
        assertThat(all(clone)).isEqualTo(expected);
        assertThat(rows(connection, "SELECT id FROM " + clone + " WHERE p = '%/#ü'"))
                .containsExactly("3");

        run(connection, "INSERT INTO " + clone + " VALUES (6, 'f', 'x y')", "DELETE FROM " + clone + " WHERE id = 1");
        assertThat(all(clone)).hasSize(4);
        if (!properties.contains("RowTracking")) {
            run(
                    connection,
                    "UPDATE " + clone + " SET t = 'new' WHERE id = 3",
                    "MERGE INTO " + clone + " AS c USING (SELECT 4 AS k) ON c.id = k WHEN MATCHED THEN DELETE",
                    "OPTIMIZE " + clone);
            assertThat(all(clone)).containsExactly("3,new,%/#ü", "5,e,x y", "6,f,x y");
        }
        run(connection, "VACUUM " + clone + " RETAIN 0 HOURS");
        run(connection, "DELETE FROM " + clone);
        assertThat(all(clone)).isEmpty();
        // The clone's first version needs the source's files alone.
        run(connection, "RESTORE " + clone + " TO VERSION AS OF 0");
        assertThat(all(clone)).isEqualTo(expected);
        assertThat(rows(
                        connection,
                        "SELECT DISTINCT state FROM restorable('" + folder.resolve("a clone%20")
                                + "') WHERE version = 0"))
                .containsExactly("whole");

        assertThat(all(src)).isEqualTo(expected);
        assertThat(files(source)).isEqualTo(before);
    }

    @Test
    void the_history_tells_of_what_it_is_a_clone() throws SQLException {
        make("");
        run(connection, "CREATE TABLE " + clone + " SHALLOW CLONE " + src + " VERSION AS OF 1");

        assertThat(history(clone))
                .containsExactly(
                        "0",
                        "CLONE",
                        "{source='delta.`" + source.toString().replace("'", "\\'")
                                + "`', sourceVersion=1, isShallow=true}",
                        "{sourceTableSize=n, sourceNumOfFiles=2, numRemovedFiles=0, numCopiedFiles=0, removedFilesSize=0,"
                                + " copiedFilesSize=0}",
                        "Serializable",
                        "false");
    }

    private List<String> history(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet history = statement.executeQuery("DESCRIBE HISTORY " + table + " LIMIT 1")) {
            assertThat(history.next()).isTrue();
            return List.of(
                    history.getString("version"),
                    history.getString("operation"),
                    history.getString("operationParameters"),
                    history.getString("operationMetrics").replaceAll("Size=[1-9]\\d*", "Size=n"),
                    history.getString("isolationLevel"),
                    history.getString("isBlindAppend"));
        }
    }

    @Test
    void a_clone_is_taken_of_a_version_or_a_time_and_has_properties_of_its_own() throws SQLException {
        make("");
        run(
                connection,
                "CREATE TABLE " + clone + " SHALLOW CLONE " + src + " VERSION AS OF 1 TBLPROPERTIES"
                        + " ('delta.appendOnly' = 'true', 'owner' = 'me')");
        assertThat(all(clone)).containsExactly("1,a,x y", "2,null,x y", "3,c,%/#ü");
        assertThat(rows(connection, "SHOW TBLPROPERTIES " + clone))
                .containsExactly("delta.appendOnly,true", "delta.enableDeletionVectors,true", "owner,me");
        assertThatThrownBy(() -> run(connection, "DELETE FROM " + clone)).hasMessageStartingWith("CONSTRAINT_VIOLATED");
        assertThatThrownBy(() -> run(connection, "INSERT INTO " + clone + " VALUES (NULL, '', '')"))
                .hasMessageStartingWith("CONSTRAINT_VIOLATED");

        String at = rows(connection, "SELECT max(timestamp) FROM restorable('" + text(source) + "')")
                .get(0);
        String other = "delta.`" + folder.resolve("other") + "`";
        run(connection, "CREATE TABLE " + other + " SHALLOW CLONE " + src + " TIMESTAMP AS OF '" + at + "'");
        assertThat(all(other)).isEqualTo(all(src));
    }

    private static String text(Path path) {
        return path.toString().replace("'", "''");
    }

    @Test
    void rules_clustering_and_changes_of_types_come_along() throws SQLException {
        run(
                connection,
                "CREATE TABLE " + src
                        + " (id INTEGER, \"a b\" VARCHAR DEFAULT 'none', g BIGINT GENERATED ALWAYS AS (id + 1))"
                        + " CLUSTER BY (id) TBLPROPERTIES ('delta.enableTypeWidening' = 'true',"
                        + " 'delta.columnMapping.mode' = 'name')",
                "INSERT INTO " + src + " (id) VALUES (1), (2)",
                "ALTER TABLE " + src + " RENAME COLUMN \"a b\" TO b",
                "ALTER TABLE " + src + " ADD CONSTRAINT low CHECK (b <> 'x')",
                "CREATE TABLE " + clone + " SHALLOW CLONE " + src,
                "INSERT INTO " + clone + " (id) VALUES (3)");
        assertThat(all(clone)).containsExactly("1,none,2", "2,none,3", "3,none,4");
        assertThatThrownBy(() -> run(connection, "INSERT INTO " + clone + " (id, b) VALUES (4, 'x')"))
                .hasMessageStartingWith("CONSTRAINT_VIOLATED");
        try (Statement statement = connection.createStatement();
                ResultSet detail = statement.executeQuery("DESCRIBE DETAIL " + clone)) {
            assertThat(detail.next()).isTrue();
            assertThat(detail.getString("clusteringColumns")).isEqualTo("[id]");
            assertThat(detail.getString("tableFeatures"))
                    .contains("checkConstraints", "clustering", "columnMapping", "generatedColumns", "typeWidening");
        }
        for (String refused : List.of(
                "'delta.columnMapping.mode' = 'none'",
                "'delta.constraints.new' = 'id > 5'",
                "'delta.nonsense' = '1'")) {
            String other = "delta.`" + folder.resolve("refused") + "`";
            assertThatThrownBy(() -> run(
                            connection,
                            "CREATE TABLE " + other + " SHALLOW CLONE " + src + " TBLPROPERTIES (" + refused + ")"))
                    .isInstanceOf(SQLException.class);
            assertThat(folder.resolve("refused")).doesNotExist();
        }
    }

    @Test
    void a_table_becomes_a_clone_and_keeps_its_history() throws SQLException, IOException {
        make("");
        run(connection, "CREATE TABLE " + clone + " PARTITIONED BY (b) AS SELECT 1 AS a, 2 AS b");
        assertThatThrownBy(() -> run(connection, "CREATE TABLE " + clone + " SHALLOW CLONE " + src))
                .hasMessageStartingWith("TABLE_ALREADY_EXISTS");
        run(connection, "CREATE TABLE IF NOT EXISTS " + clone + " SHALLOW CLONE " + src);
        assertThat(rows(connection, "SELECT * FROM " + clone)).containsExactly("1,2");

        run(connection, "CREATE OR REPLACE TABLE " + clone + " SHALLOW CLONE " + src + " VERSION AS OF 1");
        assertThat(history(clone).get(3)).contains("numRemovedFiles=1");
        assertThat(all(clone)).hasSize(3);
        assertThat(rows(connection, "SELECT * FROM " + clone + " VERSION AS OF 0"))
                .containsExactly("1,2");
        // Again: of three files one has another vector since, and one is new.
        run(
                connection,
                "INSERT INTO " + clone + " VALUES (7, 'own', 'x y')",
                "CREATE OR REPLACE TABLE " + clone + " SHALLOW CLONE " + src);
        assertThat(all(clone)).isEqualTo(all(src));
        assertThat(history(clone).get(3)).contains("sourceNumOfFiles=4, numRemovedFiles=2");
        run(connection, "RESTORE " + clone + " TO VERSION AS OF 0");
        assertThat(rows(connection, "SELECT * FROM " + clone)).containsExactly("1,2");
    }

    @Test
    void a_clone_of_a_clone_reads_both_folders_files() throws SQLException {
        make("");
        String second = "delta.`" + folder.resolve("second") + "`";
        run(
                connection,
                "CREATE TABLE " + clone + " SHALLOW CLONE " + src,
                "INSERT INTO " + clone + " VALUES (6, 'f', 'new')",
                "DELETE FROM " + clone + " WHERE id = 5",
                "CREATE TABLE " + second + " SHALLOW CLONE " + clone);
        assertThat(all(second)).isEqualTo(all(clone)).hasSize(4);
        try (Connection later = onLake(lake)) {
            assertThat(rows(later, ALL.formatted(second))).isEqualTo(all(clone));
        }
    }

    @Test
    void what_was_cloned_through_a_lake_reads_later_and_elsewhere_only_where_it_is_allowed() throws Exception {
        make("");
        run(connection, "CREATE TABLE " + clone + " SHALLOW CLONE " + src);
        List<String> expected = all(src);
        try (Connection later = onLake(lake)) {
            assertThat(rows(later, ALL.formatted(clone))).isEqualTo(expected);
        }
        try (Connection stranger = open("")) {
            refused(stranger, clone);
            run(stranger, "SET lakeops_allowed_roots = ['/nowhere', '" + text(source) + "']");
            assertThat(rows(stranger, ALL.formatted(clone))).isEqualTo(expected);
            run(stranger, "RESET lakeops_allowed_roots");
            refused(stranger, clone);
            run(stranger, "SET lakeops_allowed_roots = '" + text(folder) + "'");
            assertThat(rows(stranger, ALL.formatted(clone))).isEqualTo(expected);
            run(stranger, "SET lakeops_allowed_roots = '" + text(folder.resolve("lake")) + "'");
            refused(stranger, clone);
        }
    }

    /** A log that claims to be a clone's is one that anybody may have written. */
    @Test
    void a_log_s_own_word_for_its_source_counts_for_nothing() throws Exception {
        make("");
        run(connection, "CREATE TABLE " + clone + " SHALLOW CLONE " + src);
        Path copy = folder.resolve("copy");
        Path log = folder.resolve("a clone%20/_delta_log/00000000000000000000.json");
        Files.createDirectories(copy.resolve("_delta_log"));
        Files.copy(log, copy.resolve("_delta_log/00000000000000000000.json"));
        refused(connection, "delta.`" + copy + "`");
        assertThatThrownBy(() -> run(
                        connection,
                        "CREATE TABLE delta.`" + folder.resolve("c2") + "` SHALLOW CLONE delta.`" + copy + "`"))
                .hasMessageStartingWith("PATH_OUTSIDE_TABLE");
        // A record that was moved to another table's place in the register says of which table it tells.
        Path register = lake.resolve("_clones");
        String id = UUID.nameUUIDFromBytes(copy.toRealPath().toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        try (Stream<Path> own = Files.list(register)) {
            Files.move(own.toList().get(0), register.resolve(id));
        }
        refused(connection, "delta.`" + copy + "`");
    }

    private void refused(Connection by, String table) throws SQLException, IOException {
        Map<String, String> before = files(source);
        for (String sql :
                List.of("SELECT * FROM %s", "DELETE FROM %s", "OPTIMIZE %s", "INSERT OVERWRITE %s SELECT 1, '', ''")) {
            assertThatThrownBy(() -> run(by, sql.formatted(table)))
                    .as(sql)
                    .hasMessageStartingWith("PATH_OUTSIDE_TABLE")
                    .hasMessageContaining("lakeops_allowed_roots");
        }
        assertThat(files(source)).isEqualTo(before);
    }

    @Test
    void links_are_resolved_before_a_path_is_followed() throws Exception {
        make("");
        run(connection, "CREATE TABLE " + clone + " SHALLOW CLONE " + src);
        Path elsewhere = folder.resolve("elsewhere");
        Path part;
        try (Stream<Path> parts = Files.list(source)) {
            part = parts.filter(p -> p.getFileName().toString().startsWith("p=x"))
                    .toList()
                    .get(0);
        }
        Files.move(part, elsewhere);
        Files.createSymbolicLink(part, elsewhere);
        assertThatThrownBy(() -> all(clone)).hasMessageStartingWith("PATH_OUTSIDE_TABLE");
        run(connection, "SET lakeops_allowed_roots = '" + text(elsewhere) + "'");
        assertThat(all(clone)).hasSize(4);
    }

    @Test
    void a_clone_through_a_link_names_the_folder_itself() throws Exception {
        make("");
        Path link = Files.createSymbolicLink(folder.resolve("link"), source);
        run(connection, "CREATE TABLE " + clone + " SHALLOW CLONE delta.`" + link + "`");
        Files.delete(link);
        assertThat(all(clone)).isEqualTo(all(src));
    }

    @Test
    void tables_stand_apart() throws SQLException {
        make("");
        for (String place : List.of(
                source.toString(), source + "/inside", source.resolve("..").toString())) {
            assertThatThrownBy(
                            () -> run(connection, "CREATE OR REPLACE TABLE delta.`" + place + "` SHALLOW CLONE " + src))
                    .hasMessageStartingWith("INVALID_ARGUMENT");
        }
        assertThat(source.resolve("inside")).doesNotExist();
    }

    @Test
    void what_the_source_s_vacuum_took_is_missed_by_name() throws SQLException {
        make("");
        run(
                connection,
                "CREATE TABLE " + clone + " SHALLOW CLONE " + src + " VERSION AS OF 1",
                "DELETE FROM " + src,
                "VACUUM " + src + " RETAIN 0 HOURS");
        assertThatThrownBy(() -> all(clone))
                .hasMessageStartingWith("DATA_FILE_MISSING")
                .hasMessageContaining(source.toString());
        assertThatThrownBy(() -> run(
                        connection,
                        "CREATE TABLE delta.`" + folder.resolve("late") + "` SHALLOW CLONE " + src
                                + " VERSION AS OF 1"))
                .hasMessageStartingWith("DATA_FILE_MISSING");
        assertThat(folder.resolve("late/_delta_log/00000000000000000000.json")).doesNotExist();
    }

    @Test
    void names_of_a_lake_are_cloned_by_name() throws SQLException {
        make("");
        run(
                connection,
                "CREATE TABLE bronze.s USING delta AS SELECT * FROM " + src,
                "CREATE TABLE silver.\"my clone\" SHALLOW CLONE bronze.s");
        assertThat(rows(connection, "SELECT count(*) FROM silver.\"my clone\"")).containsExactly("4");
        run(connection, "INSERT INTO bronze.s VALUES (9, 'i', NULL)");
        assertThat(rows(connection, "SELECT count(*) FROM silver.\"my clone\"")).containsExactly("4");
    }
}
