package io.lakeops.table;

import java.nio.file.Path;
import java.util.List;

/**
 * Writes the deletion vectors of one commit, before it is made.
 *
 * <p>What is not finished is deleted when this is closed; what is finished is the caller's to delete where the commit does
 * not land.
 *
 * <p>Errors: DISK_FULL, PERMISSION_DENIED, IO_FAILED.
 *
 * <p>Threads: one at a time.
 */
public interface DeletionVectorWriter extends AutoCloseable {
    /** Keeps which rows of one data file are deleted, those that its vector deleted before included; at least one. */
    DeletionVector write(DeletedRows rows);

    /** Forces what was written to the disk, and gives up the files that hold it. */
    List<Path> finish();

    @Override
    void close();
}
