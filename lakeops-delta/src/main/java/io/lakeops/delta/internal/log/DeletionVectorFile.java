package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.DeletionVectorWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/**
 * The deletion vectors of one commit, one behind the other in one file beside the data. The file begins with the first
 * vector, so that a commit without one leaves none.
 *
 * <p>Vectors are never put into the log itself: a reader of the log would carry them through every checkpoint.
 *
 * <p>Source: Delta protocol, "Deletion Vector File Storage Format" and "Deletion Vector Format" (portable).
 */
public final class DeletionVectorFile implements DeletionVectorWriter {
    private static final byte FILE_VERSION = 1;
    private static final int MAGIC = 1681511377;
    /** Offsets are 32-bit numbers. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    private final UUID id = UUID.randomUUID();
    private final Path file;
    private final String descriptor;
    private @Nullable FileChannel channel;
    private long length;
    private boolean finished;

    public DeletionVectorFile(Path root) {
        this.file = root.resolve("deletion_vector_" + id + ".bin");
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        this.descriptor = Base85.encode(bytes.array());
    }

    @Override
    public DeletionVector write(DeletedRows rows) {
        if (rows.cardinality() == 0) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a deletion vector deletes at least one row");
        }
        byte[] vector = serialized(rows);
        try {
            FileChannel open = open();
            long offset = length;
            if (offset + vector.length + 8 > MOST_BYTES) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT, "the deletion vectors of one commit don't fit into 2 GiB");
            }
            CRC32 checksum = new CRC32();
            checksum.update(vector);
            append(
                    open,
                    ByteBuffer.allocate(vector.length + 8)
                            .putInt(vector.length)
                            .put(vector)
                            .putInt((int) checksum.getValue()));
            return new DeletionVector("u", descriptor, OptionalInt.of((int) offset), vector.length, rows.cardinality());
        } catch (IOException e) {
            throw LogErrors.io("a deletion vector can't be written", file, e);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            channel = open;
            append(open, ByteBuffer.allocate(1).put(FILE_VERSION));
        }
        return open;
    }

    private void append(FileChannel open, ByteBuffer bytes) throws IOException {
        bytes.flip();
        length += bytes.remaining();
        while (bytes.hasRemaining()) {
            open.write(bytes);
        }
    }

    /** Magic number, count, and one bitmap of 32 bits for each key of the high 32 bits, all little-endian. */
    static byte[] serialized(DeletedRows rows) {
        // A vector is held as one bit a row, so that its words can't reach beyond the positions of the first bitmaps.
        long[] words = rows.toWords();
        int perKey = 1 << 26;
        int keys = Math.max(1, (words.length + perKey - 1) / perKey);
        RoaringBitmap[] bitmaps = new RoaringBitmap[keys];
        int size = 12;
        for (int key = 0; key < keys; key++) {
            int from = key * perKey;
            int to = Math.min(words.length, from + perKey);
            bitmaps[key] = BitSetUtil.bitmapOf(Arrays.copyOfRange(words, from, to));
            bitmaps[key].runOptimize();
            size += 4 + bitmaps[key].serializedSizeInBytes();
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putLong(keys);
        for (int key = 0; key < keys; key++) {
            out.putInt(key);
            bitmaps[key].serialize(out);
        }
        return out.array();
    }

    @Override
    public List<Path> finish() {
        FileChannel open = channel;
        if (open == null) {
            return List.of();
        }
        try {
            open.force(true);
            open.close();
        } catch (IOException e) {
            throw LogErrors.io("the deletion vectors can't be forced to the disk", file, e);
        }
        finished = true;
        return List.of(file);
    }

    @Override
    public void close() {
        FileChannel open = channel;
        if (open == null || finished) {
            return;
        }
        try {
            open.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw LogErrors.io("an unfinished file of deletion vectors can't be deleted", file, e);
        }
    }
}
