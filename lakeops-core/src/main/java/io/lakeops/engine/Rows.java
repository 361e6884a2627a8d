package io.lakeops.engine;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small result: measurements, samples of failing rows. Never the way of a table's rows.
 *
 * <p>Shape: Boolean, Integer, Long, Double, BigDecimal, String, byte[], LocalDate, Instant (zoned timestamps),
 * LocalDateTime, List, Map; other types as their text.
 *
 * @param columns names, in order
 * @param rows one list a row, values in the order of {@code columns}
 */
public record Rows(List<String> columns, List<List<@Nullable Object>> rows) {
    public Rows {
        columns = List.copyOf(columns);
        rows = Collections.unmodifiableList(rows);
    }

    /** The value in a row, by column name. */
    public @Nullable Object value(int row, String column) {
        int index = columns.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException("no column '" + column + "' among " + columns);
        }
        return rows.get(row).get(index);
    }
}
