package io.lakeops.duckdb.jdbc;

import io.lakeops.duckdb.lake.LakeSession;
import io.lakeops.duckdb.sql.Request;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** What of a connection is ours. */
final class LakeConnection implements Delegation.Own<Connection> {
    private final LakeUrl url;
    private final DuckDBConnection connection;
    private final LakeSession session;
    private final Warnings warnings;
    private @Nullable Connection proxy;

    private LakeConnection(LakeUrl url, DuckDBConnection connection, LakeSession session, Warnings warnings) {
        this.url = url;
        this.connection = connection;
        this.session = session;
        this.warnings = warnings;
    }

    static Connection proxy(LakeUrl url, DuckDBConnection connection, LakeSession session, Warnings warnings) {
        LakeConnection own = new LakeConnection(url, connection, session, warnings);
        Connection proxy = Delegation.proxy(Connection.class, own, session);
        own.proxy = proxy;
        return proxy;
    }

    @Override
    public Connection target() {
        return connection;
    }

    private Connection self() {
        return java.util.Objects.requireNonNull(proxy);
    }

    public Statement createStatement() throws SQLException {
        return LakeStatement.proxy(self(), session, connection.createStatement());
    }

    public Statement createStatement(int type, int concurrency) throws SQLException {
        return LakeStatement.proxy(self(), session, connection.createStatement(type, concurrency));
    }

    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        return LakeStatement.proxy(self(), session, connection.createStatement(type, concurrency, holdability));
    }

    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return LakePreparedStatement.proxy(self(), session, sql, connection::prepareStatement);
    }

    public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        // DuckDB's own statements have one type; it says so where another is asked for.
        connection.createStatement(type, concurrency).close();
        return prepareStatement(sql);
    }

    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        connection.createStatement(type, concurrency, holdability).close();
        return prepareStatement(sql);
    }

    public PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
        return LakePreparedStatement.proxy(self(), session, sql, text -> connection.prepareStatement(text, keys));
    }

    public PreparedStatement prepareStatement(String sql, int[] keys) throws SQLException {
        return LakePreparedStatement.proxy(self(), session, sql, text -> connection.prepareStatement(text, keys));
    }

    public PreparedStatement prepareStatement(String sql, String[] keys) throws SQLException {
        return LakePreparedStatement.proxy(self(), session, sql, text -> connection.prepareStatement(text, keys));
    }

    /** The statements as DuckDB gets them; a verb of ours stands as it is. */
    public String nativeSQL(String sql) {
        return session.read(sql, true).stream().map(Request::sql).collect(Collectors.joining("; "));
    }

    public DatabaseMetaData getMetaData() throws SQLException {
        return LakeMetaData.proxy(self(), url.text(), session, connection.getMetaData());
    }

    public boolean isReadOnly() {
        return session.isReadOnly();
    }

    public @Nullable SQLWarning getWarnings() {
        return warnings.first();
    }

    public void clearWarnings() {
        warnings.clear();
    }

    public void close() throws SQLException {
        if (!connection.isClosed()) {
            session.close();
            connection.close();
        }
    }

    public void abort(Executor executor) {
        executor.execute(() -> {
            try {
                close();
            } catch (SQLException e) {
                System.getLogger(LakeConnection.class.getName())
                        .log(System.Logger.Level.WARNING, "an aborted connection can't be closed", e);
            }
        });
    }

    @Override
    public String toString() {
        return url.text();
    }
}
