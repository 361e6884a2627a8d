package io.lakeops.formats;

import io.lakeops.table.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalTime;
import java.util.UUID;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;

/** Avro's logical types that no table has, as text. Values that a host converted already come by their own text. */
final class AvroText {
    private AvroText() {}

    /** A value whose text says all. */
    static StagedSchema.Node text() {
        return node(Object::toString);
    }

    /** A time of day in units of so many nanoseconds, as {@code HH:mm:ss.SSS…}. */
    static StagedSchema.Node timeOfDay(long nanosPerUnit) {
        return node(value -> value instanceof Integer || value instanceof Long
                ? LocalTime.ofNanoOfDay(Math.multiplyExact(((Number) value).longValue(), nanosPerUnit))
                        .toString()
                : value.toString());
    }

    static StagedSchema.Node decimal(Schema schema, LogicalTypes.Decimal type) {
        return node(value -> {
            if (value instanceof BigDecimal decimal) {
                return decimal.toPlainString();
            }
            return new BigDecimal(new BigInteger(bytes(value)), type.getScale()).toPlainString();
        });
    }

    static StagedSchema.Node bigDecimal(Schema schema, LogicalType type) {
        Conversions.BigDecimalConversion conversion = new Conversions.BigDecimalConversion();
        return node(value -> {
            BigDecimal decimal = value instanceof ByteBuffer buffer
                    ? conversion.fromBytes(buffer.duplicate(), schema, type)
                    : (BigDecimal) value;
            return decimal.toPlainString();
        });
    }

    /** Sixteen bytes, the most significant first. */
    static StagedSchema.Node uuid(Schema schema, LogicalType type) {
        return node(value -> {
            if (!(value instanceof GenericFixed fixed)) {
                return value.toString();
            }
            ByteBuffer buffer = ByteBuffer.wrap(fixed.bytes());
            return new UUID(buffer.getLong(), buffer.getLong()).toString();
        });
    }

    private static byte[] bytes(Object value) {
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static StagedSchema.Node node(StagedSchema.Change change) {
        return new StagedSchema.Node(Schema.create(Schema.Type.STRING), DataType.Primitive.STRING, change);
    }
}
