package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.json.Json;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Adds rows to a table.
 *
 * <p>Columns are matched by name and cast; a column that the rows lack is null. No row makes no version, unless a
 * sequence is to be kept.
 *
 * <p>Errors: SCHEMA_MISMATCH for a column that the table lacks, CONSTRAINT_VIOLATED, COMMIT_CONFLICT,
 * COMMIT_OUTCOME_UNKNOWN, and those of the engine.
 *
 * @param rows what to add; read once an attempt
 * @param orderBy columns by which the rows are sorted within a file
 * @param addColumns whether columns that the table lacks are added to it
 * @param once where this sequence was reached before, nothing is done
 * @param userMetadata a free text for the history
 */
public record Append(
        Relation rows,
        List<String> orderBy,
        boolean addColumns,
        Optional<Sequence> once,
        Optional<String> userMetadata) {
    public Append {
        Objects.requireNonNull(rows);
        orderBy = List.copyOf(orderBy);
    }

    public static Append of(Relation rows) {
        return new Append(rows, List.of(), false, Optional.empty(), Optional.empty());
    }

    public Append withOrderBy(List<String> columns) {
        return new Append(rows, columns, addColumns, once, userMetadata);
    }

    public Append withNewColumns() {
        return new Append(rows, orderBy, true, once, userMetadata);
    }

    public Append withOnce(Sequence sequence) {
        return new Append(rows, orderBy, addColumns, Optional.of(sequence), userMetadata);
    }

    public Append withUserMetadata(String text) {
        return new Append(rows, orderBy, addColumns, once, Optional.of(text));
    }

    /** Writes the rows and commits them. */
    public ChangeResult run(LakeTable table, Session session, Run run) {
        return Attempts.run(table, "WRITE", run, attempt -> attempt(attempt, session, run));
    }

    private ChangeResult attempt(Attempts.Attempt attempt, Session session, Run run) {
        Snapshot base = attempt.base();
        if (once.isPresent() && Rewriting.reached(base, once.get())) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
        }
        Schema source = session.schema(rows);
        Numbering numbering = Numbering.of(base.schema(), source);
        Optional<Schema> grown = SchemaGrowth.plan(base, source, addColumns);
        List<WrittenFile> written = session.write(
                WriteRequest.into(SchemaGrowth.view(base, grown), rows).withOrderBy(orderBy), run.cancellation());
        attempt.stage(written.stream().map(WrittenFile::location).toList());
        List<DataFile> files = Rewriting.keepWithRows(written);
        if (files.isEmpty() && grown.isEmpty() && once.isEmpty()) {
            return ChangeResult.none(base.version(), ChangeResult.Outcome.NOTHING_TO_DO);
        }
        long rowCount = Rewriting.rows(written);
        long bytes = Rewriting.bytes(files);
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("mode", "Append");
        parameters.put("partitionBy", Json.write(base.partitionColumns()));
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numFiles", Long.toString(files.size()));
        metrics.put("numOutputRows", Long.toString(rowCount));
        metrics.put("numOutputBytes", Long.toString(bytes));
        CommitSpec spec = CommitSpec.append(new Operation("WRITE", parameters, metrics), files);
        spec = Rewriting.complete(spec, base, numbering.after(base.schema(), grown, rowCount), once, userMetadata);
        CommitResult result = attempt.commit(spec);
        if (result instanceof CommitResult.Committed committed) {
            return new ChangeResult(
                    committed.version(), ChangeResult.Outcome.COMMITTED, rowCount, 0, 0, files.size(), 0, bytes, 0);
        }
        return ChangeResult.none(base.version(), ChangeResult.Outcome.ALREADY_DONE);
    }
}
