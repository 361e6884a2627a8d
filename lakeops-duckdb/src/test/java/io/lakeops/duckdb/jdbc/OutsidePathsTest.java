package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logs whose paths lead out of the table: whatever is run on them, nothing outside is read, changed or deleted. */
class OutsidePathsTest {
    /** What statements may answer: each says what is wrong with the path. */
    private static final List<String> ANSWERS = List.of(
            "PATH_OUTSIDE_TABLE: ",
            "LOG_CORRUPT: ",
            "DATA_FILE_MISSING: ",
            "DELETION_VECTOR_CORRUPT: ",
            "RESTORE_FILES_MISSING: ");

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path table;

    @SuppressWarnings("NullAway.Init")
    private Path outside;

    static Stream<String> paths() {
        return Stream.of(
                "../outside/secret.parquet",
                "../table2/../outside/secret.parquet",
                "./../outside/secret.parquet",
                "p=x/../../outside/secret.parquet",
                "%2e%2e/outside/secret.parquet",
                "%2E%2E%2Foutside%2Fsecret.parquet",
                "..%2foutside%2fsecret.parquet",
                "p=x%2F..%2F..%2Foutside%2Fsecret.parquet",
                "%252e%252e/outside/secret.parquet",
                "..\\\\outside\\\\secret.parquet",
                "..%5Coutside%5Csecret.parquet",
                "@OUT@/secret.parquet",
                "file:@OUT@/secret.parquet",
                "file://@OUT@/secret.parquet",
                "FILE:///@OUT@/secret.parquet",
                "file://host@OUT@/secret.parquet",
                "file:../outside/secret.parquet",
                "//@OUT@/secret.parquet",
                "s3://bucket/secret.parquet",
                "http://127.0.0.1:9/secret.parquet",
                "link/secret.parquet",
                "link.parquet",
                "p=x/../link/secret.parquet",
                "secret.parquet%00",
                "%00../outside/secret.parquet",
                "../outside/*.parquet",
                "*/../../outside/secret.parquet",
                "..",
                ".",
                "",
                "/",
                "%");
    }

    @TempDir
    static Path model;

    @SuppressWarnings("NullAway.Init")
    private static Connection connection;

    @BeforeAll
    static void make() throws SQLException {
        connection = onLake(model);
        String at = "delta.`" + model.resolve("table") + "`";
        run(
                connection,
                "SET lakeops_retention_check = false",
                "CREATE TABLE " + at + " (id BIGINT, t VARCHAR)",
                "INSERT INTO " + at + " VALUES (1, 'own')",
                "INSERT INTO " + at + " VALUES (2, 'own')",
                "COPY (SELECT 666::BIGINT AS id, 'secret' AS t) TO '" + model.resolve("secret.parquet") + "'");
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @BeforeEach
    void copy() throws IOException {
        table = folder.resolve("table");
        outside = folder.resolve("outside");
        try (Stream<Path> files = Files.walk(model.resolve("table"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(
                        file,
                        table.resolve(model.resolve("table").relativize(file).toString()));
            }
        }
        Files.createDirectories(outside);
        Files.copy(model.resolve("secret.parquet"), outside.resolve("secret.parquet"));
        Files.createDirectories(table.resolve("p=x"));
        Files.createSymbolicLink(table.resolve("link"), outside);
        Files.createSymbolicLink(table.resolve("link.parquet"), outside.resolve("secret.parquet"));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void an_added_file_outside_is_never_touched(String path) throws SQLException, IOException {
        Path commit = table.resolve("_delta_log/00000000000000000002.json");
        String hostile = path.replace("@OUT@", outside.toString());
        Files.writeString(
                commit,
                Files.readString(commit)
                        .replaceFirst("(\"add\":\\{\"path\":\")[^\"]*", "$1" + hostile.replace("\\", "\\\\")));
        everythingIsRefused(hostile);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void a_removed_file_outside_is_never_touched(String path) throws SQLException, IOException {
        Path commit = table.resolve("_delta_log/00000000000000000002.json");
        String hostile = path.replace("@OUT@", outside.toString());
        Files.writeString(
                commit,
                Files.readString(commit) + "{\"remove\":{\"path\":\"" + hostile
                        + "\",\"deletionTimestamp\":1,\"dataChange\":true,\"extendedFileMetadata\":true,\"partitionValues\":{},\"size\":1}}\n");
        everythingIsRefused(hostile);
    }

    /** Runs every statement; what is read is the table's own, and what fails says why. */
    private void everythingIsRefused(String hostile) throws SQLException, IOException {
        Map<String, Long> before = files(outside);
        String at = "delta.`" + table + "`";
        for (String sql : List.of(
                "SELECT t FROM " + at,
                "DELETE FROM " + at + " WHERE id = 2",
                "RESTORE TABLE " + at + " TO VERSION AS OF 2",
                "OPTIMIZE " + at,
                "DELETE FROM " + at,
                "VACUUM " + at + " RETAIN 0 HOURS")) {
            try {
                if (sql.startsWith("SELECT")) {
                    assertThat(rows(connection, sql)).as(hostile).doesNotContain("secret");
                } else {
                    run(connection, sql);
                }
            } catch (SQLException e) {
                assertThat(ANSWERS)
                        .as("%s with %s answers %s", sql, hostile, e.getMessage())
                        .anyMatch(code -> String.valueOf(e.getMessage()).startsWith(code));
            }
            assertThat(files(outside)).as("%s with %s", sql, hostile).isEqualTo(before);
        }
        assertThat(Files.exists(table.resolve("link")))
                .as("the link is nobody's to delete")
                .isTrue();
    }

    private static Map<String, Long> files(Path folder) throws IOException {
        Map<String, Long> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                found.put(
                        folder.relativize(file).toString(),
                        Files.getLastModifiedTime(file).toMillis() + Files.size(file));
            }
        }
        return found;
    }
}
