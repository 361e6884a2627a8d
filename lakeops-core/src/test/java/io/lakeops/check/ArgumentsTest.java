package io.lakeops.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static void refused(ErrorCode code, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }

    @Test
    void an_unknown_argument_names_the_nearest() {
        Arguments arguments = new Arguments(Map.of("max_valeu", 3));
        refused(
                ErrorCode.UNKNOWN_OPTION,
                () -> arguments.only("column", "min_value", "max_value"),
                "'max_valeu'",
                "did you mean 'max_value'?");
        refused(ErrorCode.UNKNOWN_OPTION, () -> arguments.only(), "'max_valeu'");
        arguments.only("max_valeu");
    }

    @Test
    void a_value_of_another_kind_is_refused() {
        Arguments arguments = new Arguments(
                Map.of("n", 1.5, "text", " ", "list", List.of(), "age", "soon", "flag", "yes", "map", Map.of("a", 1)));
        refused(ErrorCode.CHECK_INVALID, () -> arguments.text("missing"), "'missing' is missing");
        refused(ErrorCode.CHECK_INVALID, () -> arguments.text("text"), "not a text");
        refused(ErrorCode.CHECK_INVALID, () -> arguments.whole("n"), "not a whole number: 1.5");
        refused(ErrorCode.CHECK_INVALID, () -> arguments.list("list"), "not empty");
        refused(ErrorCode.CHECK_INVALID, () -> arguments.duration("age"), "PT24H");
        refused(ErrorCode.CHECK_INVALID, () -> arguments.flag("flag", true), "true or false");
        refused(ErrorCode.CHECK_INVALID, () -> arguments.textMap("map"), "texts by name");
    }

    @Test
    void values_are_read_in_their_kind() {
        Arguments arguments = new Arguments(Map.of("one", "a", "many", List.of("a", "b"), "n", 3, "age", "PT36H"));
        assertThat(arguments.texts("one")).containsExactly("a");
        assertThat(arguments.texts("many")).containsExactly("a", "b");
        assertThat(arguments.whole("n")).hasValue(3);
        assertThat(arguments.whole("m")).isEmpty();
        assertThat(arguments.duration("age")).isEqualTo(Duration.ofHours(36));
        assertThat(arguments.flag("none", true)).isTrue();
        assertThat(new Arguments(Map.of("age", Duration.ofHours(36))).json()).isEqualTo("{\"age\":\"PT36H\"}");
    }
}
