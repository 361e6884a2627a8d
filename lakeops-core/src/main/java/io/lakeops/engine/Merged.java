package io.lakeops.engine;

import io.lakeops.table.DataFile;
import java.util.List;

/**
 * What a merge wrote, uncommitted: {@code files} take the place of {@code rewritten} and hold the new rows too.
 *
 * @param rewritten the files that held a row that is updated or deleted
 * @param copied rows that were written again as they were
 */
public record Merged(
        List<DataFile> rewritten,
        List<WrittenFile> files,
        long sourceRows,
        long updated,
        long deleted,
        long inserted,
        long copied) {
    public Merged {
        rewritten = List.copyOf(rewritten);
        files = List.copyOf(files);
    }
}
