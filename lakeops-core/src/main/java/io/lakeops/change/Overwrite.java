package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
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
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Puts rows in the place of others: of all that the table holds, of those of the partitions that the new rows fall into,
 * or of those for which a condition is true.
 *
 * <p>Columns are matched by name and cast; a column that the rows lack is null. Rows leave by whole files; a file of
 * which a condition takes a part gets a deletion vector where the table asks for vectors, and is written again where not. Where no row comes and none goes, no version is made.
 *
 * <p>Errors: SCHEMA_MISMATCH for a column that the table lacks; CONSTRAINT_VIOLATED, with such rows, where a new row does not
 * satisfy the condition; VERIFICATION_FAILED; COMMIT_CONFLICT; COMMIT_OUTCOME_UNKNOWN; and those of the engine.
 *
 * @param rows what comes; read once an attempt
 * @param extent what goes
 * @param addColumns whether columns that the table lacks are added to it
 * @param readAt the version at which the rows were read from the table itself, where they were: on any other it conflicts
 * @param once where this sequence was reached before, nothing is done
 * @param userMetadata a free text for the history
 */
public record Overwrite(
        Relation rows,
        Extent extent,
        boolean addColumns,
        OptionalLong readAt,
        Optional<Sequence> once,
        Optional<String> userMetadata) {
    public Overwrite {
        Objects.requireNonNull(rows);
        Objects.requireNonNull(extent);
    }

    /** What an overwrite takes away. */
    public sealed interface Extent {}

    /** Every row. */
    public record Everything() implements Extent {}

    /** The rows of each partition that a new row falls into; every row, where the table has no partitions. */
    public record Partitions() implements Extent {}

    /** The rows for which the condition is true, as it must be for each new row. */
    public record Matching(Expr condition) implements Extent {
        public Matching {
            Objects.requireNonNull(condition);
        }
    }

    /** Replaces every row. */
    public static Overwrite all(Relation rows) {
        return of(rows, new Everything());
    }

    /** Replaces the partitions that the rows fall into. */
    public static Overwrite partitions(Relation rows) {
        return of(rows, new Partitions());
    }

    /** Replaces the rows that {@code condition} accepts. */
    public static Overwrite where(Expr condition, Relation rows) {
        return of(rows, new Matching(condition));
    }

    private static Overwrite of(Relation rows, Extent extent) {
        return new Overwrite(rows, extent, false, OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    public Overwrite withNewColumns() {
        return new Overwrite(rows, extent, true, readAt, once, userMetadata);
    }

    public Overwrite withReadAt(long version) {
        return new Overwrite(rows, extent, addColumns, OptionalLong.of(version), once, userMetadata);
    }

    public Overwrite withOnce(Sequence sequence) {
        return new Overwrite(rows, extent, addColumns, readAt, Optional.of(sequence), userMetadata);
    }

    public Overwrite withUserMetadata(String text) {
        return new Overwrite(rows, extent, addColumns, readAt, once, Optional.of(text));
    }

    /** Plans, writes and commits. */
    public ChangeResult run(LakeTable table, Session session, Run run) {
        return Attempts.run(table, "WRITE", run, attempt -> attempt(attempt, session, run));
    }

    private ChangeResult attempt(Attempts.Attempt attempt, Session session, Run run) {
        Snapshot base = attempt.base();
        if (once.isPresent() && Rewriting.reached(base, once.get())) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
        }
        Rewriting.requireReadAt(base, readAt);
        Schema source = session.schema(rows);
        Numbering numbering = Numbering.of(base.schema(), source);
        Optional<Schema> grown = SchemaGrowth.plan(base, source, addColumns);
        Snapshot view = SchemaGrowth.view(base, grown);
        List<WrittenFile> written = session.write(WriteRequest.into(view, rows), run.cancellation());
        attempt.stage(written.stream().map(WrittenFile::location).toList());
        List<DataFile> fresh = Rewriting.keepWithRows(written);
        Optional<Expr> condition =
                extent instanceof Matching matching ? Optional.of(matching.condition()) : Optional.empty();
        if (condition.isPresent()) {
            requireMatching(view, fresh, condition.get(), session, run);
        }
        Reads reads = reads(base, fresh);
        List<DataFile> candidates = reads instanceof Reads.Matching some
                ? some.files()
                : base.scan().files();
        RowTaking taking = RowTaking.find(attempt, candidates, condition, session, run);
        if (fresh.isEmpty() && taking.isEmpty() && grown.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        if (taking.kept() > 0) {
            taking.writeAgain(new Relation.Except(taking.rewritten(), condition.orElseThrow()), taking.kept());
        }
        long inserted = Rewriting.rows(written);
        List<FileChange> told = taking.told(view, condition, fresh, inserted);
        List<FileChange> changes = new ArrayList<>(taking.changes());
        fresh.forEach(f -> changes.add(new FileChange.Add(f, true)));
        changes.addAll(told);
        ChangeResult taken = taking.result(base.version(), 0, taking.taken());
        long files = taken.filesAdded() + fresh.size();
        long bytes = taken.bytesAdded() + Rewriting.bytes(fresh);
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numFiles", Long.toString(files));
        metrics.put("numOutputRows", Long.toString(inserted + taking.kept()));
        metrics.put("numOutputBytes", Long.toString(bytes));
        metrics.put("numRemovedFiles", Long.toString(taken.filesRemoved()));
        metrics.put("numRemovedBytes", Long.toString(taken.bytesRemoved()));
        if (condition.isPresent()) {
            metrics.put("numDeletedRows", Long.toString(taking.taken()));
            metrics.put("numCopiedRows", Long.toString(taking.kept()));
            metrics.put("numAddedChangeFiles", Integer.toString(told.size()));
        }
        CommitSpec spec = CommitSpec.of(new Operation("WRITE", parameters(base), metrics), reads, changes);
        Optional<Schema> after = numbering.after(base.schema(), grown, inserted);
        if (attempt.commit(Rewriting.complete(spec, base, after, once, userMetadata))
                instanceof CommitResult.Committed committed) {
            return new ChangeResult(
                    committed.version(),
                    ChangeResult.Outcome.COMMITTED,
                    inserted,
                    0,
                    taking.taken(),
                    files,
                    taken.filesRemoved(),
                    bytes,
                    taken.bytesRemoved());
        }
        return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
    }

    /** The rows that go, as far as it is known beforehand, and the files in which they may be. */
    private Reads reads(Snapshot base, List<DataFile> fresh) {
        if (extent instanceof Matching matching) {
            Predicate predicate = matching.condition().predicate();
            return new Reads.Matching(predicate, base.scan().where(predicate).files());
        }
        if (extent instanceof Partitions && !base.partitionColumns().isEmpty()) {
            PartitionsOf touched = new PartitionsOf(base, fresh);
            return new Reads.Matching(
                    touched.predicate(), touched.select(base.scan().files()));
        }
        return new Reads.WholeTable();
    }

    /** Looks at the files as they were written: what a reader will find is what must satisfy the condition. */
    private static void requireMatching(Snapshot view, List<DataFile> fresh, Expr condition, Session session, Run run) {
        if (fresh.isEmpty()) {
            return;
        }
        Rows others = session.rows(
                new Relation.Except(new Relation.TableRows(view, fresh), condition), 3, run.cancellation());
        if (!others.rows().isEmpty()) {
            throw new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    "new rows do not satisfy the condition of the rows that they replace",
                    Map.of("condition", condition.text(), "columns", others.columns(), "rows", others.rows()));
        }
    }

    private Map<String, String> parameters(Snapshot base) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("mode", "Overwrite");
        parameters.put("partitionBy", Json.write(base.partitionColumns()));
        if (extent instanceof Matching matching) {
            parameters.put("predicate", matching.condition().text());
        } else if (extent instanceof Partitions && !base.partitionColumns().isEmpty()) {
            parameters.put("isDynamicPartitionOverwrite", "true");
        }
        return parameters;
    }
}
