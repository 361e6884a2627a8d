package io.lakeops.change;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether files that were written under one schema say the same when they are read as another. */
final class ReadCompatibility {
    /** From the narrowest to the widest. */
    private static final List<DataType> WHOLE =
            List.of(Primitive.BYTE, Primitive.SHORT, Primitive.INTEGER, Primitive.LONG);

    private ReadCompatibility() {}

    /** What stands against reading files of {@code written} as {@code readAs}, where anything does. */
    static Optional<String> obstacle(Schema written, Schema readAs) {
        return fields(written.fields(), readAs.fields(), "");
    }

    private static Optional<String> fields(List<Field> written, List<Field> readAs, String parent) {
        for (Field field : written) {
            String name = parent + field.name();
            Optional<Field> found = readAs.stream()
                    .filter(f -> f.name().equalsIgnoreCase(field.name()))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.of("the column '" + name + "' is gone");
            }
            Field now = found.get();
            boolean sameColumn = now.physicalName().equals(field.physicalName())
                    && (now.fieldId().equals(field.fieldId())
                            || now.fieldId().isEmpty()
                            || field.fieldId().isEmpty());
            if (!sameColumn) {
                return Optional.of("the column '" + name + "' is another one of that name");
            }
            if (field.nullable() && !now.nullable()) {
                return Optional.of("the column '" + name + "' took nulls");
            }
            Optional<String> type = type(field.type(), now.type(), name);
            if (type.isPresent()) {
                return type;
            }
        }
        return readAs.stream()
                .filter(f -> !f.nullable()
                        && written.stream().noneMatch(w -> w.name().equalsIgnoreCase(f.name())))
                .findFirst()
                .map(f -> "the column '" + parent + f.name() + "' was not there and takes no nulls");
    }

    private static Optional<String> type(DataType written, DataType readAs, String name) {
        if (written instanceof DataType.Struct was && readAs instanceof DataType.Struct now) {
            return fields(was.fields(), now.fields(), name + ".");
        }
        if (written instanceof DataType.Array was && readAs instanceof DataType.Array now) {
            return was.containsNull() && !now.containsNull()
                    ? Optional.of("the elements of '" + name + "' took nulls")
                    : type(was.element(), now.element(), name + ".element");
        }
        if (written instanceof DataType.Mapping was && readAs instanceof DataType.Mapping now) {
            if (was.valueContainsNull() && !now.valueContainsNull()) {
                return Optional.of("the values of '" + name + "' took nulls");
            }
            return type(was.key(), now.key(), name + ".key").or(() -> type(was.value(), now.value(), name + ".value"));
        }
        return Objects.equals(written, readAs) || widens(written, readAs)
                ? Optional.empty()
                : Optional.of("the column '" + name + "' was " + written + " and is " + readAs);
    }

    /** Source: Delta protocol, "Supported Type Changes". */
    private static boolean widens(DataType from, DataType to) {
        if (to instanceof DataType.Decimal wide) {
            if (from instanceof DataType.Decimal narrow) {
                return wide.scale() >= narrow.scale()
                        && wide.precision() - wide.scale() >= narrow.precision() - narrow.scale();
            }
            int digits = from == Primitive.LONG ? 20 : 10;
            return isWhole(from) && wide.precision() - wide.scale() >= digits;
        }
        if (to == Primitive.DOUBLE) {
            return from == Primitive.FLOAT || (isWhole(from) && from != Primitive.LONG);
        }
        if (to == Primitive.TIMESTAMP_NTZ) {
            return from == Primitive.DATE;
        }
        return isWhole(from) && WHOLE.indexOf(to) > WHOLE.indexOf(from);
    }

    private static boolean isWhole(DataType type) {
        return WHOLE.contains(type);
    }
}
