package io.lakeops.report.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.report.Evidence.Unit;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "BYTES, 0, 0 B",
        "BYTES, 1023, '1,023 B'",
        "BYTES, 1536, 1.5 KiB",
        "BYTES, 1073741824, 1 GiB",
        "MILLISECONDS, 8.44, 8.4 ms",
        "MILLISECONDS, 212, 212 ms",
        "MILLISECONDS, 1840, 1.84 s",
        "MILLISECONDS, 75000, 1 min 15 s",
        "ROWS, 1, 1 row",
        "ROWS, 1000000, '1,000,000 rows'",
        "PERCENT, 99.5, 99.5 %",
        "FILES, 0, 0 files"
    })
    void a_figure_is_shown_in_the_unit_that_people_read(Unit unit, double value, String expected) {
        assertThat(Figures.of(unit, value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"412, 4, \u221299 %", "4, 5, +25 %", "1000, 1001, +0.1 %", "5, 5, unchanged", "0, 3, ''"})
    void a_change_is_relative_to_what_was_there(double before, double after, String expected) {
        assertThat(Figures.change(before, after)).isEqualTo(expected);
    }

    @Test
    void values_are_verbatim() {
        assertThat(Figures.cell(new BigDecimal("1E+3"))).isEqualTo("1000");
        assertThat(Figures.cell(null)).isEqualTo("NULL");
        assertThat(Figures.cell(new byte[] {1, 2})).isEqualTo("AQI=");
    }
}
