package io.lakeops.table;

import java.util.List;

/**
 * The files of a snapshot that a predicate leaves. Refining returns a new scan.
 *
 * <p>Threads: immutable and safe.
 */
public interface TableScan {
    /** A scan that also obeys {@code predicate}. */
    TableScan where(Predicate predicate);

    /** The predicate so far. */
    Predicate predicate();

    /** The files that may hold matching rows, in a stable order. */
    List<DataFile> files();

    /** The files that hold none for certain, each with the reason. */
    List<PrunedFile> pruned();

    /** A file that need not be read. */
    record PrunedFile(DataFile file, Pruning.Reason reason) {}
}
