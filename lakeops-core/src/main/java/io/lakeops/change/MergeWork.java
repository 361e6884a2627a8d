package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Merged;
import io.lakeops.engine.Session;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Attempts;
import io.lakeops.table.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A merge as the engine does it, by vectors or by files written again, recorded where the table wants that, and verified. */
final class MergeWork {
    private MergeWork() {}

    static Merged run(Attempts.Attempt attempt, MergeRequest plain, RowTaking taking, Session session, Run run) {
        Snapshot view = plain.target().snapshot();
        MergeRequest request;
        if (taking.wantsChangeData()) {
            ChangeData.requireNames(view.schema(), view.table());
            request = plain.withChangeData(ChangeData.folder(view));
        } else {
            request = plain;
        }
        Merged merged;
        if (taking.masks(request.target().files())) {
            merged = taking.masking(
                    found -> staged(attempt, session.merge(request.withTaken(found), run.cancellation())));
        } else {
            merged = staged(attempt, session.merge(request, run.cancellation()));
            taking.rewriting(merged.rewritten(), merged.updated() + merged.deleted(), merged.copied());
        }
        long expected = merged.copied() + merged.updated() + merged.inserted();
        boolean recorded = taking.wantsChangeData() && merged.updated() + merged.deleted() > 0;
        if (Rewriting.rows(merged.files()) != expected || taking.taken() != merged.updated() + merged.deleted()) {
            throw new LakeException(
                    ErrorCode.VERIFICATION_FAILED,
                    "the files hold " + Rewriting.rows(merged.files()) + " rows where " + expected + " must be, and "
                            + taking.taken() + " rows go where " + (merged.updated() + merged.deleted()) + " must",
                    Map.of("table", view.table(), "version", view.version()));
        }
        taking.adopt(
                Rewriting.keepWithRows(merged.files()),
                recorded
                        ? ChangeData.changes(
                                merged.changes(), view, 2 * merged.updated() + merged.deleted() + merged.inserted())
                        : List.of());
        return merged;
    }

    private static Merged staged(Attempts.Attempt attempt, Merged merged) {
        attempt.stage(merged.files().stream().map(WrittenFile::location).toList());
        attempt.stage(merged.changes().stream().map(WrittenFile::location).toList());
        return merged;
    }

    /** What was done, by Spark's names. */
    static Map<String, String> metrics(Merged merged, RowTaking taking) {
        Map<String, String> files = taking.metrics();
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numSourceRows", Long.toString(merged.sourceRows()));
        metrics.put("numTargetRowsInserted", Long.toString(merged.inserted()));
        metrics.put("numTargetRowsUpdated", Long.toString(merged.updated()));
        metrics.put("numTargetRowsDeleted", Long.toString(merged.deleted()));
        metrics.put("numTargetRowsCopied", Long.toString(merged.copied()));
        metrics.put("numOutputRows", Long.toString(merged.inserted() + merged.updated() + merged.copied()));
        metrics.put("numTargetFilesAdded", files.get("numAddedFiles"));
        metrics.put("numTargetFilesRemoved", files.get("numRemovedFiles"));
        metrics.put("numTargetBytesAdded", files.get("numAddedBytes"));
        metrics.put("numTargetBytesRemoved", files.get("numRemovedBytes"));
        metrics.put("numTargetDeletionVectorsAdded", files.get("numDeletionVectorsAdded"));
        metrics.put("numTargetDeletionVectorsUpdated", files.get("numDeletionVectorsUpdated"));
        metrics.put("numTargetDeletionVectorsRemoved", files.get("numDeletionVectorsRemoved"));
        metrics.put("numTargetChangeFilesAdded", files.get("numAddedChangeFiles"));
        return metrics;
    }
}
