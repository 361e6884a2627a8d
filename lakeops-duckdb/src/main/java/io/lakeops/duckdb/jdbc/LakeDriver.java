package io.lakeops.duckdb.jdbc;

import com.google.auto.service.AutoService;
import io.lakeops.context.LakeContext;
import io.lakeops.duckdb.lake.Failure;
import io.lakeops.duckdb.lake.LakeSession;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Properties;
import java.util.logging.Logger;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC driver {@code jdbc:lakeops:}: DuckDB with the verbs and tables of a lake.
 *
 * <p>Shape: {@code jdbc:lakeops:} is in memory, {@code jdbc:lakeops:/path/warehouse.duckdb} opens that file. Options
 * follow as {@code ?name=value&…} or {@code ;name=value;…}, or stand in the properties: {@code lake}, the folder whose
 * tables are mounted; {@code read_only}, true to refuse every write. Other properties are DuckDB's settings.
 *
 * <p>Errors: UNKNOWN_OPTION names the nearest option; WAREHOUSE_LOCKED, WAREHOUSE_CORRUPT, PERMISSION_DENIED, IO_FAILED.
 * Each comes as an SQLException whose message begins with the code and whose cause is the LakeException.
 *
 * <p>Threads: safe.
 */
@AutoService(Driver.class)
public final class LakeDriver implements Driver {
    static {
        try {
            DriverManager.registerDriver(new LakeDriver());
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** With any of them, DuckDB 2.0.0 can wait for ever where a COPY fails. */
    private static final String BACKGROUND_WRITERS = "async_threads";

    private final LakeContext context;

    /** With {@link LakeContext#standard()}. */
    public LakeDriver() {
        this(LakeContext.standard());
    }

    /** For a host that lends its own clock, threads and ears; ask it by {@link #connect}. */
    public LakeDriver(LakeContext context) {
        this.context = context;
    }

    @Override
    public @Nullable Connection connect(String url, @Nullable Properties properties) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        try {
            return open(LakeUrl.parse(url, properties == null ? new Properties() : properties));
        } catch (LakeException e) {
            throw SqlErrors.of(e);
        }
    }

    private Connection open(LakeUrl url) throws SQLException {
        if (url.lake().isPresent() && !Files.isDirectory(url.lake().get())) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "no folder stands at lake=" + url.lake().get());
        }
        Warnings warnings = new Warnings(context.listener());
        DuckDBConnection connection = warehouse(url);
        try {
            if (!url.settings().containsKey(BACKGROUND_WRITERS)) {
                writeAtOnce(connection);
            }
            LakeSession session =
                    LakeSession.open(connection, url.lake(), url.readOnly(), context.withListener(warnings));
            return LakeConnection.proxy(url, connection, session, warnings);
        } catch (SQLException e) {
            connection.close();
            throw Failure.ofOpening(e, url.warehouse());
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The engine's sessions do the same; the user's own COPY goes past them. */
    private static void writeAtOnce(DuckDBConnection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET GLOBAL " + BACKGROUND_WRITERS + " = 0");
        }
    }

    private static DuckDBConnection warehouse(LakeUrl url) {
        Properties settings = new Properties();
        settings.putAll(url.settings());
        if (url.readOnly() && !url.isInMemory()) {
            settings.setProperty(DuckDBDriver.DUCKDB_READONLY_PROPERTY, "true");
        }
        try {
            Connection connection = new DuckDBDriver().connect("jdbc:duckdb:" + url.warehouse(), settings);
            return connection.unwrap(DuckDBConnection.class);
        } catch (SQLException e) {
            throw Failure.ofOpening(e, url.warehouse());
        }
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(LakeUrl.PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties properties) {
        DriverPropertyInfo lake = new DriverPropertyInfo(LakeUrl.LAKE, null);
        lake.description = "the folder whose tables are mounted as <layer>.<table>";
        DriverPropertyInfo readOnly = new DriverPropertyInfo(LakeUrl.READ_ONLY, "false");
        readOnly.description = "whether every write is refused";
        readOnly.choices = new String[] {"true", "false"};
        return new DriverPropertyInfo[] {lake, readOnly};
    }

    @Override
    public int getMajorVersion() {
        return LakeMetaData.MAJOR;
    }

    @Override
    public int getMinorVersion() {
        return LakeMetaData.MINOR;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("LakeOps logs by System.Logger");
    }
}
