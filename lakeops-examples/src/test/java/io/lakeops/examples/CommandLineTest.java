package io.lakeops.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands, one after the other on one lake, as a user gives them. */
class CommandLineTest {
    @TempDir
    static Path folder;

    private static String firstLoad = "";

    /** What a command printed, and how it ended. */
    private record Ran(int exit, String out, String err) {}

    private static Ran run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = LakeOpsCommand.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        return new Ran(line.execute(words), out.toString(), err.toString());
    }

    private static Ran done(Object... arguments) {
        Ran ran = run(arguments);
        assertThat(ran.exit()).as(ran.err()).isZero();
        return ran;
    }

    private static Path lake() {
        return folder.resolve("lake");
    }

    private static Path warehouse() {
        return folder.resolve("duckdb/warehouse.duckdb");
    }

    private static Ran load(String raw, String asOf) {
        return done(
                "load-to-bronze",
                "--raw",
                folder.resolve(raw),
                "--lake",
                lake(),
                "--as-of",
                asOf,
                "--manifest",
                warehouse());
    }

    private static Ran sql(String format, String statements) {
        return run("sql", "--lake", lake(), "--warehouse", warehouse(), "--format", format, statements);
    }

    @BeforeAll
    static void makeTheLake() {
        done(
                "generate-data",
                "--start-date",
                "2024-04-01",
                "--days",
                "2",
                "--scale",
                "0.002",
                "--out",
                folder.resolve("raw"));
        firstLoad = load("raw", "2024-04-03T03:00:00Z").out();
        done("run-models", "--lake", lake(), "--warehouse", warehouse(), "--as-of", "2024-04-03T03:00:00Z");
    }

    @Test
    void every_raw_row_is_in_bronze_or_in_the_rejects() throws SQLException {
        assertThat(firstLoad.lines()).hasSize(11).allMatch(l -> l.contains(" 0 failed"));
        Path manifest = folder.resolve("raw/manifest.json");
        assertThat(plain("SELECT string_agg(s.source || ' ' || s.rows || ' ' || s.expected_rejects, ', ' ORDER BY"
                        + " s.source) FROM (SELECT unnest(sources) AS s FROM read_json('" + manifest + "'))"))
                .isEqualTo(plain("SELECT string_agg(source || ' ' || rows || ' ' || rejects, ', ' ORDER BY source) FROM"
                        + " (SELECT source, sum(row_count + reject_count)::BIGINT AS rows, sum(reject_count)::BIGINT AS"
                        + " rejects FROM manifest_processed_files WHERE status = 'loaded' GROUP BY source)"));
        assertThat(sql("csv", "SELECT count(*) AS n FROM bronze.order_lines").out())
                .isEqualTo("n\n"
                        + plain("SELECT sum(row_count)::BIGINT FROM manifest_processed_files WHERE table_name ="
                                + " 'bronze.order_lines'")
                        + "\n");
    }

    /** By a plain DuckDB: what is kept in the warehouse is no mount. */
    private static String plain(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + warehouse());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void gold_has_as_many_sales_a_day_as_raw_has_different_lines() throws SQLException {
        String raw = "read_csv('" + folder + "/raw/orders/*/orders_lines_*.csv', all_varchar = true, header = true,"
                + " hive_partitioning = true)";
        assertThat(plain("SELECT list((d, n) ORDER BY d) FROM (SELECT date::VARCHAR AS d, count(*) AS n FROM"
                        + " gold.fct_sales GROUP BY date)"))
                .isEqualTo(plain("SELECT list((d, n) ORDER BY d) FROM (SELECT order_dt::VARCHAR AS d, count(DISTINCT"
                        + " (order_id, line_number)) AS n FROM " + raw
                        + " WHERE try_cast(order_id AS BIGINT) IS NOT NULL"
                        + " AND try_cast(line_number AS INT) IS NOT NULL GROUP BY order_dt)"));
    }

    @Test
    void a_second_load_makes_no_new_version() {
        String before = sql("jsonl", "DESCRIBE HISTORY bronze.returns").out();
        Ran again = load("raw", "2024-04-03T04:00:00Z");
        assertThat(again.out().lines()).hasSize(11).allMatch(l -> l.contains(": 0 files, 0 rows loaded, 0 rejected;"));
        assertThat(again.err()).doesNotContain("version");
        assertThat(sql("jsonl", "DESCRIBE HISTORY bronze.returns").out())
                .isEqualTo(before)
                .isNotEmpty();
    }

    @Test
    void a_dry_run_writes_nothing() {
        Path other = folder.resolve("other");
        Ran dry = done(
                "load-to-bronze",
                "--raw",
                folder.resolve("raw"),
                "--lake",
                other,
                "--as-of",
                "2024-04-02T03:00:00Z",
                "--dry-run");
        assertThat(dry.out())
                .contains("bronze.order_lines: would load 2 files; 0 are known, 0 are copies, 2 have not arrived")
                .contains("  orders/order_dt=2024-04-01/orders_lines_001.csv");
        assertThat(other).doesNotExist();
    }

    @Test
    void checks_find_the_planted_faults_and_keep_the_results() throws Exception {
        Ran checked = run(
                "test-models",
                "--lake",
                lake(),
                "--warehouse",
                warehouse(),
                "--as-of",
                "2024-04-03T03:00:00Z",
                "--store-failures");
        assertThat(checked.exit()).as(checked.err()).isEqualTo(1);
        assertThat(checked.out())
                .contains("fail    bronze.products accepted_range_products_current_price: 1 of 49 rows outside")
                .contains("warn    bronze.customers customers_email_well_formed")
                .doesNotContain("error  ")
                .containsPattern("retail_gold: \\d+ pass; ");
        assertThat(plain("SELECT string_agg(DISTINCT table_name, ',' ORDER BY table_name) FROM dbt_test_results WHERE"
                        + " status = 'fail'"))
                .isEqualTo("bronze.order_lines,bronze.products");
        assertThat(sql("csv", "SELECT count(*) FROM delta_scan('" + lake() + "/_quality/failing_rows')")
                        .out())
                .isNotEqualTo("count_star()\n0\n");
    }

    @Test
    void a_selection_that_names_nothing_is_an_error() {
        for (String command : List.of("run-models", "test-models")) {
            Ran ran = run(command, "--lake", lake(), "--warehouse", warehouse(), "--select", "nothing");
            assertThat(ran.exit()).isEqualTo(1);
            assertThat(ran.err())
                    .startsWith("INVALID_ARGUMENT: the selection names no ")
                    .contains("'nothing'");
        }
    }

    @Test
    void the_first_error_stops_and_what_was_printed_stands() {
        Ran ran = sql("jsonl", "SELECT 1 AS a; CREATE TEMP TABLE t(i INT); SELECT * FROM nowhere; SELECT 2 AS b");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).isEqualTo("{\"a\":1}\n");
        assertThat(ran.err()).startsWith("SQL_FAILED: ").contains("nowhere");
    }

    @Test
    void instants_are_shown_in_utc_unless_a_zone_is_set() {
        assertThat(sql(
                                "jsonl",
                                "SELECT TIMESTAMPTZ '2024-04-10 00:00:00+00' AS t; SET TimeZone = 'Asia/Kolkata';"
                                        + " SELECT TIMESTAMPTZ '2024-04-10 00:00:00+00' AS t")
                        .out())
                .isEqualTo("{\"t\":\"2024-04-10T00:00:00.000000+00:00\"}\n"
                        + "{\"t\":\"2024-04-10T05:30:00.000000+05:30\"}\n");
    }

    @Test
    void statements_come_from_a_file_too() throws IOException {
        Path file = folder.resolve("statements.sql");
        Files.writeString(file, "-- a comment; with a semicolon\nSELECT ';' AS a;\nSELECT 'ö' AS b;\n");
        assertThat(done("sql", "--lake", lake(), "--format", "csv", "-f", file).out())
                .isEqualTo("a\n;\nb\nö\n");
        assertThat(run("sql", "-f", folder.resolve("missing.sql")).err())
                .startsWith("IO_FAILED: ")
                .contains("reason=there is no such file or folder");
    }

    @Test
    void statements_that_begin_with_a_comment_are_no_option() {
        assertThat(sql("csv", "-- how many?\nSELECT 1 AS a").out()).isEqualTo("a\n1\n");
        assertThat(sql("csv", "--how many?\nSELECT 1 AS a").out()).isEqualTo("a\n1\n");
        assertThat(run("sql", "--form=csv x", "SELECT 1").err()).contains("Unknown option");
    }

    @Test
    void without_a_lake_a_table_that_is_not_there_says_that_no_lake_is_mounted() {
        Ran ran = run("sql", "SELECT * FROM bronze.orders");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).startsWith("SQL_FAILED: ").contains("there is no folder ./lake here; say --lake DIR");
        assertThat(sql("csv", "SELECT * FROM bronze.nothing").err()).doesNotContain("--lake DIR");
    }

    @Test
    void checks_of_a_lake_or_a_warehouse_that_is_not_there_make_neither() {
        Path nowhere = folder.resolve("nowhere");
        Ran noLake = run("test-models", "--lake", nowhere, "--warehouse", warehouse());
        assertThat(noLake.exit()).isEqualTo(1);
        assertThat(noLake.err()).startsWith("INVALID_ARGUMENT: no folder stands at lake=" + nowhere);
        Ran noWarehouse = run("test-models", "--lake", lake(), "--warehouse", nowhere);
        assertThat(noWarehouse.exit()).isEqualTo(1);
        assertThat(noWarehouse.err())
                .startsWith("INVALID_ARGUMENT: there is no warehouse yet; run-models makes it")
                .contains(nowhere.toString());
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void wrong_arguments_end_with_two_and_the_usage() {
        assertThat(run("sql").exit()).isEqualTo(2);
        assertThat(run("sql", "--format", "xml", "SELECT 1").err()).contains("Usage: lakeops sql");
        assertThat(run("generate-data", "--out", "x").err()).contains("--start-date");
        assertThat(run("no-such-command").exit()).isEqualTo(2);
        assertThat(run().exit()).isEqualTo(2);
        assertThat(run("help").exit()).isZero();
    }

    @Test
    void an_unknown_source_is_named_with_those_that_there_are() {
        Ran ran = run("generate-data", "--start-date", "2024-04-01", "--avro", "orders", "--out", folder.resolve("x"));
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("INVALID_ARGUMENT: there is no source 'orders'")
                .contains("orders_header");
    }

    /** In a process of its own, whose current folder is the lake's. */
    @Test
    void without_options_sql_takes_what_stands_below_the_current_folder() throws Exception {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LakeOpsCommand.class.getName(),
                "sql",
                "--format",
                "csv"));
        words.add(
                "SELECT count(*) > 0 AS sales, (SELECT count(*) > 0 FROM bronze.orders) AS orders FROM gold.fct_sales");
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out).as(Files.readString(errors)).isEqualTo("sales,orders\ntrue,true\n");
        assertThat(process.exitValue()).isZero();
    }
}
