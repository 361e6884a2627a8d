package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
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
 * Gives columns of the rows for which a condition is true new values, by copy-on-write. Rows for which it is null stay.
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
        Set<String> columns = new HashSet<>();
        for (Assignment assignment : set) {
            if (!columns.add(assignment.column().toLowerCase(Locale.ROOT))) {
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
        Predicate predicate = condition.map(Expr::predicate).orElse(Predicate.always());
        Expr accepts = condition.orElse(Expr.of("true"));
        List<DataFile> candidates = base.scan().where(predicate).files();
        List<FileHits> hits = candidates.isEmpty()
                ? List.of()
                : session.locate(new Relation.TableRows(base, candidates), accepts, run.cancellation());
        if (hits.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        List<DataFile> removed = hits.stream().map(FileHits::file).toList();
        long updated = hits.stream().mapToLong(FileHits::hits).sum();
        long rows = hits.stream().mapToLong(FileHits::rows).sum();
        run.cancellation().check();
        List<DataFile> added =
                removed.isEmpty() ? List.of() : rewrite(attempt, base, removed, accepts, rows, session, run);
        List<FileChange> changes = new ArrayList<>();
        removed.forEach(f -> changes.add(new FileChange.Remove(f, true)));
        added.forEach(f -> changes.add(new FileChange.Add(f, true)));
        CommitSpec spec = CommitSpec.of(
                operation(removed, added, updated, rows - updated), new Reads.Matching(predicate, candidates), changes);
        if (attempt.commit(Rewriting.complete(spec, base, Optional.empty(), once, userMetadata))
                instanceof CommitResult.Committed committed) {
            return new ChangeResult(
                    committed.version(),
                    ChangeResult.Outcome.COMMITTED,
                    0,
                    updated,
                    0,
                    added.size(),
                    removed.size(),
                    Rewriting.bytes(added),
                    Rewriting.bytes(removed));
        }
        return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
    }

    private List<DataFile> rewrite(
            Attempts.Attempt attempt,
            Snapshot base,
            List<DataFile> files,
            Expr accepts,
            long rows,
            Session session,
            Run run) {
        List<WrittenFile> written = session.write(
                new WriteRequest(
                        new Relation.Updated(new Relation.TableRows(base, files), accepts, set),
                        base.schema(),
                        base.partitionColumns(),
                        base.location().root(),
                        Rewriting.targetFileBytes(base),
                        List.of()),
                run.cancellation());
        attempt.stage(written.stream().map(WrittenFile::location).toList());
        if (Rewriting.rows(written) != rows) {
            throw new LakeException(
                    ErrorCode.VERIFICATION_FAILED,
                    "the rewritten files hold " + Rewriting.rows(written) + " rows where there were " + rows,
                    Map.of("table", base.table(), "version", base.version()));
        }
        return Rewriting.keepWithRows(written);
    }

    private Operation operation(List<DataFile> removed, List<DataFile> added, long updated, long copied) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(
                "predicate",
                Json.write(condition.map(c -> List.of("(" + c.text() + ")")).orElse(List.of())));
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numRemovedFiles", Long.toString(removed.size()));
        metrics.put("numRemovedBytes", Long.toString(Rewriting.bytes(removed)));
        metrics.put("numAddedFiles", Long.toString(added.size()));
        metrics.put("numAddedBytes", Long.toString(Rewriting.bytes(added)));
        metrics.put("numUpdatedRows", Long.toString(updated));
        metrics.put("numCopiedRows", Long.toString(copied));
        metrics.put("numAddedChangeFiles", "0");
        return new Operation("UPDATE", parameters, metrics);
    }
}
