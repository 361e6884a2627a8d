package io.lakeops.duckdb.raw;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of a text file from the record that is being read onwards, decompressed where they are gzip, and proven to be
 * UTF-8. Its memory is bounded by the longest record that is allowed.
 *
 * <p>Errors: SOURCE_NOT_FOUND, SOURCE_ENCODING with byte and line, SOURCE_UNREADABLE for a broken gzip file.
 */
final class Window implements AutoCloseable {
    /** No byte: the file has ended. */
    static final int END = -1;
    /** No byte: the record is longer than is allowed. */
    static final int TOO_LONG = -2;

    private static final int FIRST_SIZE = 1 << 17;

    private final Path file;
    private final InputStream in;
    private final int longest;
    private final Utf8 utf8 = new Utf8();
    private byte[] buffer = new byte[FIRST_SIZE];
    private int start;
    private int limit;
    private boolean ended;
    /** How many bytes of the text stand before the buffer. */
    private long before;
    /** The number of the physical line at {@code start}, from 1. */
    private long line = 1;

    Window(Path file, int longest) {
        this.file = file;
        this.longest = longest;
        try {
            this.in = open(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
        if (at(0) == 0xef && at(1) == 0xbb && at(2) == 0xbf) {
            start = 3;
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            if (!gzip && file.toString().endsWith(".gz") && Files.size(file) > 0) {
                throw new ZipException("the file is named .gz and is not gzip");
            }
            return gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** The byte at a distance from the record's start, or {@link #END} or {@link #TOO_LONG}. */
    int at(int distance) {
        while (start + distance >= limit) {
            if (distance >= longest) {
                return TOO_LONG;
            }
            if (ended) {
                return END;
            }
            fill();
        }
        return buffer[start + distance] & 0xff;
    }

    /** The number of the record's first line. */
    long line() {
        return line;
    }

    /** A copy of the bytes between two distances. */
    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(buffer, start + from, start + to);
    }

    byte[] buffer() {
        return buffer;
    }

    int position(int distance) {
        return start + distance;
    }

    /** Goes on to the next record. */
    void advance(int distance, int lines) {
        start += distance;
        line += lines;
    }

    /** Goes on to the next physical line, however long this one is. */
    void skipLine() {
        while (true) {
            int b = at(0);
            if (b == END) {
                return;
            }
            int end = start;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            boolean found = end < limit;
            start = found ? end + 1 : end;
            if (found) {
                line++;
                return;
            }
        }
    }

    private void fill() {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, limit - start);
            before += start;
            limit -= start;
            start = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, (long) longest + FIRST_SIZE));
        }
        try {
            int read = in.read(buffer, limit, buffer.length - limit);
            if (read < 0) {
                ended = true;
                if (utf8.isWithin()) {
                    throw notUtf8(limit);
                }
                return;
            }
            int bad = utf8.firstBad(buffer, limit, limit + read);
            if (bad >= 0) {
                throw notUtf8(bad);
            }
            limit += read;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private LakeException notUtf8(int index) {
        long badLine = line;
        for (int i = start; i < index; i++) {
            badLine += buffer[i] == '\n' ? 1 : 0;
        }
        return new LakeException(
                ErrorCode.SOURCE_ENCODING,
                "the raw file is not UTF-8",
                Map.of("file", file, "byte", before + index, "line", badLine));
    }

    private LakeException unreadable(IOException e) {
        if (e instanceof NoSuchFileException) {
            return new LakeException(ErrorCode.SOURCE_NOT_FOUND, "the raw file is not there", Map.of("file", file), e);
        }
        String problem = e instanceof EOFException ? "the compressed file ends early" : String.valueOf(e.getMessage());
        return new LakeException(
                ErrorCode.SOURCE_UNREADABLE, "the raw file can't be read: " + problem, Map.of("file", file), e);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
