package io.lakeops.change;

/**
 * What a change did.
 *
 * @param version the version that holds it; where nothing had to be committed, the version that was read
 * @param outcome whether there was something to commit
 * @param insertedRows rows that are new
 * @param updatedRows rows that were replaced by key
 * @param deletedRows rows that are gone
 * @param filesAdded data files that joined the table
 * @param filesRemoved data files that left it
 * @param bytesAdded their bytes
 * @param bytesRemoved their bytes
 */
public record ChangeResult(
        long version,
        Outcome outcome,
        long insertedRows,
        long updatedRows,
        long deletedRows,
        long filesAdded,
        long filesRemoved,
        long bytesAdded,
        long bytesRemoved) {

    /** How a change ended. */
    public enum Outcome {
        /** A version was committed. */
        COMMITTED,
        /** No row was concerned, so no version was made. */
        NOTHING_TO_DO,
        /** Its sequence had been reached before, so no version was made. */
        ALREADY_DONE
    }

    /** Rows inserted, updated and deleted. */
    public long affectedRows() {
        return insertedRows + updatedRows + deletedRows;
    }

    static ChangeResult none(long version, Outcome outcome) {
        return new ChangeResult(version, outcome, 0, 0, 0, 0, 0, 0, 0);
    }
}
