package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Reads the bits of a deletion vector and believes none of them before sizes, checksum and count agree.
 *
 * <p>Source: Delta protocol, "Deletion Vector Format", "Deletion Vector Descriptor Schema".
 *
 * <p>Errors: DELETION_VECTOR_CORRUPT, PATH_OUTSIDE_TABLE.
 */
public final class DeletionVectorReader {
    private static final int MAGIC = 1681511377;
    private static final byte FILE_VERSION = 1;
    private static final int UUID_TEXT = 20;
    /** A vector is held as one bit a row: 256 MiB at most. */
    private static final long MOST_ROWS = 1L << 31;

    /** Of 65,536 rows at most: as bits, with the header and the offset of their container. */
    private static final int CONTAINER_BYTES = 8192 + 16;

    private final TablePaths paths;

    public DeletionVectorReader(TablePaths paths) {
        this.paths = paths;
    }

    /** The vector's file as a decoded path of the log; empty text for an inline vector. */
    public static String file(DeletionVector vector) {
        return switch (vector.storage()) {
            case "i" -> "";
            case "p" -> TablePaths.decode(vector.pathOrInline());
            case "u" -> {
                String text = vector.pathOrInline();
                if (text.length() < UUID_TEXT) {
                    throw corrupt(vector, "its file's id is too short", null);
                }
                String prefix = text.substring(0, text.length() - UUID_TEXT);
                ByteBuffer bytes;
                try {
                    bytes = ByteBuffer.wrap(Base85.decode(text.substring(prefix.length())));
                } catch (IllegalArgumentException e) {
                    throw corrupt(vector, "its file's id can't be decoded", e);
                }
                UUID id = new UUID(bytes.getLong(), bytes.getLong());
                yield (prefix.isEmpty() ? "" : prefix + "/") + "deletion_vector_" + id + ".bin";
            }
            default -> throw corrupt(vector, "the storage type '" + vector.storage() + "' is unknown", null);
        };
    }

    /** Decodes the vector of a data file that has {@code rows} rows, where that is known. */
    public DeletedRows read(DeletionVector vector, OptionalLong rows) {
        long most = Math.min(rows.orElse(MOST_ROWS), MOST_ROWS);
        if (vector.sizeBytes() > 64 + (most / 65_536 + 1) * CONTAINER_BYTES) {
            // Before anything of that size is asked of the memory.
            throw corrupt(vector, "it is larger than the bits of " + most + " rows", null);
        }
        byte[] bytes = vector.storage().equals("i") ? inline(vector) : stored(vector);
        try {
            return bits(vector, bytes, rows.orElse(MOST_ROWS));
        } catch (IOException | RuntimeException e) {
            if (e instanceof LakeException known) {
                throw known;
            }
            throw corrupt(vector, "its bitmaps can't be decoded", e);
        }
    }

    private static byte[] inline(DeletionVector vector) {
        byte[] bytes;
        try {
            bytes = Base85.decode(vector.pathOrInline());
        } catch (IllegalArgumentException e) {
            throw corrupt(vector, "its inline text can't be decoded", e);
        }
        if (bytes.length < vector.sizeBytes()) {
            throw corrupt(vector, "its inline text is shorter than its size says", null);
        }
        return Arrays.copyOf(bytes, vector.sizeBytes());
    }

    private byte[] stored(DeletionVector vector) {
        Path file = paths.confined(file(vector));
        long offset = vector.offset().orElse(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] version = read(channel, 0, 1);
            if (version == null || version[0] != FILE_VERSION) {
                throw corrupt(vector, "its file does not begin with format version 1", null, file);
            }
            if (offset < 1 || vector.sizeBytes() < 0 || offset + 8L + vector.sizeBytes() > channel.size()) {
                throw corrupt(vector, "its file ends before the vector does", null, file);
            }
            byte[] block = read(channel, offset, vector.sizeBytes() + 8);
            if (block == null) {
                throw corrupt(vector, "its file ends before the vector does", null, file);
            }
            ByteBuffer numbers = ByteBuffer.wrap(block);
            if (numbers.getInt(0) != vector.sizeBytes()) {
                throw corrupt(vector, "its size in the file is " + numbers.getInt(0), null, file);
            }
            byte[] bytes = Arrays.copyOfRange(block, 4, 4 + vector.sizeBytes());
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            if ((int) checksum.getValue() != numbers.getInt(4 + vector.sizeBytes())) {
                throw corrupt(vector, "its checksum does not match", null, file);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw corrupt(vector, "its file is missing", e, file);
        } catch (IOException e) {
            throw LogErrors.io("a deletion vector can't be read", file, e);
        }
    }

    private static byte @Nullable [] read(FileChannel channel, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                return null;
            }
        }
        return bytes;
    }

    private static DeletedRows bits(DeletionVector vector, byte[] bytes, long rows) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt() != MAGIC) {
            throw corrupt(vector, "its magic number is wrong", null);
        }
        long count = in.getLong();
        long[] words = new long[0];
        int lastKey = -1;
        for (long i = 0; i < count; i++) {
            int key = in.getInt();
            if (key <= lastKey) {
                throw corrupt(vector, "its bitmaps are not in order", null);
            }
            lastKey = key;
            RoaringBitmap bitmap = new RoaringBitmap();
            bitmap.deserialize(in.slice().order(ByteOrder.LITTLE_ENDIAN));
            in.position(in.position() + bitmap.serializedSizeInBytes());
            if (bitmap.isEmpty()) {
                continue;
            }
            long base = (long) key << 32;
            long last = base + Integer.toUnsignedLong(bitmap.last());
            if (last >= Math.min(rows, MOST_ROWS)) {
                throw corrupt(
                        vector,
                        "it deletes row " + last + " of a file that has at most " + Math.min(rows, MOST_ROWS) + " rows",
                        null);
            }
            words = Arrays.copyOf(words, Math.max(words.length, (int) (last >> 6) + 1));
            long[] target = words;
            bitmap.forEach((int position) -> {
                long at = base + Integer.toUnsignedLong(position);
                target[(int) (at >> 6)] |= 1L << (at & 63);
            });
        }
        DeletedRows deleted = DeletedRows.of(words);
        if (deleted.cardinality() != vector.cardinality()) {
            throw corrupt(vector, "it deletes " + deleted.cardinality() + " rows", null);
        }
        return deleted;
    }

    private static LakeException corrupt(DeletionVector vector, String why, @Nullable Throwable cause) {
        return new LakeException(
                ErrorCode.DELETION_VECTOR_CORRUPT,
                "a deletion vector is not what its log says: " + why,
                about(vector),
                cause);
    }

    private static LakeException corrupt(DeletionVector vector, String why, @Nullable Throwable cause, Path file) {
        return new LakeException(
                ErrorCode.DELETION_VECTOR_CORRUPT,
                "a deletion vector is not what its log says: " + why + " (" + file + ")",
                about(vector),
                cause);
    }

    private static Map<String, Object> about(DeletionVector vector) {
        return Map.of("vector", vector.uniqueId(), "bytes", vector.sizeBytes(), "rows", vector.cardinality());
    }
}
