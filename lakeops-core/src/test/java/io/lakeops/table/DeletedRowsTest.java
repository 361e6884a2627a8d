package io.lakeops.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeletedRowsTest {
    @Test
    void no_words_delete_nothing() {
        DeletedRows none = DeletedRows.of(new long[0]);

        assertThat(none.cardinality()).isZero();
        assertThat(none.contains(0)).isFalse();
    }

    @Test
    void positions_outside_are_not_deleted() {
        DeletedRows rows = DeletedRows.of(new long[] {-1L});

        assertThat(rows.contains(-1)).isFalse();
        assertThat(rows.contains(63)).isTrue();
        assertThat(rows.contains(64)).isFalse();
        assertThat(rows.contains(Long.MAX_VALUE)).isFalse();
        assertThat(rows.contains(Long.MIN_VALUE)).isFalse();
    }

    @Test
    void the_words_are_copied() {
        long[] words = {1L};
        DeletedRows rows = DeletedRows.of(words);

        words[0] = 0;

        assertThat(rows.contains(0)).isTrue();
        assertThat(rows.cardinality()).isEqualTo(1);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void it_is_the_set_that_its_words_say(long seed) {
        Random random = new Random(seed);
        BitSet set = new BitSet();
        int size = 1 + random.nextInt(500);
        for (int i = 0; i < random.nextInt(200); i++) {
            set.set(random.nextInt(size));
        }

        DeletedRows rows = DeletedRows.of(set.toLongArray());

        assertThat(rows.cardinality()).isEqualTo(set.cardinality());
        for (int position = 0; position < size + 70; position++) {
            assertThat(rows.contains(position)).as("position %s", position).isEqualTo(set.get(position));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void two_vectors_of_a_file_delete_what_either_deletes(long seed) {
        Random random = new Random(seed);
        BitSet one = new BitSet();
        BitSet other = new BitSet();
        for (int i = 0; i < 50; i++) {
            one.set(random.nextInt(1 + random.nextInt(300)));
            other.set(random.nextInt(1 + random.nextInt(300)));
        }

        DeletedRows both = DeletedRows.of(one.toLongArray()).and(DeletedRows.of(other.toLongArray()));

        one.or(other);
        assertThat(BitSet.valueOf(both.toWords())).isEqualTo(one);
        assertThat(both.cardinality()).isEqualTo(one.cardinality());
    }
}
