package io.lakeops.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A constant that statistics and predicates compare.
 *
 * <p>Shape: Boolean; Long for every whole number; Double for float and double; BigDecimal; String, ordered by Unicode
 * code points as Parquet orders UTF-8; LocalDate; Instant; LocalDateTime.
 *
 * @param value one of the classes above
 */
public record Literal(Object value) {
    public Literal {
        Objects.requireNonNull(value);
        if (!(value instanceof Boolean
                || value instanceof Long
                || value instanceof Double
                || value instanceof BigDecimal
                || value instanceof String
                || value instanceof LocalDate
                || value instanceof Instant
                || value instanceof LocalDateTime)) {
            throw new IllegalArgumentException("not a literal: " + value.getClass());
        }
    }

    /**
     * The order of the two, or empty where they can't be compared; NaN compares with nothing.
     *
     * <p>Beside a Double any number is compared as a double, as engines do: {@code 0.1} is not the decimal 0.1, but a
     * column that holds it is found by {@code = 0.1}. All other numbers are compared exactly.
     */
    public OptionalInt compare(Literal other) {
        Object a = value;
        Object b = other.value;
        if (a instanceof Number x && b instanceof Number y) {
            if (isNaN(a) || isNaN(b)) {
                return OptionalInt.empty();
            }
            if (a instanceof Double || b instanceof Double) {
                // Adding 0.0 turns -0.0 into 0.0: the two are one value.
                return OptionalInt.of(Double.compare(x.doubleValue() + 0.0, y.doubleValue() + 0.0));
            }
            return OptionalInt.of(decimal(a).compareTo(decimal(b)));
        }
        if (a instanceof String x && b instanceof String y) {
            return OptionalInt.of(compareCodePoints(x, y));
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return OptionalInt.of(x.compareTo(y));
        }
        if (a instanceof LocalDate x && b instanceof LocalDate y) {
            return OptionalInt.of(x.compareTo(y));
        }
        if (a instanceof Instant x && b instanceof Instant y) {
            return OptionalInt.of(x.compareTo(y));
        }
        if (a instanceof LocalDateTime x && b instanceof LocalDateTime y) {
            return OptionalInt.of(x.compareTo(y));
        }
        return OptionalInt.empty();
    }

    private static boolean isNaN(Object number) {
        return number instanceof Double d && d.isNaN();
    }

    private static BigDecimal decimal(Object number) {
        return number instanceof BigDecimal exact ? exact : BigDecimal.valueOf((Long) number);
    }

    /** Java orders strings by UTF-16 units, Parquet by UTF-8 bytes, which is the order of code points. */
    private static int compareCodePoints(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogateX = Character.isSurrogate(x);
                boolean surrogateY = Character.isSurrogate(y);
                return surrogateX == surrogateY ? Character.compare(x, y) : surrogateX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
