package io.lakeops.delta.internal.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import io.lakeops.delta.internal.log.StatisticsJson;
import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives the statistics of a checkpoint that keeps them as columns ({@code stats_parsed}) in the JSON form that the kernel
 * asks for and would miss.
 *
 * <p>Source: Delta protocol, "Checkpoint Schema".
 */
final class ParsedStatistics implements ParquetHandler {
    private static final String PARSED = "stats_parsed";

    private final ParquetHandler reader;
    private final StructType statistics;

    ParsedStatistics(ParquetHandler reader, Schema schema) {
        this.reader = reader;
        StructType columns = new StructType().add("numRecords", LongType.LONG);
        StructType bounds = bounds(schema.fields());
        if (bounds.length() > 0) {
            columns = columns.add("minValues", bounds).add("maxValues", bounds);
        }
        StructType nulls = nulls(schema.fields());
        if (nulls.length() > 0) {
            columns = columns.add("nullCount", nulls);
        }
        this.statistics = columns;
    }

    @Override
    public CloseableIterator<FileReadResult> readParquetFiles(
            CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> hint) throws IOException {
        int add = schema.indexOf("add");
        if (add < 0 || !(schema.at(add).getDataType() instanceof StructType file) || file.indexOf("stats") < 0) {
            return reader.readParquetFiles(files, schema, hint);
        }
        List<StructField> wider = new ArrayList<>(schema.fields());
        wider.set(
                add,
                new StructField(
                        "add", file.add(PARSED, statistics), schema.at(add).isNullable()));
        return reader.readParquetFiles(files, new StructType(wider), hint)
                .map(result -> new FileReadResult(
                        narrow(result.getData(), schema, add, file.indexOf("stats")), result.getFilePath()));
    }

    @Override
    public CloseableIterator<DataFileStatus> writeParquetFiles(
            String folder, CloseableIterator<FilteredColumnarBatch> batches, List<Column> columns) throws IOException {
        return reader.writeParquetFiles(folder, batches, columns);
    }

    @Override
    public void writeParquetFileAtomically(String file, CloseableIterator<FilteredColumnarBatch> batches)
            throws IOException {
        reader.writeParquetFileAtomically(file, batches);
    }

    private static ColumnarBatch narrow(ColumnarBatch batch, StructType schema, int add, int stats) {
        ColumnVector[] columns = new ColumnVector[schema.length()];
        for (int i = 0; i < columns.length; i++) {
            ColumnVector column = batch.getColumnVector(i);
            columns[i] = i == add ? new AddVector(column, schema.at(add).getDataType(), stats) : column;
        }
        return new DefaultColumnarBatch(batch.getSize(), schema, columns);
    }

    private static StructType bounds(List<Field> fields) {
        StructType type = new StructType();
        for (Field field : fields) {
            if (field.type() instanceof DataType.Struct struct) {
                StructType nested = bounds(struct.fields());
                type = nested.length() == 0 ? type : type.add(field.physicalName(), nested);
            } else if (StatisticsJson.hasBounds(field.type())) {
                type = type.add(field.physicalName(), KernelTypes.leaf(field.type()));
            }
        }
        return type;
    }

    private static StructType nulls(List<Field> fields) {
        StructType type = new StructType();
        for (Field field : fields) {
            if (field.type() instanceof DataType.Struct struct) {
                StructType nested = nulls(struct.fields());
                type = nested.length() == 0 ? type : type.add(field.physicalName(), nested);
            } else {
                type = type.add(field.physicalName(), LongType.LONG);
            }
        }
        return type;
    }

    /** A row of a struct column as plain JSON values; absent fields are left out. */
    private static Map<String, @Nullable Object> json(ColumnVector column, StructType type, int row) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int i = 0; i < type.length(); i++) {
            ColumnVector child = column.getChild(i);
            if (!child.isNullAt(row)) {
                StructField field = type.at(i);
                json.put(
                        field.getName(),
                        field.getDataType() instanceof StructType nested
                                ? json(child, nested, row)
                                : text(KernelTypes.value(child, field.getDataType(), row)));
            }
        }
        return json;
    }

    private static Object text(Object value) {
        if (value instanceof LocalDate || value instanceof Instant || value instanceof LocalDateTime) {
            return value.toString();
        }
        return value;
    }

    /** The {@code add} column with the texts that its last, extra child stands for. */
    private static final class AddVector implements ColumnVector {
        private final ColumnVector wide;
        private final io.delta.kernel.types.DataType type;
        private final int stats;

        AddVector(ColumnVector wide, io.delta.kernel.types.DataType type, int stats) {
            this.wide = wide;
            this.type = type;
            this.stats = stats;
        }

        @Override
        public io.delta.kernel.types.DataType getDataType() {
            return type;
        }

        @Override
        public int getSize() {
            return wide.getSize();
        }

        @Override
        public void close() {
            wide.close();
        }

        @Override
        public boolean isNullAt(int row) {
            return wide.isNullAt(row);
        }

        @Override
        public ColumnVector getChild(int ordinal) {
            return ordinal == stats
                    ? new TextVector(wide.getChild(stats), wide.getChild(((StructType) type).length()))
                    : wide.getChild(ordinal);
        }
    }

    private record TextVector(ColumnVector written, ColumnVector parsed) implements ColumnVector {
        @Override
        public io.delta.kernel.types.DataType getDataType() {
            return StringType.STRING;
        }

        @Override
        public int getSize() {
            return written.getSize();
        }

        @Override
        public void close() {
            written.close();
            parsed.close();
        }

        @Override
        public boolean isNullAt(int row) {
            return written.isNullAt(row) && parsed.isNullAt(row);
        }

        @Override
        public String getString(int row) {
            return written.isNullAt(row)
                    ? Json.write(json(parsed, (StructType) parsed.getDataType(), row))
                    : written.getString(row);
        }
    }
}
