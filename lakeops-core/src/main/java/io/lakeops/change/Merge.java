package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Merged;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.json.Json;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Updates, deletes and inserts rows by what a source matches, as SQL's MERGE has it; see {@link MergeRequest} for its
 * meaning.
 *
 * <p>A row that is updated or deleted is masked by a deletion vector where the table asks for vectors and the log counts the
 * rows of all its files; else the files with such rows are written again. Files that the condition and the source's values rule
 * out are not read. The source is read once in each attempt.
 *
 * <p>Errors: AMBIGUOUS_MATCH; COLUMN_NOT_FOUND; INVALID_ARGUMENT; CONSTRAINT_VIOLATED; VERIFICATION_FAILED;
 * COMMIT_CONFLICT; COMMIT_OUTCOME_UNKNOWN; and those of the engine.
 *
 * @param targetAlias the table's name in the expressions
 * @param sourceAlias the source's name in the expressions
 * @param addColumns whether columns of the source that the table lacks and that a clause names, or {@code *} stands for, are
 *     added to it
 * @param readAt the version at which the source read the table itself, where it did: a merge on any other conflicts
 * @param once where this sequence was reached before, nothing is done
 * @param userMetadata a free text for the history
 */
public record Merge(
        Relation source,
        String targetAlias,
        String sourceAlias,
        Expr on,
        List<MergeRequest.Clause> clauses,
        boolean addColumns,
        OptionalLong readAt,
        Optional<Sequence> once,
        Optional<String> userMetadata) {
    public Merge {
        clauses = List.copyOf(clauses);
    }

    /** A merge in which the table is called {@code t} and the source {@code s}. */
    public static Merge of(Relation source, Expr on, MergeRequest.Clause... clauses) {
        return new Merge(
                source,
                "t",
                "s",
                on,
                List.of(clauses),
                false,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Columns of the source that the table lacks are added to it, and {@code *} passes over those that the source lacks. */
    public Merge withNewColumns() {
        return new Merge(source, targetAlias, sourceAlias, on, clauses, true, readAt, once, userMetadata);
    }

    public Merge withOnce(Sequence sequence) {
        return new Merge(
                source, targetAlias, sourceAlias, on, clauses, addColumns, readAt, Optional.of(sequence), userMetadata);
    }

    public Merge withUserMetadata(String text) {
        return new Merge(source, targetAlias, sourceAlias, on, clauses, addColumns, readAt, once, Optional.of(text));
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
        Rewriting.requireReadAt(base, readAt);
        Numbering numbering = Numbering.of(base.schema(), session.schema(source), clauses);
        Optional<Schema> grown = addColumns ? SchemaGrowth.plan(base, taken(session), true) : Optional.empty();
        Snapshot view = SchemaGrowth.view(base, grown);
        RowTaking taking = RowTaking.of(attempt, session, run);
        Merged merged = merge(attempt, view, taking, session, run);
        if (taking.isEmpty() && taking.added().isEmpty() && grown.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        Reads reads = new Reads.Matching(merged.predicate(), merged.read());
        CommitSpec spec = CommitSpec.of(operation(merged, taking), reads, taking.changes());
        Optional<Schema> after = numbering.after(base.schema(), grown, merged.inserted());
        if (attempt.commit(Rewriting.complete(spec, base, after, once, userMetadata))
                instanceof CommitResult.Committed committed) {
            return taking.result(committed.version(), merged.inserted(), merged.updated(), merged.deleted());
        }
        return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
    }

    private Merged merge(Attempts.Attempt attempt, Snapshot view, RowTaking taking, Session session, Run run) {
        Relation.TableRows target = Relation.TableRows.moving(view, view.scan().files());
        return MergeWork.run(
                attempt,
                new MergeRequest(
                        target,
                        targetAlias,
                        source,
                        sourceAlias,
                        on,
                        clauses,
                        addColumns,
                        Rewriting.targetFileBytes(view)),
                taking,
                session,
                run);
    }

    /** The columns of the source that a clause puts into columns of their names. */
    private Schema taken(Session session) {
        Schema columns = session.schema(source);
        boolean all = clauses.stream()
                .map(MergeRequest.Clause::action)
                .anyMatch(a -> a instanceof MergeRequest.SetAll || a instanceof MergeRequest.InsertAll);
        return new Schema(columns.fields().stream()
                .filter(f -> all || clauses.stream().anyMatch(c -> names(c.action(), f.name())))
                .toList());
    }

    private static boolean names(MergeRequest.Action action, String column) {
        return action.assignments().stream().anyMatch(a -> a.column().equalsIgnoreCase(column));
    }

    private Operation operation(Merged merged, RowTaking taking) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("predicate", Json.write(List.of("(" + on.text() + ")")));
        parameters.put("matchedPredicates", predicates(MergeRequest.When.MATCHED));
        parameters.put("notMatchedPredicates", predicates(MergeRequest.When.NOT_MATCHED));
        parameters.put("notMatchedBySourcePredicates", predicates(MergeRequest.When.NOT_MATCHED_BY_SOURCE));
        return new Operation("MERGE", parameters, MergeWork.metrics(merged, taking));
    }

    private String predicates(MergeRequest.When when) {
        List<Map<String, String>> list = new ArrayList<>();
        for (MergeRequest.Clause clause : clauses) {
            if (clause.when() == when) {
                Map<String, String> one = new LinkedHashMap<>();
                clause.condition().ifPresent(c -> one.put("predicate", c.text()));
                one.put("actionType", word(clause.action()));
                list.add(one);
            }
        }
        return Json.write(list);
    }

    private static String word(MergeRequest.Action action) {
        if (action instanceof MergeRequest.Delete) {
            return "delete";
        }
        return action instanceof MergeRequest.Insert || action instanceof MergeRequest.InsertAll ? "insert" : "update";
    }
}
