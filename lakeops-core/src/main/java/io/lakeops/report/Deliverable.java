package io.lakeops.report;

/** The parts that an operations document has, in their order. */
public enum Deliverable {
    INCREMENTAL_RUNS("Incremental runs"),
    TIME_TRAVEL("Time travel"),
    BENCHMARKS("Benchmarks before and after"),
    QUALITY_MONITORING("Quality monitoring"),
    RECOVERY("Recovery procedures"),
    SCHEMA_EVOLUTION("Schema evolution"),
    RETENTION("Retention policy"),
    PRUNING("Pruning"),
    LESSONS("Lessons");

    private final String title;

    Deliverable(String title) {
        this.title = title;
    }

    /** The heading. */
    public String title() {
        return title;
    }
}
