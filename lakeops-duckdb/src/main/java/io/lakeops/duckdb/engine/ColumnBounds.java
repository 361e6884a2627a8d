package io.lakeops.duckdb.engine;

import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Literal;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a file out of what {@code COPY … (RETURN_STATS)} says of its columns.
 *
 * <p>Only exact bounds are taken, none where a NaN stands, and none within lists and maps.
 */
final class ColumnBounds {
    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter ZONED = new DateTimeFormatterBuilder()
            .append(LOCAL)
            .appendOffset("+HH:mm:ss", "+00")
            .toFormatter(Locale.ROOT);

    private ColumnBounds() {}

    /**
     * The statistics of one file.
     *
     * @param byPath DuckDB's statistics, by a column's path of quoted physical names
     * @param stored the columns in the file
     */
    static FileStatistics.Measured measured(long rows, Map<String, Map<String, String>> byPath, List<Field> stored) {
        Map<List<String>, ColumnStatistics> columns = new HashMap<>();
        for (Field field : stored) {
            collect("", List.of(), field, rows, byPath, columns);
        }
        return new FileStatistics.Measured(rows, columns);
    }

    private static void collect(
            String physicalPath,
            List<String> logicalPath,
            Field field,
            long rows,
            Map<String, Map<String, String>> byPath,
            Map<List<String>, ColumnStatistics> columns) {
        String physical = physicalPath
                + (physicalPath.isEmpty() ? "" : ".")
                + '"'
                + field.physicalName().replace("\"", "\"\"")
                + '"';
        List<String> logical = new ArrayList<>(logicalPath);
        logical.add(field.name());
        if (field.type() instanceof DataType.Struct struct) {
            struct.fields().forEach(child -> collect(physical, logical, child, rows, byPath, columns));
            return;
        }
        Map<String, String> statistics = byPath.get(physical);
        if (statistics == null) {
            return;
        }
        String nulls = statistics.get("null_count");
        columns.put(
                List.copyOf(logical),
                new ColumnStatistics(
                        nulls == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(nulls)),
                        bound(field.type(), statistics, "min"),
                        bound(field.type(), statistics, "max")));
    }

    private static Optional<Literal> bound(DataType type, Map<String, String> statistics, String which) {
        String text = statistics.get(which);
        if (text == null
                || "true".equals(statistics.get("has_nan"))
                || !"true".equals(statistics.get(which + "_is_exact"))) {
            return Optional.empty();
        }
        return literal(type, text);
    }

    /** A bound as a literal; empty for types without bounds and for what lies outside of the calendar. */
    static Optional<Literal> literal(DataType type, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            if (type instanceof DataType.Decimal) {
                return Optional.of(new Literal(new BigDecimal(text)));
            }
            if (!(type instanceof Primitive primitive)) {
                return Optional.empty();
            }
            return switch (primitive) {
                case BYTE, SHORT, INTEGER, LONG -> Optional.of(new Literal(Long.parseLong(text)));
                case FLOAT -> finite(Float.parseFloat(text));
                case DOUBLE -> finite(Double.parseDouble(text));
                case STRING -> Optional.of(new Literal(text));
                case DATE -> Optional.of(new Literal(LocalDate.parse(text)));
                case TIMESTAMP -> Optional.of(new Literal(instant(text).toInstant()));
                case TIMESTAMP_NTZ -> Optional.of(new Literal(LocalDateTime.parse(text, LOCAL)));
                case BOOLEAN, BINARY, VARIANT -> Optional.empty();
            };
        } catch (DateTimeException | NumberFormatException e) {
            // Years before 1 and beyond 9999, infinities: no bound is known then, which is always right.
            return Optional.empty();
        }
    }

    private static OffsetDateTime instant(String text) {
        return text.endsWith("+00")
                ? LocalDateTime.parse(text.substring(0, text.length() - 3), LOCAL)
                        .atOffset(ZoneOffset.UTC)
                : OffsetDateTime.parse(text, ZONED);
    }

    private static Optional<Literal> finite(double value) {
        return Double.isFinite(value) ? Optional.of(new Literal(value)) : Optional.empty();
    }
}
