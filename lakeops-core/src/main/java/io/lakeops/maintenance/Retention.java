package io.lakeops.maintenance;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Snapshot;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a table keeps the files that it no longer names.
 *
 * <p>Source: Delta's table property {@code delta.deletedFileRetentionDuration}, such as {@code interval 7 days}.
 */
public final class Retention {
    /** The table property that sets it. */
    public static final String PROPERTY = "delta.deletedFileRetentionDuration";
    /** Without the property: a week. */
    public static final Duration DEFAULT = Duration.ofDays(7);

    /** As good as for ever: longer ones are cut to it, so that an instant less a retention can always be counted in milliseconds. */
    private static final Duration LONGEST = Duration.ofDays(3_652_425);

    private static final Pattern PART =
            Pattern.compile("\\s*([0-9]{1,15})\\s+(nanosecond|microsecond|millisecond|second|minute|hour|day|week)s?");

    private Retention() {}

    /** The retention that the table itself asks for. */
    public static Duration of(Snapshot snapshot) {
        String property = snapshot.detail().properties().get(PROPERTY);
        return property == null ? DEFAULT : parse(property);
    }

    /**
     * An interval in Spark's words: {@code interval 1 week}, {@code 30 days 12 hours}; 10,000 years at most.
     *
     * <p>Errors: INVALID_ARGUMENT; months and years have no fixed length and are refused, as in Delta.
     */
    public static Duration parse(String text) {
        String words = text.strip().toLowerCase(Locale.ROOT);
        if (words.startsWith("interval")) {
            words = words.substring("interval".length());
        }
        Matcher part = PART.matcher(words);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find(end) && part.start() == end) {
            sum = shorter(sum.plus(length(Long.parseLong(part.group(1)), part.group(2))));
            end = part.end();
        }
        if (end == 0 || !words.substring(end).isBlank()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + text + "' is not an interval such as 'interval 7 days'",
                    Map.of("property", PROPERTY));
        }
        return sum;
    }

    private static Duration shorter(Duration length) {
        return length.compareTo(LONGEST) > 0 ? LONGEST : length;
    }

    private static Duration length(long number, String unit) {
        return switch (unit) {
            case "nanosecond" -> Duration.ofNanos(number);
            case "microsecond" -> Duration.ofSeconds(number / 1_000_000, number % 1_000_000 * 1_000);
            case "millisecond" -> Duration.ofMillis(number);
            case "second" -> Duration.ofSeconds(number);
            case "minute" -> Duration.ofMinutes(number);
            case "hour" -> Duration.ofHours(number);
            case "day" -> Duration.ofDays(Math.min(number, LONGEST.toDays()));
            case "week" -> Duration.ofDays(7 * Math.min(number, LONGEST.toDays()));
            default -> throw new LakeException(ErrorCode.INTERNAL, "unit " + unit);
        };
    }
}
