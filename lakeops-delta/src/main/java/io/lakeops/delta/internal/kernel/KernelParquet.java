package io.lakeops.delta.internal.kernel;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.defaults.engine.DefaultParquetHandler;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LogParquet} on the kernel's own Parquet reader and writer, for a lake without an engine. A row group in memory at
 * most.
 *
 * <p>Threads: safe; the iterators are for one thread.
 */
public final class KernelParquet implements LogParquet {
    private static final int BATCH = 1024;

    @Override
    public RowIterator read(Path file, List<Field> schema) {
        StructType type = KernelTypes.struct(schema);
        try {
            return new Rows(
                    file,
                    type,
                    new DefaultParquetHandler(new LocalFiles())
                            .readParquetFiles(
                                    LocalFiles.closeable(
                                            List.of(FileStatus.of(LocalFiles.text(file), Files.size(file), 0))
                                                    .iterator()),
                                    type,
                                    Optional.empty()));
        } catch (IOException e) {
            throw LogErrors.io("a Parquet file of the log can't be read", file, e);
        }
    }

    @Override
    public void write(Path file, List<Field> schema, Iterator<@Nullable Object[]> rows) {
        StructType type = KernelTypes.struct(schema);
        CloseableIterator<FilteredColumnarBatch> batches = LocalFiles.closeable(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public FilteredColumnarBatch next() {
                List<@Nullable Object[]> batch = new ArrayList<>(BATCH);
                while (batch.size() < BATCH && rows.hasNext()) {
                    batch.add(rows.next());
                }
                return new FilteredColumnarBatch(batch(type, batch), Optional.empty());
            }
        });
        try {
            new DefaultParquetHandler(new NewFile(file)).writeParquetFileAtomically(LocalFiles.text(file), batches);
        } catch (IOException e) {
            throw LogErrors.io("a Parquet file of the log can't be written", file, e);
        } catch (UncheckedIOException e) {
            throw LogErrors.io("a Parquet file of the log can't be written", file, new IOException(e));
        }
    }

    private static ColumnarBatch batch(StructType schema, List<@Nullable Object[]> rows) {
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

    private static LakeException unreadable(Path file, Exception cause) {
        return new LakeException(
                ErrorCode.LOG_CORRUPT,
                "a Parquet file of the log can't be read: " + cause.getMessage(),
                Map.of("file", file),
                cause);
    }

    private static final class Rows implements RowIterator {
        private final Path file;
        private final StructType type;
        private final CloseableIterator<FileReadResult> results;
        private @Nullable ColumnarBatch batch;
        private int next;
        private @Nullable Object @Nullable [] ready;

        Rows(Path file, StructType type, CloseableIterator<FileReadResult> results) {
            this.file = file;
            this.type = type;
            this.results = results;
        }

        @Override
        public boolean hasNext() {
            try {
                while (ready == null) {
                    while (batch == null || next == batch.getSize()) {
                        if (!results.hasNext()) {
                            return false;
                        }
                        batch = results.next().getData();
                        next = 0;
                    }
                    ready = row(batch, next++);
                }
                return true;
            } catch (LakeException known) {
                throw known;
            } catch (RuntimeException e) {
                throw unreadable(file, e);
            }
        }

        /** Null where no column has anything. */
        private @Nullable Object @Nullable [] row(ColumnarBatch of, int at) {
            @Nullable Object[] values = new @Nullable Object[type.length()];
            boolean any = false;
            for (int i = 0; i < values.length; i++) {
                values[i] = value(of.getColumnVector(i), type.at(i).getDataType(), at);
                any |= values[i] != null;
            }
            return any ? values : null;
        }

        @Override
        public @Nullable Object[] next() {
            @Nullable Object[] row = hasNext() ? ready : null;
            if (row == null) {
                throw new NoSuchElementException();
            }
            ready = null;
            return row;
        }

        @Override
        public void close() {
            try {
                results.close();
            } catch (IOException e) {
                throw LogErrors.io("a Parquet file of the log can't be closed", file, e);
            }
        }
    }

    private static @Nullable Object value(ColumnVector column, io.delta.kernel.types.DataType type, int row) {
        if (column.isNullAt(row)) {
            return null;
        }
        if (type instanceof StructType struct) {
            @Nullable Object[] values = new @Nullable Object[struct.length()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(column.getChild(i), struct.at(i).getDataType(), row);
            }
            return values;
        }
        if (type instanceof ArrayType array) {
            ArrayValue items = column.getArray(row);
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < items.getSize(); i++) {
                list.add(value(items.getElements(), array.getElementType(), i));
            }
            return list;
        }
        if (type instanceof MapType pairs) {
            MapValue entries = column.getMap(row);
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            for (int i = 0; i < entries.getSize(); i++) {
                map.put(
                        value(entries.getKeys(), pairs.getKeyType(), i),
                        value(entries.getValues(), pairs.getValueType(), i));
            }
            return map;
        }
        return KernelTypes.value(column, type, row);
    }
}
