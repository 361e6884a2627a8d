package io.lakeops.delta.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.roaringbitmap.RoaringBitmap;

class DeletionVectorReaderTest {
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    @TempDir
    Path folder;

    @Test
    void an_inline_vector_is_read_and_its_padding_is_not() throws Exception {
        TreeSet<Long> rows = new TreeSet<>(Arrays.asList(3L, 4L, 7L, 11L, 18L, 29L));
        byte[] bytes = bytes(rows);

        DeletedRows read =
                reader().read(new DeletionVector("i", encode(bytes), OptionalInt.empty(), bytes.length, 6), UNKNOWN);

        assertThat(LongStream.range(0, 64).filter(read::contains).boxed()).containsExactlyElementsOf(rows);
    }

    @Test
    void the_protocol_s_inline_example_is_of_a_form_that_it_no_longer_describes_and_is_refused() {
        DeletionVector old = new DeletionVector(
                "i", "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L", OptionalInt.empty(), 40, 6);

        assertCorrupt(() -> reader().read(old, UNKNOWN));
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_stored_vector_is_read_bit_by_bit(long seed) throws Exception {
        Random random = new Random(seed);
        TreeSet<Long> rows = new TreeSet<>();
        int bound = random.nextBoolean() ? 1_000 : 5_000_000;
        for (int i = random.nextInt(3000) + 1; i > 0; i--) {
            rows.add((long) random.nextInt(bound));
        }

        DeletedRows read = reader().read(store(rows, 1), OptionalLong.of(bound));

        assertThat(read.cardinality()).isEqualTo(rows.size());
        assertThat(rows).allMatch(read::contains);
        for (int i = 0; i < 1000; i++) {
            long probe = random.nextInt(bound);
            assertThat(read.contains(probe)).isEqualTo(rows.contains(probe));
        }
    }

    @Test
    void a_vector_that_would_fill_the_memory_is_refused() throws Exception {
        TreeSet<Long> rows = new TreeSet<>(Arrays.asList(1L, 1L << 40));
        DeletionVector vector = store(rows, 1);

        assertCorrupt(() -> reader().read(vector, UNKNOWN));
    }

    @Test
    void every_flipped_byte_is_noticed() throws Exception {
        TreeSet<Long> rows = new TreeSet<>(Arrays.asList(3L, 5L, 100L));
        DeletionVector vector = store(rows, 1);
        Path file = folder.resolve(DeletionVectorReader.file(vector));
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 0x10;
            Files.write(file, flipped);
            assertCorrupt(() -> reader().read(vector, UNKNOWN));
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertCorrupt(() -> reader().read(vector, UNKNOWN));
        }
    }

    @Test
    void a_vector_that_disagrees_with_its_log_is_corrupt() throws Exception {
        TreeSet<Long> rows = new TreeSet<>(Arrays.asList(3L, 5L, 100L));
        DeletionVector vector = store(rows, 1);

        assertCorrupt(() -> reader().read(other(vector, vector.sizeBytes(), 4), UNKNOWN));
        assertCorrupt(() -> reader().read(other(vector, vector.sizeBytes() - 1, 3), UNKNOWN));
        assertCorrupt(() -> reader().read(other(vector, -1, 3), UNKNOWN));
        assertCorrupt(() -> reader().read(other(vector, Integer.MAX_VALUE, 3), UNKNOWN));
        assertCorrupt(() -> reader().read(vector, OptionalLong.of(100)));
        assertThat(reader().read(vector, OptionalLong.of(101)).cardinality()).isEqualTo(3);
        Files.delete(folder.resolve(DeletionVectorReader.file(vector)));
        assertCorrupt(() -> reader().read(vector, UNKNOWN));
    }

    @Test
    void nonsense_in_the_descriptor_is_corrupt() {
        assertCorrupt(() -> reader().read(new DeletionVector("x", "abcde", OptionalInt.empty(), 4, 1), UNKNOWN));
        assertCorrupt(() -> reader().read(new DeletionVector("u", "short", OptionalInt.of(1), 4, 1), UNKNOWN));
        assertCorrupt(() -> reader().read(new DeletionVector("i", "abc", OptionalInt.empty(), 4, 1), UNKNOWN));
        assertCorrupt(() -> reader().read(new DeletionVector("i", "00000", OptionalInt.empty(), 4, 1), UNKNOWN));
    }

    @Test
    void a_vector_outside_the_table_is_not_followed() {
        for (String path : new String[] {"file:///etc/hostname", "../other/dv.bin"}) {
            DeletionVector vector = new DeletionVector("p", path, OptionalInt.of(1), 10, 1);
            assertThatThrownBy(() -> reader().read(vector, UNKNOWN))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_OUTSIDE_TABLE));
        }
        DeletionVector climbing =
                new DeletionVector("u", "../../../etc/ab^-aqEH.-t@S}K{vb[*k^", OptionalInt.of(1), 10, 1);
        assertThatThrownBy(() -> reader().read(climbing, UNKNOWN))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_OUTSIDE_TABLE));
    }

    private DeletionVectorReader reader() {
        return new DeletionVectorReader(new TablePaths(folder));
    }

    private static DeletionVector other(DeletionVector vector, int size, long cardinality) {
        return new DeletionVector(vector.storage(), vector.pathOrInline(), vector.offset(), size, cardinality);
    }

    private static void assertCorrupt(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DELETION_VECTOR_CORRUPT));
    }

    /** Writes a vector as the protocol says, beside some bytes of another. */
    private DeletionVector store(java.util.SortedSet<Long> rows, int offset) throws IOException {
        byte[] bytes = bytes(rows);
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        ByteBuffer file = ByteBuffer.allocate(offset + bytes.length + 8);
        file.put(0, (byte) 1);
        file.position(offset);
        file.putInt(bytes.length).put(bytes).putInt((int) checksum.getValue());
        DeletionVector vector =
                new DeletionVector("u", "ab^-aqEH.-t@S}K{vb[*k^", OptionalInt.of(offset), bytes.length, rows.size());
        Path target = folder.resolve(DeletionVectorReader.file(vector));
        Files.createDirectories(java.util.Objects.requireNonNull(target.getParent()));
        Files.write(target, file.array());
        return vector;
    }

    private static byte[] bytes(java.util.SortedSet<Long> rows) {
        TreeSet<Integer> keys = new TreeSet<>();
        rows.forEach(row -> keys.add((int) (row >> 32)));
        ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(1681511377).putLong(keys.size());
        for (int key : keys) {
            RoaringBitmap bitmap = new RoaringBitmap();
            rows.stream().filter(row -> row >> 32 == key).forEach(row -> bitmap.add((int) (long) row));
            bitmap.runOptimize();
            data.putInt(key);
            bitmap.serialize(data);
        }
        return Arrays.copyOf(data.array(), data.position());
    }

    private static String encode(byte[] bytes) {
        String alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
        ByteBuffer words = ByteBuffer.wrap(Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4));
        StringBuilder text = new StringBuilder();
        while (words.hasRemaining()) {
            long word = Integer.toUnsignedLong(words.getInt());
            for (long power = 85L * 85 * 85 * 85; power > 0; power /= 85) {
                text.append(alphabet.charAt((int) (word / power % 85)));
            }
        }
        return text.toString();
    }
}
