package io.lakeops.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.check.QualityTables;
import io.lakeops.table.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;

class LakeViewTest {
    @Test
    void the_query_reads_from_whatever_the_front_puts_in() {
        LakeView view = new LakeView(
                "v", new LakeView.Backing.OneTable("_x/y"), new Schema(List.of()), "SELECT a FROM {table} AS t");
        assertThat(view.sql("delta_scan('p')")).isEqualTo("SELECT a FROM delta_scan('p') AS t");
    }

    @Test
    void a_query_that_reads_nothing_is_refused() {
        assertThatThrownBy(() ->
                        new LakeView("v", new LakeView.Backing.OneTable("_x/y"), new Schema(List.of()), "SELECT 1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_views_of_quality_have_the_columns_that_people_ask_for() {
        assertThat(QualityTables.DATA_QUALITY_METRICS.columns().names())
                .startsWith("table_name", "check_type", "check_name", "column_name", "check_date", "as_of")
                .contains(
                        "pass_rate",
                        "status",
                        "failures",
                        "rows",
                        "threshold",
                        "severity",
                        "table_version",
                        "evidence");
        assertThat(QualityTables.DBT_TEST_RESULTS.columns().names())
                .startsWith("test_name", "table_name", "status", "failures", "executed_at");
    }
}
