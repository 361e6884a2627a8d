package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.table.Attempts;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows that take the place of those for which a condition is true, where the files that hold them are written already: what
 * one commit is to change. Old rows are masked by deletion vectors where the table asks for them, and all of it is recorded
 * where the table has a change data feed.
 *
 * @param changes none where no row goes
 * @param read the files in which old rows were looked for
 */
public record ReplacedRows(List<FileChange> changes, List<DataFile> read) {
    public ReplacedRows {
        changes = List.copyOf(changes);
        read = List.copyOf(read);
    }

    /**
     * Finds the old rows, and writes what must be written of them.
     *
     * @param fresh the files of the new rows
     * @param grown the columns that the commit brings too, where it brings some
     * @param orderBy columns by which rows that stay are sorted
     */
    public static ReplacedRows plan(
            Attempts.Attempt attempt,
            List<DataFile> fresh,
            Expr condition,
            Optional<Schema> grown,
            List<String> orderBy,
            Session session,
            Run run) {
        Snapshot base = attempt.base();
        List<DataFile> candidates = base.scan().where(condition.predicate()).files();
        RowTaking taking = RowTaking.find(attempt, candidates, Optional.of(condition), session, run);
        if (taking.isEmpty()) {
            return new ReplacedRows(List.of(), candidates);
        }
        if (taking.kept() > 0) {
            taking.writeAgain(new Relation.Except(taking.rewritten(), condition), taking.kept(), orderBy);
        }
        Snapshot view = SchemaGrowth.view(base, grown);
        long inserted =
                fresh.stream().mapToLong(f -> f.liveRows().orElseThrow()).sum();
        List<FileChange> told = taking.told(view, Optional.of(condition), fresh, inserted);
        List<FileChange> changes = new ArrayList<>(taking.changes());
        fresh.forEach(f -> changes.add(new FileChange.Add(f, true)));
        changes.addAll(told);
        return new ReplacedRows(changes, candidates);
    }
}
