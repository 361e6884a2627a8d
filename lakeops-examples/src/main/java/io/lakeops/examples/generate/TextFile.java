package io.lakeops.examples.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A UTF-8 file that is written from front to back, with numbers and dates as ISO has them, whatever the locale.
 *
 * <p>Threads: for one thread.
 */
final class TextFile implements AutoCloseable {
    private static final int SPARE = 64;
    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];
    private int length;

    TextFile(Path path) {
        try {
            this.out = Files.newOutputStream(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void character(char ascii) {
        room();
        buffer[length++] = (byte) ascii;
    }

    void text(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                unicode(value.substring(i));
                return;
            }
            room();
            buffer[length++] = (byte) c;
        }
    }

    private void unicode(String value) {
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            room();
            buffer[length++] = b;
        }
    }

    void number(long value) {
        room();
        if (value < 0) {
            buffer[length++] = '-';
        }
        digits(Math.abs(value), 1);
    }

    void decimal(long unscaled, int scale) {
        room();
        if (unscaled < 0) {
            buffer[length++] = '-';
        }
        long unit = 1;
        for (int i = 0; i < scale; i++) {
            unit *= 10;
        }
        digits(Math.abs(unscaled) / unit, 1);
        buffer[length++] = '.';
        digits(Math.abs(unscaled) % unit, scale);
    }

    /** Source: days_from_civil's inverse, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
    void date(long epochDay) {
        room();
        long z = epochDay + 719_468;
        long era = Math.floorDiv(z, 146_097L);
        long dayOfEra = z - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long shifted = (5 * dayOfYear + 2) / 153;
        long month = shifted < 10 ? shifted + 3 : shifted - 9;
        digits(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
        buffer[length++] = '-';
        digits(month, 2);
        buffer[length++] = '-';
        digits(dayOfYear - (153 * shifted + 2) / 5 + 1, 2);
    }

    void time(long epochSecond, char between) {
        date(Math.floorDiv(epochSecond, 86_400L));
        room();
        long second = Math.floorMod(epochSecond, 86_400L);
        buffer[length++] = (byte) between;
        digits(second / 3_600, 2);
        buffer[length++] = ':';
        digits(second / 60 % 60, 2);
        buffer[length++] = ':';
        digits(second % 60, 2);
    }

    /** As {@code 2024-04-01T09:30:00+10:00}; {@code Z} for no offset. */
    void instant(long epochSecond, int offsetMinutes) {
        time(epochSecond + offsetMinutes * 60L, 'T');
        room();
        if (offsetMinutes == 0) {
            buffer[length++] = 'Z';
            return;
        }
        buffer[length++] = (byte) (offsetMinutes < 0 ? '-' : '+');
        digits(Math.abs(offsetMinutes) / 60, 2);
        buffer[length++] = ':';
        digits(Math.abs(offsetMinutes) % 60, 2);
    }

    private void digits(long value, int least) {
        int count = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            count++;
        }
        count = Math.max(count, least);
        long rest = value;
        for (int i = length + count - 1; i >= length; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private void room() {
        if (buffer.length - length < SPARE) {
            flush();
        }
    }

    private void flush() {
        try {
            out.write(buffer, 0, length);
            length = 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (out) {
            flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
