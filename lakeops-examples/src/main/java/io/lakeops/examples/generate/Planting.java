package io.lakeops.examples.generate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a day, or of a dimension, have which fault; a row has at most one.
 *
 * <p>Shape: one byte a row, so that a day of millions of rows fits into memory.
 */
final class Planting {
    private final List<Anomaly> kinds = new ArrayList<>();
    private final byte[] faults;

    Planting(int rows) {
        this.faults = new byte[rows];
    }

    int rows() {
        return faults.length;
    }

    /** Plants as many as the fault's rate says, anywhere. */
    Planting plant(Anomaly anomaly, Dice dice) {
        for (int left = anomaly.among(faults.length); left > 0; left--) {
            claim(anomaly, 0, faults.length, dice);
        }
        return this;
    }

    /** Plants one from row {@code from} to before row {@code to}, and says where: -1 where every row is taken. */
    int claim(Anomaly anomaly, int from, int to, Dice dice) {
        int span = to - from;
        int start = span > 0 ? dice.below(span) : 0;
        for (int i = 0; i < span; i++) {
            int row = from + (start + i) % span;
            if (faults[row] == 0) {
                faults[row] = number(anomaly);
                return row;
            }
        }
        return -1;
    }

    /** From 1 on, for 0 is no fault. */
    private byte number(Anomaly anomaly) {
        if (!kinds.contains(anomaly)) {
            kinds.add(anomaly);
        }
        return (byte) (kinds.indexOf(anomaly) + 1);
    }

    @Nullable
    Anomaly at(int row) {
        return faults[row] == 0 ? null : kinds.get(faults[row] - 1);
    }

    /** A row without a fault, searched from a random one on; -1 where there is none. */
    int sound(Dice dice) {
        int start = faults.length > 0 ? dice.below(faults.length) : 0;
        for (int i = 0; i < faults.length; i++) {
            int row = (start + i) % faults.length;
            if (faults[row] == 0) {
                return row;
            }
        }
        return -1;
    }
}
