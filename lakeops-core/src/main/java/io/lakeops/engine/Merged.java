package io.lakeops.engine;

import io.lakeops.table.DataFile;
import io.lakeops.table.Predicate;
import java.util.List;

/**
 * What a merge wrote, uncommitted: {@code files} hold the rows that are new or have new values, and, where files are written
 * again, those that stay.
 *
 * @param predicate true for every row of the table that the merge looked for
 * @param read the files that it looked into; the predicate rules the others out
 * @param rewritten the files that held a row that is updated or deleted
 * @param changes what a change feed records, in files of their own
 * @param copied rows that were written again as they were
 */
public record Merged(
        Predicate predicate,
        List<DataFile> read,
        List<DataFile> rewritten,
        List<WrittenFile> files,
        List<WrittenFile> changes,
        long sourceRows,
        long updated,
        long deleted,
        long inserted,
        long copied) {
    public Merged {
        read = List.copyOf(read);
        rewritten = List.copyOf(rewritten);
        files = List.copyOf(files);
        changes = List.copyOf(changes);
    }
}
