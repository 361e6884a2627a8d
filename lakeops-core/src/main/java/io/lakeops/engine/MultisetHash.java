package io.lakeops.engine;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A hash over the rows of a relation that doesn't depend on their order. Two relations with the same rows, each as often,
 * have the same; repeats count.
 *
 * @param rows how many
 * @param low the sum of the low halves of the rows' hashes
 * @param high the sum of the high halves
 * @param xor all hashes, by exclusive or
 */
public record MultisetHash(
        long rows,
        @Nullable BigInteger low,
        @Nullable BigInteger high,
        @Nullable BigInteger xor) {}
