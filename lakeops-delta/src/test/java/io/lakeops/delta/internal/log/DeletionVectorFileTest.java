package io.lakeops.delta.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.deletionvectors.DeletionVectorStoredBitmap;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeletionVectorFileTest {
    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 30);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_vectors_of_a_commit_are_read_as_they_were_written_by_us_and_by_the_kernel(long seed) throws Exception {
        Random random = new Random(seed);
        List<BitSet> sets = new ArrayList<>();
        List<DeletionVector> vectors = new ArrayList<>();
        try (DeletionVectorFile file = new DeletionVectorFile(folder)) {
            for (int i = random.nextInt(5); i >= 0; i--) {
                BitSet set = set(random);
                sets.add(set);
                vectors.add(file.write(DeletedRows.of(set.toLongArray())));
            }
            assertThat(file.finish())
                    .hasSize(1)
                    .allSatisfy(path -> assertThat(path).exists().hasParentRaw(folder));
        }

        for (int i = 0; i < sets.size(); i++) {
            BitSet set = sets.get(i);
            DeletionVector vector = vectors.get(i);
            assertThat(vector.cardinality()).isEqualTo(set.cardinality());
            DeletedRows ours =
                    new DeletionVectorReader(new TablePaths(folder)).read(vector, OptionalLong.of(set.length()));
            assertThat(BitSet.valueOf(ours.toWords())).isEqualTo(set);
            assertThat(byTheKernel(vector)).isEqualTo(set);
        }
    }

    private BitSet byTheKernel(DeletionVector vector) throws Exception {
        DeletionVectorDescriptor descriptor = new DeletionVectorDescriptor(
                vector.storage(),
                vector.pathOrInline(),
                Optional.of(vector.offset().orElseThrow()),
                vector.sizeBytes(),
                vector.cardinality());
        BitSet read = new BitSet();
        for (long position : new DeletionVectorStoredBitmap(descriptor, Optional.of(folder.toString()))
                .load(DefaultEngine.create(new Configuration()).getFileSystemClient())
                .toArray()) {
            read.set(Math.toIntExact(position));
        }
        return read;
    }

    /** Rows here and there, runs, and blocks of which most rows or all are deleted: each kind of container. */
    private static BitSet set(Random random) {
        BitSet set = new BitSet();
        int bound = List.of(1, 100, 65_536, 65_537, 1_000_000).get(random.nextInt(5));
        for (int i = 0; i < random.nextInt(3_000); i++) {
            set.set(random.nextInt(bound));
        }
        if (random.nextBoolean()) {
            int from = random.nextInt(bound);
            set.set(from, from + 1 + random.nextInt(200_000));
        }
        if (random.nextBoolean()) {
            int from = random.nextInt(bound);
            for (int i = from; i < from + 70_000; i++) {
                set.set(i, random.nextInt(10) > 0);
            }
        }
        set.set(random.nextInt(bound));
        return set;
    }

    @Test
    void what_is_not_finished_is_deleted_and_what_has_no_vector_makes_no_file() throws Exception {
        try (DeletionVectorFile file = new DeletionVectorFile(folder)) {
            file.write(DeletedRows.of(new long[] {1}));
            assertThat(onDisk()).hasSize(1);
        }
        assertThat(onDisk()).isEmpty();
        try (DeletionVectorFile file = new DeletionVectorFile(folder)) {
            assertThat(file.finish()).isEmpty();
        }
        assertThat(onDisk()).isEmpty();
    }

    @Test
    void a_vector_that_deletes_nothing_is_none() throws Exception {
        try (DeletionVectorFile file = new DeletionVectorFile(folder)) {
            assertThatThrownBy(() -> file.write(DeletedRows.of(new long[] {0, 0})))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
        assertThat(onDisk()).isEmpty();
    }

    private List<Path> onDisk() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
