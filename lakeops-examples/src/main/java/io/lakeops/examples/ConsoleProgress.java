package io.lakeops.examples;

import io.lakeops.context.LakeEvent;
import io.lakeops.context.LakeListener;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the user what goes on, a line an event; results go elsewhere.
 *
 * <p>Threads: safe.
 */
final class ConsoleProgress implements LakeListener {
    private final PrintWriter err;
    private final boolean warningsOnly;
    private final AtomicLong lastProgress = new AtomicLong(System.nanoTime());

    private ConsoleProgress(PrintWriter err, boolean warningsOnly) {
        this.err = err;
        this.warningsOnly = warningsOnly;
    }

    static ConsoleProgress all(PrintWriter err) {
        return new ConsoleProgress(err, false);
    }

    /** For a command whose results alone are wanted. */
    static ConsoleProgress warningsOnly(PrintWriter err) {
        return new ConsoleProgress(err, true);
    }

    @Override
    public void on(LakeEvent event) {
        if (warningsOnly && !(event instanceof LakeEvent.Warning)) {
            return;
        }
        String line;
        if (event instanceof LakeEvent.Progress p) {
            if (!worthALine(p)) {
                return;
            }
            line = p.operation() + ": " + p.subject() + " " + p.done() + (p.total() < 0 ? "" : " of " + p.total()) + " "
                    + p.unit();
        } else if (event instanceof LakeEvent.Committed c) {
            if (c.table().indexOf('.') < 0) {
                // A table that LakeOps keeps for itself.
                return;
            }
            line = c.table() + ": version " + c.version() + " by " + c.operation();
        } else if (event instanceof LakeEvent.Retrying r) {
            line = r.table() + ": " + r.operation() + " is planned again after version " + r.winnerVersion();
        } else if (event instanceof LakeEvent.Warning w) {
            line = "warning: " + w.subject() + ": " + w.text();
        } else {
            throw new IllegalArgumentException(event.toString());
        }
        err.println(line);
        err.flush();
    }

    /** Once a second, and where something with a known end has reached it. */
    private boolean worthALine(LakeEvent.Progress progress) {
        long now = System.nanoTime();
        long last = lastProgress.get();
        boolean whole = progress.total() > 0 && progress.done() >= progress.total();
        boolean due = progress.done() > 0 && now - last > 1_000_000_000L;
        return (whole || due) && lastProgress.compareAndSet(last, now);
    }
}
