package io.lakeops.examples.drill;

import io.lakeops.engine.Rows;
import io.lakeops.report.Deliverable;
import io.lakeops.report.Evidence;
import io.lakeops.report.Evidence.Change;
import io.lakeops.report.Evidence.Unit;
import java.sql.SQLException;
import java.util.List;

/** The scenarios of the retail lake, in the order in which they are played: each goes on where the last one ended. */
final class RetailScenarios {
    private static final String FIRST_DAYS_ARE_IN = "2024-04-03T03:00:00Z";
    private static final String NEXT_DAYS_ARE_IN = "2024-04-05T03:00:00Z";
    private static final String LATE_FILE_IS_IN = "2024-04-06T03:00:00Z";
    private final String scale;

    RetailScenarios(String scale) {
        this.scale = scale;
    }

    List<Step> steps() {
        return List.of(
                new Step(
                        "first-load",
                        "The first two days become bronze",
                        Deliverable.INCREMENTAL_RUNS,
                        List.of("Every raw row is in bronze or in the rejects; faults that are planted are counted."),
                        this::firstLoad),
                new Step(
                        "second-load",
                        "The same files again bring nothing",
                        Deliverable.INCREMENTAL_RUNS,
                        List.of("Files are known by path, size and content, so a load can be repeated at any time."),
                        this::secondLoad),
                new Step(
                        "late-data",
                        "Two more days, and a file that comes a day late",
                        Deliverable.INCREMENTAL_RUNS,
                        List.of("The late file's rows land in the day on which they happened."),
                        this::lateData),
                new Step(
                        "version-diff",
                        "What changed between two versions of returns",
                        Deliverable.TIME_TRAVEL,
                        List.of("Returns are changed and deleted by key; each version can be read and compared."),
                        RetailScenarios::versionDiff),
                new Step(
                        "new-column",
                        "A column that comes later",
                        Deliverable.SCHEMA_EVOLUTION,
                        List.of("From the second day on returns have a reason code; older rows have none."),
                        RetailScenarios::newColumn),
                new Step(
                        "restore-after-delete",
                        "An accidental delete is taken back",
                        Deliverable.RECOVERY,
                        List.of("RESTORE makes a new version of the old files; nothing is copied."),
                        RetailScenarios::restore),
                new Step(
                        "checks",
                        "Checks see the planted faults",
                        Deliverable.QUALITY_MONITORING,
                        List.of("Results are kept as a Delta table, passes too."),
                        RetailScenarios::checks),
                new Step(
                        "pruning",
                        "A query for one day opens the files of that day",
                        Deliverable.PRUNING,
                        List.of("Partition values and statistics of the log rule files out before they are opened."),
                        RetailScenarios::pruning),
                new Step(
                        "compaction",
                        "Small files become large ones",
                        Deliverable.BENCHMARKS,
                        List.of("OPTIMIZE packs the files of a partition; VACUUM keeps what the retention promises."),
                        RetailScenarios::compaction));
    }

    private void generate(Scene scene, String start, String late, String folder) {
        scene.command(
                "Make two days of raw files",
                "generate-data",
                "--seed",
                "43",
                "--start-date",
                start,
                "--days",
                "2",
                "--scale",
                scale,
                "--late",
                late,
                "--out",
                folder);
    }

    private static String load(Scene scene, String title, String folder, String asOf) {
        return scene.command(
                title,
                "load-to-bronze",
                "--raw",
                folder,
                "--lake",
                scene.layout().lake().toString(),
                "--manifest",
                scene.layout().warehouse().toString(),
                "--as-of",
                asOf);
    }

    private static void models(Scene scene, String asOf) {
        scene.command(
                "Build silver and gold",
                "run-models",
                "--lake",
                scene.layout().lake().toString(),
                "--warehouse",
                scene.layout().warehouse().toString(),
                "--as-of",
                asOf);
    }

    private void firstLoad(Scene scene) throws SQLException {
        String raw = scene.layout().raw().toString();
        generate(scene, "2024-04-01", "0", raw);
        load(scene, "Load what is new", raw, FIRST_DAYS_ARE_IN);
        Rows sources = scene.sql("Raw rows beside bronze and rejects", """
                SELECT source, rows AS raw_rows, loaded, rejected, expected_rejects,
                       rows = loaded + rejected AND rejected = expected_rejects AS adds_up
                FROM (SELECT unnest(sources, recursive := true) FROM read_json('%s/manifest.json'))
                JOIN (SELECT source, sum(row_count) AS loaded, sum(reject_count) AS rejected
                      FROM manifest_processed_files WHERE status = 'loaded' GROUP BY source) USING (source)
                ORDER BY source""".formatted(raw));
        long whole = sources.rows().stream()
                .filter(r -> Boolean.TRUE.equals(r.get(5)))
                .count();
        scene.expectEqual("for every source, raw rows = bronze + rejects, as planted", 11L, whole);
        models(scene, FIRST_DAYS_ARE_IN);
    }

    private void secondLoad(Scene scene) throws SQLException {
        long before = versions(scene);
        String printed =
                load(scene, "Load the same folder", scene.layout().raw().toString(), FIRST_DAYS_ARE_IN);
        long idle = printed.lines()
                .filter(l -> l.contains(": 0 files, 0 rows loaded"))
                .count();
        scene.expectEqual("no source brings a file", 11L, idle);
        scene.expectEqual("no table has a new version", before, versions(scene));
    }

    /** The commits of all bronze tables. */
    private static long versions(Scene scene) throws SQLException {
        return scene.number(
                "SELECT count(*) FROM glob('" + scene.layout().lake() + "/bronze/delta/*/_delta_log/*.json')");
    }

    private void lateData(Scene scene) throws SQLException {
        String raw = scene.layout().increment().toString();
        generate(scene, "2024-04-03", "1", raw);
        load(scene, "Load before the late file comes", raw, NEXT_DAYS_ARE_IN);
        models(scene, NEXT_DAYS_ARE_IN);
        String day = "SELECT count(*) FROM gold.fct_sales WHERE date = DATE '2024-04-04'";
        long before = scene.number(day);
        String printed = load(scene, "Load after it came", raw, LATE_FILE_IS_IN);
        scene.expect("the late rows are seen as late", printed.contains("late: "), late(printed));
        models(scene, LATE_FILE_IS_IN);
        scene.sql("Sales by day", "SELECT date, count(*) FROM gold.fct_sales GROUP BY date ORDER BY date DESC LIMIT 5");
        long after = scene.number(day);
        scene.show(new Evidence.BeforeAfter(
                "Sales of 2024-04-04", List.of(new Change("gold.fct_sales", Unit.ROWS, before, after))));
        scene.expectEqual("each sale of the late file is in its day", linesOf(scene, raw, "2024-04-04"), after);
    }

    private static String late(String printed) {
        return printed.lines()
                .filter(l -> l.contains("late: "))
                .findFirst()
                .orElse("nothing late")
                .strip();
    }

    /** Straight from the raw files. */
    private static long linesOf(Scene scene, String raw, String day) throws SQLException {
        return scene.number("SELECT count(DISTINCT (order_id, line_number)) FROM read_csv('" + raw + "/orders/order_dt="
                + day + "/orders_lines_*.csv', all_varchar = true, header = true) WHERE try_cast(order_id AS BIGINT) IS"
                + " NOT NULL AND try_cast(line_number AS INTEGER) IS NOT NULL");
    }

    private static void versionDiff(Scene scene) throws SQLException {
        String returns = scene.layout().lake().resolve("bronze/delta/returns").toString();
        scene.sql("Its history", "DESCRIBE HISTORY delta_scan('" + returns + "')");
        Rows changed = scene.sql("Rows of version 2 that version 1 has not", """
                WITH v1 AS (SELECT * FROM delta_scan('%s', version=1)),
                     v2 AS (SELECT * FROM delta_scan('%s', version=2))
                SELECT * FROM v2 EXCEPT SELECT * FROM v1""".formatted(returns, returns));
        scene.expect(
                "the second batch changed rows",
                !changed.rows().isEmpty(),
                changed.rows().size() + " rows");
    }

    private static void newColumn(Scene scene) throws SQLException {
        Rows rows = scene.sql(
                "Return dates with and without a reason code",
                "SELECT return_ts::DATE AS day, count(*) AS returns, count(return_reason_code) AS with_code"
                        + " FROM bronze.returns GROUP BY day ORDER BY day");
        scene.expect(
                "older rows have no code, newer ones do",
                Long.valueOf(0).equals(rows.value(0, "with_code"))
                        && rows.rows().stream().anyMatch(r -> !Long.valueOf(0).equals(r.get(2))),
                rows.rows().toString());
    }

    private static void restore(Scene scene) throws SQLException {
        long before = scene.number("SELECT count(*) FROM bronze.returns");
        Rows history = scene.sql("The version to come back to", "DESCRIBE HISTORY bronze.returns LIMIT 1");
        scene.sql("The accident", "DELETE FROM bronze.returns");
        scene.expectEqual("the table is empty", 0L, scene.number("SELECT count(*) FROM bronze.returns"));
        scene.sql("The way back", "RESTORE TABLE bronze.returns TO VERSION AS OF " + history.value(0, "version"));
        scene.expectEqual("every row is back", before, scene.number("SELECT count(*) FROM bronze.returns"));
    }

    private static void checks(Scene scene) throws SQLException {
        scene.command(
                "Run all checks",
                "test-models",
                "--lake",
                scene.layout().lake().toString(),
                "--warehouse",
                scene.layout().warehouse().toString(),
                "--as-of",
                LATE_FILE_IS_IN,
                "--store-failures");
        scene.sql(
                "Metrics below 100 of the last week",
                "SELECT table_name, check_type, check_date, pass_rate, status FROM data_quality_metrics WHERE check_date"
                        + " >= CURRENT_DATE - 7 AND pass_rate < 100 ORDER BY pass_rate");
        long planted = scene.number("SELECT count(*) FROM dbt_test_results WHERE status = 'warn'");
        scene.expect("planted faults are seen", planted > 0, planted + " checks warn");
    }

    private static void pruning(Scene scene) throws SQLException {
        List<Rows> results = scene.sql(
                List.of("A query for one day", "The files that it did not open"),
                List.of(
                        "EXPLAIN ANALYZE SELECT count(*) FROM bronze.orders WHERE order_dt = DATE '2024-04-01'",
                        "SELECT * FROM table_partitions WHERE pruned = true"));
        int pruned = results.get(1).rows().size();
        scene.expect("files of other days are not opened", pruned > 0, pruned + " files pruned");
    }

    private static void compaction(Scene scene) throws SQLException {
        long rows = scene.number("SELECT count(*) FROM bronze.sensors");
        long before = files(scene);
        scene.sql("Pack the files", "OPTIMIZE bronze.sensors");
        long after = files(scene);
        scene.show(new Evidence.BeforeAfter(
                "Data files of bronze.sensors", List.of(new Change("files", Unit.FILES, before, after))));
        scene.expect("there are fewer files", after < before, before + " before, " + after + " after");
        scene.expectEqual("no row is lost", rows, scene.number("SELECT count(*) FROM bronze.sensors"));
        scene.sql("What is past the retention", "VACUUM bronze.sensors RETAIN 168 HOURS DRY RUN");
    }

    private static long files(Scene scene) throws SQLException {
        Rows detail = scene.sql("The table's files", "DESCRIBE DETAIL bronze.sensors");
        return ((Number) java.util.Objects.requireNonNull(detail.value(0, "numFiles"))).longValue();
    }
}
