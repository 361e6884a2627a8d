package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Merged;
import io.lakeops.engine.Relation;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Predicate;
import io.lakeops.table.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes what a merge comes to: the rows of the table, and what a change feed records of them; all of it, or nothing. */
final class MergeWriting {
    private final Writer writer;
    private final Relations relations;
    private final MergeRequest request;
    private final Cancellation cancellation;
    private final Snapshot base;
    private final List<WrittenFile> files = new ArrayList<>();
    private final List<WrittenFile> changes = new ArrayList<>();

    MergeWriting(Writer writer, Relations relations, MergeRequest request, Cancellation cancellation) {
        this.writer = writer;
        this.relations = relations;
        this.request = request;
        this.cancellation = cancellation;
        this.base = request.target().snapshot();
    }

    Merged write(ClauseMerging.Outcome outcome) throws SQLException {
        try {
            boolean recorded = request.changeData().isPresent() && outcome.updated() + outcome.deleted() > 0;
            if (recorded) {
                separately(outcome);
            } else if (!outcome.numbered().isEmpty()) {
                // Only new rows are numbered; one that is there may have none.
                rows(outcome.rows().changed(), outcome.notGiven());
                inserted(outcome);
            } else {
                List<String> parts = new ArrayList<>(outcome.rows().changed());
                parts.addAll(outcome.rows().inserted());
                rows(parts, outcome.notGiven());
            }
        } catch (SQLException | RuntimeException | Error e) {
            takeBack(e);
            throw e;
        }
        return new Merged(
                outcome.predicate(),
                outcome.read(),
                outcome.rewritten(),
                files,
                changes,
                outcome.sourceRows(),
                outcome.updated(),
                outcome.deleted(),
                outcome.inserted(),
                outcome.copied());
    }

    /**
     * New rows are read back to be recorded, so that a value that is another each time it is computed is recorded as it was
     * written; so each kind of row has files of its own.
     */
    private void separately(ClauseMerging.Outcome outcome) throws SQLException {
        List<WrittenFile> updated = rows(outcome.rows().changed(), outcome.notGiven());
        if (!outcome.rows().copied().isEmpty()) {
            files.addAll(writer.write(
                    WriteRequest.again(base, query(outcome.rows().copied()))
                            .withRowIds(request.target().rowIds())
                            .withTargetFileBytes(request.targetFileBytes()),
                    cancellation));
        }
        List<WrittenFile> inserted = inserted(outcome);
        List<String> images = new ArrayList<>(outcome.rows().before());
        images.add(relations.sql(new Relation.ChangeRecords(List.of(
                new Relation.Image(written(updated), "update_postimage"),
                new Relation.Image(written(inserted), "insert")))));
        changes.addAll(writer.write(
                WriteRequest.ofChanges(base, request.changeData().orElseThrow(), query(images)), cancellation));
    }

    private List<WrittenFile> inserted(ClauseMerging.Outcome outcome) throws SQLException {
        List<String> filled = new ArrayList<>(outcome.notGiven());
        filled.addAll(outcome.numbered());
        return rows(outcome.rows().inserted(), filled);
    }

    private Relation written(List<WrittenFile> rows) {
        return new Relation.TableRows(
                base, rows.stream().map(WrittenFile::dataFile).toList());
    }

    private List<WrittenFile> rows(List<String> parts, List<String> notGiven) throws SQLException {
        if (parts.isEmpty()) {
            return List.of();
        }
        List<WrittenFile> written = writer.write(
                WriteRequest.into(base, query(parts))
                        .withRowIds(request.target().rowIds())
                        .withTargetFileBytes(request.targetFileBytes())
                        .withFilled(notGiven),
                cancellation);
        files.addAll(written);
        return written;
    }

    private static Relation query(List<String> parts) {
        return new Relation.Query(new Expr(String.join(" UNION ALL ", parts), "duckdb", Predicate.always()));
    }

    private void takeBack(Throwable why) {
        for (WrittenFile file : files) {
            try {
                Files.deleteIfExists(file.location());
            } catch (IOException e) {
                why.addSuppressed(new LakeException(
                        ErrorCode.IO_FAILED,
                        "a file of a failed merge is left behind",
                        Map.of("file", file.location()),
                        e));
            }
        }
    }
}
