package io.lakeops.maintenance;

import io.lakeops.context.Run;
import io.lakeops.engine.Session;
import io.lakeops.provider.Provider;
import io.lakeops.table.LakeTable;
import java.util.Map;

/**
 * Something that keeps a table in shape: plan, run, verify, commit.
 *
 * <p>Found by {@link java.util.ServiceLoader}. The plan is made from metadata alone and is what a dry run shows; the run
 * does what the plan says and nothing else, checks it against the versions since, and commits once or not at all. An
 * action that was run and finds nothing new plans nothing.
 *
 * <p>Threads: safe.
 */
public interface MaintenanceAction extends Provider {
    /**
     * What is to be done, on the newest version.
     *
     * <p>Errors: UNKNOWN_OPTION names the nearest option; INVALID_ARGUMENT.
     *
     * @param options by name, as text; each action documents its own
     */
    MaintenancePlan plan(LakeTable table, Map<String, String> options, Run run);

    /**
     * Does what the plan says.
     *
     * <p>Errors: VERIFICATION_FAILED (nothing was committed), COMMIT_CONFLICT, COMMIT_OUTCOME_UNKNOWN, CANCELLED.
     */
    MaintenanceResult run(MaintenancePlan plan, LakeTable table, Session session, Run run);
}
