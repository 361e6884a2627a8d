package io.lakeops.delta.internal.kernel;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A kernel column over the plain Java values of {@link io.lakeops.table.LogParquet}. */
final class ObjectVector implements ColumnVector {
    private final DataType type;
    private final @Nullable Object[] values;

    ObjectVector(DataType type, @Nullable Object[] values) {
        this.type = type;
        this.values = values;
    }

    @Override
    public DataType getDataType() {
        return type;
    }

    @Override
    public int getSize() {
        return values.length;
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
        return values[row] == null;
    }

    @Override
    public boolean getBoolean(int row) {
        return (Boolean) value(row);
    }

    @Override
    public byte getByte(int row) {
        return number(row).byteValue();
    }

    @Override
    public short getShort(int row) {
        return number(row).shortValue();
    }

    @Override
    public int getInt(int row) {
        Object value = value(row);
        return value instanceof LocalDate date ? Math.toIntExact(date.toEpochDay()) : ((Number) value).intValue();
    }

    @Override
    public long getLong(int row) {
        Object value = value(row);
        if (value instanceof Instant instant) {
            return micros(instant);
        }
        if (value instanceof LocalDateTime local) {
            return micros(local.toInstant(ZoneOffset.UTC));
        }
        return ((Number) value).longValue();
    }

    /** MICROS.between counts nanoseconds first, which overflows before 1677 and after 2262. */
    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    @Override
    public float getFloat(int row) {
        return number(row).floatValue();
    }

    @Override
    public double getDouble(int row) {
        return number(row).doubleValue();
    }

    @Override
    public byte[] getBinary(int row) {
        return (byte[]) value(row);
    }

    @Override
    public String getString(int row) {
        return (String) value(row);
    }

    @Override
    public BigDecimal getDecimal(int row) {
        return (BigDecimal) value(row);
    }

    @Override
    public ArrayValue getArray(int row) {
        return new Items(new ObjectVector(((ArrayType) type).getElementType(), ((List<?>) value(row)).toArray()));
    }

    @Override
    public MapValue getMap(int row) {
        Map<?, ?> map = (Map<?, ?>) value(row);
        MapType types = (MapType) type;
        return new Pairs(
                new ObjectVector(types.getKeyType(), map.keySet().toArray()),
                new ObjectVector(types.getValueType(), map.values().toArray()));
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        @Nullable Object[] children = new @Nullable Object[values.length];
        for (int i = 0; i < values.length; i++) {
            Object struct = values[i];
            children[i] = struct == null ? null : ((Object[]) struct)[ordinal];
        }
        return new ObjectVector(((StructType) type).at(ordinal).getDataType(), children);
    }

    private Object value(int row) {
        return Objects.requireNonNull(values[row], "null");
    }

    private Number number(int row) {
        return (Number) value(row);
    }

    private record Items(ColumnVector elements) implements ArrayValue {
        @Override
        public int getSize() {
            return elements.getSize();
        }

        @Override
        public ColumnVector getElements() {
            return elements;
        }
    }

    private record Pairs(ColumnVector keys, ColumnVector values) implements MapValue {
        @Override
        public int getSize() {
            return keys.getSize();
        }

        @Override
        public ColumnVector getKeys() {
            return keys;
        }

        @Override
        public ColumnVector getValues() {
            return values;
        }
    }
}
