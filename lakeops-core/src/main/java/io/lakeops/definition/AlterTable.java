package io.lakeops.definition;

import io.lakeops.context.Run;
import io.lakeops.engine.Session;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Reads;
import io.lakeops.table.Snapshot;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Changes a table's definition in one commit that touches no file.
 *
 * <p>The edit is planned on the newest version, and where another writer was first, planned and checked again on the then
 * newest: what it would do there may be something else, or nothing that can be done. An edit that changes nothing makes no
 * version.
 *
 * <p>Errors: COLUMN_NOT_FOUND, SCHEMA_MISMATCH, INVALID_ARGUMENT, UNKNOWN_OPTION, CONSTRAINT_VIOLATED shows rows that stand
 * against it, FEATURE_UNSUPPORTED names what the table lacks, COMMIT_CONFLICT, COMMIT_OUTCOME_UNKNOWN.
 *
 * @param userMetadata a free text for the history
 */
public record AlterTable(Edit edit, Optional<String> userMetadata) {
    public AlterTable {
        Objects.requireNonNull(edit);
    }

    public static AlterTable of(Edit edit) {
        return new AlterTable(edit, Optional.empty());
    }

    public AlterTable withUserMetadata(String text) {
        return new AlterTable(edit, Optional.of(text));
    }

    /** Plans, checks and commits. */
    public Altered run(LakeTable table, Session session, Run run) {
        return Attempts.run(table, "ALTER TABLE", run, attempt -> attempt(attempt, session, run));
    }

    private Altered attempt(Attempts.Attempt attempt, Session session, Run run) {
        Snapshot base = attempt.base();
        RowsAgainst rows = new RowsAgainst(base, session, run);
        Optional<Redefinition> plan = new EditPlan(base, rows).of(edit);
        if (plan.isEmpty()) {
            return new Altered(base.version(), false);
        }
        boolean looked = rows.check(edit);
        CommitSpec spec = CommitSpec.of(
                        plan.get().operation(), looked ? new Reads.WholeTable() : new Reads.Nothing(), List.of())
                .withIsolation(Isolation.SERIALIZABLE)
                .withTable(plan.get().change());
        if (userMetadata.isPresent()) {
            spec = spec.withUserMetadata(userMetadata.get());
        }
        CommitResult.Committed committed = (CommitResult.Committed) attempt.commit(spec);
        return new Altered(committed.version(), true);
    }

    /**
     * What an edit did.
     *
     * @param version the version that has the new definition
     * @param changed whether a version was made
     */
    public record Altered(long version, boolean changed) {}
}
