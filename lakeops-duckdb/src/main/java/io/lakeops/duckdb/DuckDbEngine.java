package io.lakeops.duckdb;

import com.google.auto.service.AutoService;
import io.lakeops.context.LakeContext;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.scan.DuckLogParquet;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Session;

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
}
