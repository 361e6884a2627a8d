package io.lakeops.quality.checks;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Arguments as constants of a column's type, so that text from a document compares as the column does. */
final class TypedValues {
    private TypedValues() {}

    /** CHECK_INVALID where the value can't be of the column's type. */
    static Literal of(Field field, Object value) {
        try {
            Object typed = typed(field.type(), value);
            if (typed != null) {
                return new Literal(typed);
            }
        } catch (DateTimeException | NumberFormatException e) {
            throw wrong(field, value, e);
        }
        throw wrong(field, value, null);
    }

    private static @Nullable Object typed(DataType type, Object value) {
        if (type instanceof DataType.Decimal) {
            return number(value).orElse(null);
        }
        if (!(type instanceof Primitive primitive)) {
            return null;
        }
        return switch (primitive) {
            case BOOLEAN -> value instanceof Boolean ? value : flag(value);
            case BYTE, SHORT, INTEGER, LONG ->
                number(value).map(TypedValues::whole).orElse(null);
            // As the column's value is widened, so that 0.1 means the float nearest to it.
            case FLOAT ->
                number(value).map(n -> (Object) (double) n.floatValue()).orElse(null);
            case DOUBLE -> number(value).map(n -> (Object) n.doubleValue()).orElse(null);
            case STRING -> value instanceof String ? value : null;
            case DATE -> value instanceof LocalDate ? value : value instanceof String t ? LocalDate.parse(t) : null;
            case TIMESTAMP ->
                value instanceof Instant
                        ? value
                        : value instanceof String t ? OffsetDateTime.parse(t).toInstant() : null;
            case TIMESTAMP_NTZ ->
                value instanceof LocalDateTime ? value : value instanceof String t ? LocalDateTime.parse(t) : null;
            case BINARY, VARIANT -> null;
        };
    }

    private static Optional<BigDecimal> number(Object value) {
        return value instanceof Number || value instanceof String
                ? Optional.of(new BigDecimal(value.toString()))
                : Optional.empty();
    }

    /** A fraction stays one: a whole column compares with 2.5 as well. */
    private static Object whole(BigDecimal number) {
        boolean fits = number.stripTrailingZeros().scale() <= 0 && number.precision() - number.scale() <= 18;
        return fits ? (Object) number.longValueExact() : number;
    }

    private static @Nullable Boolean flag(Object value) {
        return "true".equals(value) ? Boolean.TRUE : "false".equals(value) ? Boolean.FALSE : null;
    }

    private static LakeException wrong(Field field, Object value, @Nullable Throwable cause) {
        return new LakeException(
                ErrorCode.CHECK_INVALID,
                "'" + value + "' is no value for the column '" + field.name() + "' of type " + field.type(),
                cause);
    }
}
