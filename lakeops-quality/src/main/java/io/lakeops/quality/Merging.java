package io.lakeops.quality;

import io.lakeops.check.Measure;
import io.lakeops.table.Literal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Puts the values of disjoint parts of a table together. */
final class Merging {
    private Merging() {}

    /** The value of the whole; nulls add nothing. A sum of no part is 0. */
    static @Nullable Object merge(Measure.Merge merge, List<@Nullable Object> parts) {
        List<Object> present = parts.stream()
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        if (merge == Measure.Merge.SUM) {
            BigDecimal sum = BigDecimal.ZERO;
            for (Object part : present) {
                sum = sum.add(new BigDecimal(part.toString()));
            }
            return sum.scale() <= 0 && sum.precision() <= 18 ? (Object) sum.longValueExact() : sum;
        }
        if (present.isEmpty()) {
            return null;
        }
        Object best = present.get(0);
        for (Object part : present.subList(1, present.size())) {
            if (merge == Measure.Merge.WHOLE) {
                throw new IllegalStateException("parts of a value that can't be merged: " + present);
            }
            int order = compare(part, best);
            if (merge == Measure.Merge.MIN ? order < 0 : order > 0) {
                best = part;
            }
        }
        return best;
    }

    private static int compare(Object a, Object b) {
        OptionalInt order = new Literal(plain(a)).compare(new Literal(plain(b)));
        return order.orElseThrow(() -> new IllegalStateException("can't compare " + a + " with " + b));
    }

    private static Object plain(Object value) {
        if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float number) {
            return (double) number;
        }
        return value instanceof BigInteger big ? new BigDecimal(big) : value;
    }
}
