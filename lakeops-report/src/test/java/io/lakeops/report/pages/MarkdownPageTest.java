package io.lakeops.report.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownPageTest {
    @Test
    void a_statement_shows_its_sql_and_its_rows() {
        String page = MarkdownPage.of(SampleReport.report());
        assertThat(page)
                .contains(
                        """
                        ```sql
                        SELECT COUNT(*), MAX(order_dt)
                        FROM bronze.orders
                        ```

                        | count_star() | max(order_dt) |
                        | ---: | --- |
                        | 1334 | 2024-04-02 |
                        """,
                        "*2 of 4 rows.*",
                        "| Data files | 412 files | 4 files | \u221299 % |",
                        "| Rows | 233,345 rows | 233,345 rows | unchanged |",
                        "\u274c **Not every expectation held**: 3 of 4.",
                        "> **Thin:** streams are not part of this run.");
    }

    @Test
    void every_link_of_the_summary_has_its_anchor() {
        String page = MarkdownPage.of(SampleReport.report());
        for (String id : List.of("second-load", "late-day", "optimize")) {
            assertThat(page).contains("](#" + id + ")", "<a id=\"" + id + "\"></a>");
        }
    }

    @Test
    void data_breaks_neither_table_nor_fence() {
        String page = MarkdownPage.of(SampleReport.hostile("a | b\nc <b>*d*</b> ```` `e`"));
        assertThat(page).doesNotContain("<b>*d*</b> ```` `e` |");
        assertThat(page).contains("a \\| b<br>c &lt;b&gt;\\*d\\*&lt;/b&gt; \\`\\`\\`\\` \\`e\\`");
        assertThat(page).contains("`````sql\na | b\nc <b>*d*</b> ```` `e`\n`````\n");
        page.lines()
                .filter(line -> line.startsWith("| a"))
                .forEach(line -> assertThat(line).endsWith("|"));
    }

    @Test
    void names_with_underscores_stay_readable() {
        assertThat(MarkdownPage.of(SampleReport.hostile("order_dt_local"))).contains("# order_dt_local");
    }
}
