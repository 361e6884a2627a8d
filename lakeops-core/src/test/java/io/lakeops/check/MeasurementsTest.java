package io.lakeops.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
    private static Measurements of(@Nullable Object value) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("m", value);
        return new Measurements(Arguments.none(), Instant.EPOCH, values);
    }

    @Test
    void a_count_is_a_count_in_whatever_number_the_engine_gives() {
        assertThat(of(5).count("m")).isEqualTo(5);
        assertThat(of(5L).count("m")).isEqualTo(5);
        assertThat(of(new BigDecimal("5")).count("m")).isEqualTo(5);
        assertThat(of(BigInteger.valueOf(5)).count("m")).isEqualTo(5);
        assertThat(of(null).count("m")).as("nothing to sum").isZero();
    }

    @Test
    void what_is_no_number_is_absent() {
        assertThat(of(Double.NaN).number("m")).isEmpty();
        assertThat(of(Float.POSITIVE_INFINITY).number("m")).isEmpty();
        assertThat(of(2.5).number("m")).contains(new BigDecimal("2.5"));
    }

    @Test
    void moments_are_utc() {
        Instant noon = Instant.parse("2024-04-01T12:00:00Z");
        assertThat(of(noon).instant("m")).contains(noon);
        assertThat(of(LocalDateTime.of(2024, 4, 1, 12, 0)).instant("m")).contains(noon);
        assertThat(of(LocalDate.of(2024, 4, 1)).instant("m")).contains(Instant.parse("2024-04-01T00:00:00Z"));
        assertThat(of(null).instant("m")).isEmpty();
    }

    @Test
    void what_was_not_measured_is_not_taken_for_null() {
        assertThatThrownBy(() -> of(1).count("other"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'other' was not measured");
    }
}
