package io.lakeops.duckdb.jdbc;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.lake.LakeSession;
import io.lakeops.duckdb.lake.LakeSession.Parameters;
import io.lakeops.duckdb.lake.LiteralTable;
import io.lakeops.duckdb.lake.VerbResult;
import io.lakeops.duckdb.sql.Request;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.lang.reflect.Method;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What of a statement is ours: it runs verbs, and DuckDB's statements over tables of the lake. */
final class LakeStatement implements Delegation.Own<Statement> {
    private final Connection connection;
    private final LakeSession session;
    private final Calls calls = new Calls();
    private final List<String> batch = new ArrayList<>();
    private Statement delegate;
    private boolean closed;
    private @Nullable Statement proxy;
    private @Nullable Outcome outcome;
    private final Execution execution;

    private LakeStatement(Connection connection, LakeSession session, Statement delegate) {
        this.connection = connection;
        this.session = session;
        this.delegate = delegate;
        this.execution = new Execution(session);
    }

    static Statement proxy(Connection connection, LakeSession session, Statement delegate) {
        LakeStatement own = new LakeStatement(connection, session, delegate);
        Statement proxy = Delegation.proxy(Statement.class, own, session);
        own.proxy = proxy;
        return proxy;
    }

    /** DuckDB closes a statement that failed; as JDBC has it, ours can be used again. */
    @Override
    public Statement target() throws SQLException {
        if (!closed && delegate.isClosed() && !session.connection().isClosed()) {
            delegate = session.connection().createStatement();
            calls.applySettings(delegate);
        }
        return delegate;
    }

    @Override
    public void forwarded(Method method, Object[] arguments) {
        calls.note(method, arguments);
    }

    public boolean execute(String sql) throws SQLException {
        return this.<Boolean>run(sql, Statement::execute, Outcome::isRows);
    }

    public boolean execute(String sql, int keys) throws SQLException {
        return this.<Boolean>run(sql, (s, text) -> s.execute(text, keys), Outcome::isRows);
    }

    public boolean execute(String sql, int[] keys) throws SQLException {
        return this.<Boolean>run(sql, (s, text) -> s.execute(text, keys), Outcome::isRows);
    }

    public boolean execute(String sql, String[] keys) throws SQLException {
        return this.<Boolean>run(sql, (s, text) -> s.execute(text, keys), Outcome::isRows);
    }

    public ResultSet executeQuery(String sql) throws SQLException {
        return wrap(this.<ResultSet>run(sql, Statement::executeQuery, o -> {
            ResultSet rows = o.rows();
            if (rows == null) {
                throw new LakeException(ErrorCode.INVALID_ARGUMENT, "the statement returns no rows: " + sql);
            }
            return rows;
        }));
    }

    public int executeUpdate(String sql) throws SQLException {
        return this.<Integer>run(sql, Statement::executeUpdate, o -> Math.toIntExact(o.changed()));
    }

    public int executeUpdate(String sql, int keys) throws SQLException {
        return this.<Integer>run(sql, (s, text) -> s.executeUpdate(text, keys), o -> Math.toIntExact(o.changed()));
    }

    public int executeUpdate(String sql, int[] keys) throws SQLException {
        return this.<Integer>run(sql, (s, text) -> s.executeUpdate(text, keys), o -> Math.toIntExact(o.changed()));
    }

    public int executeUpdate(String sql, String[] keys) throws SQLException {
        return this.<Integer>run(sql, (s, text) -> s.executeUpdate(text, keys), o -> Math.toIntExact(o.changed()));
    }

    public long executeLargeUpdate(String sql, int keys) throws SQLException {
        return this.<Long>run(sql, (s, text) -> s.executeLargeUpdate(text, keys), Outcome::changed);
    }

    public long executeLargeUpdate(String sql, int[] keys) throws SQLException {
        return this.<Long>run(sql, (s, text) -> s.executeLargeUpdate(text, keys), Outcome::changed);
    }

    public long executeLargeUpdate(String sql, String[] keys) throws SQLException {
        return this.<Long>run(sql, (s, text) -> s.executeLargeUpdate(text, keys), Outcome::changed);
    }

    public long executeLargeUpdate(String sql) throws SQLException {
        return this.<Long>run(sql, Statement::executeLargeUpdate, Outcome::changed);
    }

    public @Nullable ResultSet getResultSet() throws SQLException {
        if (outcome != null) {
            ResultSet rows = outcome.rows();
            return rows == null ? null : wrap(rows);
        }
        ResultSet rows = delegate.getResultSet();
        return rows == null ? null : wrap(rows);
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

    public void addBatch(String sql) {
        batch.add(sql);
    }

    public void clearBatch() {
        batch.clear();
    }

    public int[] executeBatch() throws SQLException {
        return Arrays.stream(executeLargeBatch()).mapToInt(Math::toIntExact).toArray();
    }

    public long[] executeLargeBatch() throws SQLException {
        List<String> statements = List.copyOf(batch);
        batch.clear();
        long[] counts = new long[statements.size()];
        for (int i = 0; i < counts.length; i++) {
            try {
                counts[i] = executeLargeUpdate(statements.get(i));
            } catch (SQLException | LakeException e) {
                SQLException failure = e instanceof LakeException lake ? SqlErrors.of(lake) : (SQLException) e;
                throw new BatchUpdateException(
                        failure.getMessage(), failure.getSQLState(), 0, Arrays.copyOf(counts, i), lakeCause(failure));
            }
        }
        return counts;
    }

    private static Throwable lakeCause(SQLException failure) {
        return failure.getCause() instanceof LakeException lake ? lake : failure;
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

    public void close() throws SQLException {
        closed = true;
        execution.end();
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
        return "statement on " + connection;
    }

    /** How the last of some statements is run on DuckDB. */
    private interface EngineCall<T> {
        T run(Statement statement, String sql) throws SQLException;
    }

    /** What is taken of a verb's outcome. */
    private interface VerbCall<T> {
        T take(Outcome outcome) throws SQLException;
    }

    private <T> T run(String sql, EngineCall<T> engine, VerbCall<T> verb) throws SQLException {
        if (closed) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "the statement is closed");
        }
        outcome = null;
        return execution.run(cancellation -> run(sql, engine, verb, cancellation));
    }

    private <T> T run(String sql, EngineCall<T> engine, VerbCall<T> verb, Cancellation cancellation)
            throws SQLException {
        List<Request> requests = session.read(sql, false);
        if (requests.isEmpty()) {
            return session.bind(() -> on(statement -> engine.run(statement, sql)));
        }
        for (Request request : requests.subList(0, requests.size() - 1)) {
            if (request instanceof Request.Engine statement) {
                session.run(statement, Parameters.NONE, () -> on(s -> s.execute(statement.sql())));
            } else {
                session.run(((Request.Ours) request).verb(), cancellation);
            }
        }
        Request last = requests.get(requests.size() - 1);
        if (last instanceof Request.Engine statement) {
            return session.run(statement, Parameters.NONE, () -> on(s -> engine.run(s, statement.sql())));
        }
        Outcome done = outcome(session, session.run(((Request.Ours) last).verb(), cancellation), target());
        outcome = done;
        return verb.take(done);
    }

    /** What is run on DuckDB's statement. */
    private interface OnStatement<T> {
        T run(Statement statement) throws SQLException;
    }

    private <T> T on(OnStatement<T> call) throws SQLException {
        Statement statement = target();
        return execution.onEngine(statement, () -> call.run(statement));
    }

    /** A verb's rows are served by DuckDB, so that they are its results in every respect. */
    static Outcome outcome(LakeSession session, VerbResult result, Statement statement) {
        if (result.rows().isEmpty()) {
            return new Outcome(result, null);
        }
        LiteralTable table = result.rows().get();
        return new Outcome(result, session.bind(() -> statement.executeQuery(table.sql())));
    }

    private ResultSet wrap(ResultSet rows) {
        return LakeResultSet.proxy(rows, Objects.requireNonNull(proxy), session);
    }
}
