package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives columns of the rows for which a condition is true new values. Rows for which it is null stay.
 *
 * <p>Where the table asks for deletion vectors, the old rows are deleted by vectors and only the new ones are written, in
 * one commit; else the files with such rows are written again.
 *
 * <p>Every value is computed from the row as it was and cast to the column's type; what can't be cast is an error, never
 * another value. A file without such a row is not touched; where no row is concerned, no version is made. Condition and
 * values are read more than once and must give the same each time.
 *
 * <p>Errors: INVALID_ARGUMENT without an assignment or with two of one column; COLUMN_NOT_FOUND; CONSTRAINT_VIOLATED;
 * VERIFICATION_FAILED where the rewritten files don't hold as many rows as before; COMMIT_CONFLICT; COMMIT_OUTCOME_UNKNOWN;
 * and those of the engine.
 *
 * @param condition which rows; none updates all
 * @param set the new values
 * @param once where this sequence was reached before, nothing is done; else a version is made even where no row is
 *     concerned
 * @param userMetadata a free text for the history
 */
public record Update(
        Optional<Expr> condition, List<Assignment> set, Optional<Sequence> once, Optional<String> userMetadata) {
    public Update {
        set = List.copyOf(set);
        if (set.isEmpty()) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "an update needs at least one assignment");
        }
        Set<List<String>> paths = new HashSet<>();
        for (Assignment assignment : set) {
            List<String> path = new ArrayList<>(List.of(assignment.column().toLowerCase(Locale.ROOT)));
            assignment.fields().forEach(f -> path.add(f.toLowerCase(Locale.ROOT)));
            if (!paths.add(path)) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a column is given two values",
                        Map.of("column", assignment.column()));
            }
        }
    }

    /** Updates the rows that {@code condition} accepts. */
    public static Update where(Expr condition, Assignment... set) {
        return new Update(Optional.of(condition), List.of(set), Optional.empty(), Optional.empty());
    }

    /** Updates every row. */
    public static Update all(Assignment... set) {
        return new Update(Optional.empty(), List.of(set), Optional.empty(), Optional.empty());
    }

    public Update withOnce(Sequence sequence) {
        return new Update(condition, set, Optional.of(sequence), userMetadata);
    }

    public Update withUserMetadata(String text) {
        return new Update(condition, set, once, Optional.of(text));
    }

    /** Plans, rewrites and commits. */
    public ChangeResult run(LakeTable table, Session session, Run run) {
        return Attempts.run(table, "UPDATE", run, attempt -> attempt(attempt, session, run));
    }

    private ChangeResult attempt(Attempts.Attempt attempt, Session session, Run run) {
        Snapshot base = attempt.base();
        if (once.isPresent() && Rewriting.reached(base, once.get())) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
        }
        set.forEach(assignment -> base.schema().require(assignment.column()));
        Numbering.requireNotSet(base.schema(), set);
        Predicate predicate = condition.map(Expr::predicate).orElse(Predicate.always());
        List<DataFile> candidates = base.scan().where(predicate).files();
        RowTaking taking = RowTaking.find(attempt, candidates, condition, session, run);
        if (taking.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        write(taking, base);
        CommitSpec spec = CommitSpec.of(operation(taking), new Reads.Matching(predicate, candidates), taking.changes());
        if (attempt.commit(Rewriting.complete(spec, base, Optional.empty(), once, userMetadata))
                instanceof CommitResult.Committed committed) {
            return taking.result(committed.version(), taking.taken(), 0);
        }
        return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
    }

    private void write(RowTaking taking, Snapshot base) {
        if (taking.isEmpty()) {
            return;
        }
        Expr accepts = condition.orElse(Expr.of("true"));
        boolean recorded = taking.wantsChangeData();
        if (!recorded && !taking.byVector()) {
            // The rows that stay are packed with the new ones.
            taking.write(new Relation.Updated(taking.leaving(), accepts, set), taking.taken() + taking.kept());
            return;
        }
        List<DataFile> written = taking.write(Relation.Updated.only(taking.changing(), accepts, set), taking.taken());
        if (taking.kept() > 0) {
            taking.writeAgain(new Relation.Except(taking.rewritten(), accepts), taking.kept());
        }
        if (recorded) {
            // The new rows are read back: a value that is another each time it is computed is recorded as it was
            // written.
            taking.record(
                    List.of(
                            new Relation.Image(new Relation.Filtered(taking.touched(), accepts), ChangeData.BEFORE),
                            new Relation.Image(new Relation.TableRows(base, written), ChangeData.AFTER)),
                    2 * taking.taken());
        }
    }

    private Operation operation(RowTaking taking) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(
                "predicate",
                Json.write(condition.map(c -> List.of("(" + c.text() + ")")).orElse(List.of())));
        Map<String, String> metrics = taking.metrics();
        metrics.put("numUpdatedRows", Long.toString(taking.taken()));
        return new Operation("UPDATE", parameters, metrics);
    }
}
