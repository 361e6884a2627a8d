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
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The kernel's types of log columns in core's terms. */
final class KernelTypes {
    private static final Map<Class<?>, Primitive> PRIMITIVES = Map.ofEntries(
            Map.entry(BooleanType.class, Primitive.BOOLEAN),
            Map.entry(ByteType.class, Primitive.BYTE),
            Map.entry(ShortType.class, Primitive.SHORT),
            Map.entry(IntegerType.class, Primitive.INTEGER),
            Map.entry(LongType.class, Primitive.LONG),
            Map.entry(FloatType.class, Primitive.FLOAT),
            Map.entry(DoubleType.class, Primitive.DOUBLE),
            Map.entry(StringType.class, Primitive.STRING),
            Map.entry(BinaryType.class, Primitive.BINARY),
            Map.entry(DateType.class, Primitive.DATE),
            Map.entry(TimestampType.class, Primitive.TIMESTAMP),
            Map.entry(TimestampNTZType.class, Primitive.TIMESTAMP_NTZ));

    private KernelTypes() {}

    static List<Field> fields(StructType schema) {
        return schema.fields().stream().map(KernelTypes::field).toList();
    }

    private static Field field(StructField field) {
        return new Field(
                field.getName(),
                type(field.getDataType()),
                field.isNullable(),
                field.getName(),
                OptionalInt.empty(),
                Map.of());
    }

    private static DataType type(io.delta.kernel.types.DataType type) {
        if (type instanceof StructType struct) {
            return new DataType.Struct(fields(struct));
        }
        if (type instanceof ArrayType array) {
            return new DataType.Array(type(array.getElementType()), array.containsNull());
        }
        if (type instanceof MapType map) {
            return new DataType.Mapping(type(map.getKeyType()), type(map.getValueType()), map.isValueContainsNull());
        }
        if (type instanceof DecimalType decimal) {
            return new DataType.Decimal(decimal.getPrecision(), decimal.getScale());
        }
        Primitive primitive = PRIMITIVES.get(type.getClass());
        if (primitive == null) {
            throw new LakeException(
                    ErrorCode.INTERNAL, "the kernel asks for a log column of an unknown type", Map.of("type", type));
        }
        return primitive;
    }

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
