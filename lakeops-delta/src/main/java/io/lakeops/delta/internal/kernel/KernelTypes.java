package io.lakeops.delta.internal.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The types of log columns in the kernel's terms. */
final class KernelTypes {
    private KernelTypes() {}

    /** Columns in the kernel's terms; a log has no VARIANT. */
    static StructType struct(List<Field> fields) {
        StructType type = new StructType();
        for (Field field : fields) {
            type = type.add(field.name(), kernelType(field.type()), field.nullable());
        }
        return type;
    }

    private static io.delta.kernel.types.DataType kernelType(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return struct(struct.fields());
        }
        if (type instanceof DataType.Array array) {
            return new ArrayType(kernelType(array.element()), array.containsNull());
        }
        if (type instanceof DataType.Mapping map) {
            return new MapType(kernelType(map.key()), kernelType(map.value()), map.valueContainsNull());
        }
        if (type == Primitive.BOOLEAN) {
            return BooleanType.BOOLEAN;
        }
        return type == Primitive.BINARY ? BinaryType.BINARY : leaf(type);
    }

    /** A type that {@link io.lakeops.delta.internal.log.StatisticsJson#hasBounds}, in the kernel's terms. */
    static io.delta.kernel.types.DataType leaf(DataType type) {
        if (type instanceof DataType.Decimal decimal) {
            return new DecimalType(decimal.precision(), decimal.scale());
        }
        return switch ((Primitive) type) {
            case BYTE -> ByteType.BYTE;
            case SHORT -> ShortType.SHORT;
            case INTEGER -> IntegerType.INTEGER;
            case LONG -> LongType.LONG;
            case FLOAT -> FloatType.FLOAT;
            case DOUBLE -> DoubleType.DOUBLE;
            case STRING -> StringType.STRING;
            case DATE -> DateType.DATE;
            case TIMESTAMP -> TimestampType.TIMESTAMP;
            case TIMESTAMP_NTZ -> TimestampNTZType.TIMESTAMP_NTZ;
            case BOOLEAN, BINARY, VARIANT -> throw new IllegalArgumentException(type.toString());
        };
    }

    /** A value of such a type, in the shape of {@link io.lakeops.table.LogParquet}. */
    static Object value(ColumnVector column, io.delta.kernel.types.DataType type, int row) {
        if (type instanceof DateType) {
            return LocalDate.ofEpochDay(column.getInt(row));
        }
        if (type instanceof TimestampType) {
            return Instant.EPOCH.plus(column.getLong(row), ChronoUnit.MICROS);
        }
        if (type instanceof TimestampNTZType) {
            return LocalDateTime.ofInstant(Instant.EPOCH.plus(column.getLong(row), ChronoUnit.MICROS), ZoneOffset.UTC);
        }
        return VectorUtils.getValueAsObject(column, type, row);
    }
}
