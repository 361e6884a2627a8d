package io.lakeops.duckdb.engine;

import io.lakeops.engine.Rows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** The driver's values as {@link Rows} has them. */
final class Values {
    private Values() {}

    static Rows rows(ResultSet result) throws SQLException {
        ResultSetMetaData meta = result.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(meta.getColumnLabel(i));
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (result.next()) {
            List<@Nullable Object> row = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                row.add(top(result, i));
            }
            rows.add(row);
        }
        return new Rows(columns, rows);
    }

    private static @Nullable Object top(ResultSet result, int index) throws SQLException {
        Object value = result.getObject(index);
        if (value instanceof OffsetDateTime) {
            // Within a day of a change of the process's clocks the driver shows instants an hour off; the number is exact.
            return Instant.EPOCH.plus(result.getLong(index), ChronoUnit.MICROS);
        }
        // A java.sql.Timestamp would pass through the process's time zone.
        return value instanceof Timestamp ? result.getObject(index, LocalDateTime.class) : value(value);
    }

    private static @Nullable Object value(@Nullable Object value) throws SQLException {
        if (value == null
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof BigDecimal
                || value instanceof String
                || value instanceof byte[]
                || value instanceof LocalDate
                || value instanceof LocalDateTime) {
            return value;
        }
        if (value instanceof Byte || value instanceof Short) {
            return ((Number) value).intValue();
        }
        if (value instanceof Float number) {
            return number.doubleValue();
        }
        if (value instanceof BigInteger big) {
            return big.bitLength() < 64 ? (Object) big.longValue() : new BigDecimal(big);
        }
        if (value instanceof OffsetDateTime zoned) {
            // The driver's local time is right and its offset may not be.
            return zoned.toLocalDateTime().atZone(ZoneId.systemDefault()).toInstant();
        }
        if (value instanceof Timestamp local) {
            return local.toLocalDateTime();
        }
        if (value instanceof Blob blob) {
            return blob.getBytes(1, (int) blob.length());
        }
        if (value instanceof Array array) {
            List<@Nullable Object> items = new ArrayList<>();
            for (Object item : (Object[]) array.getArray()) {
                items.add(value(item));
            }
            return items;
        }
        Optional<Map<?, ?>> map = value instanceof DuckDBStruct struct
                ? Optional.of(struct.getMap())
                : value instanceof Map<?, ?> entries ? Optional.of(entries) : Optional.empty();
        if (map.isEmpty()) {
            return value.toString();
        }
        Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.get().entrySet()) {
            converted.put(value(entry.getKey()), value(entry.getValue()));
        }
        return converted;
    }
}
