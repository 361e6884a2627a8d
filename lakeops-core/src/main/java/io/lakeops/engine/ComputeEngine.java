package io.lakeops.engine;

import io.lakeops.context.LakeContext;
import io.lakeops.provider.Provider;
import io.lakeops.table.LogParquet;

/**
 * A compute engine: knows bytes and SQL. It commits nothing.
 *
 * <p>Found by {@link java.util.ServiceLoader}. Every implementation passes {@code ComputeEngineContract} of
 * lakeops-testkit.
 *
 * <p>Threads: safe.
 */
public interface ComputeEngine extends Provider {
    /** Opens a session; close it. */
    Session open(EngineOptions options, LakeContext context);

    /** A reader of the Parquet files of a table's log; it opens what it needs at its first use. Close it. */
    LogReader logReader();

    /** A {@link LogParquet} that holds a resource. */
    interface LogReader extends LogParquet, AutoCloseable {
        @Override
        void close();
    }
}
