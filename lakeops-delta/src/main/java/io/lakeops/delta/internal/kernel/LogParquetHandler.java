package io.lakeops.delta.internal.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets the kernel read checkpoints and sidecars through the engine's {@link LogParquet}.
 *
 * <p>Threads: safe; the iterators are for one thread.
 */
final class LogParquetHandler implements ParquetHandler {
    private static final int BATCH = 4096;

    private final LogParquet log;

    LogParquetHandler(LogParquet log) {
        this.log = log;
    }

    @Override
    public CloseableIterator<FileReadResult> readParquetFiles(
            CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> hint) {
        // The kernel filters again: a predicate is only a hint, and log files are read whole.
        return new Results(files, schema, KernelTypes.fields(schema));
    }

    @Override
    public CloseableIterator<DataFileStatus> writeParquetFiles(
            String folder, CloseableIterator<FilteredColumnarBatch> batches, List<Column> statistics) {
        throw readOnly();
    }

    @Override
    public void writeParquetFileAtomically(String file, CloseableIterator<FilteredColumnarBatch> batches) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("the kernel only reads; LakeOps writes the log itself");
    }

    private final class Results implements CloseableIterator<FileReadResult> {
        private final CloseableIterator<FileStatus> files;
        private final StructType schema;
        private final List<Field> fields;
        private LogParquet.@Nullable RowIterator rows;
        private String path = "";

        Results(CloseableIterator<FileStatus> files, StructType schema, List<Field> fields) {
            this.files = files;
            this.schema = schema;
            this.fields = fields;
        }

        @Override
        public boolean hasNext() {
            while (rows == null || !rows.hasNext()) {
                closeRows();
                if (!files.hasNext()) {
                    return false;
                }
                path = files.next().getPath();
                rows = log.read(LocalFiles.path(path), fields);
            }
            return true;
        }

        @Override
        public FileReadResult next() {
            if (!hasNext() || rows == null) {
                throw new NoSuchElementException();
            }
            List<@Nullable Object[]> batch = new ArrayList<>();
            while (batch.size() < BATCH && rows.hasNext()) {
                batch.add(rows.next());
            }
            return new FileReadResult(batch(schema, batch), path);
        }

        @Override
        public void close() throws IOException {
            closeRows();
            files.close();
        }

        private void closeRows() {
            if (rows != null) {
                rows.close();
                rows = null;
            }
        }
    }

    static ColumnarBatch batch(StructType schema, List<@Nullable Object[]> rows) {
        ColumnVector[] columns = new ColumnVector[schema.length()];
        for (int column = 0; column < columns.length; column++) {
            @Nullable Object[] values = new @Nullable Object[rows.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = rows.get(i)[column];
            }
            columns[column] = new ObjectVector(schema.at(column).getDataType(), values);
        }
        return new DefaultColumnarBatch(rows.size(), schema, columns);
    }
}
