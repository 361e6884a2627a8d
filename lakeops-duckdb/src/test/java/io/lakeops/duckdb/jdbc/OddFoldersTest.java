package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lakeops.duckdb.type.SqlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables in folders of names that somebody on the way could take for another: escapes, patterns, separators, case. */
class OddFoldersTest {
    /** Names, each beside what it must not be taken for. */
    private static final List<String> NAMES = List.of(
            "a\\b",
            "a/b",
            "a%20b",
            "a b",
            "a%2Fb",
            "%",
            "100%25",
            "it's",
            "say \"hi\"",
            "a#b",
            "a?b",
            "axb",
            "a*b",
            "{x}",
            "[1]",
            "1",
            "g[1]",
            "g1",
            "\u00e9",
            "e\u0301",
            "-dash",
            "a\nb",
            "\u0001",
            "~",
            "$HOME",
            "p=1",
            "x:y",
            "..a",
            " lead",
            "trail ",
            "a;b",
            "\ud83d\ude00",
            "a+b",
            "a&b",
            "Case",
            "case",
            "file:",
            "a`b");

    @TempDir
    Path lake;

    @Test
    void every_table_keeps_to_its_folder() throws SQLException, IOException {
        assumeThat(lake.getFileSystem().getSeparator())
                .as("a file system of POSIX")
                .isEqualTo("/");
        Map<String, Path> tables = new TreeMap<>();
        for (String name : NAMES) {
            tables.put(name, lake.resolve("odd").resolve(name));
        }
        try (Connection connection = onLake(lake)) {
            for (int round = 0; round < 2; round++) {
                for (Map.Entry<String, Path> table : tables.entrySet()) {
                    String at = SqlText.string(table.getValue().toString());
                    String own = SqlText.string("of " + table.getKey());
                    if (round == 0) {
                        run(
                                connection,
                                "CREATE TABLE " + at + " (id BIGINT, own VARCHAR, p VARCHAR) PARTITIONED BY (p)"
                                        + " TBLPROPERTIES ('delta.checkpointInterval' = '4')");
                        run(connection, "INSERT INTO " + at + " VALUES (1, " + own + ", 'x'), (2, " + own + ", NULL)");
                        run(connection, "INSERT INTO " + at + " VALUES (3, " + own + ", 'x'), (4, " + own + ", 'y')");
                    } else {
                        run(connection, "OPTIMIZE " + at);
                        run(connection, "DELETE FROM " + at + " WHERE id = 3");
                        run(connection, "SET lakeops_retention_check = false");
                        assertThat(rows(connection, "VACUUM " + at + " RETAIN 0 HOURS")
                                        .get(0))
                                .as("files deleted below %s", table.getKey())
                                .contains(",3,");
                    }
                }
            }
        }
        try (Connection connection = onLake(lake)) {
            for (Map.Entry<String, Path> table : tables.entrySet()) {
                String at = SqlText.string(table.getValue().toString());
                assertThat(rows(connection, "SELECT DISTINCT own FROM delta_scan(" + at + ")"))
                        .containsExactly("of " + table.getKey());
                assertThat(rows(connection, "SELECT id, p FROM delta_scan(" + at + ") ORDER BY id"))
                        .as(table.getKey())
                        .containsExactly("1,x", "2,null", "4,y");
                assertThat(rows(connection, "DESCRIBE HISTORY " + at))
                        .as(table.getKey())
                        .hasSizeGreaterThan(4);
                assertThat(table.getValue().resolve("_delta_log/00000000000000000004.checkpoint.parquet"))
                        .exists();
            }
        }
        assertThat(foldersWithFiles()).isEqualTo(tables.values().stream().collect(Collectors.toSet()));
    }

    /** The folders that hold a log, and no file that is in none of them. */
    private java.util.Set<Path> foldersWithFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(lake)) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        java.util.Set<Path> logs = files.stream()
                .filter(f -> f.getParent() != null && f.getParent().endsWith("_delta_log"))
                .map(f -> Objects.requireNonNull(
                        Objects.requireNonNull(f.getParent()).getParent()))
                .collect(Collectors.toSet());
        assertThat(files).allMatch(f -> logs.stream().anyMatch(f::startsWith));
        return logs;
    }

    @Test
    void a_name_that_two_folders_have_but_for_case_reaches_neither() throws SQLException, IOException {
        Path lower = lake.resolve("bronze/delta/orders");
        Path upper = lake.resolve("bronze/delta/Orders");
        try (Connection connection = onLake(lake)) {
            run(connection, "CREATE TABLE '" + lower + "' (a INT)", "INSERT INTO '" + lower + "' VALUES (1)");
            assertThat(rows(connection, "SELECT a FROM bronze.orders")).containsExactly("1");
            assumeThat(upper).as("a file system in which case matters").doesNotExist();
            run(connection, "CREATE TABLE '" + upper + "' (a INT)", "INSERT INTO '" + upper + "' VALUES (2)");
            neither(connection, lower, upper);
        }
        try (Connection connection = onLake(lake)) {
            neither(connection, lower, upper);
            try (Stream<Path> files = Files.walk(upper)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            run(connection, "CREATE TABLE '" + lake.resolve("bronze/delta/t") + "' (a INT)");
            assertThat(rows(connection, "SELECT a FROM bronze.orders")).containsExactly("1");
        }
    }

    private static void neither(Connection connection, Path lower, Path upper) throws SQLException {
        for (String sql : List.of(
                "SELECT * FROM bronze.orders",
                "SELECT * FROM orders",
                "SELECT count(*) FROM bronze.Orders",
                "SELECT * FROM bronze.orders VERSION AS OF 1",
                "DESCRIBE HISTORY bronze.ORDERS",
                "INSERT INTO bronze.orders VALUES (3)",
                "DELETE FROM orders",
                "VACUUM bronze.Orders")) {
            assertThatThrownBy(() -> run(connection, sql))
                    .as(sql)
                    .hasMessageStartingWith("TABLE_NAME_AMBIGUOUS: ")
                    .hasMessageContaining(lower.toString())
                    .hasMessageContaining(upper.toString());
        }
        assertThat(rows(connection, "SELECT a FROM delta_scan('" + lower + "')"))
                .containsExactly("1");
        assertThat(rows(connection, "SELECT a FROM delta_scan('" + upper + "')"))
                .containsExactly("2");
    }
}
