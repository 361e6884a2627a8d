package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.FoundRows;
import io.lakeops.engine.Relation;
import io.lakeops.engine.RowMatch;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Attempts;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVectorWriter;
import io.lakeops.table.FileChange;
import io.lakeops.table.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The rows that a change takes out of a table's files, and the files that it writes: what DELETE, UPDATE, MERGE and overwriting share.
 *
 * <p>A file that loses all its rows leaves the table. One that loses some gets a deletion vector where the table asks for
 * vectors and the log counts the file's rows; else it is written again.
 */
final class RowTaking {
    private final Attempts.Attempt attempt;
    private final Snapshot base;
    private final Session session;
    private final Run run;
    private final List<DataFile> whole = new ArrayList<>();
    private final List<FileChange.ReplaceVector> masked = new ArrayList<>();
    private final List<DataFile> partial = new ArrayList<>();
    private final List<DataFile> added = new ArrayList<>();
    private final List<FileChange> changeData = new ArrayList<>();
    private long taken;
    private long kept;

    private RowTaking(Attempts.Attempt attempt, Session session, Run run) {
        this.attempt = attempt;
        this.base = attempt.base();
        this.session = session;
        this.run = run;
    }

    /** Finds the rows of {@code candidates} that {@code condition} accepts; none accepts all. */
    static RowTaking find(
            Attempts.Attempt attempt, List<DataFile> candidates, Optional<Expr> condition, Session session, Run run) {
        RowTaking taking = new RowTaking(attempt, session, run);
        if (condition.isEmpty()) {
            taking.whole.addAll(candidates);
            taking.taken = taking.liveRows(candidates);
        } else if (!candidates.isEmpty()) {
            taking.find(candidates, condition.get());
        }
        run.cancellation().check();
        return taking;
    }

    /** For a change that finds its rows itself. */
    static RowTaking of(Attempts.Attempt attempt, Session session, Run run) {
        return new RowTaking(attempt, session, run);
    }

    private void find(List<DataFile> candidates, Expr condition) {
        List<DataFile> counted = new ArrayList<>();
        List<DataFile> others = new ArrayList<>();
        candidates.forEach(f -> (masks(List.of(f)) ? counted : others).add(f));
        if (!counted.isEmpty()) {
            masking(found -> {
                session.find(new Relation.TableRows(base, counted), condition, found, run.cancellation());
                return Boolean.TRUE;
            });
        }
        if (!others.isEmpty()) {
            session.locate(
                            new Relation.TableRows(base, others),
                            new RowMatch.ByCondition(condition),
                            run.cancellation())
                    .forEach(this::take);
        }
    }

    /** Whether files that lose some rows get a vector: the table asks for vectors, and the log counts the files' rows. */
    boolean masks(List<DataFile> files) {
        return files.stream().allMatch(f -> f.liveRows().isPresent())
                && base.coordination().deletionVectors().isPresent();
    }

    /** Takes the rows that a search finds, by vectors; the search stages what it writes. */
    <R> R masking(Function<FoundRows, R> search) {
        try (DeletionVectorWriter vectors =
                base.coordination().deletionVectors().orElseThrow()) {
            R result = search.apply((file, rows) -> take(file, rows, vectors));
            attempt.stage(vectors.finish());
            requireCounted();
            return result;
        }
    }

    /** Takes rows by files that are written again. */
    void rewriting(List<DataFile> files, long rows, long copied) {
        partial.addAll(files);
        taken += rows;
        kept += copied;
    }

    /** Adds what was written and staged elsewhere. */
    void adopt(List<DataFile> files, List<FileChange> recorded) {
        added.addAll(files);
        changeData.addAll(recorded);
    }

    private void take(DataFile file, DeletedRows rows, DeletionVectorWriter vectors) {
        taken += rows.cardinality();
        if (rows.cardinality() == file.liveRows().orElseThrow()) {
            whole.add(file);
            return;
        }
        DeletedRows before = base.deletedRows(file);
        DeletedRows all = before.and(rows);
        if (all.cardinality() != before.cardinality() + rows.cardinality()) {
            throw wrong("the engine found rows of " + file.path() + " that were deleted before");
        }
        masked.add(new FileChange.ReplaceVector(file, file.withDeletionVector(vectors.write(all))));
    }

    private void take(FileHits hits) {
        taken += hits.hits();
        if (hits.hits() == hits.rows()) {
            whole.add(hits.file());
        } else {
            partial.add(hits.file());
            kept += hits.rows() - hits.hits();
        }
    }

    /** Whoever removes a file whole because all its rows are taken must not believe the log alone. */
    private void requireCounted() {
        long logged = whole.stream().mapToLong(f -> f.liveRows().orElseThrow()).sum();
        long found = whole.isEmpty() ? 0 : Rewriting.count(session, new Relation.TableRows(base, whole), run);
        if (found != logged) {
            throw wrong("files that are to leave hold " + found + " rows where the log counts " + logged);
        }
    }

    private long liveRows(List<DataFile> files) {
        List<DataFile> uncounted =
                files.stream().filter(f -> f.liveRows().isEmpty()).toList();
        long counted = files.stream().mapToLong(f -> f.liveRows().orElse(0)).sum();
        return uncounted.isEmpty()
                ? counted
                : counted + Rewriting.count(session, new Relation.TableRows(base, uncounted), run);
    }

    boolean isEmpty() {
        return whole.isEmpty() && masked.isEmpty() && partial.isEmpty();
    }

    /** Rows that go. */
    long taken() {
        return taken;
    }

    /** Rows that stay, of the files that must be written again. */
    long kept() {
        return kept;
    }

    /** Whether some files only get a vector, so that their other rows must not be written. */
    boolean byVector() {
        return !masked.isEmpty();
    }

    /** The files that must be written again. */
    Relation.TableRows rewritten() {
        return Relation.TableRows.moving(base, partial);
    }

    /** All files that leave the table, those that must be written again among them. */
    Relation.TableRows leaving() {
        return Relation.TableRows.moving(base, removed());
    }

    /** All files that lose rows, whose rows are to be written again. */
    Relation.TableRows changing() {
        return Relation.TableRows.moving(base, touched().files());
    }

    List<DataFile> removed() {
        return Stream.concat(whole.stream(), partial.stream()).toList();
    }

    /** All files that lose rows. */
    Relation.TableRows touched() {
        return new Relation.TableRows(
                base,
                Stream.concat(removed().stream(), masked.stream().map(FileChange.ReplaceVector::before))
                        .toList());
    }

    /** Whether the table wants to know the rows that change. */
    boolean wantsChangeData() {
        return base.coordination().changeData();
    }

    /** Whether only whole files leave. */
    boolean wholeOnly() {
        return masked.isEmpty() && partial.isEmpty();
    }

    /** Brings the change data that this commit is known by from then on: all of it. */
    void record(List<Relation.Image> images, long expected) {
        changeData.addAll(ChangeData.write(attempt, base, images, expected, session, run));
    }

    /** Writes rows that come, shows that they are as many as they must be, and returns their files. */
    List<DataFile> write(Relation rows, long expected) {
        return write(WriteRequest.into(base, rows), expected);
    }

    /** Writes rows that stay, as they are. */
    void writeAgain(Relation rows, long expected) {
        writeAgain(rows, expected, List.of());
    }

    /** Writes rows that stay, as they are, sorted by columns. */
    void writeAgain(Relation rows, long expected, List<String> orderBy) {
        write(WriteRequest.again(base, rows).withOrderBy(orderBy), expected);
    }

    /**
     * The change data of rows that others take the place of; none where the table wants none, and where whole files go and
     * nothing comes.
     *
     * @param view the version whose columns the new rows have
     * @param fresh the files of the new rows, of which there are {@code inserted}
     */
    List<FileChange> told(Snapshot view, Optional<Expr> condition, List<DataFile> fresh, long inserted) {
        if (!wantsChangeData() || isEmpty() || (wholeOnly() && fresh.isEmpty())) {
            return List.of();
        }
        Relation touched = new Relation.TableRows(view, touched().files());
        Relation gone = condition.isEmpty() ? touched : new Relation.Filtered(touched, condition.get());
        List<Relation.Image> images = List.of(
                new Relation.Image(gone, ChangeData.DELETE),
                new Relation.Image(new Relation.TableRows(view, fresh), ChangeData.INSERT));
        return ChangeData.write(attempt, view, images, taken + inserted, session, run);
    }

    private List<DataFile> write(WriteRequest request, long expected) {
        List<WrittenFile> written = session.write(request, run.cancellation());
        attempt.stage(written.stream().map(WrittenFile::location).toList());
        if (Rewriting.rows(written) != expected) {
            throw wrong("the written files hold " + Rewriting.rows(written) + " rows where " + expected + " must be");
        }
        List<DataFile> files = Rewriting.keepWithRows(written);
        added.addAll(files);
        return files;
    }

    private LakeException wrong(String problem) {
        return new LakeException(
                ErrorCode.VERIFICATION_FAILED, problem, Map.of("table", base.table(), "version", base.version()));
    }

    List<FileChange> changes() {
        List<FileChange> changes = new ArrayList<>(masked);
        removed().forEach(f -> changes.add(new FileChange.Remove(f, true)));
        added.forEach(f -> changes.add(new FileChange.Add(f, true)));
        changes.addAll(changeData);
        return changes;
    }

    /** The metrics of files and vectors, by Spark's names. */
    Map<String, String> metrics() {
        long updated = masked.stream()
                .filter(m -> m.before().deletionVector().isPresent())
                .count();
        long gone =
                removed().stream().filter(f -> f.deletionVector().isPresent()).count();
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numRemovedFiles", Integer.toString(removed().size()));
        metrics.put("numRemovedBytes", Long.toString(Rewriting.bytes(removed())));
        metrics.put("numAddedFiles", Integer.toString(added.size()));
        metrics.put("numAddedBytes", Long.toString(Rewriting.bytes(added)));
        metrics.put("numCopiedRows", Long.toString(kept));
        metrics.put("numDeletionVectorsAdded", Integer.toString(masked.size()));
        metrics.put("numDeletionVectorsUpdated", Long.toString(updated));
        metrics.put("numDeletionVectorsRemoved", Long.toString(updated + gone));
        metrics.put("numAddedChangeFiles", Integer.toString(changeData.size()));
        return metrics;
    }

    List<DataFile> added() {
        return added;
    }

    /** What was done, once it is committed. */
    ChangeResult result(long version, long updated, long deleted) {
        return result(version, 0, updated, deleted);
    }

    ChangeResult result(long version, long inserted, long updated, long deleted) {
        return new ChangeResult(
                version,
                ChangeResult.Outcome.COMMITTED,
                inserted,
                updated,
                deleted,
                added.size(),
                removed().size(),
                Rewriting.bytes(added),
                Rewriting.bytes(removed()));
    }
}
