package io.lakeops.examples.drill;

import io.lakeops.report.Deliverable;
import java.util.List;

/** What the report says beside its evidence. */
final class Texts {
    private Texts() {}

    static List<String> introduction(Deliverable deliverable) {
        return switch (deliverable) {
            case INCREMENTAL_RUNS ->
                List.of(
                        "Raw files become bronze, silver and gold, however often a load is run, and whenever a file arrives.");
            case TIME_TRAVEL -> List.of("Every version of a table stays readable until VACUUM takes its files.");
            case BENCHMARKS ->
                List.of(
                        "Figures before and after maintenance, in one process on the machine of this run. Ratios to the physical"
                                + " floor come from lakeops-bench.");
            case QUALITY_MONITORING ->
                List.of(
                        "Results are kept as history in the lake, passes too, each with the table version that it speaks of.");
            case RECOVERY ->
                List.of(
                        "What was broken on purpose, how it was brought back, how long that took and what it cost. The runbooks"
                                + " stand in docs/runbooks.");
            case SCHEMA_EVOLUTION -> List.of("How tables take columns that they did not have.");
            case RETENTION -> List.of("How long files stay, and what VACUUM may take.");
            case PRUNING -> List.of("Which files a query reads, x of y, and why the others are left out.");
            case LESSONS ->
                List.of(
                        "A load is safe to run again only because the data commit itself carries the batch's number: the ledger"
                                + " remembers, the table's log decides.",
                        "Late data needs no special path: rows go to the partition of the day on which they happened, and the"
                                + " report of a load says which days were touched.",
                        "A restore costs milliseconds because no byte is copied; what makes it possible is the retention. Choose"
                                + " the retention by how long an accident can stay unnoticed.",
                        "Small files cost more than their bytes: each is opened, planned and listed. Packing them changes no row,"
                                + " so it can run at any time beside readers and writers.",
                        "A check that the log can answer is free; write checks as ranges and null counts where that says enough.");
        };
    }

    static List<String> thin(Deliverable deliverable) {
        return switch (deliverable) {
            case INCREMENTAL_RUNS ->
                List.of(
                        "Models are rebuilt whole; recomputing only the days that changed comes with the model runner.");
            case TIME_TRAVEL -> List.of();
            case BENCHMARKS ->
                List.of("Clustering (Z-order, Hilbert) and comparisons with Spark and delta-rs are not built yet.");
            case QUALITY_MONITORING -> List.of("Anomaly detection and states per data file are not built yet.");
            case RECOVERY ->
                List.of(
                        "FSCK REPAIR, UNDROP and backups are not built yet; a damaged log is found and named, and mended by hand"
                                + " after docs/runbooks/log-corrupt.md.");
            case SCHEMA_EVOLUTION ->
                List.of(
                        "Loads widen and rename no column, and keep no rescued values yet; ALTER TABLE widens and renames.");
            case RETENTION -> List.of("UNDO VACUUM is not built yet.");
            case PRUNING -> List.of("Join filters that come at run time are not used, and no layout is advised yet.");
            case LESSONS -> List.of();
        };
    }
}
