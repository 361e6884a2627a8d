package io.lakeops.examples.drill;

import io.lakeops.engine.Rows;
import io.lakeops.examples.retail.RetailSources;
import io.lakeops.ingest.Source;
import io.lakeops.report.Evidence;
import io.lakeops.report.Scenario;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Raw files to bronze to gold: once, again, with an increment, and with a file that comes late. */
final class IncrementalRuns {
    private static final String SEED = "43";
    private static final String VERSIONS = "SELECT table_name, max(table_version) AS version, count(*) AS files"
            + " FROM manifest_processed_files WHERE status = 'loaded' GROUP BY table_name ORDER BY table_name";
    private static final String SALES =
            "SELECT date::VARCHAR AS date, count(*) AS sales FROM gold.fct_sales" + " GROUP BY date ORDER BY date";

    private final Stage stage;
    private final BigDecimal scale;
    private final Consumer<Scenario> heard;

    IncrementalRuns(Stage stage, BigDecimal scale, Consumer<Scenario> heard) {
        this.stage = stage;
        this.scale = scale;
        this.heard = heard;
    }

    List<Scenario> run() {
        List<Scenario> scenarios = new ArrayList<>();
        add(
                scenarios,
                Notebook.run(
                        "generate",
                        "Two days of raw files",
                        "A fictional retailer delivers eleven sources in CSV, JSON lines, Parquet and XLSX, with faults planted and"
                                + " counted in a manifest.",
                        this::generate));
        add(
                scenarios,
                Notebook.run(
                        "first-load",
                        "The first load",
                        "Every raw row becomes a row of bronze or a reject with its reason; none is lost.",
                        this::firstLoad));
        add(
                scenarios,
                Notebook.run(
                        "second-load",
                        "The same load again",
                        "A load that finds nothing new makes no new version of any table.",
                        this::secondLoad));
        add(
                scenarios,
                Notebook.run(
                        "models",
                        "Silver and gold",
                        "The models are built aside and flipped in one transaction. Gold's counts are held against counts that plain"
                                + " DuckDB makes straight from the raw files.",
                        this::models));
        add(
                scenarios,
                Notebook.run(
                        "increment",
                        "Two more days, with one delivery of orders still missing",
                        "The run's clock stands before the late delivery's arrival: what has not arrived is counted, not loaded.",
                        this::increment));
        add(
                scenarios,
                Notebook.run(
                        "late-data",
                        "The late delivery arrives",
                        "A day late, its rows land in the day on which they happened, in bronze and in gold.fct_sales.",
                        this::lateData));
        return scenarios;
    }

    private void add(List<Scenario> scenarios, Scenario scenario) {
        scenarios.add(scenario);
        heard.accept(scenario);
    }

    private void generate(Notebook notes) {
        generate(notes, "2024-04-01", 0, stage.raw().toString());
        List<List<Object>> rows = new ArrayList<>();
        for (RawFiles.Source source : RawFiles.read(stage.raw()).sources()) {
            rows.add(List.of(source.name(), (long) source.files().size(), source.rows(), source.rejects()));
        }
        notes.list("What was delivered", List.of("source", "files", "rows", "planted rejects"), rows);
        notes.expectEqual("eleven sources are delivered", 11, rows.size());
    }

    private void generate(Notebook notes, String start, int late, String folder) {
        stage.command(
                notes,
                "Generate",
                0,
                "generate-data",
                "--seed",
                SEED,
                "--start-date",
                start,
                "--days",
                "2",
                "--scale",
                scale.toPlainString(),
                "--late",
                Integer.toString(late),
                "--out",
                folder);
    }

    private void firstLoad(Notebook notes) {
        load(notes, stage.raw().toString(), RawFiles.read(stage.raw()).whole().plusSeconds(3600));
        conserved(notes, RawFiles.read(stage.raw()));
    }

    private void load(Notebook notes, String folder, Instant asOf) {
        stage.command(
                notes,
                "Load as of " + asOf,
                0,
                "load-to-bronze",
                "--raw",
                folder,
                "--lake",
                stage.lake().toString(),
                "--manifest",
                stage.warehouse().toString(),
                "--as-of",
                asOf.toString());
    }

    /** For every source: rows delivered = rows in bronze + rejects + rows of files that were known. */
    private void conserved(Notebook notes, RawFiles... delivered) {
        stage.sqlOnLake(sql -> {
            sql.show(
                    notes,
                    "What the ledger says",
                    "SELECT source, table_name, count(*) AS files, sum(row_count) AS loaded, sum(reject_count) AS rejected"
                            + " FROM manifest_processed_files WHERE status = 'loaded' GROUP BY ALL ORDER BY source");
            List<String> wrong = new ArrayList<>();
            long total = 0;
            for (var source : RawFiles.rows(delivered).entrySet()) {
                String mine = " FROM manifest_processed_files WHERE source = '" + source.getKey() + "'";
                long processed = sql.number(
                        "SELECT coalesce(sum(row_count + reject_count), 0)" + mine + " AND status = 'loaded'");
                // A skipped file's rows are those of the file whose content it has.
                long skipped = sql.number("SELECT coalesce(sum(o.row_count + o.reject_count), 0) FROM (SELECT file_hash"
                        + mine
                        + " AND status = 'skipped') AS s JOIN (SELECT DISTINCT file_hash, row_count, reject_count"
                        + mine + " AND status = 'loaded') AS o USING (file_hash)");
                long expected = source.getValue();
                total += expected;
                if (processed + skipped != expected) {
                    wrong.add(source.getKey() + ": " + processed + " + " + skipped + " of " + expected);
                }
            }
            notes.expect(
                    "for every source, raw rows = bronze + rejects + deliberately skipped",
                    wrong.isEmpty(),
                    wrong.isEmpty()
                            ? total + " rows of " + RawFiles.rows(delivered).size() + " sources"
                            : wrong);
            return wrong;
        });
    }

    private void secondLoad(Notebook notes) {
        Rows before = stage.sqlOnLake(sql -> sql.rows(VERSIONS));
        List<Long> versions = latest();
        load(notes, stage.raw().toString(), RawFiles.read(stage.raw()).whole().plusSeconds(3600));
        Rows after = stage.sqlOnLake(sql -> sql.show(notes, "Versions and files after it", VERSIONS));
        notes.expectEqual("no table has a new version", versions, latest());
        notes.expectEqual("the ledger has no new row", before.rows(), after.rows());
    }

    private List<Long> latest() {
        return stage.sqlOnLake(sql -> {
            List<Long> versions = new ArrayList<>();
            for (Source source : RetailSources.all()) {
                versions.add(sql.newestVersion(source.table().toString()));
            }
            return versions;
        });
    }

    private void models(Notebook notes) {
        build(notes, RawFiles.read(stage.raw()).whole().plusSeconds(7200));
        salesEqualRaw(notes, true, false);
    }

    private void build(Notebook notes, Instant asOf) {
        stage.command(
                notes,
                "Build the models",
                0,
                "run-models",
                "--lake",
                stage.lake().toString(),
                "--warehouse",
                stage.warehouse().toString(),
                "--as-of",
                asOf.toString());
    }

    /** Gold against plain DuckDB on the raw files, under the rules of the data: typed, with a key, once each. */
    private void salesEqualRaw(Notebook notes, boolean first, boolean second) {
        List<String> files = new ArrayList<>();
        if (first) {
            files.add("'" + stage.raw() + "/orders/*/orders_lines_*.csv'");
        }
        if (second) {
            files.add("'" + stage.increment() + "/orders/*/orders_lines_*.csv'");
        }
        String raw = "SELECT order_dt::VARCHAR AS date, count(DISTINCT (try_cast(order_id AS BIGINT),"
                + " try_cast(line_number AS INTEGER))) AS sales FROM read_csv([" + String.join(", ", files)
                + "], header = true, all_varchar = true, hive_partitioning = true, hive_types_autocast = false)"
                + " WHERE try_cast(order_id AS BIGINT) IS NOT NULL AND try_cast(line_number AS INTEGER) IS NOT NULL"
                + " AND (product_id IS NULL OR try_cast(product_id AS BIGINT) IS NOT NULL)"
                + " AND (qty IS NULL OR try_cast(qty AS INTEGER) IS NOT NULL)"
                + " AND (unit_price IS NULL OR try_cast(unit_price AS DECIMAL(12,4)) IS NOT NULL)"
                + " GROUP BY order_dt ORDER BY date";
        stage.sql(sql -> {
            Rows gold = sql.show(notes, "Sales by day in gold", SALES);
            Rows plain = sql.show(notes, "The same from the raw files by plain DuckDB", raw);
            notes.expect(
                    "gold's counts equal those of the raw files, day by day",
                    gold.rows().equals(plain.rows()) && !gold.rows().isEmpty(),
                    gold.rows() + " and " + plain.rows());
            return gold;
        });
    }

    private void increment(Notebook notes) {
        generate(notes, "2024-04-03", 1, stage.increment().toString());
        RawFiles increment = RawFiles.read(stage.increment());
        Instant before = beforeLate(increment);
        List<String> said = loadSaid(notes, before);
        notes.expect(
                "the late files are counted as not arrived",
                said.stream().anyMatch(l -> l.startsWith("bronze.order_lines") && !l.contains(" 0 not arrived")),
                said.stream().filter(l -> l.startsWith("bronze.order")).toList());
        build(notes, before);
        stage.sql(sql -> sql.show(notes, "Sales by day before the late files", SALES));
    }

    private static Instant beforeLate(RawFiles increment) {
        return increment.late().stream()
                .map(RawFiles.Delivered::arrival)
                .min(Instant::compareTo)
                .orElseThrow()
                .minusSeconds(60);
    }

    private List<String> loadSaid(Notebook notes, Instant asOf) {
        return stage.command(
                notes,
                "Load as of " + asOf,
                0,
                "load-to-bronze",
                "--raw",
                stage.increment().toString(),
                "--lake",
                stage.lake().toString(),
                "--manifest",
                stage.warehouse().toString(),
                "--as-of",
                asOf.toString());
    }

    private void lateData(Notebook notes) {
        RawFiles increment = RawFiles.read(stage.increment());
        RawFiles.Delivered lines = increment.late().stream()
                .filter(f -> f.path().contains("orders_lines"))
                .findFirst()
                .orElseThrow();
        String day = lines.path().replaceAll(".*order_dt=([0-9-]+).*", "$1");
        String count = "SELECT count(*) FROM gold.fct_sales WHERE date = DATE '" + day + "'";
        long before = stage.sql(sql -> sql.number(count));
        List<String> said = loadSaid(notes, increment.whole().plusSeconds(3600));
        notes.expect(
                "the load says which rows came late, and of which day",
                said.stream().anyMatch(l -> l.contains("late:") && l.contains(day)),
                said.stream().filter(l -> l.contains("late:")).toList());
        build(notes, increment.whole().plusSeconds(7200));
        long after = stage.sql(sql -> sql.number(count));
        notes.beforeAfter("Sales of " + day, new Evidence.Change("gold.fct_sales", Evidence.Unit.ROWS, before, after));
        notes.expect("late rows land in the right day of gold.fct_sales", after > before, before + " → " + after);
        salesEqualRaw(notes, true, true);
        conserved(notes, RawFiles.read(stage.raw()), increment);
        notes.expect(
                "the late file was delivered more than a day after its time",
                !Objects.requireNonNull(lines.arrival())
                        .isBefore(LocalDate.parse(day)
                                .plusDays(2)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant()),
                lines.arrival());
    }
}
