package io.lakeops.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One commit of a table's log. The changes are read only when they are asked for. */
public interface TableCommit {
    HistoryEntry entry();

    /** The files that it added, removed or re-vectored, and change data, in log order. */
    List<FileChange> changes();

    /**
     * Where a file is that this commit names, once it is sure that it may be read.
     *
     * <p>Errors: PATH_OUTSIDE_TABLE.
     *
     * @param path as {@link #changes()} has it
     */
    Path locate(String path);

    /** The files on which the rows of a data file depend, as {@link #locate} takes them: itself, and its deletion vector's. */
    List<String> paths(DataFile file);

    /** The schema and properties that it set, where it changed the table itself. */
    Optional<TableChange> tableChange();
}
