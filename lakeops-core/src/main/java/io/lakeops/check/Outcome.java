package io.lakeops.check;

import java.util.Objects;

/** A check's verdict, before it is weighed by severity and thresholds. */
public sealed interface Outcome {
    /** What was expected holds. */
    record Passed(Tally tally) implements Outcome {
        public Passed {
            if (tally.reported() != 0) {
                throw new IllegalArgumentException("a pass with " + tally.reported() + " failures");
            }
        }
    }

    /**
     * It does not.
     *
     * @param expected in words
     * @param observed in words, with figures
     * @param fix what usually helps
     */
    record Failed(Tally tally, String expected, String observed, String fix) implements Outcome {
        public Failed {
            if (tally.reported() <= 0) {
                throw new IllegalArgumentException("a failure without a count");
            }
            Objects.requireNonNull(expected);
            Objects.requireNonNull(observed);
            Objects.requireNonNull(fix);
        }
    }

    /** There was no row to judge: never a pass. */
    record NoData(String why) implements Outcome {}

    /** It can't be said yet, for instance for want of history. */
    record Undecided(String why) implements Outcome {}

    /**
     * The counts behind a verdict.
     *
     * @param rows rows that were judged: the denominator of the pass rate; nulls don't count where they pass by rule
     * @param failures rows that failed, or more where a query returns more
     * @param reported failures as dbt counts them for this check: what warn_if and error_if compare
     */
    record Tally(long rows, long failures, long reported) {
        public Tally {
            if (rows < 0 || failures < 0 || reported < 0) {
                throw new IllegalArgumentException("negative count: " + rows + ", " + failures + ", " + reported);
            }
        }

        /** One thing that holds, such as a table's freshness. */
        public static final Tally HELD = new Tally(1, 0, 0);

        /** One thing that doesn't. */
        public static final Tally BROKEN = new Tally(1, 1, 1);

        /** The share of rows that passed, from 0 to 100; 100 where no row could fail. */
        public double passRate() {
            if (failures == 0) {
                return 100;
            }
            // Never rounded up to 100 while a row fails.
            return failures >= rows ? 0 : Math.min(100d * (rows - failures) / rows, Math.nextDown(100d));
        }
    }

    /** Passed where no row failed, Failed else. */
    static Outcome ofRows(Tally tally, String expected, String observed, String fix) {
        return tally.reported() == 0 ? new Passed(tally) : new Failed(tally, expected, observed, fix);
    }
}
