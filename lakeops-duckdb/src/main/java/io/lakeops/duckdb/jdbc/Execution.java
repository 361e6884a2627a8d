package io.lakeops.duckdb.jdbc;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.lake.LakeSession;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a statement runs, so that a cancel, a close and a query timeout stop that, and nothing else of the connection: DuckDB
 * knows only how to interrupt a connection.
 *
 * <p>Threads: a statement runs on one thread; any may cancel it.
 */
final class Execution {
    private final LakeSession session;
    private volatile Cancellation cancellation = new Cancellation();
    private volatile boolean running;
    private volatile @Nullable Statement onEngine;
    private volatile int timeoutSeconds;

    Execution(LakeSession session) {
        this.session = session;
    }

    /** Work that can be cancelled. */
    interface Work<T> {
        T run(Cancellation cancellation) throws SQLException;
    }

    /** A call of DuckDB. */
    interface Call<T> {
        T run() throws SQLException;
    }

    void timeout(int seconds) {
        if (seconds < 0) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "a query timeout is a number of seconds from 0 on, not " + seconds);
        }
        timeoutSeconds = seconds;
    }

    int timeout() {
        return timeoutSeconds;
    }

    /** Runs a statement from the beginning, at most for the query timeout. */
    <T> T run(Work<T> work) throws SQLException {
        Cancellation mine = new Cancellation();
        cancellation = mine;
        int seconds = timeoutSeconds;
        // The timer is the JDK's own, and what is left of it ends with the statement.
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        if (seconds > 0) {
            late.completeOnTimeout(true, seconds, TimeUnit.SECONDS);
        }
        // Where stopping fails, the statement goes on to its own end and is answered late.
        CompletableFuture<Void> unused = late.thenAccept(isLate -> {
            if (isLate) {
                stop(mine);
            }
        });
        running = true;
        try {
            return work.run(mine);
        } catch (LakeException e) {
            if (e.code() == ErrorCode.CANCELLED && late.getNow(false)) {
                throw new LakeException(
                        ErrorCode.CANCELLED, "the statement ran longer than its query timeout of " + seconds + " s", e);
            }
            throw e;
        } finally {
            running = false;
            late.complete(false);
        }
    }

    /** Runs what DuckDB does for the statement. Only within {@link #run}. */
    <T> T onEngine(Statement statement, Call<T> call) throws SQLException {
        onEngine = statement;
        try {
            cancellation.check();
            return call.run();
        } finally {
            onEngine = null;
        }
    }

    /**
     * Stops what runs.
     *
     * @param idle whose rows are still being read, perhaps
     */
    void cancel(Statement idle) throws SQLException {
        stop(cancellation);
        if (onEngine == null && !session.isBusy()) {
            interrupt(idle);
        }
    }

    /** Stops what runs, if anything does: a statement that is closed must not go on. */
    void end() {
        if (running) {
            stop(cancellation);
        }
    }

    private void stop(Cancellation one) {
        one.cancel();
        Statement statement = onEngine;
        if (statement != null && one == cancellation) {
            try {
                interrupt(statement);
            } catch (SQLException e) {
                throw session.failure(e);
            }
        }
    }

    /** What ended by itself in the meantime, or failed, can't be cancelled any more, and need not. */
    private static void interrupt(Statement statement) throws SQLException {
        try {
            statement.cancel();
        } catch (SQLException e) {
            if (!statement.isClosed()) {
                throw e;
            }
        }
    }
}
