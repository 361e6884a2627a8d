package io.lakeops.delta.internal.log;

import io.lakeops.json.Json;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Literal;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file's statistics in Delta's JSON form. Every bound that is written holds: texts are cut and timestamps are rounded
 * outwards.
 *
 * <p>Source: Delta protocol, "Per-file Statistics".
 */
public final class StatisticsJson {
    private static final int CODE_POINTS = 32;
    private static final int DEFAULT_COLUMNS = 32;
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT);

    private StatisticsJson() {}

    /**
     * The text for a file that is added.
     *
     * @param always physical paths of columns that have statistics whatever the table's limit on columns is
     */
    public static Optional<String> write(
            FileStatistics statistics, Metadata metadata, List<List<String>> always, boolean deletionVector) {
        if (statistics instanceof JsonStatistics known) {
            // A file that comes back, or stays with another vector, keeps what the log said of it, to the letter.
            return Optional.of(deletionVector && known.tightBounds() ? withWideBounds(known.text()) : known.text());
        }
        OptionalLong rows = statistics.rows();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("numRecords", rows.getAsLong());
        Map<String, @Nullable Object> min = new LinkedHashMap<>();
        Map<String, @Nullable Object> max = new LinkedHashMap<>();
        Map<String, @Nullable Object> nulls = new LinkedHashMap<>();
        for (Leaf leaf : chosen(metadata, always)) {
            ColumnStatistics column = statistics.column(leaf.logical());
            column.min()
                    .flatMap(bound -> value(leaf.type(), bound, false))
                    .ifPresent(value -> put(min, leaf.physical(), value));
            column.max()
                    .flatMap(bound -> value(leaf.type(), bound, true))
                    .ifPresent(value -> put(max, leaf.physical(), value));
            column.nulls().ifPresent(count -> put(nulls, leaf.physical(), count));
        }
        json.put("minValues", min);
        json.put("maxValues", max);
        json.put("nullCount", nulls);
        if (deletionVector || metadata.flag("delta.enableDeletionVectors")) {
            json.put("tightBounds", !deletionVector && statistics.tightBounds());
        }
        return Optional.of(Json.write(json));
    }

    /** With rows deleted the bounds still hold, but nothing says that a row is left that reaches them. */
    private static String withWideBounds(String text) {
        Map<String, @Nullable Object> json = Json.parseObject(text);
        json.put("tightBounds", false);
        return Json.write(json);
    }

    /** The physical paths of the columns that a table has statistics for; see {@link #write}. */
    public static List<List<String>> columns(Metadata metadata, List<List<String>> always) {
        return chosen(metadata, always).stream().map(Leaf::physical).toList();
    }

    /** Whether Delta keeps the smallest and largest value of such a column. */
    public static boolean hasBounds(DataType type) {
        return type instanceof DataType.Decimal
                || (type instanceof Primitive primitive
                        && switch (primitive) {
                            case BOOLEAN, BINARY, VARIANT -> false;
                            case BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE, STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
                                true;
                        });
    }

    /** The leaves that the table's properties ask statistics for. */
    private static List<Leaf> chosen(Metadata metadata, List<List<String>> always) {
        List<Leaf> leaves = new ArrayList<>();
        for (Field field : metadata.schema().fields()) {
            if (!metadata.partitionColumns().contains(field.name())) {
                leaves(field, List.of(), List.of(), leaves);
            }
        }
        String listed = metadata.properties().get("delta.dataSkippingStatsColumns");
        if (listed != null) {
            List<String> names = List.of(listed.split(",", -1));
            return leaves.stream()
                    .filter(leaf ->
                            always.contains(leaf.physical()) || names.stream().anyMatch(leaf::isUnder))
                    .toList();
        }
        String limit = metadata.properties().get("delta.dataSkippingNumIndexedCols");
        int columns = limit == null ? DEFAULT_COLUMNS : Integer.parseInt(limit.strip());
        List<Leaf> chosen = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            if (columns < 0 || i < columns || always.contains(leaves.get(i).physical())) {
                chosen.add(leaves.get(i));
            }
        }
        return chosen;
    }

    private static void leaves(Field field, List<String> logical, List<String> physical, List<Leaf> leaves) {
        List<String> names = append(logical, field.name());
        List<String> stored = append(physical, field.physicalName());
        if (field.type() instanceof DataType.Struct struct) {
            struct.fields().forEach(child -> leaves(child, names, stored, leaves));
        } else {
            leaves.add(new Leaf(names, stored, field.type()));
        }
    }

    private static List<String> append(List<String> names, String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return longer;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, @Nullable Object> root, List<String> path, Object value) {
        Map<String, @Nullable Object> at = root;
        for (String name : path.subList(0, path.size() - 1)) {
            at = (Map<String, @Nullable Object>) at.computeIfAbsent(name, n -> new LinkedHashMap<String, Object>());
        }
        at.put(path.get(path.size() - 1), value);
    }

    private static Optional<Object> value(DataType type, Literal literal, boolean upper) {
        Object value = literal.value();
        if (type instanceof DataType.Decimal) {
            return value instanceof BigDecimal || value instanceof Long ? Optional.of(value) : Optional.empty();
        }
        if (!(type instanceof Primitive primitive)) {
            return Optional.empty();
        }
        return switch (primitive) {
            case BYTE, SHORT, INTEGER, LONG -> value instanceof Long ? Optional.of(value) : Optional.empty();
            case FLOAT, DOUBLE ->
                value instanceof Double number && Double.isFinite(number)
                        ? Optional.of(withoutNegativeZero(number, upper))
                        : Optional.empty();
            case STRING ->
                value instanceof String text
                        ? (upper ? upperBound(text) : Optional.of(lowerBound(text)))
                        : Optional.empty();
            case DATE -> value instanceof LocalDate date ? Optional.of(date.toString()) : Optional.empty();
            case TIMESTAMP ->
                value instanceof Instant instant
                        ? Optional.of(
                                LOCAL.format(millis(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), upper)) + "Z")
                        : Optional.empty();
            case TIMESTAMP_NTZ ->
                value instanceof LocalDateTime local
                        ? Optional.of(LOCAL.format(millis(local, upper)))
                        : Optional.empty();
            case BOOLEAN, BINARY, VARIANT -> Optional.empty();
        };
    }

    /** Readers compare bounds as IEEE numbers or as texts: a zero bound must hold for both zeros. */
    private static Double withoutNegativeZero(double number, boolean upper) {
        return number == 0.0 ? (upper ? 0.0 : -0.0) : number;
    }

    private static LocalDateTime millis(LocalDateTime time, boolean up) {
        LocalDateTime down = time.truncatedTo(ChronoUnit.MILLIS);
        return up && !down.equals(time) ? down.plus(1, ChronoUnit.MILLIS) : down;
    }

    static String lowerBound(String text) {
        return text.codePointCount(0, text.length()) <= CODE_POINTS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, CODE_POINTS));
    }

    /** A text of at most 32 code points that is not below {@code text}; none where every one of them is the greatest. */
    static Optional<Object> upperBound(String text) {
        if (text.codePointCount(0, text.length()) <= CODE_POINTS) {
            return Optional.of(text);
        }
        int[] points = text.codePoints().limit(CODE_POINTS).toArray();
        for (int last = points.length - 1; last >= 0; last--) {
            if (points[last] < Character.MAX_CODE_POINT) {
                int next = points[last] + 1;
                points[last] = next >= Character.MIN_SURROGATE && next <= Character.MAX_SURROGATE
                        ? Character.MAX_SURROGATE + 1
                        : next;
                return Optional.of(new String(points, 0, last + 1));
            }
        }
        return Optional.empty();
    }

    private record Leaf(List<String> logical, List<String> physical, DataType type) {
        boolean isUnder(String name) {
            String path = String.join(".", logical);
            String wanted = name.strip().replace("`", "");
            return path.equalsIgnoreCase(wanted)
                    || path.toLowerCase(Locale.ROOT).startsWith(wanted.toLowerCase(Locale.ROOT) + ".");
        }
    }
}
