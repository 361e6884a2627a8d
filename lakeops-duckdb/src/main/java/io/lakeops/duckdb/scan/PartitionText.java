package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CharLengths;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of partition columns, which stand as text in the log, as SQL.
 *
 * <p>Errors: LOG_CORRUPT for a text that is no value of the column's type.
 *
 * <p>Source: Delta protocol, "Partition Value Serialization". A timestamp without a zone is in UTC; binary is the text's
 * UTF-8 bytes; the empty text is null.
 */
final class PartitionText {
    private static final DateTimeFormatter INSTANT = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .optionalEnd()
            .optionalStart()
            .appendLiteral(' ')
            .optionalEnd()
            .optionalStart()
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:mm:ss", "Z")
            .optionalEnd()
            .toFormatter();

    private PartitionText() {}

    /** The column's value in each file of one {@code read_parquet}, as an expression over its {@code file_index}. */
    static String expression(Field column, List<@Nullable String> byFile) {
        Set<@Nullable String> distinct = new LinkedHashSet<>(byFile);
        if (distinct.size() == 1) {
            return value(column, carried(column, distinct.iterator().next()));
        }
        String list =
                byFile.stream().map(text -> quoted(carried(column, text))).collect(Collectors.joining(", ", "[", "]"));
        return decoded(
                column.type(),
                "(" + SqlText.string(list) + "::" + carrier(column.type()) + "[])[file_index::BIGINT + 1]");
    }

    private static String value(Field column, @Nullable String carried) {
        return carried == null
                ? "CAST(NULL AS " + DuckTypes.sql(column.type()) + ")"
                : decoded(column.type(), "CAST(" + SqlText.string(carried) + " AS " + carrier(column.type()) + ")");
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "NULL" : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Points in time travel as whole numbers: a cast from text would ask for the session's zone. */
    private static String carrier(DataType type) {
        return type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMP_NTZ ? "BIGINT" : DuckTypes.sql(type);
    }

    private static String decoded(DataType type, String expression) {
        return type == Primitive.TIMESTAMP
                ? "make_timestamptz(" + expression + ")"
                : type == Primitive.TIMESTAMP_NTZ ? "make_timestamp(" + expression + ")" : expression;
    }

    /** The value as a text that DuckDB casts to the carrier. */
    private static @Nullable String carried(Field column, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            if (column.type() instanceof Primitive primitive) {
                return switch (primitive) {
                    case STRING -> CharLengths.of(column).shown(text);
                    case BINARY -> bytes(text.getBytes(StandardCharsets.UTF_8));
                    case BOOLEAN -> flag(text);
                    case BYTE -> Byte.toString(Byte.parseByte(text.strip()));
                    case SHORT -> Short.toString(Short.parseShort(text.strip()));
                    case INTEGER -> Integer.toString(Integer.parseInt(text.strip()));
                    case LONG -> Long.toString(Long.parseLong(text.strip()));
                    case FLOAT -> Float.toString(Float.parseFloat(text));
                    case DOUBLE -> Double.toString(Double.parseDouble(text));
                    case DATE -> date(LocalDate.parse(text));
                    case TIMESTAMP, TIMESTAMP_NTZ -> micros(text);
                    case VARIANT -> throw new IllegalArgumentException("no partition column can be of this type");
                };
            }
            if (column.type() instanceof DataType.Decimal decimal) {
                BigDecimal exact = new BigDecimal(text.strip()).setScale(decimal.scale());
                if (exact.precision() > decimal.precision()) {
                    throw new ArithmeticException("more digits than the column has");
                }
                return exact.toPlainString();
            }
            throw new IllegalArgumentException("no partition column can be of this type");
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new LakeException(
                    ErrorCode.LOG_CORRUPT,
                    "the log has a partition value that is none of the column's type",
                    Map.of("column", column.name(), "type", column.type(), "value", text),
                    e);
        }
    }

    private static String bytes(byte[] bytes) {
        return bytes.length == 0 ? "" : "\\x" + HexFormat.ofDelimiter("\\x").formatHex(bytes);
    }

    private static String flag(String text) {
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw new IllegalArgumentException("neither true nor false");
        }
        return text;
    }

    private static String date(LocalDate date) {
        int year = date.get(ChronoField.YEAR_OF_ERA);
        return String.format("%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth())
                + (date.getYear() <= 0 ? " (BC)" : "");
    }

    private static String micros(String text) {
        TemporalAccessor parsed = INSTANT.parse(text);
        LocalTime time = parsed.query(TemporalQueries.localTime());
        LocalDateTime local = LocalDate.from(parsed).atTime(time == null ? LocalTime.MIDNIGHT : time);
        ZoneOffset offset = parsed.query(TemporalQueries.offset());
        Instant instant = local.toInstant(offset == null ? ZoneOffset.UTC : offset);
        return Long.toString(
                Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000));
    }
}
