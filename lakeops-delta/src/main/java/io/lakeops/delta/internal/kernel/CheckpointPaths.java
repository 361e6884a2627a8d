package io.lakeops.delta.internal.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.table.DeletionVector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The paths of adds and removes in a checkpoint, and nothing else of them. */
final class CheckpointPaths {
    private static final StructType FILE =
            new StructType().add("path", StringType.STRING).add("deletionVector", DeletionVectorDescriptor.READ_SCHEMA);
    static final StructType SCHEMA = new StructType().add("add", FILE).add("remove", FILE);

    private CheckpointPaths() {}

    static void read(ColumnarBatch batch, List<LoggedFile> files) {
        for (String kind : new String[] {"add", "remove"}) {
            ColumnVector column = batch.getColumnVector(batch.getSchema().indexOf(kind));
            ColumnVector path = column.getChild(0);
            ColumnVector vector = column.getChild(1);
            for (int row = 0; row < batch.getSize(); row++) {
                if (!column.isNullAt(row)) {
                    files.add(new LoggedFile(
                            path.getString(row),
                            Map.of(),
                            -1,
                            0,
                            Optional.empty(),
                            vector.isNullAt(row) ? Optional.empty() : Optional.of(vector(vector, row)),
                            Map.of(),
                            Optional.empty()));
                }
            }
        }
    }

    private static DeletionVector vector(ColumnVector column, int row) {
        DeletionVectorDescriptor vector = DeletionVectorDescriptor.fromColumnVector(column, row);
        return new DeletionVector(
                vector.getStorageType(),
                vector.getPathOrInlineDv(),
                vector.getOffset().map(OptionalInt::of).orElse(OptionalInt.empty()),
                vector.getSizeInBytes(),
                vector.getCardinality());
    }
}
