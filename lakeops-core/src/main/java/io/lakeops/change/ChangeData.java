package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Attempts;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The change data of one commit: the rows that it changes, each with what became of it, in files of their own.
 *
 * <p>Source: Delta protocol, "Change Data Files" and "Add CDC File".
 */
final class ChangeData {
    static final String DELETE = "delete";
    static final String INSERT = "insert";
    static final String BEFORE = "update_preimage";
    static final String AFTER = "update_postimage";

    private static final String FOLDER = "_change_data";
    private static final List<String> RESERVED =
            List.of(Relation.Changes.TYPE, Relation.Changes.VERSION, Relation.Changes.TIMESTAMP);

    private ChangeData() {}

    /** The folder for a table's change data. */
    static Path folder(Snapshot view) {
        return view.location().root().resolve(FOLDER);
    }

    /**
     * Writes change data.
     *
     * <p>Errors: VERIFICATION_FAILED where it is not {@code expected} rows; SCHEMA_MISMATCH where the table has a column that
     * a change feed adds.
     *
     * @param view the version whose columns the rows have
     */
    static List<FileChange> write(
            Attempts.Attempt attempt,
            Snapshot view,
            List<Relation.Image> images,
            long expected,
            Session session,
            Run run) {
        requireNames(view.schema(), view.table());
        List<WrittenFile> written = session.write(
                WriteRequest.ofChanges(view, folder(view), new Relation.ChangeRecords(images)), run.cancellation());
        attempt.stage(written.stream().map(WrittenFile::location).toList());
        return changes(written, view, expected);
    }

    /** SCHEMA_MISMATCH where the table has a column that a change feed adds. */
    static void requireNames(Schema schema, TableId table) {
        for (String name : RESERVED) {
            Optional<Field> own = schema.find(name);
            if (own.isPresent()) {
                throw new LakeException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "the table has a column of a name that its change feed needs",
                        Map.of("table", table, "column", own.get().name()));
            }
        }
    }

    /** Files of change data as a commit brings them. */
    static List<FileChange> changes(List<WrittenFile> written, Snapshot view, long expected) {
        if (Rewriting.rows(written) != expected) {
            throw new LakeException(
                    ErrorCode.VERIFICATION_FAILED,
                    "the change data holds " + Rewriting.rows(written) + " rows where " + expected + " must be",
                    Map.of("table", view.table(), "version", view.version()));
        }
        List<FileChange> changes = new ArrayList<>();
        for (DataFile file : Rewriting.keepWithRows(written)) {
            changes.add(
                    new FileChange.ChangeFile(FOLDER + "/" + file.path(), file.partitionValues(), file.fileBytes()));
        }
        return changes;
    }
}
