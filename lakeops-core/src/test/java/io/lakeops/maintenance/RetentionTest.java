package io.lakeops.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
    @ParameterizedTest
    @CsvSource({
        "interval 7 days,PT168H",
        "interval 1 week,PT168H",
        "INTERVAL 2 WEEKS,PT336H",
        "168 hours,PT168H",
        "interval 1 day 12 hours 30 minutes,PT36H30M",
        "interval 0 hours,PT0S",
        "interval 1500 milliseconds,PT1.5S",
        "interval 2000001 microseconds,PT2.000001S",
        "interval 5 nanoseconds,PT0.000000005S",
        "interval 999999999999999 weeks,PT87658200H",
        "interval 999999999999999 days 999999999999999 hours,PT87658200H"
    })
    void an_interval_is_read_in_spark_s_words(String text, Duration expected) {
        assertThat(Retention.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "interval", "7", "interval 1 month", "interval 1 year", "interval -1 days", "7 days ago"})
    void what_has_no_fixed_length_or_is_no_interval_is_refused(String text) {
        assertThatThrownBy(() -> Retention.parse(text))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
