package io.lakeops.duckdb.jdbc;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.lake.LakeSession;
import io.lakeops.duckdb.lake.LakeSession.Parameters;
import io.lakeops.duckdb.sql.Request;
import io.lakeops.duckdb.sql.SqlFront;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.lang.reflect.Method;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a prepared statement is ours.
 *
 * <p>DuckDB keeps a plan, and with it the list of files, so a statement that reads tables of the lake is prepared anew for
 * each execution. A verb has its parameters put in as literals; a query with as many parameters stands in for it until
 * then, which checks their number and types.
 */
final class LakePreparedStatement implements Delegation.Own<PreparedStatement> {
    private final Connection connection;
    private final LakeSession session;
    private final Request request;
    private final Preparer preparer;
    private final boolean readsLake;
    private final Calls calls = new Calls();
    private final List<Runnable> batch = new ArrayList<>();
    private PreparedStatement delegate;
    private boolean closed;
    private @Nullable PreparedStatement proxy;
    private @Nullable Outcome outcome;
    /** What serves a verb's rows. */
    private @Nullable Statement rows;

    private final Execution execution;

    /** How DuckDB prepares: plainly, or with keys to be returned. */
    interface Preparer {
        PreparedStatement prepare(String sql) throws SQLException;
    }

    private LakePreparedStatement(Connection connection, LakeSession session, Request request, Preparer preparer) {
        this.connection = connection;
        this.preparer = preparer;
        this.session = session;
        this.request = request;
        this.execution = new Execution(session);
        if (request instanceof Request.Engine engine) {
            this.delegate = session.bind(() -> preparer.prepare(engine.sql()));
            this.readsLake = session.boundLake() || session.mayReadLake(engine.sql());
        } else {
            int parameters = SqlFront.parameters(request.sql());
            String sql = "SELECT 1" + ", ?".repeat(parameters);
            this.delegate = session.bind(() -> session.connection().prepareStatement(sql));
            this.readsLake = false;
        }
    }

    static PreparedStatement proxy(Connection connection, LakeSession session, String sql, Preparer preparer) {
        List<Request> requests = session.read(sql, true);
        if (requests.size() != 1) {
            throw new LakeException(
                    ErrorCode.SQL_SYNTAX, "one statement can be prepared at a time, not " + requests.size());
        }
        if (requests.get(0) instanceof Request.Ours ours && ours.verb() instanceof Verb.NotYet notYet) {
            throw new LakeException(ErrorCode.NOT_YET, notYet.verb() + " is not built yet");
        }
        LakePreparedStatement own = new LakePreparedStatement(connection, session, requests.get(0), preparer);
        PreparedStatement proxy = Delegation.proxy(PreparedStatement.class, own, session);
        own.proxy = proxy;
        return proxy;
    }

    @Override
    public PreparedStatement target() throws SQLException {
        if (!closed && delegate.isClosed() && !session.connection().isClosed() && request instanceof Request.Engine e) {
            delegate = prepared(e.sql());
        }
        return delegate;
    }

    @Override
    public void forwarded(Method method, Object[] arguments) {
        calls.note(method, arguments);
    }

    @Override
    public boolean refuses(Method method) {
        return method.getDeclaringClass() == Statement.class
                && method.getParameterCount() > 0
                && method.getParameterTypes()[0] == String.class
                && !method.getName().startsWith("set");
    }

    public boolean execute() throws SQLException {
        return this.<Boolean>run(PreparedStatement::execute, Outcome::isRows);
    }

    public ResultSet executeQuery() throws SQLException {
        return wrap(this.<ResultSet>run(PreparedStatement::executeQuery, o -> {
            ResultSet result = o.rows();
            if (result == null) {
                throw new LakeException(ErrorCode.INVALID_ARGUMENT, "the statement returns no rows: " + request.sql());
            }
            return result;
        }));
    }

    public int executeUpdate() throws SQLException {
        return this.<Integer>run(PreparedStatement::executeUpdate, o -> Math.toIntExact(o.changed()));
    }

    public long executeLargeUpdate() throws SQLException {
        return this.<Long>run(PreparedStatement::executeLargeUpdate, Outcome::changed);
    }

    public @Nullable ResultSet getResultSet() throws SQLException {
        if (outcome != null) {
            ResultSet result = outcome.rows();
            return result == null ? null : wrap(result);
        }
        ResultSet result = delegate.getResultSet();
        return result == null ? null : wrap(result);
    }

    public int getUpdateCount() throws SQLException {
        return outcome != null ? Math.toIntExact(outcome.updateCount()) : delegate.getUpdateCount();
    }

    public long getLargeUpdateCount() throws SQLException {
        return outcome != null ? outcome.updateCount() : delegate.getLargeUpdateCount();
    }

    public boolean getMoreResults() throws SQLException {
        if (outcome != null) {
            outcome.next();
            return false;
        }
        return delegate.getMoreResults();
    }

    public void clearParameters() throws SQLException {
        calls.clearParameters();
        target().clearParameters();
    }

    public void addBatch() throws SQLException {
        if (isPlain()) {
            delegate.addBatch();
            return;
        }
        var parameters = calls.parameters();
        batch.add(() -> calls.parameters(parameters));
    }

    public void clearBatch() throws SQLException {
        batch.clear();
        target().clearBatch();
    }

    public int[] executeBatch() throws SQLException {
        return Arrays.stream(executeLargeBatch()).mapToInt(Math::toIntExact).toArray();
    }

    public long[] executeLargeBatch() throws SQLException {
        if (isPlain()) {
            return execution.run(cancellation -> session.run((Request.Engine) request, Parameters.NONE, () -> {
                PreparedStatement now = target();
                return execution.onEngine(
                        now,
                        () -> Arrays.stream(now.executeBatch()).asLongStream().toArray());
            }));
        }
        List<Runnable> parameterRows = List.copyOf(batch);
        batch.clear();
        var before = calls.parameters();
        long[] counts = new long[parameterRows.size()];
        try {
            for (int i = 0; i < counts.length; i++) {
                parameterRows.get(i).run();
                try {
                    counts[i] = executeLargeUpdate();
                } catch (LakeException e) {
                    SQLException failure = SqlErrors.of(e);
                    throw new BatchUpdateException(
                            failure.getMessage(), failure.getSQLState(), 0, Arrays.copyOf(counts, i), e);
                }
            }
        } finally {
            calls.parameters(before);
        }
        return counts;
    }

    public void cancel() throws SQLException {
        execution.cancel(delegate);
    }

    public void setQueryTimeout(int seconds) {
        execution.timeout(seconds);
    }

    public int getQueryTimeout() {
        return execution.timeout();
    }

    /** A verb has none before it is run; what stands in for it would tell of other columns. */
    public @Nullable ResultSetMetaData getMetaData() throws SQLException {
        return request instanceof Request.Engine ? target().getMetaData() : null;
    }

    public void close() throws SQLException {
        closed = true;
        execution.end();
        if (rows != null) {
            rows.close();
        }
        delegate.close();
    }

    public boolean isClosed() throws SQLException {
        return closed || session.connection().isClosed();
    }

    public Connection getConnection() {
        return connection;
    }

    @Override
    public String toString() {
        return request.sql();
    }

    private interface EngineCall<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    private interface VerbCall<T> {
        T take(Outcome outcome) throws SQLException;
    }

    /** Whether DuckDB's prepared statement is run itself, again and again. */
    private boolean isPlain() {
        return request instanceof Request.Engine && !readsLake;
    }

    private <T> T run(EngineCall<T> engine, VerbCall<T> verb) throws SQLException {
        if (closed) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "the statement is closed");
        }
        outcome = null;
        return execution.run(cancellation -> run(engine, verb, cancellation));
    }

    private <T> T run(EngineCall<T> engine, VerbCall<T> verb, Cancellation cancellation) throws SQLException {
        if (request instanceof Request.Engine statement) {
            return session.run(statement, calls::applyParameters, () -> {
                if (readsLake) {
                    PreparedStatement before = delegate;
                    delegate = prepared(statement.sql());
                    before.close();
                }
                PreparedStatement now = target();
                return execution.onEngine(now, () -> engine.run(now));
            });
        }
        String sql = SqlFront.withLiterals(request.sql(), calls::literal);
        List<Request> ready = session.read(sql, false);
        if (ready.size() != 1 || !(ready.get(0) instanceof Request.Ours ours)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "with these parameters this is no statement of LakeOps: " + sql);
        }
        Outcome done = LakeStatement.outcome(
                session,
                session.run(ours.verb(), cancellation),
                session.connection().createStatement());
        outcome = done;
        return verb.take(done);
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement fresh = preparer.prepare(sql);
        calls.applySettings(fresh);
        calls.applyParameters(fresh);
        return fresh;
    }

    private ResultSet wrap(ResultSet result) {
        return LakeResultSet.proxy(result, Objects.requireNonNull(proxy), session);
    }
}
