package io.lakeops.ingest;

import java.util.Optional;

/**
 * A raw file, and what a run would do with it.
 *
 * @param hash SHA-256 of its bytes, where they had to be read to know
 * @param knownRows the rows that it is known to hold, where it was loaded before
 */
public record PlannedFile(FoundFile file, State state, Optional<String> hash, long knownRows) {
    /** What the ledger says of a file. */
    public enum State {
        /** Never seen: it is loaded. */
        NEW,
        /** Seen, with other content: the source's policy decides. */
        RESTATED,
        /** Path, size and modification time are those of a file that was loaded. */
        SAME,
        /** Its content was loaded before, under this or another name: it is skipped. */
        COPY,
        /** It could not be read before, and nothing about it has changed since. */
        FAILED_BEFORE,
        /** Its modification time is in the future of the run's clock: it is left for a later run. */
        NOT_ARRIVED
    }

    /** Whether a run loads it. */
    public boolean loads() {
        return state == State.NEW || state == State.RESTATED;
    }
}
