package io.lakeops.delta;

import io.lakeops.table.LogParquet;
import io.lakeops.table.TableFormat;
import io.lakeops.testkit.CheckpointReadingContract;
import java.util.Optional;

class KernelCheckpointReadingTest implements CheckpointReadingContract {
    @Override
    public TableFormat delta() {
        return new DeltaFormat();
    }

    @Override
    public Optional<LogParquet> logParquet() {
        return Optional.empty();
    }
}
