package io.lakeops.examples;

import io.lakeops.context.LakeEvent;
import io.lakeops.context.LakeListener;
import java.io.PrintWriter;

/**
 * Tells the user what goes on, a line an event; results go elsewhere.
 *
 * <p>Threads: safe.
 */
final class ConsoleProgress implements LakeListener {
    private final PrintWriter err;

    ConsoleProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void on(LakeEvent event) {
        String line;
        if (event instanceof LakeEvent.Progress p) {
            line = p.operation() + ": " + p.subject() + " " + p.done() + (p.total() < 0 ? "" : " of " + p.total()) + " "
                    + p.unit();
        } else if (event instanceof LakeEvent.Committed c) {
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
}
