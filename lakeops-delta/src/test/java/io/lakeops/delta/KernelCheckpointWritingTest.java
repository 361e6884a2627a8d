package io.lakeops.delta;

import io.lakeops.delta.internal.kernel.KernelParquet;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableFormat;
import io.lakeops.testkit.CheckpointWritingContract;
import io.lakeops.testkit.LogParquetContract;
import java.util.Optional;

/** Checkpoints without an engine. */
class KernelCheckpointWritingTest implements CheckpointWritingContract, LogParquetContract {
    @Override
    public TableFormat delta() {
        return new DeltaFormat();
    }

    @Override
    public Optional<LogParquet> logParquet() {
        return Optional.empty();
    }

    @Override
    public LogParquet writer() {
        return new KernelParquet();
    }

    @Override
    public LogParquet reader() {
        return new KernelParquet();
    }
}
