package io.lakeops.duckdb.jdbc;

import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of parameters as SQL text, for the verbs, which DuckDB can't prepare. */
final class Literals {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    private Literals() {}

    static String sql(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof String || value instanceof Character) {
            return SqlText.string(value.toString());
        }
        if (value instanceof Boolean || value instanceof BigInteger || isWhole(value)) {
            return value.toString();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof Float) {
            return "'" + value + "'::FLOAT";
        }
        if (value instanceof Double number) {
            return floating(number, value.toString());
        }
        if (value instanceof byte[] bytes) {
            StringBuilder out = new StringBuilder("'");
            for (byte b : bytes) {
                out.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
            return out.append("'::BLOB").toString();
        }
        if (value instanceof UUID) {
            return "'" + value + "'::UUID";
        }
        return time(value);
    }

    private static String time(Object value) {
        if (value instanceof LocalDate || value instanceof java.sql.Date) {
            return "DATE '" + value + "'";
        }
        if (value instanceof LocalTime || value instanceof java.sql.Time) {
            return "TIME '" + value + "'";
        }
        if (value instanceof java.sql.Timestamp timestamp) {
            return "TIMESTAMP '" + LOCAL.format(timestamp.toLocalDateTime()) + "'";
        }
        if (value instanceof LocalDateTime local) {
            return "TIMESTAMP '" + LOCAL.format(local) + "'";
        }
        if (value instanceof java.util.Date date) {
            return zoned(date.toInstant());
        }
        if (value instanceof Instant instant) {
            return zoned(instant);
        }
        if (value instanceof OffsetDateTime offset) {
            return zoned(offset.toInstant());
        }
        if (value instanceof ZonedDateTime zoned) {
            return zoned(zoned.toInstant());
        }
        throw new LakeException(
                ErrorCode.FEATURE_UNSUPPORTED,
                "a parameter of " + value.getClass().getName() + " can't be given to a verb of LakeOps");
    }

    private static String zoned(Instant instant) {
        return "TIMESTAMPTZ '" + LOCAL.format(instant.atOffset(ZoneOffset.UTC)) + "+00'";
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    /** With an exponent, a number is a DOUBLE for DuckDB and not a DECIMAL. */
    private static String floating(double number, String text) {
        if (!Double.isFinite(number)) {
            return "'" + text + "'::DOUBLE";
        }
        return text.contains("E") ? text : text + "e0";
    }
}
