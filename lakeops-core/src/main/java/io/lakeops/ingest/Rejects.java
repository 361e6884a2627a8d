package io.lakeops.ingest;

import io.lakeops.change.Delete;
import io.lakeops.check.CommonSql;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.engine.WrittenFile;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The rejects of a source's batches. */
final class Rejects {
    private final LakeTable table;
    private final Session session;
    private final Run run;

    Rejects(LakeTable table, Session session, Run run) {
        this.table = table;
        this.session = session;
        this.run = run;
    }

    LakeTable table() {
        return table;
    }

    /** Commits a batch's rejects, unless its number has some. */
    void commit(RawLoad load, Operation operation, Sequence sequence, String id) {
        if (load.rejects().isEmpty()) {
            return;
        }
        Attempts.run(table, "WRITE", run, attempt -> {
            attempt.stageAcross(
                    load.rejects().stream().map(WrittenFile::location).toList());
            return attempt.commit(CommitSpec.append(
                            operation,
                            load.rejects().stream().map(WrittenFile::dataFile).toList())
                    .withOnce(sequence)
                    .withUserMetadata(Settlement.userMetadata(id)));
        });
    }

    /**
     * Whether others than those of this load stand under the batch's number: the table was redefined between two tries of the
     * batch, so that other rows are rejected now.
     */
    boolean differ(RawLoad load, Sequence sequence, String id) {
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        OptionalLong reached = base.coordination().sequence(sequence.application());
        if (reached.isEmpty() || reached.getAsLong() != sequence.number()) {
            return false;
        }
        Relation standing =
                new Relation.Filtered(Relation.TableRows.all(base), Expr.of("batch = " + CommonSql.literal(id)));
        if (load.rejects().isEmpty()) {
            return !session.rows(standing, 1, run.cancellation()).rows().isEmpty();
        }
        Relation now = new Relation.ParquetFiles(
                load.rejects().stream().map(WrittenFile::location).toList(), base.schema());
        return !session.multisetHash(standing, run.cancellation())
                .equals(session.multisetHash(now, run.cancellation()));
    }

    /** Deletes the rejects that a batch's restated files brought before it. */
    void replace(List<String> files, String id) {
        if (!files.isEmpty()) {
            Delete.where(Expr.of("src_filename IN (" + literals(files) + ") AND batch <> " + CommonSql.literal(id)))
                    .run(table, session, run);
        }
    }

    /** Deletes the rejects of batches that were given up or restored away; loaded again, they come again. */
    void drop(List<LedgerRow> findings) {
        List<String> gone = findings.stream()
                .filter(f -> f.status().equals(LedgerRow.VOID) || f.status().equals(LedgerRow.FALLEN))
                .map(LedgerRow::batchId)
                .toList();
        if (!gone.isEmpty()) {
            Delete.where(Expr.of("batch IN (" + literals(gone) + ")")).run(table, session, run);
        }
    }

    private static String literals(Collection<String> texts) {
        return texts.stream().map(CommonSql::literal).collect(Collectors.joining(", "));
    }
}
