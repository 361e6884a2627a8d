package io.lakeops.examples.drill;

import io.lakeops.engine.Rows;
import io.lakeops.report.Scenario;
import java.util.List;

/** The checks over bronze and gold, their history, and the faults that the generator planted. */
final class Monitoring {
    private final Stage stage;

    Monitoring(Stage stage) {
        this.stage = stage;
    }

    List<Scenario> run() {
        return List.of(Notebook.run(
                "quality",
                "Checks over bronze and gold",
                "The suite answers from the table's log what it can and scans the rest in one pass a table. The generator"
                        + " has planted faults; the checks must see them.",
                this::checks));
    }

    private void checks(Notebook notes) {
        String asOf =
                RawFiles.read(stage.increment()).whole().plusSeconds(10_800).toString();
        stage.command(
                notes,
                "Check, where planted faults fail the run",
                1,
                "test-models",
                "--store-failures",
                "--lake",
                stage.lake().toString(),
                "--warehouse",
                stage.warehouse().toString(),
                "--as-of",
                asOf);
        stage.sql(sql -> {
            Rows metrics = sql.show(
                    notes,
                    "The monitoring query",
                    "SELECT table_name, check_type, pass_rate, CASE WHEN pass_rate < 95 THEN 'ALERT' WHEN pass_rate < 99"
                            + " THEN 'WARNING' ELSE 'OK' END AS status FROM data_quality_metrics WHERE check_date >="
                            + " CURRENT_DATE - 7 ORDER BY pass_rate, table_name, check_type");
            notes.expect(
                    "the history has the run's results",
                    metrics.rows().size() >= 20,
                    metrics.rows().size());
            Rows failed = sql.show(
                    notes, "What failed, in dbt's words", "SELECT * FROM dbt_test_results WHERE status = 'fail'");
            notes.expect(
                    "a planted violation is seen: quantities and prices that can't be",
                    failed.rows().stream().anyMatch(r -> String.valueOf(r).contains("bronze.order_lines"))
                            || failed.rows().stream()
                                    .anyMatch(r -> String.valueOf(r).contains("bronze.products")),
                    failed.rows().size() + " failures");
            sql.show(
                    notes,
                    "Where the answers came from",
                    "SELECT evidence, count(*) AS checks, sum(files_read) AS files_read, sum(files_skipped) AS"
                            + " files_skipped FROM data_quality_metrics GROUP BY evidence ORDER BY evidence");
            long errors = sql.number("SELECT count(*) FROM dbt_test_results WHERE status = 'error'");
            notes.expectEqual("no check is broken", 0L, errors);
            long gold = sql.number(
                    "SELECT count(*) FROM dbt_test_results WHERE status = 'fail' AND table_name LIKE 'gold.%'");
            notes.expectEqual("gold is sound", 0L, gold);
            return failed;
        });
    }
}
