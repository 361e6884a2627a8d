package io.lakeops.duckdb.lake;

import io.lakeops.duckdb.type.SqlText;
import io.lakeops.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A small table that DuckDB serves from the text of a query: what a verb returns.
 *
 * <p>Shape: a value is a plain JSON value, or an Instant in a column of type {@code TIMESTAMPTZ}.
 *
 * @param columns in order
 * @param rows one list a row, values in the order of {@code columns}
 */
public record LiteralTable(List<Column> columns, List<List<@Nullable Object>> rows) {
    public LiteralTable {
        columns = List.copyOf(columns);
        rows = Collections.unmodifiableList(rows);
    }

    /** A column with its type in DuckDB's words. */
    public record Column(String name, String type) {}

    /** A table of those columns ({@code name TYPE}) without rows yet. */
    public static LiteralTable of(String... columns) {
        return new LiteralTable(
                Arrays.stream(columns)
                        .map(c -> new Column(c.substring(0, c.indexOf(' ')), c.substring(c.indexOf(' ') + 1)))
                        .toList(),
                List.of());
    }

    /** The same with one more row. */
    public LiteralTable with(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        List<List<@Nullable Object>> more = new ArrayList<>(rows);
        more.add(Arrays.asList(values));
        return new LiteralTable(columns, more);
    }

    /** The same columns with those rows. */
    public LiteralTable withRows(List<List<@Nullable Object>> others) {
        return new LiteralTable(columns, others);
    }

    /** The query that returns it. */
    public String sql() {
        List<@Nullable Object> objects = new ArrayList<>(rows.size());
        for (List<@Nullable Object> row : rows) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i).name(), json(row.get(i)));
            }
            objects.add(object);
        }
        Map<String, Object> shape = new LinkedHashMap<>();
        for (Column column : columns) {
            shape.put(column.name(), isInstant(column) ? "BIGINT" : column.type());
        }
        String select = columns.stream()
                .map(c -> {
                    String value = "r." + SqlText.identifier(c.name());
                    return (isInstant(c) ? "make_timestamptz(" + value + ")" : value) + " AS "
                            + SqlText.identifier(c.name());
                })
                .collect(Collectors.joining(", "));
        return "SELECT " + select + " FROM (SELECT unnest(from_json(" + SqlText.string(Json.write(objects)) + ", "
                + SqlText.string(Json.write(List.of(shape))) + ")) AS r)";
    }

    private static @Nullable Object json(@Nullable Object value) {
        return value instanceof Instant instant ? (Object) ChronoUnit.MICROS.between(Instant.EPOCH, instant) : value;
    }

    private static boolean isInstant(Column column) {
        return column.type().equals("TIMESTAMPTZ");
    }
}
