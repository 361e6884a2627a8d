package io.lakeops.check;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was measured for one check.
 *
 * @param arguments of the check
 * @param asOf the moment for which it is judged
 * @param values by the names of the plan; null where there was no row to measure
 */
public record Measurements(Arguments arguments, Instant asOf, Map<String, @Nullable Object> values) {
    public Measurements {
        Objects.requireNonNull(arguments);
        Objects.requireNonNull(asOf);
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A count; 0 where there was nothing to count. */
    public long count(String name) {
        return number(name).map(BigDecimal::longValueExact).orElse(0L);
    }

    /** A number, where there is one; never NaN or infinite: those are absent. */
    public Optional<BigDecimal> number(String name) {
        Object value = value(name);
        boolean fraction = value instanceof Double || value instanceof Float;
        if (value == null || (fraction && !Double.isFinite(((Number) value).doubleValue()))) {
            return Optional.empty();
        }
        return Optional.of(new BigDecimal(value.toString()));
    }

    /** A moment; a date is its first moment in UTC, a local time is taken as UTC. */
    public Optional<Instant> instant(String name) {
        Object value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Instant instant) {
            return Optional.of(instant);
        }
        if (value instanceof LocalDateTime local) {
            return Optional.of(local.toInstant(ZoneOffset.UTC));
        }
        if (value instanceof LocalDate date) {
            return Optional.of(date.atStartOfDay().toInstant(ZoneOffset.UTC));
        }
        throw new IllegalArgumentException("'" + name + "' is no moment: " + value);
    }

    /** A value as the engine or the log gave it. */
    public @Nullable Object value(String name) {
        if (!values.containsKey(name)) {
            throw new IllegalArgumentException("'" + name + "' was not measured, only " + values.keySet());
        }
        return values.get(name);
    }
}
