package io.lakeops.check;

import io.lakeops.table.Predicate;
import io.lakeops.table.Snapshot;
import java.util.Optional;

/**
 * How a measure is answered from a table's log, file by file. What a file's statistics don't prove is left to a scan of
 * that file.
 */
public sealed interface StatisticsRule {
    /** The live rows of a file. */
    record RowCount() implements StatisticsRule {}

    /** The nulls of a column. */
    record NullCount(String column) implements StatisticsRule {}

    /** The least value of a column, where a bound is a value: those of texts and instants are cut. */
    record Least(String column) implements StatisticsRule {}

    /** The greatest value of a column, where a bound is a value. */
    record Greatest(String column) implements StatisticsRule {}

    /** The measure counts only rows that fulfil the predicate: a file that the predicate rules out adds nothing. */
    record NothingOutside(Predicate predicate) implements StatisticsRule {}

    /** Whatever else a snapshot can tell. Empty: it can't. */
    @FunctionalInterface
    non-sealed interface Stated extends StatisticsRule {
        Optional<Object> answer(Snapshot snapshot);
    }
}
