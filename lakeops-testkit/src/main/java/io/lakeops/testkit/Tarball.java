package io.lakeops.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks a gzipped tar archive of files and folders, and keeps the files' times to the nanosecond.
 *
 * <p>Source: POSIX.1-2001 pax interchange format; only the records {@code path}, {@code size} and {@code mtime} are used.
 */
final class Tarball {
    private static final int BLOCK = 512;

    private Tarball() {}

    static void unpack(InputStream gzipped, Path folder, Predicate<String> wanted) throws IOException {
        try (InputStream in = new GZIPInputStream(gzipped, 1 << 16)) {
            Map<String, String> pax = Map.of();
            while (true) {
                byte[] header = in.readNBytes(BLOCK);
                if (header.length < BLOCK || header[0] == 0) {
                    return;
                }
                char type = (char) header[156];
                long size = pax.containsKey("size") ? Long.parseLong(pax.get("size")) : octal(header, 124, 12);
                if (type == 'x') {
                    pax = records(exactly(in, size));
                } else {
                    entry(in, header, type, size, pax, folder, wanted);
                    pax = Map.of();
                }
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            }
        }
    }

    private static void entry(
            InputStream in,
            byte[] header,
            char type,
            long size,
            Map<String, String> pax,
            Path folder,
            Predicate<String> wanted)
            throws IOException {
        String path = name(header, pax);
        byte[] content = exactly(in, size);
        if (type != '0' && type != '5') {
            throw new IOException("an entry of type '" + type + "' is not expected: " + path);
        }
        if (type == '5' || !wanted.test(path)) {
            return;
        }
        Path target = folder.resolve(path).normalize();
        if (!target.startsWith(folder.normalize())) {
            throw new IOException("the archive leads out of the folder: " + path);
        }
        Files.createDirectories(target.getParent());
        Files.write(target, content);
        Files.setLastModifiedTime(target, FileTime.from(time(header, pax)));
    }

    private static String name(byte[] header, Map<String, String> pax) {
        String name = pax.get("path");
        if (name == null) {
            String prefix = text(header, 345, 155);
            name = prefix.isEmpty() ? text(header, 0, 100) : prefix + "/" + text(header, 0, 100);
        }
        return name.startsWith("./") ? name.substring(2) : name;
    }

    private static Instant time(byte[] header, Map<String, String> pax) {
        String mtime = pax.get("mtime");
        if (mtime == null) {
            return Instant.ofEpochSecond(octal(header, 136, 12));
        }
        BigDecimal seconds = new BigDecimal(mtime);
        long nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue();
        return Instant.ofEpochSecond(seconds.longValue(), nanos);
    }

    private static Map<String, String> records(byte[] bytes) {
        Map<String, String> records = new HashMap<>();
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            while (bytes[space] != ' ') {
                space++;
            }
            int length = Integer.parseInt(new String(bytes, at, space - at, StandardCharsets.US_ASCII));
            String record = new String(bytes, space + 1, at + length - space - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            records.put(record.substring(0, equals), record.substring(equals + 1));
            at += length;
        }
        return records;
    }

    private static byte[] exactly(InputStream in, long size) throws IOException {
        byte[] bytes = in.readNBytes(Math.toIntExact(size));
        if (bytes.length < size) {
            throw new EOFException("the archive ends early");
        }
        return bytes;
    }

    private static long octal(byte[] header, int from, int length) {
        String text = text(header, from, length).strip();
        return text.isEmpty() ? 0 : Long.parseLong(text, 8);
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
