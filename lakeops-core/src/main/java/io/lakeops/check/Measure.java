package io.lakeops.check;

import io.lakeops.engine.Expr;
import java.util.Objects;
import java.util.Optional;

/**
 * One value over the rows of a table.
 *
 * @param name by which the judge asks for it
 * @param aggregate how an engine computes it; absent where only the log can tell
 * @param fromLog how the log may answer it without a scan
 * @param merge how the values of parts of a table become that of the whole
 */
public record Measure(String name, Optional<Expr> aggregate, Optional<StatisticsRule> fromLog, Merge merge) {
    public Measure {
        Objects.requireNonNull(name);
        Objects.requireNonNull(merge);
        if (aggregate.isEmpty() && fromLog.isEmpty()) {
            throw new IllegalArgumentException("nothing can answer the measure '" + name + "'");
        }
    }

    /** How the values of disjoint parts of a table are put together. */
    public enum Merge {
        SUM,
        /** The least; null where no part has one. */
        MIN,
        /** The greatest; null where no part has one. */
        MAX,
        /** They can't be: it is taken over all rows that count. */
        WHOLE
    }

    /** The rows. */
    public static Measure rows(String name) {
        return new Measure(
                name, Optional.of(Expr.of("count(*)")), Optional.of(new StatisticsRule.RowCount()), Merge.SUM);
    }

    /** The rows in which a column is null. */
    public static Measure nulls(String name, String column) {
        return new Measure(
                name,
                Optional.of(Expr.of("count(*) - count(" + CommonSql.name(column) + ")")),
                Optional.of(new StatisticsRule.NullCount(column)),
                Merge.SUM);
    }

    /** The rows for which a condition is true. Files that its predicate rules out are not read. */
    public static Measure countWhere(String name, Expr condition) {
        return new Measure(
                name,
                Optional.of(new Expr(
                        "count(CASE WHEN " + condition.text() + " THEN 1 END)",
                        condition.dialect(),
                        condition.predicate())),
                Optional.of(new StatisticsRule.NothingOutside(condition.predicate())),
                Merge.SUM);
    }

    /** The distinct values that a column has in the rows for which a condition is true. */
    public static Measure distinctWhere(String name, String column, Expr condition) {
        return new Measure(
                name,
                Optional.of(new Expr(
                        "count(DISTINCT CASE WHEN " + condition.text() + " THEN " + CommonSql.name(column) + " END)",
                        condition.dialect(),
                        condition.predicate())),
                Optional.of(new StatisticsRule.NothingOutside(condition.predicate())),
                Merge.WHOLE);
    }

    /** The least value of a column. */
    public static Measure min(String name, String column) {
        return new Measure(
                name,
                Optional.of(Expr.of("min(" + CommonSql.name(column) + ")")),
                Optional.of(new StatisticsRule.Least(column)),
                Merge.MIN);
    }

    /** The greatest value of a column. */
    public static Measure max(String name, String column) {
        return new Measure(
                name,
                Optional.of(Expr.of("max(" + CommonSql.name(column) + ")")),
                Optional.of(new StatisticsRule.Greatest(column)),
                Merge.MAX);
    }

    /** Any other aggregate. */
    public static Measure of(String name, Expr aggregate, Merge merge) {
        return new Measure(name, Optional.of(aggregate), Optional.empty(), merge);
    }

    /** What only the log of a table can tell; on a relation without a log the check is an error. */
    public static Measure fromLog(String name, StatisticsRule.Stated rule) {
        return new Measure(name, Optional.empty(), Optional.of(rule), Merge.WHOLE);
    }
}
