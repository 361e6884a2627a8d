package io.lakeops.duckdb.raw;

/** Tells, as bytes come in, whether they are UTF-8. */
final class Utf8 {
    private int missing;
    private int low;
    private int high;

    /** The index of the first byte in {@code from..to} that can't stand there, or -1. */
    int firstBad(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            int b = bytes[i];
            if (missing == 0) {
                if (b < 0) {
                    if (!begin(b & 0xff)) {
                        return i;
                    }
                }
            } else {
                int c = b & 0xff;
                if (c < low || c > high) {
                    return i;
                }
                missing--;
                low = 0x80;
                high = 0xbf;
            }
            i++;
        }
        return -1;
    }

    /** Whether a character has begun and not ended. */
    boolean isWithin() {
        return missing > 0;
    }

    /** Overlong forms, surrogates and what lies beyond U+10FFFF are ruled out by the second byte's range. */
    private boolean begin(int b) {
        low = 0x80;
        high = 0xbf;
        if (b >= 0xc2 && b <= 0xdf) {
            missing = 1;
        } else if (b >= 0xe0 && b <= 0xef) {
            missing = 2;
            low = b == 0xe0 ? 0xa0 : 0x80;
            high = b == 0xed ? 0x9f : 0xbf;
        } else if (b >= 0xf0 && b <= 0xf4) {
            missing = 3;
            low = b == 0xf0 ? 0x90 : 0x80;
            high = b == 0xf4 ? 0x8f : 0xbf;
        } else {
            return false;
        }
        return true;
    }
}
