package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.QueryProgress;

/**
 * Runs statements on one connection, so that they can be cancelled and watched.
 *
 * <p>Threads: one statement at a time.
 */
final class Statements {
    private static final long WATCH_MILLIS = 250;
    private static final System.Logger LOGGER = System.getLogger(Statements.class.getName());

    private final DuckDBConnection connection;
    private final LakeContext context;

    Statements(DuckDBConnection connection, LakeContext context) {
        this.connection = connection;
        this.context = context;
    }

    DuckDBConnection connection() {
        return connection;
    }

    /** What a statement is part of. */
    record Work(String operation, String subject, Cancellation cancellation) {
        /** Work too short to be watched. */
        static Work quiet(Cancellation cancellation) {
            return new Work("", "", cancellation);
        }
    }

    /** Takes what a statement returned. */
    interface Reader<T> {
        T read(ResultSet result) throws SQLException;
    }

    /** Runs a statement that returns nothing of interest. */
    void run(String sql, Work work) {
        try {
            runRaw(sql, work);
        } catch (SQLException e) {
            throw failure(e, work);
        }
    }

    /** Runs a query and reads what it returns. */
    <T> T query(String sql, Work work, Reader<T> reader) {
        try {
            return queryRaw(sql, work, reader);
        } catch (SQLException e) {
            throw failure(e, work);
        }
    }

    void runRaw(String sql, Work work) throws SQLException {
        perform(sql, work, statement -> Boolean.TRUE);
    }

    /** As {@link #query}, for who wants to look at DuckDB's own exception. */
    <T> T queryRaw(String sql, Work work, Reader<T> reader) throws SQLException {
        return perform(sql, work, statement -> {
            try (ResultSet result = statement.getResultSet()) {
                return reader.read(result);
            }
        });
    }

    @SuppressWarnings("try") // the registration only has to be closed
    private <T> T perform(String sql, Work work, Ending<T> ending) throws SQLException {
        work.cancellation().check();
        // A statement that failed is closed by the driver, so each gets its own.
        try (DuckDBPreparedStatement statement = (DuckDBPreparedStatement) connection.createStatement();
                Watch watch = new Watch(statement, work);
                Cancellation.Registration ignored = work.cancellation().onCancel(watch::cancel)) {
            watch.start();
            statement.execute(sql);
            work.cancellation().check();
            return ending.take(statement);
        }
    }

    private interface Ending<T> {
        T take(Statement statement) throws SQLException;
    }

    /** The exception for a failed statement; CANCELLED wherever the host asked for that. */
    static LakeException failure(SQLException e, Work work) {
        if (work.cancellation().isCancelled()) {
            return new LakeException(ErrorCode.CANCELLED, "the operation was cancelled", e);
        }
        return Failures.of(e);
    }

    /** Tells the listener how a statement comes on, where the host lends a thread for it. */
    private final class Watch implements AutoCloseable, Runnable {
        private final DuckDBPreparedStatement statement;
        private final Work work;
        private final Thread worker = Thread.currentThread();
        private final CountDownLatch ended = new CountDownLatch(1);
        /** Held while the statement is touched from outside, so that it isn't closed meanwhile. */
        private final Lock touch = new ReentrantLock();

        Watch(DuckDBPreparedStatement statement, Work work) {
            this.statement = statement;
            this.work = work;
        }

        void start() {
            if (work.operation().isEmpty()) {
                return;
            }
            tell(0, -1);
            try {
                context.executor().execute(this);
            } catch (RejectedExecutionException e) {
                // The host has no thread to spare: progress is then told at the start only.
                LOGGER.log(System.Logger.Level.DEBUG, "progress is not watched", e);
            }
        }

        @Override
        public void run() {
            if (Thread.currentThread() == worker) {
                return;
            }
            try {
                while (!ended.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                    if (work.cancellation().isCancelled()) {
                        // Whoever cancelled may have been faster than the statement.
                        cancel();
                    } else {
                        look();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void look() {
            touch.lock();
            try {
                if (ended.getCount() > 0) {
                    QueryProgress progress = statement.getQueryProgress();
                    if (progress.getPercentage() >= 0) {
                        tell(progress.getRowsProcessed(), progress.getTotalRowsToProcess());
                    }
                }
            } catch (SQLException e) {
                LOGGER.log(System.Logger.Level.DEBUG, "no progress can be told", e);
            } finally {
                touch.unlock();
            }
        }

        void cancel() {
            touch.lock();
            try {
                if (ended.getCount() > 0) {
                    statement.cancel();
                }
            } catch (SQLException e) {
                LOGGER.log(System.Logger.Level.WARNING, "the statement can't be cancelled", e);
            } finally {
                touch.unlock();
            }
        }

        private void tell(long done, long total) {
            context.listener().on(new LakeEvent.Progress(work.operation(), work.subject(), done, total, "rows"));
        }

        @Override
        public void close() {
            touch.lock();
            try {
                ended.countDown();
            } finally {
                touch.unlock();
            }
        }
    }
}
