package io.lakeops.ingest;

import io.lakeops.provider.Provider;
import io.lakeops.table.Schema;
import java.nio.file.Path;

/**
 * Turns a raw file that no engine reads by itself (Avro, XLSX) into a Parquet file that every engine reads.
 *
 * <p>Found by {@link java.util.ServiceLoader}. Memory is bounded whatever the file's size.
 *
 * <p>Threads: safe.
 */
public interface SourceDecoder extends Provider {
    /** Whether it reads files of that name. */
    boolean reads(Path file);

    /**
     * Decodes a file to Parquet. A format without types (XLSX) stages text, so that typing, and rejecting what can't be
     * typed, stays in one place: the load.
     *
     * <p>Errors: SOURCE_UNREADABLE, SOURCE_EMPTY; then no target is left.
     *
     * @param target a Parquet file to be made
     */
    Staged decode(Path file, Path target);

    /**
     * A decoded file.
     *
     * @param schema the columns that the file turned out to have
     * @param rows how many rows it holds
     */
    record Staged(Path parquet, Schema schema, long rows) {}
}
