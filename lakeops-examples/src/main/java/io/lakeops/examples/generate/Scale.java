package io.lakeops.examples.generate;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** How large the lake is; 1 is 12.7 million rows in 30 days. Counted without rounding errors. */
record Scale(BigDecimal factor) {
    private static final BigDecimal LEAST = new BigDecimal("0.001");
    private static final BigDecimal MOST = new BigDecimal("100");

    Scale {
        factor = factor.stripTrailingZeros();
        if (factor.compareTo(LEAST) < 0 || factor.compareTo(MOST) > 0 || factor.scale() > 6) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the scale must be a number from 0.001 to 100 with at most six decimals",
                    Map.of("scale", factor));
        }
    }

    /** The rows of a dimension. */
    int ofDimension(long rowsAtFullScale) {
        return Math.max(1, times(rowsAtFullScale).divide(MILLION).intValueExact());
    }

    /**
     * The rows of one day of a fact: a thirtieth, such that any 30 days on end have exactly {@code rowsAtFullScale}
     * times the scale.
     */
    int ofDay(long rowsAtFullScale, long day) {
        return upTo(rowsAtFullScale, day + 1)
                .subtract(upTo(rowsAtFullScale, day))
                .intValueExact();
    }

    private BigInteger upTo(long rowsAtFullScale, long day) {
        return times(rowsAtFullScale)
                .multiply(BigInteger.valueOf(day))
                .divide(MILLION.multiply(BigInteger.valueOf(30)));
    }

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

    private BigInteger times(long rows) {
        return factor.movePointRight(6).toBigIntegerExact().multiply(BigInteger.valueOf(rows));
    }
}
