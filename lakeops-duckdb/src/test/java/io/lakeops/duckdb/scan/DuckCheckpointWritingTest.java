package io.lakeops.duckdb.scan;

import io.lakeops.delta.DeltaFormat;
import io.lakeops.delta.internal.kernel.KernelParquet;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableFormat;
import io.lakeops.testkit.CheckpointWritingContract;
import io.lakeops.testkit.LogParquetContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** Checkpoints that DuckDB writes, read by the reader that others use. */
class DuckCheckpointWritingTest implements CheckpointWritingContract, LogParquetContract {
    private static final DuckLogParquet DUCK = new DuckLogParquet();

    @AfterAll
    static void close() {
        DUCK.close();
    }

    @Override
    public TableFormat delta() {
        return new DeltaFormat();
    }

    @Override
    public Optional<LogParquet> logParquet() {
        return Optional.of(DUCK);
    }

    @Override
    public LogParquet writer() {
        return DUCK;
    }

    @Override
    public LogParquet reader() {
        return new KernelParquet();
    }
}
