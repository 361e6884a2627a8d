package io.lakeops.context;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A switch that a host may flip once to stop an operation.
 *
 * <p>Threads: safe.
 */
public final class Cancellation {
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;

    /** Stops the operation at its next safe point, and what the engine runs at once. */
    public void cancel() {
        cancelled = true;
        actions.forEach(Runnable::run);
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /** Runs {@code action} on cancel, until the registration is closed. */
    public Registration onCancel(Runnable action) {
        actions.add(action);
        if (cancelled) {
            action.run();
        }
        return () -> actions.remove(action);
    }

    /** Throws CANCELLED once the switch is flipped. */
    public void check() {
        if (cancelled) {
            throw new LakeException(ErrorCode.CANCELLED, "the operation was cancelled");
        }
    }

    /** Ends what {@link #onCancel} began. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
