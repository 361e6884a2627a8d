package io.lakeops.delta.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base85Test {
    @Test
    void the_example_of_the_specification_is_decoded() {
        assertThat(Base85.decode("HelloWorld")).containsExactly(0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B);
    }

    @Test
    void the_example_of_the_specification_is_encoded() {
        byte[] bytes = {(byte) 0x86, 0x4F, (byte) 0xD2, 0x6F, (byte) 0xB5, 0x59, (byte) 0xF7, 0x5B};

        assertThat(Base85.encode(bytes)).isEqualTo("HelloWorld");
        assertThatThrownBy(() -> Base85.encode(new byte[3])).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "ab de", "ab\u00fcde", "#####", "abcd\""})
    void any_other_text_is_refused(String text) {
        assertThatThrownBy(() -> Base85.decode(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
