package io.lakeops.duckdb;

import com.google.auto.service.AutoService;
import io.lakeops.context.LakeContext;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.scan.DuckLogParquet;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.sql.Connection;
import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/**
 * The compute engine {@code duckdb}: an embedded DuckDB, in memory, that spills to disk.
 *
 * <p>Threads: safe.
 */
@AutoService(ComputeEngine.class)
public final class DuckDbEngine implements ComputeEngine {
    @Override
    public String name() {
        return "duckdb";
    }

    @Override
    public Session open(EngineOptions options, LakeContext context) {
        return DuckDbSession.open(options, context);
    }

    @Override
    public LogReader logReader() {
        return new DuckLogParquet();
    }

    /**
     * A session on a host's own connection to a DuckDB, such as one to its warehouse: it sees that database's tables under
     * their names. Closing the session leaves the connection open; its settings, memory and threads stay the host's.
     *
     * <p>Errors: INVALID_ARGUMENT where the connection is not DuckDB's.
     */
    public static Session over(Connection connection, LakeContext context) {
        try {
            return DuckDbSession.over(connection.unwrap(DuckDBConnection.class), context);
        } catch (SQLException e) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "the connection is not one of DuckDB", e);
        }
    }
}
