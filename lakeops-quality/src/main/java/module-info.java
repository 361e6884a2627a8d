/** Checks, suites and their history. */
module io.lakeops.quality {
    requires transitive io.lakeops.core;
    requires static com.google.auto.service;

    exports io.lakeops.quality;

    uses io.lakeops.check.Check;

    provides io.lakeops.check.Check with
            io.lakeops.quality.checks.AcceptedRange,
            io.lakeops.quality.checks.AcceptedValues,
            io.lakeops.quality.checks.CustomSql,
            io.lakeops.quality.checks.NotNull,
            io.lakeops.quality.checks.Recency,
            io.lakeops.quality.checks.Relationships,
            io.lakeops.quality.checks.RowCount,
            io.lakeops.quality.checks.Unique;
}
