package io.lakeops.report.pages;

import io.lakeops.report.Evidence;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures and values as people read them. */
final class Figures {
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Figures() {}

    static String of(Evidence.Unit unit, double value) {
        return switch (unit) {
            case BYTES -> bytes(value);
            case MILLISECONDS -> milliseconds(value);
            case PERCENT -> trimmed("%.2f", value) + " %";
            case ROWS -> count(value) + (value == 1 ? " row" : " rows");
            case FILES -> count(value) + (value == 1 ? " file" : " files");
            case VERSIONS -> count(value) + (value == 1 ? " version" : " versions");
            case COUNT -> count(value);
        };
    }

    static String duration(Duration duration) {
        return milliseconds(duration.toNanos() / 1e6);
    }

    /** After relative to before, such as {@code −83 %}; empty where nothing was there before. */
    static String change(double before, double after) {
        if (before == 0 || before == after) {
            return before == after ? "unchanged" : "";
        }
        double percent = (after - before) / before * 100;
        String digits = Math.abs(percent) >= 10 ? "%.0f" : "%.1f";
        return (percent < 0 ? "\u2212" : "+") + String.format(Locale.ROOT, digits, Math.abs(percent)) + " %";
    }

    /** A value of a result, verbatim; null as {@code NULL}. */
    static String cell(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value.toString();
    }

    private static String bytes(double value) {
        double scaled = value;
        int unit = 0;
        while (scaled >= 1024 && unit < BYTE_UNITS.length - 1) {
            scaled /= 1024;
            unit++;
        }
        return (unit == 0 ? count(scaled) : trimmed("%.1f", scaled)) + " " + BYTE_UNITS[unit];
    }

    private static String milliseconds(double value) {
        if (value < 10) {
            return trimmed("%.1f", value) + " ms";
        }
        if (value < 1000) {
            return String.format(Locale.ROOT, "%.0f ms", value);
        }
        if (value < 60_000) {
            return String.format(Locale.ROOT, "%.2f s", value / 1000);
        }
        return String.format(Locale.ROOT, "%d min %d s", (long) (value / 60_000), (long) (value % 60_000) / 1000);
    }

    private static String count(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : trimmed("%,.2f", value);
    }

    private static String trimmed(String format, double value) {
        String text = String.format(Locale.ROOT, format, value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
