package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Merged;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.IdentityColumn;
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
import java.util.stream.Collectors;

/**
 * Puts rows into a table by key: a source row replaces the target's row of its key, or is added; one
 * that the delete condition accepts removes it instead. A key with a null in it matches nothing.
 *
 * <p>Rows that go are masked by deletion vectors where the table asks for them, else the files with such rows are written again;
 * files whose statistics rule the source's keys out are
 * not read. The source is read several times and must give the same rows each time.
 *
 * <p>Errors: AMBIGUOUS_MATCH where two source rows have one key; SCHEMA_MISMATCH for a source column that the table lacks;
 * COLUMN_NOT_FOUND for a key that one of them lacks; VERIFICATION_FAILED; COMMIT_CONFLICT; COMMIT_OUTCOME_UNKNOWN; and
 * those of the engine.
 *
 * @param source the rows to put in
 * @param key the columns that identify a row, in both
 * @param deleteWhen which source rows delete; none deletes nothing
 * @param controlColumn a column of the source that {@code deleteWhen} reads and the table does not keep
 * @param addColumns whether source columns that the table lacks are added to it
 * @param once where this sequence was reached before, nothing is done
 * @param userMetadata a free text for the history
 */
public record Upsert(
        Relation source,
        List<String> key,
        Optional<Expr> deleteWhen,
        Optional<String> controlColumn,
        boolean addColumns,
        Optional<Sequence> once,
        Optional<String> userMetadata) {
    private static final Merged NOTHING =
            new Merged(Predicate.never(), List.of(), List.of(), List.of(), List.of(), 0, 0, 0, 0, 0);

    public Upsert {
        Objects.requireNonNull(source);
        key = List.copyOf(key);
        if (key.isEmpty()) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "an upsert needs at least one key column");
        }
    }

    public static Upsert of(Relation source, String... key) {
        return new Upsert(
                source, List.of(key), Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.empty());
    }

    public Upsert withDeleteWhen(Expr condition) {
        return new Upsert(source, key, Optional.of(condition), controlColumn, addColumns, once, userMetadata);
    }

    /** With a column of the source that {@code deleteWhen} reads and the table does not keep. */
    public Upsert withControlColumn(String column) {
        return new Upsert(source, key, deleteWhen, Optional.of(column), addColumns, once, userMetadata);
    }

    public Upsert withNewColumns() {
        return new Upsert(source, key, deleteWhen, controlColumn, true, once, userMetadata);
    }

    public Upsert withOnce(Sequence sequence) {
        return new Upsert(source, key, deleteWhen, controlColumn, addColumns, Optional.of(sequence), userMetadata);
    }

    public Upsert withUserMetadata(String text) {
        return new Upsert(source, key, deleteWhen, controlColumn, addColumns, once, Optional.of(text));
    }

    /** Plans, rewrites and commits. */
    public ChangeResult run(LakeTable table, Session session, Run run) {
        return Attempts.run(table, "MERGE", run, attempt -> attempt(attempt, session, run));
    }

    private ChangeResult attempt(Attempts.Attempt attempt, Session session, Run run) {
        Snapshot base = attempt.base();
        if (once.isPresent() && Rewriting.reached(base, once.get())) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
        }
        Schema sourceSchema = session.schema(source);
        for (String column : key) {
            base.schema().require(column);
            sourceSchema.require(column);
        }
        Schema kept = kept(sourceSchema);
        Optional<Schema> grown = SchemaGrowth.plan(base, kept, addColumns);
        Snapshot view = SchemaGrowth.view(base, grown);
        KeyRange range = KeyRange.measure(session, source, sourceSchema, base.schema(), key, run);
        if (range.rows() == 0 && grown.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        List<DataFile> candidates = base.scan().where(range.predicate()).files();
        MergeRequest request = MergeRequest.byKey(
                Relation.TableRows.moving(view, candidates),
                source,
                new MergeRequest.Key(key, deleteWhen.orElse(Expr.of("false"))),
                put(base, kept),
                Rewriting.targetFileBytes(view));
        Numbering numbering = Numbering.of(base.schema(), kept, request.clauses());
        RowTaking taking = RowTaking.of(attempt, session, run);
        Merged merged = range.rows() == 0 ? NOTHING : MergeWork.run(attempt, request, taking, session, run);
        run.cancellation().check();
        if (taking.isEmpty() && taking.added().isEmpty() && grown.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        CommitSpec spec = CommitSpec.of(
                operation(merged, taking), new Reads.Matching(range.predicate(), candidates), taking.changes());
        Optional<Schema> after = numbering.after(base.schema(), grown, merged.inserted());
        if (attempt.commit(Rewriting.complete(spec, base, after, once, userMetadata))
                instanceof CommitResult.Committed committed) {
            return taking.result(committed.version(), merged.inserted(), merged.updated(), merged.deleted());
        }
        return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
    }

    /** The columns that a row gets from the source; a number by which it is known is its own already. */
    private List<String> put(Snapshot base, Schema kept) {
        return kept.names().stream()
                .filter(c -> key.stream().noneMatch(c::equalsIgnoreCase)
                        || IdentityColumn.all(base.schema()).stream()
                                .noneMatch(i -> i.column().equalsIgnoreCase(c)))
                .toList();
    }

    /** The source's columns but the control column, unless the table has one of that name. */
    private Schema kept(Schema sourceSchema) {
        return new Schema(sourceSchema.fields().stream()
                .filter(f -> controlColumn.filter(f.name()::equalsIgnoreCase).isEmpty())
                .toList());
    }

    private Operation operation(Merged merged, RowTaking taking) {
        String on = key.stream().map(k -> "target." + k + " = source." + k).collect(Collectors.joining(" AND "));
        List<Map<String, String>> matched = new ArrayList<>();
        List<Map<String, String>> notMatched = new ArrayList<>();
        if (deleteWhen.isPresent()) {
            matched.add(Map.of("predicate", deleteWhen.get().text(), "actionType", "delete"));
            notMatched.add(Map.of(
                    "predicate", "NOT coalesce(" + deleteWhen.get().text() + ", false)", "actionType", "insert"));
        } else {
            notMatched.add(Map.of("actionType", "insert"));
        }
        matched.add(Map.of("actionType", "update"));
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("predicate", Json.write(List.of("(" + on + ")")));
        parameters.put("matchedPredicates", Json.write(matched));
        parameters.put("notMatchedPredicates", Json.write(notMatched));
        parameters.put("notMatchedBySourcePredicates", "[]");
        Map<String, String> metrics = MergeWork.metrics(merged, taking);
        metrics.put("numTargetRowsMatchedUpdated", Long.toString(merged.updated()));
        metrics.put("numTargetRowsMatchedDeleted", Long.toString(merged.deleted()));
        return new Operation("MERGE", parameters, metrics);
    }
}
