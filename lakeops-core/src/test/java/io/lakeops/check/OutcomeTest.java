package io.lakeops.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.check.Outcome.Tally;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void a_pass_rate_goes_from_0_to_100() {
        assertThat(new Tally(200, 1, 1).passRate()).isEqualTo(99.5);
        assertThat(new Tally(0, 0, 0).passRate()).isEqualTo(100);
        assertThat(new Tally(3, 9, 9).passRate())
                .as("a query may return more than the rows")
                .isZero();
    }

    @Test
    void one_failing_row_among_ever_so_many_is_less_than_100() {
        assertThat(new Tally(Long.MAX_VALUE, 1, 1).passRate()).isLessThan(100);
    }

    @Test
    void a_pass_has_no_failure_and_a_failure_has_one() {
        assertThat(Outcome.ofRows(new Tally(1, 0, 0), "e", "o", "f")).isInstanceOf(Outcome.Passed.class);
        assertThat(Outcome.ofRows(new Tally(1, 1, 1), "e", "o", "f")).isInstanceOf(Outcome.Failed.class);
        assertThatThrownBy(() -> new Outcome.Passed(Tally.BROKEN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Outcome.Failed(Tally.HELD, "e", "o", "f"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
