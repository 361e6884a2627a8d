package io.lakeops.table;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the Parquet files of a table's own log (checkpoints, sidecars), which a compute engine does faster than
 * a format itself. Log rows are metadata; no row of a table passes here.
 *
 * <p>Threads: safe.
 */
public interface LogParquet {
    /**
     * The rows of a file that have something in one of the columns, for the columns and nested fields of {@code schema},
     * matched by name; what the file lacks is null.
     *
     * <p>Shape: a row is an array in the order of {@code schema}: Boolean, Byte, Short, Integer, Long, Float, Double,
     * String, byte[], BigDecimal, LocalDate, Instant, LocalDateTime; struct = {@code Object[]}, list = List, map = Map.
     *
     * <p>Errors: LOG_CORRUPT where the file is no Parquet or ends early.
     */
    RowIterator read(Path file, List<Field> schema);

    /**
     * Writes rows of that shape, one at least, to a file that does not stand yet. The caller forces it to the disk and gives it its name;
     * after a failure what is there of it is the caller's to delete.
     *
     * <p>Errors: DISK_FULL, PERMISSION_DENIED, IO_FAILED, MEMORY_EXCEEDED; what {@code rows} throws.
     */
    void write(Path file, List<Field> schema, Iterator<@Nullable Object[]> rows);

    /** Rows that hold a resource until closed. */
    interface RowIterator extends Iterator<@Nullable Object[]>, AutoCloseable {
        @Override
        void close();
    }
}
