package io.lakeops.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetFileSizeTest {
    @ParameterizedTest
    @CsvSource({
        "134217728,134217728",
        "128mb,134217728",
        "128 MB,134217728",
        "64MiB,67108864",
        "1g,1073741824",
        "512k,524288",
        "100b,100",
        "2tb,2199023255552"
    })
    void sizes_have_binary_units(String text, long bytes) {
        assertThat(TargetFileSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mb", "-1", "0", "1.5gb", "999999999999999999tb", "12 parsecs"})
    void what_is_no_size_is_refused(String text) {
        assertThatThrownBy(() -> TargetFileSize.parse(text))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void the_property_is_delta_s_own() {
        assertThat(TargetFileSize.PROPERTY).isEqualTo("delta.targetFileSize");
    }
}
