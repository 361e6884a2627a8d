package io.lakeops.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.check.Check;
import io.lakeops.check.Status;
import io.lakeops.error.LakeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteTest {
    @Test
    void the_checks_of_this_module_are_found_by_the_service_loader() {
        assertThat(SuiteRunner.installedChecks().all())
                .extracting(Check::name)
                .contains(
                        "not_null",
                        "unique",
                        "accepted_values",
                        "accepted_range",
                        "relationships",
                        "recency",
                        "row_count",
                        "custom_sql");
    }

    @Test
    void adding_to_a_suite_leaves_the_suite_as_it_was() {
        Suite empty = Suite.named("s");
        Suite one = empty.on("bronze.orders", Checks.notNull("id"));
        assertThat(empty.entries()).isEmpty();
        assertThat(one.entries()).hasSize(1);
        CheckDefinition check = Checks.notNull("id");
        assertThat(check.warning()).isNotEqualTo(check);
        assertThat(check).isEqualTo(Checks.notNull("id"));
    }

    @Test
    void names_are_made_of_type_table_and_columns() {
        Suite suite = Suite.named("s")
                .on(
                        "bronze.orders",
                        Checks.notNull("id"),
                        Checks.unique("a", "b"),
                        Checks.rowCountAtLeast(1),
                        Checks.notNull("id").named("mine"));
        assertThat(suite.entries())
                .extracting(Suite.Entry::checkName)
                .isEqualTo(List.of("not_null_orders_id", "unique_orders_a_b", "row_count_orders", "mine"));
    }

    @Test
    void two_checks_of_a_table_with_one_name_are_refused() {
        assertThatThrownBy(() -> Suite.named("s")
                        .on(
                                "bronze.orders",
                                Checks.notNull("id"),
                                Checks.notNull("id").where("a > 1")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("not_null_orders_id");
    }

    @ParameterizedTest
    @CsvSource({
        "'> 10', 10, false",
        "'> 10', 11, true",
        "'!= 0', 0, false",
        "'<> 0', 1, true",
        "'>=3', 3, true",
        "'= 2', 2, true",
        "'== 2', 3, false",
        "'< 2', 1, true",
        "'<= 2', 3, false"
    })
    void a_threshold_is_a_condition_on_failures(String text, long failures, boolean expected) {
        assertThat(Threshold.parse(text).test(failures)).isEqualTo(expected);
    }

    @Test
    void what_is_no_condition_is_refused() {
        assertThatThrownBy(() -> Threshold.parse("many")).hasMessageContaining("CHECK_INVALID");
        assertThatThrownBy(() -> Threshold.parse("> -1")).hasMessageContaining("CHECK_INVALID");
        assertThatThrownBy(() -> Checks.notNull("a").mostly(101)).hasMessageContaining("CHECK_INVALID");
        assertThatThrownBy(() -> Checks.notNull("a").onNoData(Status.PASS)).hasMessageContaining("CHECK_INVALID");
    }

    @Test
    void the_threshold_is_told_in_words() {
        assertThat(Checks.notNull("a").threshold()).isEqualTo("error_if != 0");
        assertThat(Checks.notNull("a").errorIf("> 9").threshold()).isEqualTo("warn_if != 0, error_if > 9");
        assertThat(Checks.notNull("a").warning().mostly(95).threshold())
                .isEqualTo("pass_rate >= 95.0, else warn_if != 0");
    }
}
