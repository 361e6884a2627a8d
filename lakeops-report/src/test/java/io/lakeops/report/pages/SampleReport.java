package io.lakeops.report.pages;

import io.lakeops.engine.Rows;
import io.lakeops.report.Deliverable;
import io.lakeops.report.Evidence;
import io.lakeops.report.Evidence.Unit;
import io.lakeops.report.OperationsReport;
import io.lakeops.report.Scenario;
import io.lakeops.report.Scenario.Expectation;
import io.lakeops.report.Section;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A document with every kind of evidence in it. */
final class SampleReport {
    private SampleReport() {}

    static OperationsReport report() {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section(
                Deliverable.INCREMENTAL_RUNS,
                List.of("Two days were loaded, then loaded again, then two more with one file 24 hours late."),
                List.of(
                        new Scenario(
                                "second-load",
                                "A second load of the same files",
                                List.of(
                                        "The same folder was loaded again; every file is known by path, size and hash."),
                                List.of(
                                        new Evidence.Statement(
                                                "Rows and newest day",
                                                "SELECT COUNT(*), MAX(order_dt)\nFROM bronze.orders",
                                                new Rows(
                                                        List.of("count_star()", "max(order_dt)"),
                                                        List.of(Arrays.asList(1334L, LocalDate.of(2024, 4, 2)))),
                                                1,
                                                Duration.ofMillis(12)),
                                        new Evidence.Transcript(
                                                "The load",
                                                "./lakeops load-to-bronze --raw data_raw --lake lake",
                                                List.of(
                                                        "orders      7 files known, 0 new",
                                                        "events      2 files known, 0 new")),
                                        new Evidence.Note(
                                                "A file that is delivered twice under two names is known by its hash.")),
                                List.of(
                                        new Expectation("no table has a new version", true, "11 tables, none moved"),
                                        new Expectation("no row is added", true, "44,120 rows before and after")),
                                Duration.ofMillis(812)),
                        new Scenario(
                                "late-day",
                                "Late rows land in the day they belong to",
                                List.of(),
                                List.of(new Evidence.Statement(
                                        "Sales by day",
                                        "SELECT date, count(*) FROM gold.fct_sales GROUP BY date ORDER BY date DESC LIMIT 5",
                                        new Rows(
                                                List.of("date", "count", "net_amount", "note"),
                                                List.of(
                                                        Arrays.asList(
                                                                LocalDate.of(2024, 4, 4),
                                                                2301L,
                                                                new BigDecimal("88123.40"),
                                                                null),
                                                        Arrays.asList(
                                                                LocalDate.of(2024, 4, 3),
                                                                2417L,
                                                                null,
                                                                "the late file added 117 rows to this day, which had been published a day before"))),
                                        4,
                                        Duration.ofMillis(41))),
                                List.of(new Expectation(
                                        "117 late rows are in 2024-04-03", false, "116: one order_id stands twice")),
                                Duration.ofMillis(3110))),
                List.of("streams are not part of this run.")));
        sections.add(new Section(
                Deliverable.BENCHMARKS,
                List.of("Small files were compacted; the same query ran before and after."),
                List.of(new Scenario(
                        "optimize",
                        "OPTIMIZE and VACUUM",
                        List.of("Bin-packing to 128 MiB, then VACUUM RETAIN 168 HOURS."),
                        List.of(
                                new Evidence.BeforeAfter(
                                        "bronze.order_lines",
                                        List.of(
                                                new Evidence.Change("Data files", Unit.FILES, 412, 4),
                                                new Evidence.Change("Bytes", Unit.BYTES, 48_700_000, 31_200_000),
                                                new Evidence.Change(
                                                        "SELECT … GROUP BY product_id", Unit.MILLISECONDS, 1840, 212),
                                                new Evidence.Change("Rows", Unit.ROWS, 233_345, 233_345),
                                                new Evidence.Change("Versions", Unit.VERSIONS, 0, 3))),
                                new Evidence.Figures(
                                        "One query, three ways",
                                        List.of(
                                                new Evidence.Figure("LakeOps, pruned", Unit.MILLISECONDS, 8.4),
                                                new Evidence.Figure("LakeOps, full scan", Unit.MILLISECONDS, 212),
                                                new Evidence.Figure("read_parquet(*)", Unit.MILLISECONDS, 198))),
                                new Evidence.Listing(
                                        "Groups of the plan",
                                        new Rows(
                                                List.of("partition", "files", "bytes"),
                                                List.of(Arrays.asList("order_dt=2024-04-01", 103L, 12_100_000L))))),
                        List.of(new Expectation("no row changes", true, "the multiset hash is the same")),
                        Duration.ofSeconds(75))),
                List.of()));
        sections.add(new Section(Deliverable.LESSONS, List.of("Retention bounds time travel."), List.of(), List.of()));
        sections.add(new Section(Deliverable.RETENTION, List.of(), List.of(), List.of()));
        return new OperationsReport(
                "Operations of the retail lake",
                List.of("Everything below was run on real files by one command; each statement stands as it was run."),
                Instant.parse("2024-04-05T02:00:00Z"),
                List.of(
                        new OperationsReport.Fact("Scale", "0.02"),
                        new OperationsReport.Fact("Engine", "DuckDB 2.0.0"),
                        new OperationsReport.Fact("Java", "17.0.15")),
                sections);
    }

    /** A document in which every text that comes from data is {@code hostile}. */
    static OperationsReport hostile(String hostile) {
        return new OperationsReport(
                hostile,
                List.of(hostile),
                Instant.EPOCH,
                List.of(new OperationsReport.Fact(hostile, hostile)),
                List.of(new Section(
                        Deliverable.RECOVERY,
                        List.of(hostile),
                        List.of(new Scenario(
                                "hostile",
                                hostile,
                                List.of(hostile),
                                List.of(
                                        new Evidence.Statement(
                                                hostile,
                                                hostile,
                                                new Rows(List.of(hostile, "n"), List.of(Arrays.asList(hostile, 1L))),
                                                1,
                                                Duration.ZERO),
                                        new Evidence.Listing(
                                                hostile, new Rows(List.of(hostile), List.of(Arrays.asList(hostile)))),
                                        new Evidence.BeforeAfter(
                                                hostile, List.of(new Evidence.Change(hostile, Unit.ROWS, 1, 2))),
                                        new Evidence.Figures(
                                                hostile, List.of(new Evidence.Figure(hostile, Unit.ROWS, 1))),
                                        new Evidence.Transcript(hostile, hostile, List.of(hostile)),
                                        new Evidence.Note(hostile)),
                                List.of(new Expectation(hostile, true, hostile)),
                                Duration.ZERO)),
                        List.of(hostile))));
    }
}
