package io.lakeops.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest.Aggregate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckPlanTest {
    @Test
    void measures_have_names_of_their_own() {
        assertThatThrownBy(() -> CheckPlan.of(Measure.rows("n"), Measure.nulls("n", "a")))
                .hasMessageContaining("two measures are named 'n'");
        CheckPlan plan = CheckPlan.of(Measure.rows("n"));
        assertThatThrownBy(() ->
                        plan.with(new Probe(Expr.of("SELECT 1"), List.of(new Aggregate("n", Expr.of("count(*)"))))))
                .hasMessageContaining("two measures are named 'n'");
    }

    @Test
    void the_rows_under_check_have_their_name_to_themselves() {
        assertThatThrownBy(() -> CheckPlan.of(Measure.rows("n")).reading("this", "bronze.t"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void names_and_constants_stay_one_token() {
        assertThat(CommonSql.name("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(CommonSql.literal("it's")).isEqualTo("'it''s'");
        assertThat(Measure.nulls("n", "a\"b").aggregate().orElseThrow().text())
                .isEqualTo("count(*) - count(\"a\"\"b\")");
    }
}
