package io.lakeops.delta.internal.log;

import java.util.Arrays;

/**
 * Bytes as text, five characters for four bytes.
 *
 * <p>Source: ZeroMQ RFC 32, "Z85".
 */
final class Base85 {
    private static final String ALPHABET =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    private static final byte[] VALUES = values();

    private Base85() {}

    /** Decodes a text whose length is a multiple of five; IllegalArgumentException for any other. */
    static byte[] decode(String text) {
        if (text.length() % 5 != 0) {
            throw new IllegalArgumentException("a length of " + text.length() + " is no multiple of five");
        }
        byte[] bytes = new byte[text.length() / 5 * 4];
        for (int i = 0, out = 0; i < text.length(); out += 4) {
            long value = 0;
            for (int end = i + 5; i < end; i++) {
                char c = text.charAt(i);
                byte digit = c < VALUES.length ? VALUES[c] : -1;
                if (digit < 0) {
                    throw new IllegalArgumentException("the character '" + c + "' has no meaning");
                }
                value = value * 85 + digit;
            }
            if (value > 0xffffffffL) {
                throw new IllegalArgumentException("five characters stand for more than four bytes");
            }
            for (int shift = 24, at = out; shift >= 0; shift -= 8) {
                bytes[at++] = (byte) (value >> shift);
            }
        }
        return bytes;
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            values[ALPHABET.charAt(i)] = (byte) i;
        }
        return values;
    }
}
