package io.lakeops.duckdb.lake;

import io.lakeops.context.Run;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.recovery.Restore;
import io.lakeops.recovery.RestoreResult;
import io.lakeops.table.LakeTable;
import java.sql.SQLException;

/** Runs the verbs that bring back what was. */
final class RecoveryVerbs {
    private final Tables tables;

    RecoveryVerbs(Tables tables) {
        this.tables = tables;
    }

    VerbResult run(Verb.Recovery verb, Run run) throws SQLException {
        return restore((Verb.Restore) verb, run);
    }

    private VerbResult restore(Verb.Restore restore, Run run) throws SQLException {
        LakeTable table = tables.table(restore.table());
        Restore operation = restore.version().isPresent()
                ? Restore.toVersion(restore.version().getAsLong())
                : Restore.toInstant(tables.instant(restore.timestamp().orElseThrow()));
        RestoreResult result = operation.run(table, run);
        return VerbResult.rows(LiteralTable.of(
                        "table_size_after_restore BIGINT",
                        "num_of_files_after_restore BIGINT",
                        "num_removed_files BIGINT",
                        "num_restored_files BIGINT",
                        "removed_files_size BIGINT",
                        "restored_files_size BIGINT")
                .with(
                        result.tableBytes(),
                        result.files(),
                        result.filesRemoved(),
                        result.filesRestored(),
                        result.bytesRemoved(),
                        result.bytesRestored()));
    }
}
