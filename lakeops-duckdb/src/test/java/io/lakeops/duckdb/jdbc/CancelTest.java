package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.open;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that are stopped: by a timeout, by a cancel, by a close, each that one alone. */
class CancelTest {
    /** Longer than any test waits. */
    private static final String ENDLESS =
            "SELECT (a.range % 7)::INT AS a FROM range(100000000) AS a, range(1000000) AS b"
                    + " WHERE hash(a.range * b.range) % 1000003 = 1";

    @TempDir
    Path folder;

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Connection connection;
    private Path path;

    @BeforeEach
    void makeTheTable() throws SQLException {
        connection = open("");
        path = table(connection, folder, "bronze.t", "(a INT)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        executor.shutdownNow();
    }

    @Test
    void a_verb_keeps_to_the_query_timeout() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertThat(statement.getQueryTimeout()).isEqualTo(1);
            stopped(() -> statement.executeUpdate("INSERT INTO '" + path + "' " + ENDLESS), "its query timeout of 1 s");
            stopped(() -> statement.execute(ENDLESS), "its query timeout of 1 s");
            assertThat(statement.executeUpdate("INSERT INTO '" + path + "' VALUES (1)"))
                    .isEqualTo(1);
            assertThatThrownBy(() -> statement.setQueryTimeout(-1)).hasMessageStartingWith("INVALID_ARGUMENT: ");
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO '" + path + "' " + ENDLESS)) {
            insert.setQueryTimeout(1);
            stopped(insert::executeUpdate, "its query timeout of 1 s");
        }
        assertThat(rows(connection, "SELECT * FROM delta_scan('" + path + "')")).containsExactly("1");
        assertThat(dataFiles()).as("what was written half is gone").hasSize(1);
    }

    @Test
    void a_statement_that_runs_nothing_stops_nothing_of_another() throws Exception {
        try (Statement running = connection.createStatement();
                Statement idle = connection.createStatement()) {
            Future<List<String>> count = executor.submit(() ->
                    rows(running.executeQuery("SELECT count(*) FROM range(300000000) AS t(i) WHERE hash(i) % 3 = 1")));
            while (!count.isDone()) {
                idle.cancel();
                Thread.onSpinWait();
            }
            assertThat(count.get()).hasSize(1);
        }
    }

    @Test
    void closing_a_statement_that_runs_stops_it() throws Exception {
        for (String verb : List.of("", "INSERT INTO '" + path + "' ")) {
            String name = "started" + verb.length();
            CountDownLatch started = signal(name);
            Statement statement = connection.createStatement();
            String sql = verb + ENDLESS.replace("hash(a.range", "hash(" + name + "(a.range)");
            Future<Boolean> done = executor.submit(() -> statement.execute(sql));
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
            statement.close();
            assertThatThrownBy(() -> done.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(SQLException.class)
                    .hasMessageStartingWith("CANCELLED: ");
        }
        assertThat(dataFiles()).isEmpty();
    }

    @Test
    void a_verb_has_no_columns_before_it_is_run() throws SQLException {
        try (PreparedStatement history = connection.prepareStatement("DESCRIBE HISTORY '" + path + "'")) {
            assertThat(history.getMetaData()).isNull();
            assertThat(history.executeQuery().getMetaData().getColumnName(1)).isEqualTo("version");
        }
    }

    /** A function {@code started} that tells when a query calls it. */
    private CountDownLatch signal(String name) throws SQLException {
        CountDownLatch called = new CountDownLatch(1);
        try (DuckDBScalarFunctionBuilder function = DuckDBFunctions.scalarFunction()) {
            function.withName(name)
                    .withParameters(DuckDBColumnType.BIGINT)
                    .withReturnType(DuckDBColumnType.BIGINT)
                    .withVolatile()
                    .withVectorizedFunction((in, out) -> {
                        called.countDown();
                        for (long row = 0; row < in.rowCount(); row++) {
                            out.setLong(row, in.vector(0).getLong(row));
                        }
                    })
                    .register(connection.unwrap(DuckDBConnection.class));
        }
        return called;
    }

    private void stopped(Callable<?> work, String how) throws Exception {
        Future<?> running = executor.submit(work);
        assertThatThrownBy(() -> running.get(60, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(SQLException.class, e -> {
                    assertThat(e.getSQLState()).isEqualTo("57014");
                    assertThat(e.getMessage()).startsWith("CANCELLED: ").contains(how);
                });
    }

    private List<Path> dataFiles() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(f -> f.toString().endsWith(".parquet")).toList();
        }
    }
}
