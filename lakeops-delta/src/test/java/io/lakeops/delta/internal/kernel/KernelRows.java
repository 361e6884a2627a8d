package io.lakeops.delta.internal.kernel;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link LogParquet} on the kernel's Parquet reader, in place of an engine's. */
public final class KernelRows implements LogParquet {
    @Override
    public RowIterator read(Path file, List<Field> schema) {
        StructType type = struct(schema);
        List<@Nullable Object[]> rows = new ArrayList<>();
        try (CloseableIterator<FileReadResult> results = DefaultEngine.create(new LocalFiles())
                .getParquetHandler()
                .readParquetFiles(
                        LocalFiles.closeable(List.of(FileStatus.of(LocalFiles.text(file), Files.size(file), 0))
                                .iterator()),
                        type,
                        Optional.empty())) {
            while (results.hasNext()) {
                ColumnarBatch batch = results.next().getData();
                for (int row = 0; row < batch.getSize(); row++) {
                    @Nullable Object[] values = new @Nullable Object[type.length()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = value(batch.getColumnVector(i), type.at(i).getDataType(), row);
                    }
                    rows.add(values);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new LakeException(ErrorCode.LOG_CORRUPT, "no Parquet: " + file, e);
        }
        Iterator<@Nullable Object[]> all = rows.iterator();
        return new RowIterator() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public @Nullable Object[] next() {
                return all.next();
            }

            @Override
            public void close() {}
        };
    }

    private static StructType struct(List<Field> fields) {
        StructType type = new StructType();
        for (Field field : fields) {
            type = type.add(field.name(), type(field.type()), field.nullable());
        }
        return type;
    }

    private static io.delta.kernel.types.DataType type(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return struct(struct.fields());
        }
        if (type instanceof DataType.Array array) {
            return new ArrayType(type(array.element()), array.containsNull());
        }
        if (type instanceof DataType.Mapping map) {
            return new MapType(type(map.key()), type(map.value()), map.valueContainsNull());
        }
        if (type == DataType.Primitive.BOOLEAN) {
            return BooleanType.BOOLEAN;
        }
        return type == DataType.Primitive.BINARY ? BinaryType.BINARY : KernelTypes.leaf(type);
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
