package io.lakeops.delta.internal.log;

import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Literal;
import io.lakeops.table.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A file's statistics in Delta's JSON form, parsed when they are first asked for.
 *
 * <p>What can't be understood is unknown: statistics only ever save work. Spark cuts timestamps to milliseconds, so an upper
 * bound is widened by one.
 *
 * <p>Source: Delta protocol, "Per-file Statistics".
 *
 * <p>Threads: immutable but for a benign race of equal results.
 */
final class JsonStatistics implements FileStatistics {
    private final String text;
    private final Schema schema;
    private volatile @Nullable Map<String, @Nullable Object> parsed;

    JsonStatistics(String text, Schema schema) {
        this.text = text;
        this.schema = schema;
    }

    @Override
    public OptionalLong rows() {
        return whole(values().get("numRecords"));
    }

    @Override
    public boolean tightBounds() {
        return !Boolean.FALSE.equals(values().get("tightBounds"));
    }

    @Override
    public ColumnStatistics column(List<String> path) {
        Object min = values().get("minValues");
        Object max = values().get("maxValues");
        Object nulls = values().get("nullCount");
        DataType type = new DataType.Struct(schema.fields());
        boolean wasFloat = false;
        for (String name : path) {
            Field field = type instanceof DataType.Struct struct ? find(struct, name) : null;
            if (field == null) {
                return ColumnStatistics.UNKNOWN;
            }
            min = child(min, field.physicalName());
            max = child(max, field.physicalName());
            nulls = child(nulls, field.physicalName());
            type = field.type();
            wasFloat = wasFloat(field);
        }
        return new ColumnStatistics(whole(nulls), bound(type, wasFloat, min, false), bound(type, wasFloat, max, true));
    }

    String text() {
        return text;
    }

    private Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = parsed;
        if (values == null) {
            try {
                values = Json.parseObject(text);
            } catch (LakeException notJson) {
                values = Map.of();
            }
            parsed = values;
        }
        return values;
    }

    private static @Nullable Field find(DataType.Struct struct, String name) {
        return struct.fields().stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Object child(@Nullable Object parent, String name) {
        return parent instanceof Map<?, ?> map ? map.get(name) : null;
    }

    private static OptionalLong whole(@Nullable Object value) {
        return value instanceof Long number && number >= 0 ? OptionalLong.of(number) : OptionalLong.empty();
    }

    /** Whether files may stand whose values, and so the texts of whose bounds, are 32-bit numbers. */
    private static boolean wasFloat(Field field) {
        return field.type() == Primitive.DOUBLE
                && field.metadata().get("delta.typeChanges") instanceof List<?> changes
                && changes.stream()
                        .anyMatch(change -> change instanceof Map<?, ?> map && "float".equals(map.get("fromType")));
    }

    private static Optional<Literal> bound(DataType type, boolean wasFloat, @Nullable Object value, boolean upper) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            Object literal = literal(type, value, upper);
            if (wasFloat && literal instanceof Double wide) {
                // "0.1" of a float is 0.100000001490116, of a double 0.1: nothing says which of the two wrote it.
                double single = wide.floatValue();
                literal = upper ? Math.max(wide, single) : Math.min(wide, single);
            }
            return Optional.ofNullable(literal).map(Literal::new);
        } catch (DateTimeException | ArithmeticException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }

    private static @Nullable Object literal(DataType type, Object value, boolean upper) {
        if (type instanceof DataType.Decimal) {
            return number(value);
        }
        if (!(type instanceof Primitive primitive)) {
            return null;
        }
        return switch (primitive) {
            case BYTE, SHORT, INTEGER, LONG -> {
                BigDecimal number = number(value);
                yield number == null ? null : number.longValueExact();
            }
            case FLOAT -> {
                BigDecimal number = number(value);
                yield number == null ? null : (Double) (double) number.floatValue();
            }
            case DOUBLE -> {
                BigDecimal number = number(value);
                yield number == null ? null : number.doubleValue();
            }
            case STRING -> value instanceof String ? value : null;
            case BOOLEAN -> value instanceof Boolean ? value : null;
            case DATE -> value instanceof String text ? LocalDate.parse(text) : null;
            case TIMESTAMP -> value instanceof String text ? instant(text, upper) : null;
            case TIMESTAMP_NTZ -> value instanceof String text ? local(text, upper) : null;
            case BINARY, VARIANT -> null;
        };
    }

    private static @Nullable BigDecimal number(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof BigInteger big) {
            return new BigDecimal(big);
        }
        return value instanceof Long whole ? BigDecimal.valueOf(whole) : null;
    }

    private static Instant instant(String text, boolean upper) {
        Instant instant = OffsetDateTime.parse(text).toInstant();
        return upper ? instant.plus(1, ChronoUnit.MILLIS) : instant;
    }

    private static LocalDateTime local(String text, boolean upper) {
        // A column that was widened from date keeps the older files' bounds as dates.
        LocalDateTime local = text.length() == 10
                ? LocalDate.parse(text).atStartOfDay()
                : LocalDateTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
        return upper ? local.plus(1, ChronoUnit.MILLIS) : local;
    }
}
