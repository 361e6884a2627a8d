package io.lakeops.duckdb.engine;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Partition values as the log and the folders have them.
 *
 * <p>Source: Delta protocol, "Partition Value Serialization".
 */
final class PartitionText {
    private static final String NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";
    /** A folder's name may have 255 bytes on most file systems. */
    private static final int LONGEST_FOLDER = 200;

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    private PartitionText() {}

    /** The expression that fetches a column's value so that {@link #read} understands it. */
    static String select(String column, DataType type) {
        return type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMP_NTZ ? "epoch_us(" + column + ")" : column;
    }

    /**
     * The text of a value in a result; null for null and for what the log can't tell from null.
     *
     * <p>Errors: TYPE_UNSUPPORTED for a nested type; CONSTRAINT_VIOLATED for bytes that are no text.
     */
    static @Nullable String read(ResultSet result, int index, Field field) throws SQLException {
        if (result.getObject(index) == null) {
            return null;
        }
        String text = text(result, index, field);
        return text.isEmpty() ? null : text;
    }

    private static String text(ResultSet result, int index, Field field) throws SQLException {
        if (field.type() instanceof DataType.Decimal) {
            BigDecimal value = result.getBigDecimal(index);
            return value.toPlainString();
        }
        if (!(field.type() instanceof Primitive primitive)) {
            throw unsupported(field);
        }
        return switch (primitive) {
            case BOOLEAN -> String.valueOf(result.getBoolean(index));
            case BYTE, SHORT, INTEGER, LONG -> String.valueOf(result.getLong(index));
            case FLOAT -> String.valueOf(result.getFloat(index));
            case DOUBLE -> String.valueOf(result.getDouble(index));
            case STRING, DATE -> result.getString(index);
            case BINARY -> utf8(result.getBytes(index), field);
            case TIMESTAMP, TIMESTAMP_NTZ -> timestamp(result.getLong(index));
            case VARIANT -> throw unsupported(field);
        };
    }

    private static LakeException unsupported(Field field) {
        return new LakeException(
                ErrorCode.TYPE_UNSUPPORTED,
                "a table can't be partitioned by a column of this type",
                Map.of("column", field.name(), "type", field.type()));
    }

    private static String timestamp(long micros) {
        Instant instant =
                Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
        LocalDateTime utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return (micros % 1_000_000L == 0 ? SECONDS : MICROS).format(utc);
    }

    private static String utf8(byte[] bytes, Field field) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    "a binary partition value must be UTF-8 text, for the log keeps it as text",
                    Map.of("column", field.name(), "bytes", bytes.length),
                    e);
        }
    }

    /** One folder's name, such as {@code day=2024-04-01}, safe on every file system. */
    static String folder(String column, @Nullable String value) {
        String name = encode(column) + "=" + (value == null ? NULL_FOLDER : encode(value));
        if (name.length() <= LONGEST_FOLDER) {
            return name;
        }
        // The log has the value; the folder need only keep partitions apart for the eye.
        String start = name.substring(0, LONGEST_FOLDER - 20);
        int percent = start.lastIndexOf('%');
        String whole = percent >= start.length() - 2 && percent >= 0 ? start.substring(0, percent) : start;
        return whole + "~" + Long.toHexString(hash(name));
    }

    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static String encode(String text) {
        StringBuilder out = new StringBuilder();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int c = bytes[i] & 0xff;
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '-'
                    || (c == '.' && i < bytes.length - 1);
            if (plain) {
                out.append((char) c);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", c));
            }
        }
        String encoded = out.toString();
        // The name that stands for null, as a value, must stay another folder.
        return encoded.equals(NULL_FOLDER) ? "%5F" + encoded.substring(1) : encoded;
    }

    /** The text that a log keeps for null may be empty as well. */
    static Optional<String> known(@Nullable String text) {
        return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
