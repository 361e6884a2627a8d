package io.lakeops.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LiteralTest {
    @Test
    void numbers_of_all_kinds_compare_by_value() {
        assertOrder(1L, 2L, -1);
        assertOrder(1L, new BigDecimal("1.00"), 0);
        assertOrder(new BigDecimal("1.01"), 1L, 1);
        assertOrder(1L, 1.5, -1);
        assertOrder(Long.MAX_VALUE, new BigDecimal("9223372036854775808"), -1);
        assertOrder(9007199254740993L, 9007199254740992L, 1);
    }

    @Test
    void doubles_compare_as_engines_compare_them() {
        assertOrder(0.1, new BigDecimal("0.1"), 0);
        assertOrder(-0.0, 0.0, 0);
        assertOrder(-0.0, 0L, 0);
        assertOrder(Double.POSITIVE_INFINITY, new BigDecimal("1e300"), 1);
        assertOrder(Double.NEGATIVE_INFINITY, Long.MIN_VALUE, -1);
    }

    @Test
    void nan_compares_with_nothing() {
        assertThat(new Literal(Double.NaN).compare(new Literal(Double.NaN))).isEmpty();
        assertThat(new Literal(Double.NaN).compare(new Literal(1L))).isEmpty();
        assertThat(new Literal(BigDecimal.ONE).compare(new Literal(Double.NaN))).isEmpty();
    }

    @Test
    void texts_days_and_times_compare_within_their_kind() {
        assertOrder("a", "b", -1);
        assertOrder("a", "aa", -1);
        assertOrder(false, true, -1);
        assertOrder(LocalDate.parse("2024-04-01"), LocalDate.parse("2024-03-31"), 1);
        assertOrder(Instant.EPOCH, Instant.EPOCH.plusNanos(1000), -1);
        assertOrder(LocalDateTime.MIN, LocalDateTime.MAX, -1);
    }

    @Test
    void different_kinds_do_not_compare() {
        assertThat(new Literal("1").compare(new Literal(1L))).isEmpty();
        assertThat(new Literal(LocalDate.EPOCH).compare(new Literal(Instant.EPOCH)))
                .isEmpty();
        assertThat(new Literal(true).compare(new Literal(1L))).isEmpty();
    }

    @Test
    void only_the_listed_classes_are_literals() {
        assertThatThrownBy(() -> new Literal(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Literal('x')).isInstanceOf(IllegalArgumentException.class);
    }

    static LongStream seeds() {
        return LongStream.range(0, 2_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void texts_are_ordered_as_their_utf_8_bytes(long seed) {
        Random random = new Random(seed);
        String a = text(random);
        String b = text(random);

        int bytes = Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

        assertOrder(a, b, Integer.signum(bytes));
    }

    private static String text(Random random) {
        int[] points = {'a', 'b', 0xe9, 0xffff, 0xfffd, 0xd7ff, 0xe000, 0x10000, 0x1f600, 0x10ffff};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < random.nextInt(4); i++) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static void assertOrder(Object a, Object b, int expected) {
        assertThat(Integer.signum(new Literal(a).compare(new Literal(b)).getAsInt()))
                .isEqualTo(expected);
        assertThat(Integer.signum(new Literal(b).compare(new Literal(a)).getAsInt()))
                .isEqualTo(-expected);
    }
}
