package io.lakeops.definition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DependentsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "name IS NULL",
                "NAME<1",
                "length(`Name`)>1",
                "x = 'it\\'s' AND name = ''",
                "x = r'\\' AND name = r'y'",
                "x = \"a 'b\" AND t.name",
                "`a``b` + name"
            })
    void a_name_is_found_where_it_stands_alone(String expression) {
        assertThat(Dependents.names(expression, "name")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x = 'name'",
                "x = \"a name\"",
                "x = 'it\\'s name'",
                "x = R\"\\\" || 'name'",
                "rename + name_ + names",
                "`a name` + `name``` IS NULL",
                "x = 'name"
            })
    void a_word_in_a_text_or_within_another_name_is_none(String expression) {
        assertThat(Dependents.names(expression, "name")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"`a ``b` > 1", "1 < `A ``B`"})
    void an_odd_name_is_found_in_backticks(String expression) {
        assertThat(Dependents.names(expression, "a `b")).isTrue();
    }
}
