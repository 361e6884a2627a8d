package io.lakeops.table;

import java.util.List;
import java.util.Optional;

/** One commit of a table's log. The changes are read only when they are asked for. */
public interface TableCommit {
    HistoryEntry entry();

    /** The files that it added, removed or re-vectored, and change data, in log order. */
    List<FileChange> changes();

    /** The schema and properties that it set, where it changed the table itself. */
    Optional<TableChange> tableChange();
}
