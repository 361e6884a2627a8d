package io.lakeops.duckdb;

import io.lakeops.engine.ComputeEngine;
import io.lakeops.table.TableFormat;
import io.lakeops.testkit.MemoryFormat;
import io.lakeops.testkit.OperationsContract;

/** The operations with DuckDB on a format that keeps its log in memory. */
class OperationsOnMemoryTest implements OperationsContract {
    private final MemoryFormat format = new MemoryFormat();
    private final DuckDbEngine engine = new DuckDbEngine();

    @Override
    public TableFormat format() {
        return format;
    }

    @Override
    public ComputeEngine engine() {
        return engine;
    }
}
