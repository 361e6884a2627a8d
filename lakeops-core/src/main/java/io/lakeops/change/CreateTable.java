package io.lakeops.change;

import io.lakeops.context.Run;
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
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableRules;
import io.lakeops.table.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a table, with rows or without, or puts a table of a new definition in the place of one that is there: in one commit, so
 * that nobody sees the one without the other.
 *
 * <p>A table that is replaced stays the same table, with its history: its earlier versions can be read and restored. Its
 * protocol is never lowered.
 *
 * <p>Errors: TABLE_ALREADY_EXISTS; FEATURE_UNSUPPORTED; CONSTRAINT_VIOLATED; COMMIT_CONFLICT; COMMIT_OUTCOME_UNKNOWN; and those
 * of the format and the engine.
 *
 * @param rows what it holds; its columns are matched by name
 * @param replace whether a table that stands there is replaced
 * @param userMetadata a free text for the history
 */
public record CreateTable(TableSpec spec, Optional<Relation> rows, boolean replace, Optional<String> userMetadata) {
    public CreateTable {
        Objects.requireNonNull(spec);
        Objects.requireNonNull(rows);
    }

    /** A table without rows. */
    public static CreateTable of(TableSpec spec) {
        return new CreateTable(spec, Optional.empty(), false, Optional.empty());
    }

    /** A table with these rows. */
    public static CreateTable asSelect(TableSpec spec, Relation rows) {
        return new CreateTable(spec, Optional.of(rows), false, Optional.empty());
    }

    public CreateTable orReplace() {
        return new CreateTable(spec, rows, true, userMetadata);
    }

    public CreateTable withUserMetadata(String text) {
        return new CreateTable(spec, rows, replace, Optional.of(text));
    }

    /** Writes and commits. */
    public ChangeResult run(
            TableFormat format,
            TableId id,
            TableLocation location,
            Optional<LogParquet> log,
            Session session,
            Run run) {
        if (rows.isPresent()) {
            IdentityColumn.all(spec.schema()).stream().findFirst().ifPresent(column -> {
                throw new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "a table that numbers a column is made without rows, which are then put in",
                        Map.of("feature", "identityColumns", "column", column.toString()));
            });
        }
        if (!format.recognizes(location)) {
            LakeTable unborn = format.unborn(id, location, spec, run.context())
                    .orElseThrow(() -> new LakeException(
                            ErrorCode.FEATURE_UNSUPPORTED,
                            "the format can't make a table together with its rows",
                            Map.of("format", format.name(), "table", id)));
            try {
                return Attempts.run(unborn, name(), run, attempt -> attempt(attempt, session, run));
            } catch (LakeException e) {
                // Another writer made it meanwhile.
                if (!replace || e.code() != ErrorCode.TABLE_ALREADY_EXISTS) {
                    throw e;
                }
            }
        } else if (!replace) {
            throw new LakeException(
                    ErrorCode.TABLE_ALREADY_EXISTS, "a table stands there already", Map.of("path", location));
        }
        LakeTable table = format.open(id, location, log, run.context());
        return Attempts.run(table, name(), run, attempt -> attempt(attempt, session, run));
    }

    private String name() {
        return (replace ? "CREATE OR REPLACE TABLE" : "CREATE TABLE") + (rows.isPresent() ? " AS SELECT" : "");
    }

    private ChangeResult attempt(Attempts.Attempt attempt, Session session, Run run) {
        Snapshot base = attempt.base();
        boolean fresh = base.version() < 0;
        Schema schema = fresh ? base.schema() : over(base);
        TableRules rules = TableRules.of(schema, spec.properties());
        List<WrittenFile> written = List.of();
        if (rows.isPresent()) {
            // What was demanded of the rows that go is not demanded of those that come.
            WriteRequest request = new WriteRequest(
                    rows.get(),
                    schema,
                    spec.partitionColumns(),
                    base.location().root(),
                    Rewriting.targetFileBytes(base),
                    List.of(),
                    rules,
                    List.of());
            written = session.write(request, run.cancellation());
            attempt.stage(written.stream().map(WrittenFile::location).toList());
        }
        List<DataFile> added = Rewriting.keepWithRows(written);
        List<DataFile> removed = base.scan().files();
        List<FileChange> changes = new ArrayList<>();
        removed.forEach(f -> changes.add(new FileChange.Remove(f, true)));
        added.forEach(f -> changes.add(new FileChange.Add(f, true)));
        long rowCount = Rewriting.rows(written);
        Operation operation = operation(fresh, rowCount, added, removed);
        CommitSpec commit = CommitSpec.of(operation, fresh ? new Reads.Nothing() : new Reads.WholeTable(), changes)
                .withRules(rules);
        if (!fresh) {
            commit = commit.withIsolation(Isolation.SERIALIZABLE)
                    .withTable(new TableChange(schema, spec.partitionColumns(), spec.properties(), spec.description()));
        }
        if (userMetadata.isPresent()) {
            commit = commit.withUserMetadata(userMetadata.get());
        }
        CommitResult.Committed committed = (CommitResult.Committed) attempt.commit(commit);
        return new ChangeResult(
                committed.version(),
                ChangeResult.Outcome.COMMITTED,
                rowCount,
                0,
                0,
                added.size(),
                removed.size(),
                Rewriting.bytes(added),
                Rewriting.bytes(removed));
    }

    /** The new columns as the files of a table that is replaced have them. */
    private Schema over(Snapshot base) {
        if (!spec.clusteringColumns().isEmpty()) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "a table can't be replaced by a clustered one yet",
                    Map.of("feature", "clustering", "table", base.table()));
        }
        boolean mapped =
                base.schema().fields().stream().anyMatch(f -> f.fieldId().isPresent());
        if (!mapped || rows.isEmpty()) {
            return spec.schema();
        }
        return base.coordination().placed(spec.schema());
    }

    private Operation operation(boolean fresh, long rowCount, List<DataFile> added, List<DataFile> removed) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("partitionBy", Json.write(spec.partitionColumns()));
        parameters.put("clusterBy", Json.write(spec.clusteringColumns()));
        spec.description().ifPresent(text -> parameters.put("description", text));
        parameters.put("isManaged", "false");
        parameters.put("properties", Json.write(spec.properties()));
        Map<String, String> metrics = new LinkedHashMap<>();
        if (rows.isPresent()) {
            metrics.put("numFiles", Integer.toString(added.size()));
            metrics.put("numOutputRows", Long.toString(rowCount));
            metrics.put("numOutputBytes", Long.toString(Rewriting.bytes(added)));
            if (!fresh) {
                metrics.put("numRemovedFiles", Integer.toString(removed.size()));
                metrics.put("numRemovedBytes", Long.toString(Rewriting.bytes(removed)));
            }
        }
        return new Operation(name(), parameters, metrics);
    }
}
