package io.lakeops.delta;

import io.lakeops.delta.internal.kernel.KernelParquet;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableFormat;
import io.lakeops.testkit.CheckpointReadingContract;
import java.util.Optional;

/** The way through an engine's {@link LogParquet}, by a reader that stands in for an engine. */
class EngineCheckpointReadingTest implements CheckpointReadingContract {
    @Override
    public TableFormat delta() {
        return new DeltaFormat();
    }

    @Override
    public Optional<LogParquet> logParquet() {
        return Optional.of(new KernelParquet());
    }
}
