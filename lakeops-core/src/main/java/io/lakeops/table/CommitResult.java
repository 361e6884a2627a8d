package io.lakeops.table;

/** How a commit ended, when it did not throw. */
public sealed interface CommitResult {
    /** It stands as {@code version}, after {@code attempts} tries. */
    record Committed(long version, int attempts) implements CommitResult {}

    /** One of its sequences had been reached before: nothing was written, and the staged files may be deleted. */
    record AlreadyDone(Sequence sequence, long reached) implements CommitResult {}
}
