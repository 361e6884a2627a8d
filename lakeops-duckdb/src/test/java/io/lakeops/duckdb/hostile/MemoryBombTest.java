package io.lakeops.duckdb.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that ask for more memory than there is: a process with 256 MB answers each of them, and goes on to the next. */
class MemoryBombTest {
    private static final long HUGE = 3L << 30;

    @TempDir
    static Path folder;

    private static final Map<String, String> EXPECTED = new LinkedHashMap<>();

    @BeforeAll
    static void write() throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:lakeops:")) {
            sparse(table(connection, "a_commit_without_end", "LOG_CORRUPT").resolve("_delta_log/" + commit(3)));
            Files.writeString(
                    table(connection, "a_commit_of_brackets", "LOG_CORRUPT").resolve("_delta_log/" + commit(3)),
                    "{\"add\":" + "[".repeat(30 << 20) + "\n");
            Files.writeString(
                    table(connection, "a_commit_of_one_long_name", "LOG_CORRUPT")
                            .resolve("_delta_log/" + commit(3)),
                    "{\"" + "x".repeat(40 << 20) + "\":1}\n");
            sparse(table(connection, "a_pointer_without_end", "read 100").resolve("_delta_log/_last_checkpoint"));
            vector(connection);
            statistics(connection);
            checkpoint(
                    connection,
                    "a_checkpoint_of_nothing",
                    "SELECT NULL::STRUCT(appId VARCHAR, version BIGINT) AS txn FROM range(4000000)");
            checkpoint(
                    connection,
                    "a_checkpoint_of_one_long_text",
                    "SELECT {'path': repeat('x', 300000000), 'size': 1::BIGINT, 'modificationTime': 1::BIGINT,"
                            + " 'dataChange': true, 'partitionValues': MAP {'a': 'b'}} AS add");
        }
    }

    private static String commit(long version) {
        return String.format("%020d.json", version);
    }

    private static Path table(Connection connection, String name, String answer, String... more) throws SQLException {
        Path table = folder.resolve(name);
        List<String> statements = new ArrayList<>(List.of(
                "CREATE TABLE {t} (id BIGINT, name VARCHAR) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
                "INSERT INTO {t} SELECT i, 'a' FROM range(100) r(i)"));
        statements.addAll(List.of(more));
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql.replace("{t}", "delta.`" + table + "`"));
            }
        }
        EXPECTED.put(name, answer);
        return table;
    }

    private static void sparse(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(HUGE);
        }
    }

    /** A vector of two gigabytes, and a file long enough for it. */
    private static void vector(Connection connection) throws SQLException, IOException {
        Path table = table(
                connection, "a_vector_without_end", "DELETION_VECTOR_CORRUPT", "DELETE FROM {t} WHERE id % 10 = 3");
        Path commit = table.resolve("_delta_log/" + commit(2));
        String text = Files.readString(commit);
        String larger = text.replaceAll("\"sizeInBytes\":\\d+", "\"sizeInBytes\":2147483639");
        assertThat(larger).isNotEqualTo(text);
        Files.writeString(commit, larger);
        try (var files = Files.list(table)) {
            Path vectors = files.filter(file -> file.toString().endsWith(".bin"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile open = new RandomAccessFile(vectors.toFile(), "rw")) {
                open.setLength(HUGE);
            }
        }
    }

    /** Bounds as long as a line may be: they are only read where something is pruned. */
    private static void statistics(Connection connection) throws SQLException, IOException {
        Path table = table(connection, "bounds_of_many_bytes", "read 100");
        Path commit = table.resolve("_delta_log/" + commit(1));
        String text = Files.readString(commit);
        String longer = text.replace("\\\"name\\\":\\\"a\\\"", "\\\"name\\\":\\\"" + "a".repeat(4 << 20) + "\\\"");
        assertThat(longer).isNotEqualTo(text);
        Files.writeString(commit, longer);
    }

    /** A checkpoint that unpacks to more than memory, and no commits that could stand in for it. */
    private static void checkpoint(Connection connection, String name, String rows) throws SQLException, IOException {
        Path table = table(connection, name, "LOG_CORRUPT");
        Path log = table.resolve("_delta_log");
        Files.delete(log.resolve(commit(0)));
        try (Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + rows + ") TO '" + log.resolve("00000000000000000001.checkpoint.parquet")
                    + "' (FORMAT parquet, COMPRESSION zstd)");
        }
        Files.writeString(
                log.resolve("_last_checkpoint"), "{\"version\":1,\"size\":1}", UTF_8, StandardOpenOption.CREATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"with", "without"})
    void what_asks_for_more_memory_than_there_is_gets_an_error(String engine) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                ReadingProcess.class.getName(),
                folder.resolve("spill").toString(),
                engine));
        EXPECTED.keySet().forEach(name -> command.add(folder.resolve(name).toString()));
        Path out = folder.resolve("out-" + engine);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        process.destroyForcibly().waitFor();
        String said = Files.readString(out);
        assertThat(ended).as("it comes to an end; it said %s", said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        EXPECTED.forEach((name, answer) -> assertThat(said).contains(name + " " + answer));
    }
}
