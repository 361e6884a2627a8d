package io.lakeops.delta.internal.upkeep;

import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Pruning;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file's partition values as the columns of {@code partitionValues_parsed}.
 *
 * <p>Source: Delta protocol, "Checkpoint Schema", "Partition Value Serialization".
 */
final class PartitionColumns {
    private final List<Field> fields;

    private PartitionColumns(List<Field> fields) {
        this.fields = fields;
    }

    /** None where a column's text says different things to different readers: a point in time by its zone, binary. */
    static Optional<PartitionColumns> of(Metadata metadata) {
        List<Field> fields = metadata.partitionFields();
        boolean plain = fields.stream()
                .allMatch(field -> field.type() instanceof DataType.Decimal
                        || (field.type() instanceof Primitive primitive
                                && primitive != Primitive.TIMESTAMP
                                && primitive != Primitive.BINARY
                                && primitive != Primitive.VARIANT));
        return fields.isEmpty() || !plain
                ? Optional.empty()
                : Optional.of(new PartitionColumns(fields.stream()
                        .map(field -> Field.of(field.physicalName(), field.type()))
                        .toList()));
    }

    Field column() {
        return Field.of("partitionValues_parsed", new DataType.Struct(fields));
    }

    /** The row for the texts of a file. A text that is none of its type is null, as Spark reads it. */
    @Nullable
    Object[] parsed(Map<?, ?> texts) {
        @Nullable Object[] row = new @Nullable Object[fields.size()];
        for (int i = 0; i < row.length; i++) {
            Field field = fields.get(i);
            if (texts.get(field.name()) instanceof String text && !text.isEmpty()) {
                row[i] = Pruning.partitionLiteral(field.type(), text)
                        .flatMap(literal -> value(field.type(), literal))
                        .orElse(null);
            }
        }
        return row;
    }

    private static Optional<Object> value(DataType type, Literal literal) {
        Object value = literal.value();
        try {
            if (type instanceof DataType.Decimal decimal) {
                return Optional.of(((BigDecimal) value).setScale(decimal.scale()))
                        .filter(n -> n.precision() <= decimal.precision())
                        .map(n -> n);
            }
            return Optional.of(
                    switch ((Primitive) type) {
                        case BYTE -> (Object) Byte.parseByte(value.toString());
                        case SHORT -> Short.parseShort(value.toString());
                        case INTEGER -> Integer.parseInt(value.toString());
                        case FLOAT -> ((Double) value).floatValue();
                        case LONG, DOUBLE, BOOLEAN, STRING, DATE, TIMESTAMP_NTZ, TIMESTAMP, BINARY, VARIANT -> value;
                    });
        } catch (ArithmeticException | NumberFormatException unfit) {
            return Optional.empty();
        }
    }
}
