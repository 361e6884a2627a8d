package io.lakeops.formats;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/**
 * Walks the blocks of an Avro container file by their lengths, decoding none: what is truncated or damaged between blocks
 * is found before a row is written, and no length that the file claims makes anybody reserve memory for it.
 *
 * <p>Source: Avro specification, "Object Container Files".
 */
final class AvroFraming {
    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    private static final int SYNC_BYTES = 16;

    /** Writers cut blocks at 64 KB by default; one that is a thousand times as long is not read. */
    static final long MAX_BLOCK_BYTES = 64L << 20;

    private final Path file;
    private final FileChannel channel;
    private final long fileBytes;
    private final ByteBuffer buffer = ByteBuffer.allocate(8192);
    /** Where in the file the buffer starts. */
    private long bufferStart;

    private AvroFraming(Path file, FileChannel channel, long fileBytes) {
        this.file = file;
        this.channel = channel;
        this.fileBytes = fileBytes;
        buffer.limit(0);
    }

    /**
     * The number of rows that the blocks of a file announce.
     *
     * <p>Errors: SOURCE_EMPTY, SOURCE_UNREADABLE, each with the byte where the damage is.
     */
    static long rows(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long fileBytes = channel.size();
            if (fileBytes == 0) {
                throw new LakeException(
                        ErrorCode.SOURCE_EMPTY, "the file has no bytes", Map.of("file", file.getFileName()));
            }
            return new AvroFraming(file, channel, fileBytes).walk();
        }
    }

    private long walk() throws IOException {
        if (!Arrays.equals(take(MAGIC.length), MAGIC)) {
            throw damaged("the file does not begin as an Avro container file");
        }
        for (long entries = number(); entries != 0; entries = number()) {
            if (entries < 0) {
                entries = -entries;
                number();
            }
            for (long i = 0; i < entries; i++) {
                skip(length("key of the header"));
                skip(length("value of the header"));
            }
        }
        byte[] sync = take(SYNC_BYTES);
        long rows = 0;
        while (position() < fileBytes) {
            long count = number();
            long bytes = length("block");
            if (count < 0) {
                throw damaged("a block says that it has " + count + " rows");
            }
            skip(bytes);
            if (!Arrays.equals(take(SYNC_BYTES), sync)) {
                throw damaged("the mark after a block is not the file's");
            }
            rows += count;
        }
        return rows;
    }

    private long length(String what) throws IOException {
        long bytes = number();
        if (bytes < 0 || bytes > fileBytes - position()) {
            throw damaged("a " + what + " of " + bytes + " bytes does not fit what is left of the file: truncated?");
        }
        if (bytes > MAX_BLOCK_BYTES) {
            throw damaged("a " + what + " of " + bytes + " bytes is more than the " + MAX_BLOCK_BYTES + " allowed");
        }
        return bytes;
    }

    private long position() {
        return bufferStart + buffer.position();
    }

    private void skip(long bytes) {
        if (bytes <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) bytes);
        } else {
            bufferStart = position() + bytes;
            buffer.position(0).limit(0);
        }
    }

    /** A zig-zag number of one to ten bytes. */
    private long number() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = take();
            value |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw damaged("a number has more than ten bytes");
    }

    private byte[] take(int bytes) throws IOException {
        byte[] taken = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            taken[i] = (byte) take();
        }
        return taken;
    }

    private int take() throws IOException {
        if (!buffer.hasRemaining()) {
            bufferStart = position();
            buffer.clear();
            int read = channel.read(buffer, bufferStart);
            buffer.flip();
            if (read <= 0) {
                throw damaged("the file ends too early: truncated?");
            }
        }
        return buffer.get() & 0xff;
    }

    private LakeException damaged(String problem) {
        return new LakeException(
                ErrorCode.SOURCE_UNREADABLE,
                "not a whole Avro file: " + problem,
                Map.of("file", file.getFileName(), "byte", position()));
    }
}
