package io.lakeops.duckdb.jdbc;

import io.lakeops.duckdb.lake.LakeSession;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What of a connection's metadata is ours: who we are, and tables that came into the lake since it was mounted. */
final class LakeMetaData implements Delegation.Own<DatabaseMetaData> {
    static final int MAJOR = 0;
    static final int MINOR = 1;

    private final Connection connection;
    private final String url;
    private final LakeSession session;
    private final DatabaseMetaData target;

    private LakeMetaData(Connection connection, String url, LakeSession session, DatabaseMetaData target) {
        this.connection = connection;
        this.url = url;
        this.session = session;
        this.target = target;
    }

    static DatabaseMetaData proxy(Connection connection, String url, LakeSession session, DatabaseMetaData target) {
        return Delegation.proxy(DatabaseMetaData.class, new LakeMetaData(connection, url, session, target), session);
    }

    @Override
    public DatabaseMetaData target() {
        return target;
    }

    public Connection getConnection() {
        return connection;
    }

    public String getURL() {
        return url;
    }

    public String getDriverName() {
        return "LakeOps";
    }

    public String getDriverVersion() {
        return MAJOR + "." + MINOR;
    }

    public int getDriverMajorVersion() {
        return MAJOR;
    }

    public int getDriverMinorVersion() {
        return MINOR;
    }

    public boolean isReadOnly() {
        return session.isReadOnly();
    }

    public ResultSet getTables(
            @Nullable String catalog, @Nullable String schema, @Nullable String table, String @Nullable [] types)
            throws SQLException {
        session.refresh();
        return target.getTables(catalog, schema, table, types);
    }

    public ResultSet getColumns(
            @Nullable String catalog, @Nullable String schema, @Nullable String table, @Nullable String column)
            throws SQLException {
        session.refresh();
        return target.getColumns(catalog, schema, table, column);
    }

    @Override
    public String toString() {
        return "metadata of " + url;
    }
}
