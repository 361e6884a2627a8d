package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.json.Json;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes the rows of a table for which a condition is true. Rows for which it is null stay.
 *
 * <p>A file all of whose rows go is removed without being written again; a file without such a row is not touched. Another
 * file gets a deletion vector where the table asks for vectors, and is written again where it does not. Where no row is
 * concerned, no version is made.
 *
 * <p>Errors: COMMIT_CONFLICT, COMMIT_OUTCOME_UNKNOWN, VERIFICATION_FAILED where the rewritten files don't hold the rows
 * that must stay, and those of the engine.
 *
 * @param condition which rows; none deletes all
 * @param once where this sequence was reached before, nothing is done; else a version is made even where no row is
 *     concerned
 * @param userMetadata a free text for the history
 */
public record Delete(Optional<Expr> condition, Optional<Sequence> once, Optional<String> userMetadata) {
    /** Deletes the rows that {@code condition} accepts. */
    public static Delete where(Expr condition) {
        return new Delete(Optional.of(condition), Optional.empty(), Optional.empty());
    }

    /** Deletes every row. */
    public static Delete all() {
        return new Delete(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Delete withOnce(Sequence sequence) {
        return new Delete(condition, Optional.of(sequence), userMetadata);
    }

    public Delete withUserMetadata(String text) {
        return new Delete(condition, once, Optional.of(text));
    }

    /** Plans, rewrites and commits. */
    public ChangeResult run(LakeTable table, Session session, Run run) {
        return Attempts.run(table, "DELETE", run, attempt -> attempt(attempt, session, run));
    }

    private ChangeResult attempt(Attempts.Attempt attempt, Session session, Run run) {
        Snapshot base = attempt.base();
        if (once.isPresent() && Rewriting.reached(base, once.get())) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
        }
        Predicate predicate = condition.map(Expr::predicate).orElse(Predicate.always());
        List<DataFile> candidates = base.scan().where(predicate).files();
        RowTaking taking = RowTaking.find(attempt, candidates, condition, session, run);
        if (taking.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        if (taking.kept() > 0) {
            taking.writeAgain(new Relation.Except(taking.rewritten(), condition.orElseThrow()), taking.kept());
        }
        // Whoever reads the feed takes the rows of a whole file that leaves for deleted; beside other changes they are
        // told.
        if (taking.wantsChangeData() && !taking.wholeOnly()) {
            Relation gone = new Relation.Filtered(taking.touched(), condition.orElseThrow());
            taking.record(List.of(new Relation.Image(gone, ChangeData.DELETE)), taking.taken());
        }
        CommitSpec spec = CommitSpec.of(operation(taking), new Reads.Matching(predicate, candidates), taking.changes());
        if (attempt.commit(Rewriting.complete(spec, base, Optional.empty(), once, userMetadata))
                instanceof CommitResult.Committed committed) {
            return taking.result(committed.version(), 0, taking.taken());
        }
        return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
    }

    private Operation operation(RowTaking taking) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(
                "predicate",
                Json.write(condition.map(c -> List.of("(" + c.text() + ")")).orElse(List.of())));
        Map<String, String> metrics = taking.metrics();
        metrics.put("numDeletedRows", Long.toString(taking.taken()));
        return new Operation("DELETE", parameters, metrics);
    }
}
