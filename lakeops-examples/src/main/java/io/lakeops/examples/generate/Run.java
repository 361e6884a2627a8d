package io.lakeops.examples.generate;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.examples.retail.RetailSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;

/**
 * What is asked of the generator; the bytes depend on nothing else.
 *
 * @param days how many days of facts, from {@code start} on
 * @param scale 1 is 12.7 million rows in 30 days
 * @param late how many of the orders' files arrive a day later than the others
 * @param avro the sources whose files are Avro instead of their own format
 */
public record Run(long seed, LocalDate start, int days, BigDecimal scale, int late, Set<RetailSource> avro) {
    private static final LocalDate EPOCH = LocalDate.of(2020, 1, 1);
    private static final LocalDate END = LocalDate.of(2100, 1, 1);

    public Run {
        avro = Set.copyOf(avro);
        if (start.isBefore(EPOCH) || start.plusDays(Math.max(days, 0)).isAfter(END)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the days must lie between 2020-01-01 and 2099-12-31, for keys count from there",
                    Map.of("start-date", start, "days", days));
        }
        if (days < 1 || days > 3_660) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the days must be from 1 to 3660", Map.of("days", days));
        }
        if (late < 0) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the number of late files can't be negative", Map.of("late", late));
        }
        requireScale(scale);
    }

    /** INVALID_ARGUMENT where the generator would refuse the scale. */
    public static void requireScale(BigDecimal scale) {
        new Scale(scale);
    }

    /** The first key of a day's facts: days since 2020 times ten million. */
    static long firstKey(LocalDate day) {
        return (day.toEpochDay() - EPOCH.toEpochDay()) * 10_000_000;
    }

    /** The rows of a fact on a day, by the scale. */
    static int rows(RetailSource source, LocalDate day, Scale scale) {
        return scale.ofDay(source.rowsAtFullScale(), day.toEpochDay() - EPOCH.toEpochDay());
    }

    /** When the files of a day arrive: the next day at 02:00 UTC. */
    static Instant arrival(LocalDate day) {
        return Instant.ofEpochSecond(day.plusDays(1).toEpochDay() * 86_400).plus(Duration.ofHours(2));
    }

    Scale sizes() {
        return new Scale(scale);
    }

    LocalDate lastDay() {
        return start.plusDays(days - 1L);
    }

    Dice dice(String name) {
        return new Dice(seed, name);
    }
}
