package io.lakeops.context;

import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * What a host lends to every operation.
 *
 * <p>Threads: the parts must be safe for use by several threads.
 *
 * @param clock the only source of time
 * @param executor where parallel work runs; LakeOps starts no thread of its own
 * @param listener who hears of progress, warnings and commits
 * @param roots where files of a table may be beside the table's own folder
 */
public record LakeContext(Clock clock, Executor executor, LakeListener listener, FileRoots roots) {
    public LakeContext {
        Objects.requireNonNull(clock);
        Objects.requireNonNull(executor);
        Objects.requireNonNull(listener);
        Objects.requireNonNull(roots);
    }

    /** A host that allows no root beside a table's own folder and those of the clones that it makes. */
    public LakeContext(Clock clock, Executor executor, LakeListener listener) {
        this(clock, executor, listener, FileRoots.allowing());
    }

    /** The system clock in UTC, work on the calling thread, events to {@link System.Logger}. */
    public static LakeContext standard() {
        return new LakeContext(Clock.systemUTC(), Runnable::run, LakeListener.logging());
    }

    public LakeContext withClock(Clock other) {
        return new LakeContext(other, executor, listener, roots);
    }

    public LakeContext withListener(LakeListener other) {
        return new LakeContext(clock, executor, other, roots);
    }

    public LakeContext withRoots(FileRoots other) {
        return new LakeContext(clock, executor, listener, other);
    }
}
