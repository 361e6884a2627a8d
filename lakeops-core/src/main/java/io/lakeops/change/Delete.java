package io.lakeops.change;

import io.lakeops.context.Run;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes the rows of a table for which a condition is true, by copy-on-write. Rows for which it is null stay.
 *
 * <p>A file all of whose rows go is removed without being written again; a file without such a row is not touched. Where
 * no row is concerned, no version is made.
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
        List<DataFile> removed = new ArrayList<>();
        List<DataFile> partial = new ArrayList<>();
        long deletedRows = 0;
        long keptRows = 0;
        if (condition.isEmpty()) {
            removed.addAll(candidates);
            deletedRows = liveRows(base, candidates, session, run);
        } else {
            for (FileHits hits :
                    session.locate(new Relation.TableRows(base, candidates), condition.get(), run.cancellation())) {
                removed.add(hits.file());
                deletedRows += hits.hits();
                if (hits.hits() < hits.rows()) {
                    partial.add(hits.file());
                    keptRows += hits.rows() - hits.hits();
                }
            }
        }
        if (removed.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        run.cancellation().check();
        List<DataFile> added = partial.isEmpty()
                ? List.of()
                : rewrite(attempt, base, new Relation.TableRows(base, partial), keptRows, session, run);
        List<FileChange> changes = new ArrayList<>();
        removed.forEach(f -> changes.add(new FileChange.Remove(f, true)));
        added.forEach(f -> changes.add(new FileChange.Add(f, true)));
        CommitSpec spec = CommitSpec.of(
                operation(removed, added, deletedRows, keptRows), new Reads.Matching(predicate, candidates), changes);
        if (attempt.commit(Rewriting.complete(spec, base, Optional.empty(), once, userMetadata))
                instanceof CommitResult.Committed committed) {
            return new ChangeResult(
                    committed.version(),
                    ChangeResult.Outcome.COMMITTED,
                    0,
                    0,
                    deletedRows,
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
            Relation.TableRows partial,
            long keptRows,
            Session session,
            Run run) {
        List<WrittenFile> written = session.write(
                new WriteRequest(
                        new Relation.Except(partial, condition.orElseThrow()),
                        base.schema(),
                        base.partitionColumns(),
                        base.location().root(),
                        Rewriting.targetFileBytes(base),
                        List.of()),
                run.cancellation());
        attempt.stage(written.stream().map(WrittenFile::location).toList());
        long rows = Rewriting.rows(written);
        if (rows != keptRows) {
            throw new LakeException(
                    ErrorCode.VERIFICATION_FAILED,
                    "the rewritten files hold " + rows + " rows where " + keptRows + " must stay",
                    Map.of("table", base.table(), "version", base.version()));
        }
        return Rewriting.keepWithRows(written);
    }

    private Operation operation(List<DataFile> removed, List<DataFile> added, long deletedRows, long copiedRows) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(
                "predicate",
                Json.write(condition.map(c -> List.of("(" + c.text() + ")")).orElse(List.of())));
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numRemovedFiles", Long.toString(removed.size()));
        metrics.put("numRemovedBytes", Long.toString(Rewriting.bytes(removed)));
        metrics.put("numAddedFiles", Long.toString(added.size()));
        metrics.put("numAddedBytes", Long.toString(Rewriting.bytes(added)));
        metrics.put("numDeletedRows", Long.toString(deletedRows));
        metrics.put("numCopiedRows", Long.toString(copiedRows));
        metrics.put(
                "numDeletionVectorsRemoved",
                Long.toString(removed.stream()
                        .filter(f -> f.deletionVector().isPresent())
                        .count()));
        metrics.put("numAddedChangeFiles", "0");
        return new Operation("DELETE", parameters, metrics);
    }

    private static long liveRows(Snapshot base, List<DataFile> files, Session session, Run run) {
        List<DataFile> uncounted =
                files.stream().filter(f -> f.liveRows().isEmpty()).toList();
        long counted = files.stream().mapToLong(f -> f.liveRows().orElse(0)).sum();
        return uncounted.isEmpty()
                ? counted
                : counted + Rewriting.count(session, new Relation.TableRows(base, uncounted), run);
    }
}
