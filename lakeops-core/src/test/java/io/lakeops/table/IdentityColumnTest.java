package io.lakeops.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.math.BigInteger;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityColumnTest {
    @Test
    void numbers_go_on_from_the_last_that_was_given() {
        IdentityColumn column = IdentityColumn.of("id", 100, -10, false);
        assertThat(column.next()).isEqualTo(100);
        IdentityColumn three = column.after(3);
        assertThat(three.highWaterMark()).hasValue(80);
        assertThat(three.next()).isEqualTo(70);
        assertThat(three.after(0)).isEqualTo(three);
    }

    @Test
    void what_a_field_says_is_what_was_written_to_it() {
        IdentityColumn column = IdentityColumn.of("id", 5, 2, true).after(4);
        assertThat(IdentityColumn.of(column.field())).contains(column);
        assertThat(IdentityColumn.of(Field.of("id", DataType.Primitive.LONG))).isEmpty();
    }

    @Test
    void the_last_number_of_64_bits_is_given_and_none_after_it() {
        IdentityColumn up =
                IdentityColumn.of("id", Long.MAX_VALUE - 2, 1, false).after(3);
        assertThat(up.highWaterMark()).hasValue(Long.MAX_VALUE);
        assertThat(up.next()).isEqualTo(BigInteger.ONE.shiftLeft(63));
        assertFails(ErrorCode.CONSTRAINT_VIOLATED, () -> up.after(1));
        IdentityColumn down = IdentityColumn.of("id", Long.MIN_VALUE, -1, false).after(1);
        assertFails(ErrorCode.CONSTRAINT_VIOLATED, () -> down.after(1));
        assertFails(
                ErrorCode.CONSTRAINT_VIOLATED,
                () -> IdentityColumn.of("id", 0, Long.MAX_VALUE, false).after(3));
    }

    @ParameterizedTest(name = "start {0}, step {1}, at {2}, notices {3}: {4}")
    @CsvSource({
        "1, 1, , 7, 7",
        "1, 1, 9, 7, 9",
        "1, 1, 5, 7, 7",
        "100, 10, , 99, ",
        "100, 10, , 101, 110",
        "100, 10, 130, 110, 130",
        "0, -5, , -11, -15",
        "0, -5, -20, -11, -20",
        "0, -5, , 3, ",
        "3, 4, , 3, 3"
    })
    void a_number_in_the_table_moves_the_mark_onto_the_grid_and_never_back(
            long start,
            long step,
            @org.jspecify.annotations.Nullable Long at,
            long value,
            @org.jspecify.annotations.Nullable Long expected) {
        IdentityColumn column =
                new IdentityColumn("id", start, step, true, at == null ? OptionalLong.empty() : OptionalLong.of(at));
        assertThat(column.noticing(value).highWaterMark())
                .isEqualTo(expected == null ? OptionalLong.empty() : OptionalLong.of(expected));
    }

    @Test
    void a_step_of_zero_and_half_a_definition_are_none() {
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> IdentityColumn.of("id", 1, 0, false));
        Field half = new Field(
                "id", DataType.Primitive.LONG, true, "id", OptionalInt.empty(), Map.of("delta.identity.start", 1L));
        assertFails(ErrorCode.LOG_CORRUPT, () -> IdentityColumn.of(half));
    }

    private static void assertFails(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
