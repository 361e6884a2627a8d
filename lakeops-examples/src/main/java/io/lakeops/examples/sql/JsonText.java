package io.lakeops.examples.sql;

import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The values of a row as JSON: numbers as numbers, decimals digit by digit, times as ISO 8601 with microseconds, bytes
 * as Base64, structs and maps as objects, NaN and the infinities as texts.
 *
 * <p>Threads: safe.
 */
final class JsonText {
    private static final DateTimeFormatter TIME = time(6);
    private static final DateTimeFormatter NANOS = time(9);
    private static final DateTimeFormatter OFFSET =
            new DateTimeFormatterBuilder().appendOffset("+HH:MM:ss", "+00:00").toFormatter(java.util.Locale.ROOT);
    /** The driver shows DuckDB's infinite dates and times as these. */
    private static final LocalDate LAST_DATE = LocalDate.ofEpochDay(Integer.MAX_VALUE);

    private static final LocalDate FIRST_DATE = LocalDate.ofEpochDay(-Integer.MAX_VALUE);
    private static final Instant LAST_TIME = micros(Long.MAX_VALUE);
    private static final Instant FIRST_TIME = micros(-Long.MAX_VALUE);

    /** Where an instant is shown. */
    private final ZoneId zone;

    JsonText(ZoneId zone) {
        this.zone = zone;
    }

    private static DateTimeFormatter time(int digits) {
        return new DateTimeFormatterBuilder()
                .appendPattern("HH:mm:ss")
                .appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, true)
                .toFormatter(java.util.Locale.ROOT);
    }

    /** The instant of DuckDB's number. */
    static Instant micros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    /** A value as JSON. */
    String of(@Nullable Object value) throws SQLException {
        if (value instanceof JsonNode node) {
            return json(node.toString());
        }
        if (value instanceof DuckDBStruct struct) {
            return object(struct.getMap());
        }
        if (value instanceof Map<?, ?> map) {
            return object(map);
        }
        if (value instanceof Array array) {
            return list(Arrays.asList((Object[]) array.getArray()));
        }
        if (value instanceof List<?> list) {
            return list(list);
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return Json.write(value);
        }
        return Json.write(plain(value));
    }

    /** A value as text without quotes, for a table or CSV; what has parts is JSON. */
    String plain(Object value) throws SQLException {
        if (value instanceof Number || value instanceof String || value instanceof Boolean) {
            return value instanceof java.math.BigDecimal decimal ? decimal.toPlainString() : value.toString();
        }
        if (value instanceof LocalDate date) {
            return date.equals(LAST_DATE) ? "infinity" : date.equals(FIRST_DATE) ? "-infinity" : date.toString();
        }
        if (value instanceof LocalTime time) {
            return TIME.format(time);
        }
        if (value instanceof OffsetTime time) {
            return TIME.format(time) + OFFSET.format(time.getOffset());
        }
        if (value instanceof Timestamp timestamp) {
            return local(timestamp.toLocalDateTime());
        }
        if (value instanceof LocalDateTime time) {
            return local(time);
        }
        if (value instanceof Instant instant) {
            return zoned(instant);
        }
        if (value instanceof OffsetDateTime nested) {
            // The driver's local time is right; its offset is not, within a day of a change of the machine's clocks.
            return zoned(nested.toLocalDateTime().atZone(ZoneId.systemDefault()).toInstant());
        }
        if (value instanceof Blob blob) {
            return base64(blob.getBytes(1, Math.toIntExact(blob.length())));
        }
        if (value instanceof byte[] bytes) {
            return base64(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return base64(bytes);
        }
        if (value instanceof DuckDBStruct
                || value instanceof Map<?, ?>
                || value instanceof Array
                || value instanceof List<?>) {
            return of(value);
        }
        return value.toString();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String local(LocalDateTime time) {
        Instant instant = time.toInstant(ZoneOffset.UTC);
        if (infinite(instant)) {
            return infinity(instant);
        }
        DateTimeFormatter clock = time.get(ChronoField.NANO_OF_SECOND) % 1_000 == 0 ? TIME : NANOS;
        return time.toLocalDate() + "T" + clock.format(time);
    }

    private String zoned(Instant instant) {
        if (infinite(instant)) {
            return infinity(instant);
        }
        OffsetDateTime time = instant.atZone(zone).toOffsetDateTime();
        return local(time.toLocalDateTime()) + OFFSET.format(time.getOffset());
    }

    private static boolean infinite(Instant instant) {
        return instant.equals(LAST_TIME) || instant.equals(FIRST_TIME);
    }

    private static String infinity(Instant instant) {
        return instant.equals(LAST_TIME) ? "infinity" : "-infinity";
    }

    private String object(Map<?, ?> map) throws SQLException {
        StringJoiner members = new StringJoiner(",", "{", "}");
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object key = entry.getKey();
            members.add(Json.write(key == null ? "null" : plain(key)) + ":" + of(entry.getValue()));
        }
        return members.toString();
    }

    private String list(List<?> list) throws SQLException {
        StringJoiner items = new StringJoiner(",", "[", "]");
        for (Object item : list) {
            items.add(of(item));
        }
        return items.toString();
    }

    /** JSON stays as it stands, on one line. DuckDB's own JSON may hold a bare NaN, which is none: that is a text. */
    private static String json(String text) {
        try {
            Json.parse(text);
        } catch (LakeException noJson) {
            return Json.write(text);
        }
        return text.replace('\n', ' ').replace('\r', ' ');
    }
}
