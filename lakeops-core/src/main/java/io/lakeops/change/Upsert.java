package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.Relation;
import io.lakeops.engine.RowMatch;
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
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Puts rows into a table by key, by copy-on-write: a source row replaces the target's row of its key, or is added; one
 * that the delete condition accepts removes it instead. A key with a null in it matches nothing.
 *
 * <p>Only files that hold a key of the source are written again; files whose statistics rule the source's keys out are
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
        requireNoIdentity(base);
        Optional<Schema> grown = SchemaGrowth.plan(base, kept(sourceSchema), addColumns);
        Snapshot view = SchemaGrowth.view(base, grown);
        KeyRange range = KeyRange.measure(session, source, sourceSchema, base.schema(), key, run);
        if (range.rows() == 0 && grown.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        List<DataFile> candidates = base.scan().where(range.predicate()).files();
        List<FileHits> hits = candidates.isEmpty() || range.rows() == 0
                ? List.of()
                : session.locate(
                        new Relation.TableRows(view, candidates), new RowMatch.ByKey(source, key), run.cancellation());
        List<DataFile> touched = hits.stream().map(FileHits::file).toList();
        long matched = hits.stream().mapToLong(FileHits::hits).sum();
        long copied = hits.stream().mapToLong(h -> h.rows() - h.hits()).sum();
        long deleted = deleteWhen.isEmpty() || touched.isEmpty()
                ? 0
                : session
                        .locate(
                                new Relation.TableRows(view, touched),
                                new RowMatch.ByKey(new Relation.Filtered(source, deleteWhen.get()), key),
                                run.cancellation())
                        .stream()
                        .mapToLong(FileHits::hits)
                        .sum();
        run.cancellation().check();
        List<WrittenFile> written = range.rows() == 0
                ? List.of()
                : session.write(
                        WriteRequest.into(
                                        view,
                                        new Relation.Upserted(
                                                new Relation.TableRows(view, touched),
                                                source,
                                                key,
                                                deleteWhen.orElse(Expr.of("false"))))
                                .withFilled(TableRules.of(view).generated().stream()
                                        .map(TableRules.Computed::column)
                                        .filter(c -> sourceSchema.find(c).isEmpty())
                                        .toList()),
                        run.cancellation());
        attempt.stage(written.stream().map(WrittenFile::location).toList());
        long updated = matched - deleted;
        long inserted = Rewriting.rows(written) - copied - updated;
        if (inserted < 0 || inserted > range.rows()) {
            throw new LakeException(
                    ErrorCode.VERIFICATION_FAILED,
                    "the rewritten files hold " + Rewriting.rows(written) + " rows, which can't be: " + copied
                            + " rows stay, " + updated + " are updated, and the source has " + range.rows(),
                    Map.of("table", base.table(), "version", base.version()));
        }
        List<DataFile> added = Rewriting.keepWithRows(written);
        if (touched.isEmpty() && added.isEmpty() && grown.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        List<FileChange> changes = new ArrayList<>();
        touched.forEach(f -> changes.add(new FileChange.Remove(f, true)));
        added.forEach(f -> changes.add(new FileChange.Add(f, true)));
        CommitSpec spec = CommitSpec.of(
                operation(range.rows(), inserted, updated, deleted, copied, touched, added),
                new Reads.Matching(range.predicate(), candidates),
                changes);
        spec = Rewriting.complete(spec, base, grown, once, userMetadata);
        if (attempt.commit(spec.withRules(spec.rules().withoutRowIds())) instanceof CommitResult.Committed committed) {
            return new ChangeResult(
                    committed.version(),
                    ChangeResult.Outcome.COMMITTED,
                    inserted,
                    updated,
                    deleted,
                    added.size(),
                    touched.size(),
                    Rewriting.bytes(added),
                    Rewriting.bytes(touched));
        }
        return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
    }

    private static void requireNoIdentity(Snapshot base) {
        IdentityColumn.all(base.schema()).stream().findFirst().ifPresent(column -> {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "rows can't be put in by key where the table numbers a column; MERGE does it",
                    Map.of("feature", "identityColumns", "column", column.toString()));
        });
    }

    /** The source's columns but the control column, unless the table has one of that name. */
    private Schema kept(Schema sourceSchema) {
        return new Schema(sourceSchema.fields().stream()
                .filter(f -> controlColumn.filter(f.name()::equalsIgnoreCase).isEmpty())
                .toList());
    }

    private Operation operation(
            long sourceRows,
            long inserted,
            long updated,
            long deleted,
            long copied,
            List<DataFile> removed,
            List<DataFile> added) {
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
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numSourceRows", Long.toString(sourceRows));
        metrics.put("numTargetRowsInserted", Long.toString(inserted));
        metrics.put("numTargetRowsUpdated", Long.toString(updated));
        metrics.put("numTargetRowsDeleted", Long.toString(deleted));
        metrics.put("numTargetRowsCopied", Long.toString(copied));
        metrics.put("numTargetRowsMatchedUpdated", Long.toString(updated));
        metrics.put("numTargetRowsMatchedDeleted", Long.toString(deleted));
        metrics.put("numOutputRows", Long.toString(inserted + updated + copied));
        metrics.put("numTargetFilesAdded", Long.toString(added.size()));
        metrics.put("numTargetFilesRemoved", Long.toString(removed.size()));
        metrics.put("numTargetBytesAdded", Long.toString(Rewriting.bytes(added)));
        metrics.put("numTargetBytesRemoved", Long.toString(Rewriting.bytes(removed)));
        metrics.put("numTargetChangeFilesAdded", "0");
        return new Operation("MERGE", parameters, metrics);
    }
}
