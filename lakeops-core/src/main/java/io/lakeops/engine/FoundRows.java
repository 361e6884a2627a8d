package io.lakeops.engine;

import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;

/** Takes rows that an engine finds, one file after the other. It must ask nothing of the session that calls it. */
@FunctionalInterface
public interface FoundRows {
    /** The positions of the live rows that were found in a file; called once a file, and for no file without one. */
    void accept(DataFile file, DeletedRows rows);
}
