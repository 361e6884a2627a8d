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

    /** Encodes bytes whose count is a multiple of four; IllegalArgumentException for any other. */
    static String encode(byte[] bytes) {
        if (bytes.length % 4 != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes are no multiple of four");
        }
        char[] text = new char[bytes.length / 4 * 5];
        for (int in = 0, out = 0; in < bytes.length; in += 4, out += 5) {
            long value = 0;
            for (int i = in; i < in + 4; i++) {
                value = value << 8 | (bytes[i] & 0xff);
            }
            for (int at = out + 4; at >= out; at--) {
                text[at] = ALPHABET.charAt((int) (value % 85));
                value /= 85;
            }
        }
        return new String(text);
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
