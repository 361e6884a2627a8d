package io.lakeops.quality;

import io.lakeops.check.Arguments;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The checks that come with LakeOps, for use in a {@link Suite}. */
public final class Checks {
    private Checks() {}

    /** No null. */
    public static CheckDefinition notNull(String column) {
        return of("not_null", Map.of("column", column));
    }

    /** No value, or no combination of values, in two rows. */
    public static CheckDefinition unique(String... columns) {
        return of("unique", columns.length == 1 ? Map.of("column", columns[0]) : Map.of("columns", List.of(columns)));
    }

    /** Nothing but these values. */
    public static CheckDefinition acceptedValues(String column, Object... values) {
        return of("accepted_values", ordered("column", column, "values", List.of(values)));
    }

    /** From {@code min} to {@code max}, both included. */
    public static CheckDefinition between(String column, Object min, Object max) {
        return of("accepted_range", ordered("column", column, "min_value", min, "max_value", max));
    }

    /** {@code min} or more. */
    public static CheckDefinition atLeast(String column, Object min) {
        return of("accepted_range", ordered("column", column, "min_value", min));
    }

    /** More than {@code min}. */
    public static CheckDefinition above(String column, Object min) {
        return of("accepted_range", ordered("column", column, "min_value", min, "strict_min", true));
    }

    /** Each value stands in the column {@code field} of the table {@code to}. */
    public static CheckDefinition relationships(String column, String to, String field) {
        return of("relationships", ordered("column", column, "to", to, "field", field));
    }

    /** The newest value is at most that old. */
    public static CheckDefinition recency(String column, Duration maxAge) {
        return of("recency", ordered("column", column, "max_age", maxAge));
    }

    /** At least {@code min} rows. */
    public static CheckDefinition rowCountAtLeast(long min) {
        return of("row_count", Map.of("min", min));
    }

    /** From {@code min} to {@code max} rows. */
    public static CheckDefinition rowCountBetween(long min, long max) {
        return of("row_count", ordered("min", min, "max", max));
    }

    /** A query over {@code this} that returns no row. It has no column to be named after, so it gets a name here. */
    public static CheckDefinition customSql(String name, String sql) {
        return of("custom_sql", Map.of("sql", sql)).named(name);
    }

    /** A query over {@code this} and other tables, by the names that {@code tables} gives them, that returns no row. */
    public static CheckDefinition customSql(String name, String sql, Map<String, String> tables) {
        return of("custom_sql", ordered("sql", sql, "tables", tables)).named(name);
    }

    /** A check of any type, a third party's too. */
    public static CheckDefinition of(String type, Map<String, Object> arguments) {
        return CheckDefinition.of(type, new Arguments(arguments));
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
