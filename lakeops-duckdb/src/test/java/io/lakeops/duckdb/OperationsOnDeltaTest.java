package io.lakeops.duckdb;

import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.table.TableFormat;
import io.lakeops.testkit.OperationsContract;

/** The operations with DuckDB on Delta tables. */
class OperationsOnDeltaTest implements OperationsContract {
    private final DeltaFormat format = new DeltaFormat();
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
