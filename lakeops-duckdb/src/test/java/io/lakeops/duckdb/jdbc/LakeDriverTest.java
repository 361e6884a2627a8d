package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.open;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.duckdb.lake.Failure;
import io.lakeops.error.ErrorCode;
import io.lakeops.testkit.Fixtures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LakeDriverTest {
    @TempDir
    Path folder;

    /** DuckDB's background writers and a COPY that fails can wait for each other for ever; ours write none aside. */
    @Test
    void a_copy_of_the_users_own_that_fails_ends() throws SQLException {
        Path file = folder.resolve("f.parquet");
        String copy =
                "COPY (SELECT i, repeat('x', 100) || hash(i) AS t, CASE WHEN i = 50000 THEN error('no' || i)::BIGINT"
                        + " ELSE i END AS e FROM range(100000) r(i)) TO '" + file
                        + "' (FORMAT parquet, ROW_GROUP_SIZE 5000)";
        try (Connection connection = open("")) {
            assertThat(rows(connection, "SELECT current_setting('async_threads')"))
                    .containsExactly("0");
            assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
                for (int i = 0; i < 25; i++) {
                    assertThatThrownBy(() -> run(connection, copy)).hasMessageContaining("no50000");
                }
            });
        }
        Properties settings = new Properties();
        settings.setProperty("async_threads", "3");
        try (Connection connection = DriverManager.getConnection("jdbc:lakeops:", settings)) {
            assertThat(rows(connection, "SELECT current_setting('async_threads')"))
                    .containsExactly("3");
        }
    }

    @Test
    void options_stand_in_the_url_or_in_the_properties() throws SQLException {
        Path lake = lakeWithOneTable();
        Path warehouse = folder.resolve("w.duckdb");
        open(warehouse.toString()).close();
        Properties properties = new Properties();
        properties.setProperty("lake", lake.toString());
        properties.setProperty("user", "somebody");
        properties.setProperty("threads", "1");
        for (String url : List.of(
                "?lake=" + lake,
                ";lake=" + lake,
                warehouse + "?lake=" + lake + "&read_only=true",
                warehouse + ";read_only=true;lake=" + lake)) {
            try (Connection connection = open(url)) {
                assertThat(rows(connection, "SELECT * FROM bronze.t")).containsExactly("1");
            }
        }
        try (Connection connection = DriverManager.getConnection("jdbc:lakeops:", properties)) {
            assertThat(rows(connection, "SELECT * FROM bronze.t")).containsExactly("1");
            assertThat(rows(connection, "SELECT current_setting('threads')")).containsExactly("1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?lak=x|UNKNOWN_OPTION: there is no option 'lak'; the nearest is 'lake'",
                ";readonly=true|UNKNOWN_OPTION: there is no option 'readonly'; the nearest is 'read_only'",
                "?read_only=yes|INVALID_ARGUMENT: read_only is true or false, not 'yes'",
                "?lake=|INVALID_ARGUMENT: the option 'lake' has no value",
                "?lake=/no/such/folder|INVALID_ARGUMENT: no folder stands at lake=/no/such/folder"
            })
    void a_wrong_option_is_an_error(String rest, String message) {
        assertThatThrownBy(() -> open(rest)).isInstanceOf(SQLException.class).hasMessageStartingWith(message);
    }

    @Test
    void other_urls_are_left_to_other_drivers() throws SQLException {
        assertThat(new LakeDriver().connect("jdbc:duckdb:", new Properties())).isNull();
        assertThat(new LakeDriver().acceptsURL("jdbc:lakeops:/x")).isTrue();
        assertThat(new LakeDriver().getPropertyInfo("jdbc:lakeops:", null)).hasSize(2);
    }

    @Test
    void a_warehouse_that_another_process_holds_is_locked() throws Exception {
        Path warehouse = folder.resolve("held.duckdb");
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldWarehouse.class.getName(),
                        warehouse.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> open(warehouse.toString()))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"))
                    .hasMessageStartingWith("WAREHOUSE_LOCKED: ")
                    .hasMessageContaining(warehouse.toString());
        } finally {
            holder.destroy();
            holder.waitFor();
        }
        open(warehouse.toString()).close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void a_damaged_warehouse_is_corrupt(int damage) throws Exception {
        Path warehouse = folder.resolve("damaged.duckdb");
        try (Connection connection = open(warehouse.toString())) {
            run(connection, "CREATE TABLE t AS SELECT * FROM range(100000)");
        }
        byte[] bytes = Files.readAllBytes(warehouse);
        if (damage == 0) {
            bytes = "this is no database, whatever its name says".repeat(1000).getBytes(StandardCharsets.UTF_8);
        } else if (damage == 1) {
            bytes = Arrays.copyOf(bytes, 5000);
        } else {
            for (int i = 4096; i < 12_000; i++) {
                bytes[i] ^= 0x5a;
            }
        }
        Files.write(warehouse, bytes);

        assertThatThrownBy(() -> open(warehouse.toString())).hasMessageStartingWith("WAREHOUSE_CORRUPT: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IO Error: Cannot open file \"/w\": Permission denied|PERMISSION_DENIED",
                "IO Error: Cannot open file \"/w\": Read-only file system|PERMISSION_DENIED",
                "IO Error: Could not write: No space left on device|DISK_FULL",
                "IO Error: Cannot open file \"/no/w\": No such file or directory|IO_FAILED",
                "IO Error: Could not set lock on file \"/w\": Conflicting lock is held|WAREHOUSE_LOCKED",
                "Connection Error: Can't open a connection to same database file with a different"
                        + " configuration|INVALID_ARGUMENT"
            })
    void what_keeps_a_warehouse_from_opening_has_its_code(String message, ErrorCode code) {
        assertThat(Failure.ofOpening(new SQLException(message), "/w").code()).isEqualTo(code);
    }

    @Test
    void a_warehouse_in_a_folder_that_is_not_there_cannot_be_opened() {
        assertThatThrownBy(() -> open(folder.resolve("no/w.duckdb").toString()))
                .hasMessageStartingWith("IO_FAILED: the warehouse can't be opened");
    }

    @Test
    void mounts_are_never_stored_and_plain_duckdb_opens_the_file() throws SQLException {
        Path lake = lakeWithOneTable();
        Path warehouse = folder.resolve("w.duckdb");
        try (Connection connection = open(warehouse + "?lake=" + lake)) {
            run(
                    connection,
                    "CREATE TABLE gold.sales AS SELECT a + 1 AS b FROM bronze.t",
                    "CREATE TABLE plain AS SELECT 5 AS c");
            assertThat(rows(connection, "SELECT b FROM gold.sales")).containsExactly("2");
        }
        try (Connection plain = DriverManager.getConnection("jdbc:duckdb:" + warehouse)) {
            assertThat(rows(
                            plain,
                            "SELECT database_name || '.' || schema_name || '.' || table_name FROM duckdb_tables()"
                                    + " UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1"))
                    .containsExactly("w.gold.sales", "w.main.plain");
            assertThat(rows(plain, "SELECT b FROM gold.sales")).containsExactly("2");
        }
        try (Connection connection = open(warehouse + "?lake=" + lake)) {
            assertThat(rows(connection, "SELECT b, a FROM gold.sales, bronze.t"))
                    .containsExactly("2,1");
        }
    }

    @Test
    void a_physical_table_wins_over_a_mount_of_its_name_with_a_warning() throws SQLException {
        Path lake = lakeWithOneTable();
        Path warehouse = folder.resolve("w.duckdb");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + warehouse)) {
            run(connection, "CREATE SCHEMA bronze", "CREATE TABLE bronze.t AS SELECT 'physical' AS z");
        }
        List<LakeEvent> events = new ArrayList<>();
        LakeDriver driver = new LakeDriver(LakeContext.standard().withListener(events::add));
        try (Connection connection = Objects.requireNonNull(
                driver.connect("jdbc:lakeops:" + warehouse + "?lake=" + lake, new Properties()))) {
            assertThat(rows(connection, "SELECT * FROM bronze.t")).containsExactly("physical");
            assertThat(rows(connection, "SELECT * FROM lake.bronze.t")).containsExactly("1");
            assertThat(Objects.requireNonNull(connection.getWarnings()).getMessage())
                    .startsWith("bronze.t: a table of the warehouse hides the lake's table");
            assertThat(events).hasAtLeastOneElementOfType(LakeEvent.Warning.class);
            run(connection, "INSERT INTO bronze.t VALUES ('more')", "DELETE FROM bronze.t WHERE z = 'physical'");
            assertThat(rows(connection, "SELECT * FROM bronze.t")).containsExactly("more");
            assertThatThrownBy(() -> run(connection, "OPTIMIZE bronze.t")).hasMessageStartingWith("TABLE_NOT_FOUND: ");
            connection.clearWarnings();
            assertThat((Throwable) connection.getWarnings()).isNull();
        }
    }

    @Test
    void a_search_path_of_the_users_keeps_the_mounts() throws SQLException {
        Path lake = lakeWithOneTable();
        try (Connection connection = onLake(lake)) {
            run(connection, "CREATE SCHEMA mine", "USE mine", "CREATE TABLE x AS SELECT 3 AS y");
            assertThat(rows(connection, "SELECT y, a FROM x, bronze.t")).containsExactly("3,1");
            run(connection, "SET search_path = 'main'");
            assertThat(rows(connection, "SELECT a FROM bronze.t")).containsExactly("1");
            assertThat(rows(connection, "SELECT y FROM mine.x")).containsExactly("3");
        }
    }

    @Test
    void a_damaged_table_does_not_keep_the_others_from_being_mounted() throws Exception {
        Path lake = lakeWithOneTable();
        Path broken = lake.resolve("bronze/delta/broken/_delta_log");
        Files.createDirectories(broken);
        Files.writeString(broken.resolve("00000000000000000000.json"), "{\"rubbish");

        try (Connection connection = onLake(lake)) {
            assertThat(rows(connection, "SELECT * FROM bronze.t")).containsExactly("1");
            assertThatThrownBy(() -> rows(connection, "SELECT * FROM bronze.broken"))
                    .hasMessageStartingWith("LOG_CORRUPT: ");
            assertThat((Throwable) connection.getWarnings()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO bronze.t VALUES (2)",
                "DELETE FROM bronze.t",
                "OPTIMIZE bronze.t",
                "VACUUM bronze.t",
                "RESTORE TABLE bronze.t TO VERSION AS OF 0",
                "CREATE TABLE delta.`x` (a INT)",
                "CREATE TABLE plain (a INT)",
                "INSERT INTO plain VALUES (1)",
                "WITH c AS (SELECT 1) INSERT INTO plain SELECT * FROM c",
                "COPY (SELECT 1) TO 'x.csv'",
                "EXPLAIN ANALYZE INSERT INTO plain VALUES (1)",
                "ATTACH 'other.duckdb'",
                "SET lakeops_retention_check = false",
                "SET access_mode = 'read_write'",
                "EXPORT DATABASE 'x'",
                "CHECKPOINT"
            })
    void a_read_only_connection_refuses_every_write(String sql) throws SQLException {
        Path lake = lakeWithOneTable();
        Path warehouse = folder.resolve("w.duckdb");
        try (Connection connection = open(warehouse.toString())) {
            run(connection, "CREATE TABLE IF NOT EXISTS plain (a INT)");
        }
        for (String url : List.of("?lake=" + lake + "&read_only=true", warehouse + "?read_only=true&lake=" + lake)) {
            try (Connection connection = open(url)) {
                assertThat(connection.isReadOnly()).isTrue();
                assertThatThrownBy(() -> run(connection, sql))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("25006"))
                        .hasMessageStartingWith("READ_ONLY: ");
                assertThat(rows(connection, "SELECT * FROM bronze.t")).containsExactly("1");
                assertThat(rows(connection, "VACUUM bronze.t DRY RUN")).isEmpty();
                run(connection, "CREATE TEMP TABLE mine AS SELECT 1", "SET lakeops_commit_timeout = 5");
            }
        }
    }

    @Test
    void two_connections_of_one_warehouse_see_their_own_lakes() throws SQLException {
        Path first = lakeWithOneTable();
        Path second = folder.resolve("second");
        try (Connection connection = open("")) {
            Path path = table(connection, second, "bronze.t", "(a INT)");
            run(connection, "INSERT INTO '" + path + "' VALUES (2)");
        }
        Path warehouse = folder.resolve("w.duckdb");
        try (Connection two = open(warehouse + "?lake=" + second);
                Connection three = open(warehouse + "?lake=" + first)) {
            try (Connection one = open(warehouse + "?lake=" + first)) {
                assertThat(rows(one, "SELECT * FROM bronze.t")).containsExactly("1");
                assertThat(rows(two, "SELECT * FROM bronze.t")).containsExactly("2");
            }
            assertThat(rows(three, "SELECT * FROM bronze.t")).containsExactly("1");
        }
    }

    @Test
    void relations_of_the_lake_are_there_before_their_tables_are() throws SQLException {
        try (Connection connection = onLake(lakeWithOneTable())) {
            assertThat(rows(connection, "SELECT * FROM dbt_test_results WHERE status = 'fail'"))
                    .isEmpty();
            assertThat(rows(
                            connection,
                            "SELECT table_name, check_type, check_date, pass_rate FROM data_quality_metrics WHERE"
                                    + " check_date >= CURRENT_DATE - 7"))
                    .isEmpty();
            run(connection, "CREATE TABLE dbt_test_results AS SELECT 'mine' AS test_name");
            assertThat(rows(connection, "SELECT * FROM dbt_test_results")).containsExactly("mine");
        }
    }

    private Path lakeWithOneTable() throws SQLException {
        Path lake = folder.resolve("lake");
        try (Connection connection = open("")) {
            Path path = table(connection, lake, "bronze.t", "(a INT)");
            run(connection, "INSERT INTO '" + path + "' VALUES (1)");
        }
        return lake;
    }

    @Test
    void tables_that_spark_wrote_are_read_through_every_spelling(@TempDir Path fixtures)
            throws SQLException, IOException {
        Path basic = Fixtures.unpackOne("basic", fixtures);
        try (Connection connection = open("")) {
            List<String> newest = rows(connection, "SELECT * FROM delta_scan('" + basic + "') ORDER BY id");
            List<String> first = rows(connection, "SELECT * FROM delta_scan('" + basic + "', version = 1) ORDER BY id");
            assertThat(newest).hasSize(5).isNotEqualTo(first);
            assertThat(rows(connection, "SELECT * FROM '" + basic + "' ORDER BY id"))
                    .isEqualTo(newest);
            assertThat(rows(connection, "SELECT * FROM delta.`" + basic + "` ORDER BY id"))
                    .isEqualTo(newest);
            for (String version : List.of(
                    "delta_scan('" + basic + "', version := 1)",
                    "delta_scan('" + basic + "', version => 1)",
                    "delta_scan('" + basic + "', version = '1')",
                    "delta.`" + basic + "` VERSION AS OF 1",
                    "delta.`" + basic + "`@v1",
                    "'" + basic + "' VERSION AS OF 1",
                    "'" + basic + "'@v1")) {
                assertThat(rows(connection, "SELECT * FROM " + version + " ORDER BY id"))
                        .as(version)
                        .isEqualTo(first);
            }
            assertThatThrownBy(() -> rows(connection, "SELECT * FROM '" + basic + "'@v99"))
                    .hasMessageStartingWith("VERSION_NOT_FOUND: ");
            assertThatThrownBy(() -> rows(connection, "SELECT * FROM '" + basic + "' TIMESTAMP AS OF '1999-01-01'"))
                    .hasMessageStartingWith("TIMESTAMP_OUT_OF_RANGE: ");
            assertThat(rows(
                            connection,
                            "SELECT count(*) FROM '" + basic + "' TIMESTAMP AS OF '"
                                    + Files.getLastModifiedTime(basic.resolve("_delta_log/00000000000000000001.json"))
                                    + "'"))
                    .containsExactly("5");
        }
    }

    @Test
    void a_missing_data_file_and_an_unknown_feature_have_their_codes(@TempDir Path fixtures) throws SQLException {
        Path missing = Fixtures.unpackOne("corrupt_missing_data_file", fixtures);
        Path feature = Fixtures.unpackOne("hostile_unknown_reader_feature", fixtures);
        try (Connection connection = open("")) {
            assertThatThrownBy(() -> rows(connection, "SELECT * FROM '" + missing + "'"))
                    .hasMessageStartingWith("DATA_FILE_MISSING: ");
            assertThatThrownBy(() -> rows(connection, "SELECT * FROM '" + feature + "'"))
                    .hasMessageStartingWith("FEATURE_UNSUPPORTED: ");
        }
    }
}
