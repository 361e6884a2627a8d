package io.lakeops.duckdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.LoadRequest;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbSessionTest {
    private static final long MIB = 1L << 20;

    @TempDir
    Path dir;

    private DuckDbSession open(long mebibytes, LakeContext context) {
        return DuckDbSession.open(new EngineOptions(mebibytes * MIB, 2, dir.resolve("spill")), context);
    }

    private static Relation query(String sql) {
        return new Relation.Query(new Expr(sql, "duckdb", Predicate.always()));
    }

    private static ErrorCode code(DuckDbSession session, String sql) {
        return catchThrowableOfType(LakeException.class, () -> session.rows(query(sql), 10, new Cancellation()))
                .code();
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void values_have_the_classes_that_rows_promise() {
        try (DuckDbSession session = open(256, LakeContext.standard())) {
            Rows rows = session.rows(
                    query(
                            "SELECT 1::TINYINT AS a, 2::BIGINT AS b, 3::HUGEINT AS c,"
                                    + " 99999999999999999999::HUGEINT AS d, 1.5::FLOAT AS e, 'x' AS f, '\\x01'::BLOB AS g,"
                                    + " TIMESTAMPTZ '2024-01-01 00:00:00+10' AS h, TIMESTAMP '2024-01-01 00:00:00.5' AS i,"
                                    + " [TIMESTAMP '2024-07-01 02:30:00'] AS j, {'k': DATE '2024-01-01', 'l': NULL} AS k,"
                                    + " MAP {1: 'm'} AS l, uuid '00000000-0000-0000-0000-000000000001' AS m, INTERVAL 1 DAY AS n;"),
                    10,
                    new Cancellation());
            List<Object> row =
                    rows.rows().get(0).stream().map(Object.class::cast).toList();
            assertThat(row.subList(0, 6)).containsExactly(1, 2L, 3L, new BigDecimal("99999999999999999999"), 1.5, "x");
            assertThat(row.get(6)).isEqualTo(new byte[] {1});
            assertThat(row.get(7)).isEqualTo(Instant.parse("2023-12-31T14:00:00Z"));
            assertThat(row.get(8)).isEqualTo(LocalDateTime.parse("2024-01-01T00:00:00.5"));
            assertThat(row.get(9)).isEqualTo(List.of(LocalDateTime.parse("2024-07-01T02:30:00")));
            assertThat(row.get(10).toString()).isEqualTo("{k=2024-01-01, l=null}");
            assertThat(row.get(11)).isEqualTo(Map.of(1, "m"));
            assertThat(row.get(12)).isEqualTo("00000000-0000-0000-0000-000000000001");
            assertThat(row.get(13)).isInstanceOf(String.class);
        }
    }

    @Test
    void a_lent_connection_shows_its_own_views_and_temporary_tables_and_stays_open() throws SQLException {
        try (DuckDBConnection connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'Australia/Sydney'");
            statement.execute("CREATE TEMP TABLE mine AS SELECT 7 AS id, TIMESTAMP '2024-07-01 10:00:00' AS ts");
            statement.execute("CREATE VIEW seen AS SELECT * FROM mine");
            Schema schema = Schema.of(Field.of("id", Primitive.LONG), Field.of("ts", Primitive.TIMESTAMP));
            try (DuckDbSession session = DuckDbSession.over(connection, LakeContext.standard())) {
                WrittenFile file = session.write(
                                new WriteRequest(
                                        query("SELECT * FROM seen"), schema, List.of("id"), dir, MIB, List.of()),
                                new Cancellation())
                        .get(0);
                assertThat(file.partitionValues()).isEqualTo(Map.of("id", "7"));
                // The lender's zone gives a timestamp without one its instant, as everywhere else on the connection.
                assertThat(file.statistics().column(List.of("ts")).max())
                        .contains(new Literal(Instant.parse("2024-07-01T00:00:00Z")));
                assertThat(loadOne(session)).isEqualTo(new Literal(Instant.parse("2024-07-01T10:00:00Z")));
            }
            assertThat(connection.isClosed()).isFalse();
            try (Statement again = connection.createStatement();
                    var result = again.executeQuery(
                            "SELECT current_setting('TimeZone'), count(*) FROM duckdb_tables() WHERE table_name LIKE 'lakeops%'")) {
                result.next();
                assertThat(result.getString(1)).isEqualTo("Australia/Sydney");
                assertThat(result.getLong(2)).isZero();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Literal loadOne(DuckDbSession session) throws IOException {
        Path raw = Files.writeString(dir.resolve("a.csv"), "ts\n2024-07-01 10:00:00\n");
        Schema source = Schema.of(Field.of("ts", Primitive.TIMESTAMP));
        return load(session, raw, source)
                .files()
                .get(0)
                .statistics()
                .column(List.of("ts"))
                .max()
                .orElseThrow();
    }

    private Loaded load(DuckDbSession session, Path raw, Schema source) {
        return session.load(
                new LoadRequest(
                        List.of(new LoadRequest.RawFile(raw, "raw")),
                        LoadRequest.RawFormat.Csv.standard(),
                        source,
                        List.of(),
                        List.of(),
                        source,
                        List.of(),
                        List.of(),
                        dir.resolve("loaded"),
                        dir.resolve("rejects"),
                        "b",
                        Instant.EPOCH,
                        64 * MIB),
                new Cancellation());
    }

    @Test
    void a_running_statement_tells_its_progress_and_stops_when_it_is_cancelled() throws IOException {
        Queue<LakeEvent> events = new ConcurrentLinkedQueue<>();
        Cancellation cancellation = new Cancellation();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            LakeContext context = new LakeContext(Clock.systemUTC(), executor, event -> {
                events.add(event);
                if (event instanceof LakeEvent.Progress progress && progress.done() > 0) {
                    cancellation.cancel();
                }
            });
            try (DuckDbSession session = open(256, context)) {
                Schema schema = Schema.of(Field.of("h", Primitive.STRING));
                LakeException failure = catchThrowableOfType(
                        LakeException.class,
                        () -> session.write(
                                new WriteRequest(
                                        query(
                                                "SELECT md5(a.i::VARCHAR || b.i::VARCHAR) AS h FROM range(100000) a(i), range(100000) b(i)"),
                                        schema,
                                        List.of(),
                                        dir.resolve("t"),
                                        MIB,
                                        List.of()),
                                cancellation));
                assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
                assertThat(session.rows(query("SELECT 1"), 1, new Cancellation())
                                .rows())
                        .hasSize(1);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(events)
                .anyMatch(
                        e -> e instanceof LakeEvent.Progress p && p.operation().equals("write"));
        assertThat(filesBelow(dir.resolve("t"))).isEmpty();
    }

    @Test
    void errors_of_the_engine_have_codes_of_their_own() {
        try (DuckDbSession session = open(64, LakeContext.standard())) {
            assertThat(code(session, "SELECT")).isEqualTo(ErrorCode.SQL_SYNTAX);
            assertThat(code(session, "SELECT * FROM nowhere")).isEqualTo(ErrorCode.SQL_FAILED);
            assertThat(code(session, "SELECT 'x'::INTEGER")).isEqualTo(ErrorCode.SQL_FAILED);
            assertThat(code(session, "SELECT * FROM read_parquet('/nowhere/x.parquet')"))
                    .isEqualTo(ErrorCode.DATA_FILE_MISSING);
            assertThat(code(session, "SELECT len(list(md5(i::VARCHAR))) FROM range(20000000) t(i)"))
                    .isEqualTo(ErrorCode.MEMORY_EXCEEDED);
            assertThat(session.rows(query("SELECT 1"), 1, new Cancellation()).rows())
                    .hasSize(1);
        }
    }

    @Test
    void what_duckdb_says_of_disks_and_rights_is_understood() {
        assertThat(
                        Failures.code(
                                "IO Error: Async write failed for range [offset=0, size=27]: {\"exception_type\":\"IO\","
                                        + "\"exception_message\":\"Could not write file \\\"/dev/full\\\": No space left on device\",\"errno\":\"28\"}"))
                .isEqualTo(ErrorCode.DISK_FULL);
        assertThat(Failures.code("Out of Memory Error: failed to offload data block of size 256.0 KiB (1.0 MiB/1.0 MiB"
                        + " used).\nThis limit was set by the 'max_temp_directory_size' setting."))
                .isEqualTo(ErrorCode.DISK_FULL);
        assertThat(Failures.code("IO Error: Cannot open file \"/x/part.parquet\": Permission denied"))
                .isEqualTo(ErrorCode.PERMISSION_DENIED);
        assertThat(Failures.code("IO Error: Failed to create directory \"/proc/x\": No such file or directory"))
                .isEqualTo(ErrorCode.IO_FAILED);
        assertThat(Failures.code("INTERRUPT Error: Interrupted!")).isEqualTo(ErrorCode.CANCELLED);
        assertThat(Failures.code("INTERNAL Error: Attempted to access index 0")).isEqualTo(ErrorCode.ENGINE_FAILED);
    }

    @Test
    void a_folder_that_can_not_be_made_is_named() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        try (DuckDbSession session = open(256, LakeContext.standard())) {
            LakeException failure = catchThrowableOfType(
                    LakeException.class,
                    () -> session.write(
                            new WriteRequest(
                                    query("SELECT 1 AS a"),
                                    Schema.of(Field.of("a", Primitive.LONG)),
                                    List.of(),
                                    file.resolve("t"),
                                    MIB,
                                    List.of()),
                            new Cancellation()));
            assertThat(failure.code()).isEqualTo(ErrorCode.IO_FAILED);
            assertThat(failure).hasMessageContaining(file.toString());
        }
    }

    @Test
    void a_raw_file_larger_than_the_memory_is_loaded() throws IOException {
        Path raw = dir.resolve("big.csv");
        try (BufferedWriter out = Files.newBufferedWriter(raw)) {
            out.write("id,t\n");
            for (int i = 0; i < 600_000; i++) {
                out.write(i + ",\"" + "text and more text ".repeat(8) + i + "\"\n");
            }
        }
        assertThat(Files.size(raw)).isGreaterThan(64 * MIB);
        Schema source = Schema.of(Field.of("id", Primitive.LONG), Field.of("t", Primitive.STRING));
        try (DuckDbSession session = open(64, LakeContext.standard())) {
            Loaded loaded = load(session, raw, source);
            assertThat(loaded.counts()).containsExactly(new Loaded.Count("raw", 600_000, 600_000, 0));
            assertThat(loaded.files().stream()
                            .mapToLong(f -> f.statistics().rowCount())
                            .sum())
                    .isEqualTo(600_000);
        }
    }

    /** The driver is an hour off on the day on which the clocks of the process's zone change; tests run in one that does. */
    @Test
    void an_instant_is_the_same_on_the_day_on_which_the_clocks_change() {
        TimeZone zone = TimeZone.getDefault();
        try (DuckDbSession session = open(256, LakeContext.standard())) {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
            Rows rows = session.rows(
                    query("SELECT t, epoch_us(t) AS us, [t] AS nested FROM generate_series(TIMESTAMPTZ '2024-04-05"
                            + " 12:00:00+00', TIMESTAMPTZ '2024-04-06 12:00:00+00', INTERVAL 1 HOUR) g(t)"),
                    100,
                    new Cancellation());
            assertThat(rows.rows()).hasSize(25).allSatisfy(row -> {
                Instant instant = Instant.EPOCH.plus((Long) Objects.requireNonNull(row.get(1)), ChronoUnit.MICROS);
                assertThat(row.get(0)).isEqualTo(instant);
                assertThat(row.get(2)).isEqualTo(List.of(instant));
            });
        } finally {
            TimeZone.setDefault(zone);
        }
    }
}
