package io.lakeops.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.ChangeResult;
import io.lakeops.check.Arguments;
import io.lakeops.check.Check;
import io.lakeops.check.CheckPlan;
import io.lakeops.check.History;
import io.lakeops.check.Measure;
import io.lakeops.check.Measurements;
import io.lakeops.check.Outcome;
import io.lakeops.check.QualityTables;
import io.lakeops.check.Status;
import io.lakeops.context.Cancellation;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.provider.Providers;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableLocation;
import io.lakeops.view.LakeView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreTest {
    @TempDir
    Path folder;

    private QualityLab lab;
    private ResultStore store;

    @BeforeEach
    void open() {
        lab = new QualityLab(folder, new DeltaFormat());
        store = ResultStore.of(lab.lake);
        lab.table(
                "bronze.customers",
                Schema.of(Field.of("id", Primitive.LONG), Field.of("email", Primitive.STRING)),
                "SELECT i AS id, CASE WHEN i % 50 = 0 THEN NULL ELSE 'a''b' END AS email FROM range(1, 101) AS r(i)",
                "SELECT 100 AS id, 'x' AS email");
        lab.table("bronze.empty", Schema.of(Field.of("id", Primitive.LONG)));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private SuiteResult run(String id) {
        return lab.run(
                Suite.named("retail")
                        .on(
                                "bronze.customers",
                                Checks.rowCountAtLeast(1),
                                Checks.notNull("email"),
                                Checks.unique("id").warning(),
                                Checks.notNull("it's gone"))
                        .on("bronze.empty", Checks.notNull("id")),
                LakeTargets.of(lab.lake),
                RunOptions.standard().withRunId(id).withAsOf(Instant.parse("2024-04-02T02:00:00Z")));
    }

    private Rows show(LakeView view, String where) {
        LakeTable table =
                lab.lake.open(new TableLocation(folder.resolve(((LakeView.Backing.OneTable) view.backing()).path())));
        return lab.session.rows(
                new Relation.Derived(
                        Expr.of("SELECT * FROM (" + view.sql("results") + ") AS v " + where),
                        Map.of("results", Relation.TableRows.all(table.snapshot(SnapshotSelector.latest())))),
                100,
                new Cancellation());
    }

    private static List<@Nullable Object> column(Rows rows, String name) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < rows.rows().size(); i++) {
            values.add(rows.value(i, name));
        }
        return values;
    }

    @Test
    void passes_are_kept_as_well_as_failures_and_a_run_is_kept_once() {
        ChangeResult first = store.keep(run("r1"), lab.session, lab.run());
        ChangeResult again = store.keep(run("r1"), lab.session, lab.run());
        ChangeResult second = store.keep(run("r2"), lab.session, lab.run());

        assertThat(first.insertedRows()).isEqualTo(5);
        assertThat(again.outcome()).isEqualTo(ChangeResult.Outcome.ALREADY_DONE);
        assertThat(second.insertedRows()).isEqualTo(5);
        assertThat(show(QualityTables.DATA_QUALITY_METRICS, "").rows()).hasSize(10);
        assertThat(Files.isDirectory(folder.resolve("_quality/results/_delta_log")))
                .isTrue();
    }

    @Test
    void the_metrics_answer_the_usual_query() {
        store.keep(run("r1"), lab.session, lab.run());
        Rows rows = show(QualityTables.DATA_QUALITY_METRICS, "ORDER BY check_name");

        assertThat(rows.columns())
                .isEqualTo(QualityTables.DATA_QUALITY_METRICS.columns().names());
        assertThat(column(rows, "check_name"))
                .containsExactly(
                        "not_null_customers_email",
                        "not_null_customers_it's gone",
                        "not_null_empty_id",
                        "row_count_customers",
                        "unique_customers_id");
        assertThat(column(rows, "check_status")).containsExactly("fail", "error", "no_data", "pass", "warn");
        assertThat(column(rows, "status")).containsExactly("WARNING", "ALERT", "WARNING", "OK", "WARNING");
        assertThat(column(rows, "pass_rate")).containsExactly(100d * 99 / 101, 0d, null, 100d, 100d * 99 / 101);
        assertThat(column(rows, "check_date")).containsOnly(LocalDate.of(2024, 4, 3));
        assertThat(column(rows, "as_of")).containsOnly(Instant.parse("2024-04-02T02:00:00Z"));
        assertThat(column(rows, "table_version")).containsExactly(2L, 2L, 0L, 2L, 2L);
        assertThat(column(rows, "evidence")).containsExactly("LOG", null, "LOG", "LOG", "FULL_SCAN");
        assertThat(column(rows, "column_name")).containsExactly("email", null, "id", null, "id");
        assertThat(column(rows, "failures")).containsExactly(2L, null, null, 0L, 2L);
    }

    @Test
    void the_test_results_speak_as_dbt_does() {
        store.keep(run("r1"), lab.session, lab.run());
        Rows failed = show(QualityTables.DBT_TEST_RESULTS, "WHERE status = 'fail'");
        Rows all = show(QualityTables.DBT_TEST_RESULTS, "ORDER BY test_name");

        assertThat(all.columns())
                .isEqualTo(QualityTables.DBT_TEST_RESULTS.columns().names());
        assertThat(column(failed, "test_name")).containsExactly("not_null_customers_email");
        assertThat(column(all, "status")).containsExactly("fail", "error", "warn", "pass", "warn");
        assertThat(column(all, "failures")).as("unique reports values").containsExactly(2L, null, null, 0L, 1L);
    }

    @Test
    void the_views_have_the_types_that_they_say() {
        store.keep(run("r1"), lab.session, lab.run());
        for (LakeView view : QualityTables.views()) {
            LakeTable table = lab.lake.open(new TableLocation(folder.resolve(QualityTables.RESULTS_PATH)));
            Schema schema = lab.session.schema(new Relation.Derived(
                    Expr.of(view.sql("results")),
                    Map.of("results", Relation.TableRows.all(table.snapshot(SnapshotSelector.latest())))));
            assertThat(schema.fields()).isEqualTo(view.columns().fields());
        }
    }

    @Test
    void a_check_that_looks_back_gets_its_own_results_oldest_first() {
        for (String id : List.of("r1", "r2", "r3")) {
            store.keep(run(id), lab.session, lab.run());
        }
        List<History> seen = new ArrayList<>();
        Check looking = new Check() {
            @Override
            public String name() {
                return "com.example.trend";
            }

            @Override
            public CheckPlan plan(Schema schema, Arguments arguments) {
                return CheckPlan.of(Measure.rows("rows")).lookingBack(2);
            }

            @Override
            public Outcome judge(Measurements now, History past) {
                seen.add(past);
                return new Outcome.Undecided(past.runs().size() + " runs are too few");
            }
        };
        SuiteResult result = new SuiteRunner(
                        Providers.of(Check.class, List.of(looking)),
                        lab.session,
                        store.history(lab.session, new Cancellation()),
                        lab.context)
                .run(
                        Suite.named("s")
                                .on(
                                        "bronze.customers",
                                        Checks.of("com.example.trend", Map.of()).named("not_null_customers_email"),
                                        Checks.of("com.example.trend", Map.of()).named("never ran")),
                        LakeTargets.of(lab.lake),
                        RunOptions.standard(),
                        new Cancellation());

        assertThat(result.results()).extracting(CheckResult::status).containsOnly(Status.SKIPPED);
        assertThat(seen.get(0).runs()).hasSize(2).allSatisfy(past -> {
            assertThat(past.status()).isEqualTo(Status.FAIL);
            assertThat(past.tableVersion()).hasValue(2);
            assertThat(past.passRate().orElseThrow()).isEqualTo(100d * 99 / 101);
            assertThat(past.values()).containsEntry("rows", 101L).containsEntry("nulls", 2L);
        });
        assertThat(seen.get(1).runs()).isEmpty();
    }

    @Test
    void a_lake_without_results_has_no_history() {
        assertThat(store.history(lab.session, new Cancellation())
                        .of("bronze.customers", "x", 5)
                        .runs())
                .isEmpty();
    }
}
