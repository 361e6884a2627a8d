package io.lakeops.quality;

import io.lakeops.check.Arguments;
import io.lakeops.check.Evidence;
import io.lakeops.check.Outcome;
import io.lakeops.check.Status;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How one check of a run ended.
 *
 * @param subject what was checked
 * @param verdict how it ended
 * @param reading from what; absent where nothing could be measured
 * @param duration the passes that it took part in, and its own; a pass is shared by many checks
 * @param failingRows some of the rows that fail, bounded by the run's options
 */
public record CheckResult(
        Subject subject, Verdict verdict, Optional<Reading> reading, Duration duration, List<FailingRow> failingRows) {
    public CheckResult {
        failingRows = List.copyOf(failingRows);
    }

    /** How it ended. */
    public Status status() {
        return verdict.status();
    }

    /** The share of rows that passed, from 0 to 100, where rows were judged. */
    public OptionalDouble passRate() {
        return verdict.tally().isPresent()
                ? OptionalDouble.of(verdict.tally().get().passRate())
                : OptionalDouble.empty();
    }

    /**
     * What was checked.
     *
     * @param tableVersion absent where the table has no versions or could not be opened
     * @param column the column or columns
     */
    public record Subject(
            String table,
            OptionalLong tableVersion,
            String checkName,
            CheckDefinition definition,
            Optional<String> column) {
        /** The check's type. */
        public String type() {
            return definition.type();
        }

        /** The check's arguments. */
        public Arguments arguments() {
            return definition.arguments();
        }
    }

    /**
     * The verdict.
     *
     * @param tally absent where nothing was judged
     * @param expected in words, where it failed
     * @param observed in words, where it failed
     * @param message why there is no judgement, or what usually helps
     * @param cause what broke the check, where it is an error
     */
    public record Verdict(
            Status status,
            Optional<Outcome.Tally> tally,
            Optional<String> expected,
            Optional<String> observed,
            Optional<String> message,
            Optional<Throwable> cause) {
        static Verdict without(Status status, String message) {
            return new Verdict(
                    status,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(message),
                    Optional.empty());
        }
    }

    /**
     * From what it was answered.
     *
     * @param measurements by name
     * @param cost what was read; unknown for rows without files
     */
    public record Reading(Evidence evidence, Map<String, @Nullable Object> measurements, Optional<Cost> cost) {
        public Reading {
            measurements = Collections.unmodifiableMap(new LinkedHashMap<>(measurements));
        }
    }

    /** Data files and their bytes, of the table and of those that it is compared with. */
    public record Cost(long filesRead, long filesSkipped, long bytesRead, long bytesSkipped) {}

    /**
     * A row that fails.
     *
     * @param file the data file that holds it, relative to the table's root, where it is known
     * @param values by column
     */
    public record FailingRow(Optional<String> file, Map<String, @Nullable Object> values) {
        public FailingRow {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }
}
