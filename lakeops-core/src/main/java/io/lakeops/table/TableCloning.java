package io.lakeops.table;

import io.lakeops.context.LakeContext;
import java.util.Map;

/**
 * What a format does to make a table like a version of another of its tables.
 *
 * <p>Errors: INVALID_ARGUMENT for a source of another format.
 *
 * <p>Threads: safe.
 */
public interface TableCloning {
    /**
     * A table that is not there yet and has the source's definition; see {@link TableFormat#unborn}.
     *
     * @param properties all that it is to have
     */
    LakeTable unborn(
            TableId id, TableLocation location, Snapshot source, Map<String, String> properties, LakeContext context);

    /** A file of the source as another table's commit can name it where it stands, with its deletion vector. */
    DataFile shared(Snapshot source, DataFile file);

    /** Takes the deletion vectors of files that are copied into a table. */
    DeletionVectorWriter vectors(TableLocation location);
}
