package io.lakeops.table;

import java.nio.file.Path;
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

    /**
     * Where a file of the snapshot is, once it is sure that its bytes may be read: an engine opens nothing else. Looks at the
     * file, which {@link #files()} does not.
     *
     * <p>Errors: PATH_OUTSIDE_TABLE where it lies outside the table once symbolic links are resolved.
     */
    Path locate(DataFile file);

    /** The files that hold none for certain, each with the reason. */
    List<PrunedFile> pruned();

    /** A file that need not be read. */
    record PrunedFile(DataFile file, Pruning.Reason reason) {}
}
