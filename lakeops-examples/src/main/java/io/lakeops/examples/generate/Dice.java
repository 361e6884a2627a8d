package io.lakeops.examples.generate;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers of one row: the same key gives the same numbers on every machine.
 *
 * <p>Source: SplitMix64, Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
 *
 * <p>Threads: for one thread.
 */
final class Dice {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private final long stream;
    private long state;

    /** Dice for the rows of {@code name}; {@link #row} chooses one. */
    Dice(long seed, String name) {
        long key = mix(seed + GAMMA);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            key = mix(key ^ (b + GAMMA));
        }
        this.stream = key;
        this.state = key;
    }

    /** Begins the numbers of a row. */
    Dice row(long row) {
        state = mix(stream ^ mix(row + GAMMA));
        return this;
    }

    long next() {
        state += GAMMA;
        return mix(state);
    }

    /** A number from 0 to {@code bound} - 1; the bias is below one in a thousand million for the bounds used here. */
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** A number from {@code from} to {@code to}, both included. */
    int between(int from, int to) {
        return from + below(to - from + 1);
    }

    /** One of the numbers from 0 to {@code bound} - 1; small ones come more often. */
    int skewed(int bound) {
        return Math.min(below(bound), below(bound));
    }

    boolean percent(int chance) {
        return below(100) < chance;
    }

    String oneOf(String[] choices) {
        return choices[below(choices.length)];
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
