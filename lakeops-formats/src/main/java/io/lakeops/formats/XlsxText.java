package io.lakeops.formats;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.jspecify.annotations.Nullable;

/**
 * The text of a cell: what a load can type.
 *
 * <p>Numbers are plain, without exponent, in the fewest digits that are the same double; days and times, known by the
 * cell's number format, are ISO; an error keeps Excel's word for it, which no type but text accepts.
 *
 * <p>Source: ECMA-376 part 1, 18.8.30 (number formats) and 18.17.4 (dates as numbers).
 *
 * <p>Threads: one.
 */
final class XlsxText {
    /** A formula whose result nobody stored: an error of our own, in Excel's manner. */
    static final String NOT_CALCULATED = "#NOT_CALCULATED!";

    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|\\\\.|_.|\\*.");
    private static final Pattern ELAPSED = Pattern.compile("\\[(h+|m+|s+)]");
    private static final Pattern BRACKETED = Pattern.compile("\\[[^]]*]");
    private static final Pattern HALF_OF_DAY = Pattern.compile("am/pm|a/p");
    private static final DateTimeFormatter MOMENT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);
    private static final long MILLIS_OF_DAY = 86_400_000L;

    /** What a number with a format is. */
    private enum Kind {
        NUMBER,
        DATE,
        TIME,
        DATE_AND_TIME
    }

    private final boolean dates1904;
    private final Map<String, Kind> kinds = new HashMap<>();

    XlsxText(boolean dates1904) {
        this.dates1904 = dates1904;
    }

    /** The cell's text, or null for a blank one. */
    @Nullable
    String of(@Nullable Cell cell) {
        if (cell == null) {
            return null;
        }
        return switch (cell.getType()) {
            case EMPTY -> null;
            case ERROR -> Optional.ofNullable(cell.getRawValue()).orElse("#VALUE!");
            case FORMULA -> cell.getValue() == null ? NOT_CALCULATED : value(cell);
            case STRING, NUMBER, BOOLEAN -> value(cell);
        };
    }

    private @Nullable String value(Cell cell) {
        Object value = cell.getValue();
        if (value == null) {
            return null;
        }
        if (value instanceof BigDecimal number) {
            Kind kind = kind(cell);
            return kind == Kind.NUMBER ? number(Optional.ofNullable(cell.getRawValue()), number) : moment(number, kind);
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        String text = value.toString();
        return text.isEmpty() && cell.getType() != CellType.FORMULA ? null : text;
    }

    /**
     * Excel stores 1.1 as 1.1000000000000001: the fewest digits that give the same double are what was typed. A whole number
     * of any length stands as it is.
     */
    private static String number(Optional<String> raw, BigDecimal number) {
        if (number.scale() <= 0 && raw.isPresent() && raw.get().matches("-?\\d+")) {
            return number.toPlainString();
        }
        BigDecimal shortest = number;
        double stored = number.doubleValue();
        if (number.precision() > 15 && Double.isFinite(stored)) {
            for (int digits = 15; digits <= 17; digits++) {
                shortest = number.round(new MathContext(digits));
                if (shortest.doubleValue() == stored) {
                    break;
                }
            }
        }
        return shortest.signum() == 0 ? "0" : shortest.stripTrailingZeros().toPlainString();
    }

    private String moment(BigDecimal serial, Kind kind) {
        long millis = Math.round(serial.doubleValue() * MILLIS_OF_DAY);
        long day = Math.floorDiv(millis, MILLIS_OF_DAY);
        LocalTime time = LocalTime.ofNanoOfDay(Math.floorMod(millis, MILLIS_OF_DAY) * 1_000_000L);
        if (kind == Kind.TIME) {
            return elapsed(millis);
        }
        if (!dates1904 && day == 60) {
            // Excel believes in a 29 February 1900; nobody else does, and the load says so.
            return "1900-02-29";
        }
        LocalDate start = dates1904
                ? LocalDate.of(1904, 1, 1)
                : day < 60 ? LocalDate.of(1899, 12, 31) : LocalDate.of(1899, 12, 30);
        LocalDate date = start.plusDays(day);
        if (kind == Kind.DATE && time.equals(LocalTime.MIDNIGHT)) {
            return date.toString();
        }
        // Seconds are always shown, a fraction of one only where there is one.
        return MOMENT.format(date.atTime(time));
    }

    private static String elapsed(long millis) {
        String sign = millis < 0 ? "-" : "";
        long left = Math.abs(millis);
        String text = String.format(
                Locale.ROOT, "%s%02d:%02d:%02d", sign, left / 3_600_000, left / 60_000 % 60, left / 1_000 % 60);
        return left % 1_000 == 0 ? text : text + String.format(Locale.ROOT, ".%03d", left % 1_000);
    }

    private Kind kind(Cell cell) {
        Integer id = cell.getDataFormatId();
        String format = cell.getDataFormatString();
        if (format != null) {
            return kinds.computeIfAbsent(format, XlsxText::kind);
        }
        return id == null ? Kind.NUMBER : builtIn(id);
    }

    /** Formats 27–36 and 50–58 are days or times by the language of the workbook: the number itself decides. */
    private static Kind builtIn(int id) {
        if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) {
            return Kind.DATE;
        }
        if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) {
            return Kind.TIME;
        }
        return id == 22 ? Kind.DATE_AND_TIME : Kind.NUMBER;
    }

    private static Kind kind(String format) {
        String letters = QUOTED.matcher(format.toLowerCase(Locale.ROOT)).replaceAll("");
        letters = ELAPSED.matcher(letters).replaceAll("$1");
        letters = BRACKETED.matcher(letters).replaceAll("");
        letters = HALF_OF_DAY.matcher(letters).replaceAll("");
        int end = letters.indexOf(';');
        if (end >= 0) {
            letters = letters.substring(0, end);
        }
        if (letters.contains("general")) {
            return Kind.NUMBER;
        }
        boolean time = letters.indexOf('h') >= 0 || letters.indexOf('s') >= 0;
        boolean date = letters.indexOf('y') >= 0 || letters.indexOf('d') >= 0 || (!time && letters.indexOf('m') >= 0);
        return date && time ? Kind.DATE_AND_TIME : date ? Kind.DATE : time ? Kind.TIME : Kind.NUMBER;
    }
}
