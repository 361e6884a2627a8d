package io.lakeops.table;

import io.lakeops.context.LakeContext;
import io.lakeops.provider.Provider;
import java.util.Optional;

/**
 * A table format: knows versions, files, schema and history, and how to commit. It reads no row.
 *
 * <p>Found by {@link java.util.ServiceLoader}. Every implementation passes {@code TableFormatContract} of lakeops-testkit.
 *
 * <p>Threads: safe.
 */
public interface TableFormat extends Provider {
    /** Whether a table of this format stands there. Reads no more than a listing. */
    boolean recognizes(TableLocation location);

    /**
     * Opens a table; reads nothing yet.
     *
     * @param log who reads the log's Parquet files, where an engine is present
     */
    LakeTable open(TableId id, TableLocation location, Optional<LogParquet> log, LakeContext context);

    /**
     * Creates a table with no rows, as version 0.
     *
     * <p>Errors: TABLE_ALREADY_EXISTS, FEATURE_UNSUPPORTED, TYPE_UNSUPPORTED.
     */
    LakeTable create(TableId id, TableLocation location, TableSpec spec, Optional<LogParquet> log, LakeContext context);

    /**
     * A table that is not there yet: an empty version below the first, for files to be written by and to commit on. Its first
     * commit makes the table, with the commit's rows, whole or not at all. Empty where the format can't do that.
     *
     * <p>Errors: as {@link #create}; TABLE_ALREADY_EXISTS from the commit too.
     */
    default Optional<LakeTable> unborn(TableId id, TableLocation location, TableSpec spec, LakeContext context) {
        return Optional.empty();
    }

    /**
     * As {@link #unborn}, in a folder that holds the table's files already; columns are found in them by the names that they
     * have in the definition.
     */
    default Optional<LakeTable> adopting(TableId id, TableLocation location, TableSpec spec, LakeContext context) {
        return Optional.empty();
    }

    /** How the format makes clones; empty where it can't. */
    default Optional<TableCloning> cloning() {
        return Optional.empty();
    }
}
