package io.lakeops.check;

import io.lakeops.provider.Provider;
import io.lakeops.table.Schema;

/**
 * A kind of check: says what has to be measured, and judges what was measured. It runs nothing itself, so that the runner
 * answers from the table's log what it can, and measures the rest in one pass for all checks.
 *
 * <p>{@link #name} is the check's type: dbt's name where there is one ({@code not_null}); a third party's is reverse-DNS
 * ({@code com.example.postcode}). Found by {@link java.util.ServiceLoader}: one class with one annotation is a plug-in.
 *
 * <p>Errors: both methods may throw; the check's result is then {@code error} with that cause, and the others run on.
 *
 * <p>Threads: safe, and without state.
 */
public interface Check extends Provider {
    /**
     * What to measure on a table with those columns.
     *
     * <p>Errors: COLUMN_NOT_FOUND, CHECK_INVALID, UNKNOWN_OPTION.
     */
    CheckPlan plan(Schema schema, Arguments arguments);

    /**
     * The verdict on what was measured. Pure: the same input gives the same answer. Whether a failure counts as a warning
     * or an error, and how many are tolerated, is decided by who runs the check.
     *
     * @param now each measure of the plan, by name
     * @param past earlier results of this check on this table, as many as the plan asks for
     */
    Outcome judge(Measurements now, History past);
}
