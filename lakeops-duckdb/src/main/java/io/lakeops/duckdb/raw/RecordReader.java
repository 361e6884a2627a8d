package io.lakeops.duckdb.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one raw file record by record. What it tells is of the record that was read last.
 *
 * <p>Threads: one.
 */
public interface RecordReader extends AutoCloseable {
    /** A record may have so many bytes; a longer one is none. */
    int LONGEST_RECORD = 8 << 20;
    /** So much of a rejected record is kept. */
    int LONGEST_RAW = 64 << 10;

    /** Goes to the next record; false at the end. */
    boolean next();

    /** The physical line at which the record begins, from 1. */
    long line();

    /** Why this is no record, as a stable code and a text; null for a good one. */
    @Nullable
    String fault();

    /** The text of the source's i-th column as UTF-8; null for null. Only for a good record. */
    byte @Nullable [] value(int column);

    /** The record as it stands in the file, cut where it is longer than {@link #LONGEST_RAW}. */
    String raw();

    @Override
    void close() throws IOException;

    /** Bytes as text, cut between two characters. */
    static String text(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + LONGEST_RAW);
        while (end < to && end > from && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return StandardCharsets.UTF_8
                .decode(ByteBuffer.wrap(bytes, from, end - from))
                .toString();
    }
}
