package io.lakeops.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.Lake;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.examples.retail.RetailSource;
import io.lakeops.ingest.IngestResult;
import io.lakeops.ingest.Ingestion;
import io.lakeops.ingest.Source;
import io.lakeops.provider.Providers;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.testkit.Fixtures;
import io.lakeops.testkit.InterposedFormat;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * What a user sees of bad input, from the program's commands down to the disk: the code, the cause and the way out, exit
 * code 1, no stack trace, and a lake that is byte for byte as it was.
 */
class BadInputTest {
    private static final String ORDERS_HEADER =
            String.join(",", RetailSource.ORDERS_HEADER.columns().names()) + "\n";
    private static final String ORDER = "%d,2024-04-01T01:00:00Z,2024-04-01,7,1,web,card,,5.00,AUD%n";
    private static final Source NOTES = Source.of(
                    "notes",
                    new TableId("bronze", "notes"),
                    "*.csv.gz",
                    RawFormat.Csv.standard(),
                    Schema.of(Field.of("id", Primitive.LONG), Field.of("note", Primitive.STRING)))
            .requiring("id");

    @TempDir
    private Path folder;

    // Raw files

    @Test
    void raw_files_that_can_not_be_read_fail_alone_each_with_its_code_name_and_fix_and_bring_no_row()
            throws IOException {
        raw("orders/order_dt=2024-04-01/orders_header_01.csv", ORDERS_HEADER + ORDER.formatted(1));
        assertThat(load().code()).isZero();
        SortedMap<String, Integer> bronze = files(lake().resolve("bronze"));
        SortedMap<String, Integer> rejects = files(lake().resolve("_rejects"));
        String day = "orders/order_dt=2024-04-02/";
        raw(day + "orders_header_01.csv", "");
        raw(day + "orders_header_02.csv", "animal,sound\ncat,meow\n");
        rawBytes(
                day + "orders_header_03.csv",
                (ORDERS_HEADER + ORDER.formatted(3).replace("web", "caf\u00e9")).getBytes(StandardCharsets.ISO_8859_1));
        rawBytes(day + "orders_header_04.csv", new byte[] {'P', 'A', 'R', '1', 0, (byte) 0xff, 'P', 'A', 'R', '1'});
        raw(day + "orders_header_05.avro", "Obj");
        raw(day + "orders_header_06.avro", "");
        raw("shipments.parquet", "PAR1 and then the connection broke");
        raw("exchange_rates.xlsx", "date,currency,rate_to_aud\n");
        raw("events/event_dt=2024-04-02/events_01.jsonl", "");

        Outcome again = load();

        assertThat(again.code()).isEqualTo(1);
        again.names("SOURCE_EMPTY", day + "orders_header_01.csv");
        again.names("SOURCE_COLUMNS", day + "orders_header_02.csv");
        again.names("SOURCE_ENCODING", day + "orders_header_03.csv");
        again.names("SOURCE_ENCODING", day + "orders_header_04.csv");
        again.names("SOURCE_UNREADABLE", day + "orders_header_05.avro");
        again.names("SOURCE_EMPTY", day + "orders_header_06.avro");
        again.names("SOURCE_UNREADABLE", "shipments.parquet");
        again.names("SOURCE_UNREADABLE", "exchange_rates.xlsx");
        again.names("SOURCE_EMPTY", "events/event_dt=2024-04-02/events_01.jsonl");
        assertThat(files(lake().resolve("bronze"))).isEqualTo(bronze);
        assertThat(files(lake().resolve("_rejects"))).isEqualTo(rejects);
        SortedMap<String, Integer> all = files(lake());
        assertThat(load().code()).as("the faults are still there").isEqualTo(1);
        assertThat(files(lake())).as("and are known").isEqualTo(all);
    }

    @Test
    void a_csv_file_cut_within_a_quoted_value_loads_its_whole_rows_and_rejects_the_cut_one() throws IOException {
        String cut = ORDER.formatted(2).replace("web", "\"web");
        raw(
                "orders/order_dt=2024-04-01/orders_header_01.csv",
                ORDERS_HEADER + ORDER.formatted(1) + cut.substring(0, cut.indexOf("web") + 2));

        Outcome loaded = load();

        assertThat(loaded.code()).isZero();
        assertThat(loaded.out()).contains("bronze.orders: 1 files, 1 rows loaded, 1 rejected;");
        assertThat(sql("SELECT * FROM delta_scan('" + lake().resolve("_rejects/orders") + "')")
                        .out())
                .contains("UNTERMINATED_QUOTE: a quote is opened and not closed")
                .contains("orders_header_01.csv,3,");
    }

    @Test
    void a_truncated_gzip_file_fails_alone_and_leaves_no_file_behind() throws IOException {
        byte[] whole = zipped("id,note\n" + "1,x\n".repeat(20_000));
        rawBytes("a.csv.gz", zipped("id,note\n1,x\n"));
        rawBytes("cut.csv.gz", Arrays.copyOf(whole, whole.length - 30));
        rawBytes("text.csv.gz", "id,note\n2,y\n".getBytes(StandardCharsets.UTF_8));

        IngestResult result = ingest(new DeltaFormat());

        assertThat(result.failures())
                .extracting(IngestResult.Failure::file)
                .containsExactlyInAnyOrder("cut.csv.gz", "text.csv.gz");
        assertThat(result.failures()).allSatisfy(f -> {
            assertThat(f.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
            assertThat(f.message()).contains(f.file()).contains(" Fix: ");
        });
        assertThat(result.loadedRows()).isEqualTo(1);
        assertThat(dataFiles(lake().resolve("bronze"))).hasSize(1);
    }

    @Test
    void a_raw_folder_that_is_not_there_is_named_and_no_lake_is_made() {
        Outcome outcome =
                cli("load-to-bronze", "--raw", folder.resolve("nowhere").toString(), "--lake", lake().toString());

        outcome.failed("SOURCE_NOT_FOUND", folder.resolve("nowhere").toString());
        assertThat(lake()).doesNotExist();
    }

    // Tables

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM delta_scan('%s')",
                "DESCRIBE HISTORY delta_scan('%s')",
                "DESCRIBE DETAIL delta.`%s`",
                "OPTIMIZE delta.`%s`",
                "VACUUM delta.`%s`",
                "RESTORE delta.`%s` TO VERSION AS OF 1",
                "DELETE FROM delta.`%s` WHERE id = 1",
                "INSERT INTO delta.`%s` VALUES (1)"
            })
    void a_path_without_a_table_is_named_and_nothing_is_made_there(String statement) throws IOException {
        Path place = Files.createDirectories(folder.resolve("no table"));
        Files.writeString(place.resolve("notes.txt"), "no table");
        SortedMap<String, Integer> before = files(folder);

        sql(statement.formatted(place)).failed("TABLE_NOT_FOUND", place.toString());

        assertThat(files(folder)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT * FROM delta_scan('%s', version=99)|VERSION_NOT_FOUND|99",
                "RESTORE delta.`%s` TO VERSION AS OF 99|VERSION_NOT_FOUND|99",
                "SELECT * FROM delta_scan('%s', timestamp='1999-01-01')|TIMESTAMP_OUT_OF_RANGE|1999-01-01"
            })
    void a_version_that_does_not_exist_is_named_with_those_that_do(String statement, String code, String value)
            throws IOException {
        Path table = Fixtures.unpackOne("basic", folder);
        SortedMap<String, Integer> before = files(table);

        Outcome outcome = sql(statement.formatted(table));

        outcome.failed(code, value);
        assertThat(outcome.err()).contains("earliest=").contains("latest=");
        assertThat(files(table)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hostile_unknown_reader_feature|futureReader|SELECT * FROM delta_scan('%s')",
                "hostile_unknown_reader_feature|futureReader|DELETE FROM delta.`%s` WHERE true",
                "hostile_unknown_reader_feature|futureReader|OPTIMIZE delta.`%s`",
                "hostile_unknown_reader_feature|futureReader|VACUUM delta.`%s`",
                "hostile_unknown_writer_feature|futureWriter|DELETE FROM delta.`%s` WHERE true",
                "hostile_unknown_writer_feature|futureWriter|INSERT INTO delta.`%s` SELECT * FROM delta_scan('%s')",
                "hostile_unknown_writer_feature|futureWriter|OPTIMIZE delta.`%s`",
                "hostile_unknown_writer_feature|futureWriter|RESTORE delta.`%s` TO VERSION AS OF 1",
                "hostile_unknown_writer_feature|futureWriter|VACUUM delta.`%s`"
            })
    void a_feature_that_is_not_known_is_named_and_the_table_is_left_alone(
            String fixture, String feature, String statement) throws IOException {
        Path table = Fixtures.unpackOne(fixture, folder);
        SortedMap<String, Integer> before = files(table);

        sql(statement.replace("%s", table.toString())).failed("FEATURE_UNSUPPORTED", feature);

        assertThat(files(table)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM delta_scan('%s')",
                "DELETE FROM delta.`%s` WHERE true",
                "OPTIMIZE delta.`%s`",
                "VACUUM delta.`%s`"
            })
    void a_half_written_commit_file_is_named_and_older_versions_are_still_read(String statement) throws IOException {
        Path table = Fixtures.unpackOne("corrupt_half_written_commit", folder);
        SortedMap<String, Integer> before = files(table);

        Outcome outcome = sql(statement.formatted(table));

        outcome.failed("LOG_CORRUPT", "00000000000000000005.json");
        assertThat(outcome.err()).contains("docs/runbooks/log-corrupt.md");
        assertThat(sql("SELECT count(*) FROM delta_scan('" + table + "', version=4)")
                        .code())
                .isZero();
        assertThat(files(table)).isEqualTo(before);
    }

    // The disk

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_folder_that_refuses_new_files_even_to_root_is_named() throws IOException {
        raw("orders/order_dt=2024-04-01/orders_header_01.csv", ORDERS_HEADER + ORDER.formatted(1));
        Outcome outcome = cli("load-to-bronze", "--raw", raw().toString(), "--lake", "/sys/lakeops");
        outcome.failed("PERMISSION_DENIED", "/sys/lakeops");
        sql("COPY (SELECT 1) TO '/sys/lakeops.csv'").failed("PERMISSION_DENIED", "/sys/lakeops.csv");
    }

    @Test
    void a_lake_below_a_regular_file_stands_for_a_disk_that_can_not_be_written_and_is_named() throws IOException {
        raw("orders/order_dt=2024-04-01/orders_header_01.csv", ORDERS_HEADER + ORDER.formatted(1));
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        Outcome outcome = cli(
                "load-to-bronze",
                "--raw",
                raw().toString(),
                "--lake",
                file.resolve("lake").toString());
        outcome.failed("IO_FAILED", "something stands there already: " + file);
        Outcome models = cli(
                "run-models",
                "--lake",
                folder.toString(),
                "--warehouse",
                file.resolve("w.duckdb").toString());
        models.failed("IO_FAILED", file.toString());
        Outcome g = cli(
                "generate-data",
                "--scale",
                "0.001",
                "--start-date",
                "2024-04-01",
                "--out",
                file.resolve("x").toString());
        g.failed("IO_FAILED", file.toString());
        assertThat(file).hasContent("no folder");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_full_device_under_a_query_s_output_is_a_full_disk() {
        // DuckDB's background writers now and then deadlock with the abort of a COPY.
        Outcome outcome =
                sql("SET GLOBAL async_threads = 0; COPY (SELECT * FROM range(1000000)) TO '/dev/full' (FORMAT csv,"
                        + " USE_TMP_FILE false)");
        outcome.failed("DISK_FULL", "/dev/full");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void a_disk_that_is_full_at_the_nth_commit_simulated_in_process_loses_nothing_and_the_next_run_goes_on(int nth)
            throws IOException {
        rawBytes("a.csv.gz", zipped("id,note\n1,x\n"));
        ingest(new DeltaFormat());
        rawBytes("b.csv.gz", zipped("id,note\n2,x\nno number,y\n"));
        int[] commits = {0};
        TableFormat full = new InterposedFormat(
                new DeltaFormat(),
                table -> {
                    if (++commits[0] == nth) {
                        throw StorageErrors.of(
                                "the commit can't be written",
                                lake(),
                                new FileSystemException(lake().toString(), null, "No space left on device"));
                    }
                },
                table -> {});
        List<String> before = dataFiles(lake());

        assertThatThrownBy(() -> ingest(full))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                .hasMessageContaining(lake().toString())
                .hasMessageContaining("Free some space");
        String notes = "SELECT id FROM delta_scan('" + lake().resolve("bronze/delta/notes") + "') ORDER BY id";
        assertThat(sql(notes).out().lines())
                .containsExactlyElementsOf(nth < 4 ? List.of("id", "1") : List.of("id", "1", "2"));
        if (nth == 1) {
            assertThat(dataFiles(lake()))
                    .as("before the ledger's intent nothing stands")
                    .isEqualTo(before);
        }
        assertThat(dataFiles(lake().resolve("bronze")))
                .as("no file that no commit names")
                .hasSize(nth < 4 ? 1 : 2);

        assertThat(ingest(new DeltaFormat()).failures()).isEmpty();
        assertThat(sql(notes).out().lines()).containsExactly("id", "1", "2");
        assertThat(sql("SELECT count(*) FROM delta_scan('" + lake().resolve("_rejects/notes") + "')")
                        .out()
                        .lines())
                .last()
                .isEqualTo("1");
        assertThat(dataFiles(lake().resolve("bronze"))).hasSize(2);
        assertThat(dataFiles(lake().resolve("_rejects"))).hasSize(1);
    }

    // The warehouse

    @ParameterizedTest
    @ValueSource(strings = {"sql", "run-models", "load-to-bronze"})
    void a_warehouse_that_another_process_holds_is_named(String command) throws Exception {
        Path warehouse = folder.resolve("held.duckdb");
        raw("orders/order_dt=2024-04-01/orders_header_01.csv", ORDERS_HEADER + ORDER.formatted(1));
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
            String[] arguments = switch (command) {
                case "sql" -> new String[] {"sql", "--warehouse", warehouse.toString(), "SELECT 1"};
                case "run-models" ->
                    new String[] {"run-models", "--lake", folder.toString(), "--warehouse", warehouse.toString()};
                default ->
                    new String[] {
                        "load-to-bronze",
                        "--raw",
                        raw().toString(),
                        "--lake",
                        lake().toString(),
                        "--manifest",
                        warehouse.toString()
                    };
            };

            Outcome outcome = cli(arguments);
            outcome.failed("WAREHOUSE_LOCKED", warehouse.toString());
            assertThat(lake()).as("nothing is loaded before").doesNotExist();
        } finally {
            holder.destroy();
            holder.waitFor();
        }
        assertThat(cli("sql", "--warehouse", warehouse.toString(), "SELECT a FROM held")
                        .code())
                .as("what the holder wrote is whole")
                .isZero();
    }

    /** A process that holds a warehouse until its input ends. */
    static final class HoldWarehouse {
        private HoldWarehouse() {}

        public static void main(String[] arguments) throws Exception {
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + arguments[0])) {
                connection.createStatement().execute("CREATE TABLE held (a INT)");
                connection.createStatement().execute("CHECKPOINT");
                System.out.write("held\n".getBytes(StandardCharsets.UTF_8));
                System.out.flush();
                if (System.in.read() >= 0) {
                    throw new IllegalStateException("nothing is ever sent");
                }
            }
        }
    }

    /** What a command left: its exit code and what it printed. */
    private record Outcome(int code, String out, String err) {
        /** A command that an error ended. */
        void failed(String error, String cause) {
            assertThat(code).as("exit code").isEqualTo(1);
            assertThat(err)
                    .startsWith(error + ": ")
                    .contains(cause)
                    .contains(" Fix: ")
                    .doesNotContain("\tat ");
            assertThat(err.strip().lines()).as("one message").hasSizeLessThan(8);
        }

        /** A file that failed alone. */
        void names(String error, String file) {
            assertThat(out.lines())
                    .anySatisfy(line -> assertThat(line)
                            .contains("failed: " + file + ": " + error + ": ")
                            .contains(" Fix: "));
            assertThat(err).doesNotContain("\tat ");
        }
    }

    private Outcome load() {
        return cli("load-to-bronze", "--raw", raw().toString(), "--lake", lake().toString());
    }

    private static Outcome sql(String statement) {
        return cli("sql", "--format", "csv", statement);
    }

    private static Outcome cli(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = LakeOpsCommand.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new Outcome(code, out.toString(), err.toString());
    }

    private IngestResult ingest(TableFormat format) {
        LakeContext context = LakeContext.standard();
        try (Lake lake = Lake.open(
                        lake(),
                        Providers.of(TableFormat.class, List.of(format)),
                        Providers.of(ComputeEngine.class, List.of(new DuckDbEngine())),
                        context);
                Session session = lake.engine().open(EngineOptions.standard(), context)) {
            return new Ingestion(lake, session, Run.of(context)).run(NOTES, raw());
        }
    }

    private Path raw() {
        return folder.resolve("raw");
    }

    private Path lake() {
        return folder.resolve("lake");
    }

    private void raw(String name, String text) throws IOException {
        rawBytes(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void rawBytes(String name, byte[] bytes) throws IOException {
        Path file = raw().resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    }

    private static byte[] zipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static List<String> dataFiles(Path below) throws IOException {
        return files(below).keySet().stream()
                .filter(f -> f.endsWith(".parquet") && !f.contains("_delta_log"))
                .toList();
    }

    /** Every file below a folder, with a hash of its bytes. */
    private static SortedMap<String, Integer> files(Path below) throws IOException {
        SortedMap<String, Integer> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(below)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                found.put(below.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return found;
    }
}
