package io.lakeops.check;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

/** Names and constants as text in the SQL subset that every engine reads. */
public final class CommonSql {
    private CommonSql() {}

    /** A column's name, quoted. */
    public static String name(String column) {
        return '"' + column.replace("\"", "\"\"") + '"';
    }

    /** A constant: text, flag, number, date, instant, local time. */
    public static String literal(Object value) {
        if (value instanceof String text) {
            return '\'' + text.replace("'", "''") + '\'';
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof Double number) {
            // A plain 0.1 would be an exact decimal, which a column of doubles is not compared with.
            return "CAST('" + number + "' AS DOUBLE)";
        }
        if (value instanceof Number) {
            return value.toString();
        }
        if (value instanceof LocalDate date) {
            return "CAST('" + date + "' AS DATE)";
        }
        if (value instanceof Instant instant) {
            return "CAST('" + instant + "' AS TIMESTAMP WITH TIME ZONE)";
        }
        if (value instanceof LocalDateTime local) {
            return "CAST('" + local + "' AS TIMESTAMP)";
        }
        throw new IllegalArgumentException("no constant: " + value.getClass());
    }
}
