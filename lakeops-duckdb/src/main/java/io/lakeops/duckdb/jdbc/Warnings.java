package io.lakeops.duckdb.jdbc;

import io.lakeops.context.LakeEvent;
import io.lakeops.context.LakeListener;
import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;

/** Keeps what LakeOps warns of, as JDBC shows warnings, and tells the host's listener. */
final class Warnings implements LakeListener {
    private final LakeListener host;
    private @Nullable SQLWarning first;

    Warnings(LakeListener host) {
        this.host = host;
    }

    @Override
    public synchronized void on(LakeEvent event) {
        if (event instanceof LakeEvent.Warning warning) {
            SQLWarning next = new SQLWarning(warning.subject() + ": " + warning.text(), "01000");
            if (first == null) {
                first = next;
            } else {
                first.setNextWarning(next);
            }
        }
        host.on(event);
    }

    synchronized @Nullable SQLWarning first() {
        return first;
    }

    synchronized void clear() {
        first = null;
    }
}
