package io.lakeops.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.table.Schema;
import java.util.List;

/**
 * An engine at work, within a stated memory. Requests are typed; SQL text is made inside the engine only.
 *
 * <p>Errors: ENGINE_FAILED, MEMORY_EXCEEDED, DISK_FULL, DATA_FILE_MISSING, DATA_FILE_CORRUPT, CANCELLED,
 * FEATURE_UNSUPPORTED for a dialect that it can't run.
 *
 * <p>Threads: one request at a time.
 */
public interface Session extends AutoCloseable {
    /** Writes rows as data files; deletes what it wrote where it fails. */
    List<WrittenFile> write(WriteRequest request, Cancellation cancellation);

    /**
     * Puts a source's rows into a table by clauses, and writes the files that take the place of those with such rows;
     * deletes what it wrote where it fails. AMBIGUOUS_MATCH; COLUMN_NOT_FOUND.
     */
    Merged merge(MergeRequest request, Cancellation cancellation);

    /** Parses raw files into good rows and rejects, and writes both; deletes what it wrote where it fails. */
    Loaded load(LoadRequest request, Cancellation cancellation);

    /**
     * Finds, file by file, the rows that a condition accepts, in one scan. Their positions are held as one bit a row at
     * most, and those of at most 67 million rows of the table, or of one file, at a time.
     */
    void find(Relation.TableRows rows, Expr condition, FoundRows found, Cancellation cancellation);

    /** Counts, file by file, the rows that match. Files without a hit are left out. */
    List<FileHits> locate(Relation.TableRows rows, RowMatch match, Cancellation cancellation);

    /** One row: each aggregate under its name. */
    Rows measure(MeasureRequest request, Cancellation cancellation);

    /** At most {@code limit} rows. */
    Rows rows(Relation relation, long limit, Cancellation cancellation);

    /** The columns of a relation. */
    Schema schema(Relation relation);

    /** The order-free hash over all rows. */
    MultisetHash multisetHash(Relation relation, Cancellation cancellation);

    @Override
    void close();
}
