package io.lakeops.table;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Says which rows of a data file are deleted, without rewriting it.
 *
 * <p>Source: Delta protocol, "Deletion Vector Descriptor Schema".
 *
 * @param storage {@code u} for a file beside the data, {@code p} for an absolute path, {@code i} for inline
 * @param pathOrInline as the log has it
 * @param offset where the vector starts in its file, in bytes
 * @param sizeBytes the vector's length
 * @param cardinality how many rows it deletes
 */
public record DeletionVector(String storage, String pathOrInline, OptionalInt offset, int sizeBytes, long cardinality) {
    public DeletionVector {
        Objects.requireNonNull(storage);
        Objects.requireNonNull(pathOrInline);
        Objects.requireNonNull(offset);
    }

    /** What tells two vectors of one data file apart. */
    public String uniqueId() {
        return storage + pathOrInline + (offset.isPresent() ? "@" + offset.getAsInt() : "");
    }
}
