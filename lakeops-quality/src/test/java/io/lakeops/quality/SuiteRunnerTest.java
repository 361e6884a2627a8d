package io.lakeops.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.check.Arguments;
import io.lakeops.check.Check;
import io.lakeops.check.CheckPlan;
import io.lakeops.check.Evidence;
import io.lakeops.check.History;
import io.lakeops.check.Measure;
import io.lakeops.check.Measurements;
import io.lakeops.check.Outcome;
import io.lakeops.check.Status;
import io.lakeops.context.Cancellation;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.quality.CheckResult.Cost;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.MemoryFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteRunnerTest {
    private static final Schema ORDERS = Schema.of(
            Field.of("order_id", Primitive.LONG),
            Field.of("qty", Primitive.INTEGER),
            Field.of("channel", Primitive.STRING),
            Field.of("price", Primitive.DOUBLE),
            Field.of("order_ts", Primitive.TIMESTAMP),
            Field.of("day", Primitive.DATE));

    @TempDir
    Path folder;

    private QualityLab lab;

    @BeforeEach
    void open() {
        lab = new QualityLab(folder, new MemoryFormat());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Three files of 100 rows: quantities 1–100, 101–200, 201–300. */
    private LakeTable orders() {
        return lab.table(
                "bronze.orders",
                TableSpec.of(ORDERS, "day"),
                orders(0, "2024-04-01"),
                orders(100, "2024-04-02"),
                orders(200, "2024-04-03"));
    }

    private static String orders(int from, String day) {
        return "SELECT i AS order_id, i AS qty, CASE WHEN i % 2 = 0 THEN 'web' ELSE 'pos' END AS channel,"
                + " CAST(i AS DOUBLE) AS price, CAST('" + day + "T01:00:00Z' AS TIMESTAMP WITH TIME ZONE) AS order_ts,"
                + " CAST('" + day + "' AS DATE) AS day FROM range(" + (from + 1) + ", " + (from + 101) + ") AS r(i)";
    }

    @Test
    void what_the_log_proves_is_not_scanned() {
        orders();
        SuiteResult run = lab.run(Suite.named("s")
                .on(
                        "bronze.orders",
                        Checks.rowCountBetween(300, 300),
                        Checks.notNull("order_id"),
                        Checks.notNull("day"),
                        Checks.between("qty", 1, 300),
                        Checks.between("day", "2024-04-01", "2024-04-03"),
                        Checks.recency("day", Duration.ofDays(2))));

        assertThat(run.results()).allSatisfy(result -> {
            assertThat(result.status()).as(result.toString()).isEqualTo(Status.PASS);
            assertThat(result.reading().orElseThrow().evidence()).isEqualTo(Evidence.LOG);
            Cost cost = result.reading().orElseThrow().cost().orElseThrow();
            assertThat(cost.filesRead()).isZero();
            assertThat(cost.filesSkipped()).isEqualTo(3);
            assertThat(cost.bytesRead()).isZero();
            assertThat(cost.bytesSkipped()).isPositive();
            assertThat(result.subject().tableVersion()).isEqualTo(OptionalLong.of(3));
        });
        assertThat(lab.session.measured).isEmpty();
        assertThat(run.bytesRead()).isZero();
    }

    @Test
    void only_the_file_that_may_break_a_range_is_read() {
        orders();
        CheckResult result = lab.run(Suite.named("s").on("bronze.orders", Checks.between("qty", 1, 295)))
                .results()
                .get(0);

        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.verdict().tally().orElseThrow()).isEqualTo(new Outcome.Tally(300, 5, 5));
        assertThat(result.reading().orElseThrow().evidence()).isEqualTo(Evidence.PARTIAL_SCAN);
        assertThat(result.reading().orElseThrow().cost().orElseThrow().filesRead())
                .isEqualTo(1);
        assertThat(result.reading().orElseThrow().cost().orElseThrow().filesSkipped())
                .isEqualTo(2);
        assertThat(result.failingRows())
                .extracting(row -> String.valueOf(row.values().get("qty")))
                .containsExactlyInAnyOrder("296", "297", "298", "299", "300");
    }

    @Test
    void all_checks_of_a_table_share_one_pass_and_grouping_takes_its_own() {
        orders();
        SuiteResult run = lab.run(Suite.named("s")
                .on(
                        "bronze.orders",
                        Checks.acceptedValues("channel", "web", "pos"),
                        Checks.between("price", 0, 1000),
                        Checks.between("qty", 1, 295).warning(),
                        Checks.unique("order_id")));

        assertThat(run.counts()).containsEntry(Status.PASS, 3L).containsEntry(Status.WARN, 1L);
        assertThat(run.holds()).isTrue();
        assertThat(lab.session.measured).hasSize(2);
        assertThat(lab.session.measured.get(1).rows()).isInstanceOf(Relation.Derived.class);
        assertThat(run.filesRead()).isEqualTo(6);
        assertThat(run.results())
                .allSatisfy(result ->
                        assertThat(result.reading().orElseThrow().evidence()).isEqualTo(Evidence.FULL_SCAN));
    }

    @Test
    void a_broken_check_is_an_error_and_the_others_report() {
        orders();
        SuiteResult run = lab.run(
                Suite.named("s")
                        .on(
                                "bronze.orders",
                                Checks.notNull("order_id"),
                                Checks.notNull("no_such"),
                                Checks.customSql("bad_sql", "SELECT nothing FROM this"),
                                Checks.of("no.such.check", Map.of()),
                                Checks.of("throws.at.plan", Map.of()),
                                Checks.of("throws.at.judge", Map.of()),
                                Checks.of("bad.aggregate", Map.of()),
                                Checks.of("not_null", Map.of("colum", "qty")),
                                Checks.between("qty", "many", 3),
                                Checks.acceptedValues("channel", "web", "pos"))
                        .on("bronze.gone", Checks.notNull("x")),
                LakeTargets.of(lab.lake),
                new ThrowingCheck("throws.at.plan", true, false),
                new ThrowingCheck("throws.at.judge", false, true),
                new ThrowingCheck("bad.aggregate", false, false));

        assertThat(run.results())
                .extracting(CheckResult::status)
                .containsExactly(
                        Status.PASS,
                        Status.ERROR,
                        Status.ERROR,
                        Status.ERROR,
                        Status.ERROR,
                        Status.ERROR,
                        Status.ERROR,
                        Status.ERROR,
                        Status.ERROR,
                        Status.PASS,
                        Status.ERROR);
        assertThat(messages(run)).satisfies(messages -> {
            assertThat(messages.get(1)).contains("COLUMN_NOT_FOUND", "no_such", "order_id");
            assertThat(messages.get(2)).contains("nothing");
            assertThat(messages.get(3)).contains("PROVIDER_MISSING", "no.such.check");
            assertThat(messages.get(4)).contains("planned to fail");
            assertThat(messages.get(5)).contains("judged to fail");
            assertThat(messages.get(6)).contains("no_function_of_that_name");
            assertThat(messages.get(7)).contains("UNKNOWN_OPTION", "did you mean 'column'");
            assertThat(messages.get(8)).contains("CHECK_INVALID", "many");
            assertThat(messages.get(10)).contains("TABLE_NOT_FOUND");
        });
        assertThat(run.results().get(1).verdict().cause()).isPresent();
        assertThat(run.holds()).isFalse();
    }

    private static List<String> messages(SuiteResult run) {
        return run.results().stream()
                .map(result -> result.verdict().message().orElse(""))
                .toList();
    }

    @Test
    void a_missing_second_table_breaks_only_the_check_that_reads_it() {
        orders();
        SuiteResult run = lab.run(Suite.named("s")
                .on(
                        "bronze.orders",
                        Checks.relationships("order_id", "bronze.gone", "id"),
                        Checks.notNull("order_id")));
        assertThat(run.results()).extracting(CheckResult::status).containsExactly(Status.ERROR, Status.PASS);
        assertThat(messages(run).get(0)).contains("bronze.gone", "TABLE_NOT_FOUND");
    }

    @Test
    void a_data_file_that_vanished_breaks_what_reads_it_and_not_what_the_log_answers() throws Exception {
        LakeTable table = orders();
        for (var file : table.snapshot(io.lakeops.table.SnapshotSelector.latest())
                .scan()
                .files()) {
            java.nio.file.Files.delete(file.location());
        }
        SuiteResult run = lab.run(Suite.named("s")
                .on("bronze.orders", Checks.notNull("order_id"), Checks.acceptedValues("channel", "web", "pos")));
        assertThat(run.results()).extracting(CheckResult::status).containsExactly(Status.PASS, Status.ERROR);
        assertThat(messages(run).get(1)).contains("DATA_FILE_MISSING");
    }

    @Test
    void a_run_sees_one_version_of_each_table() {
        LakeTable table = orders();
        int[] asked = {0};
        CheckTarget.Targets targets = name -> {
            asked[0]++;
            return LakeTargets.of(lab.lake).find(name);
        };
        Check appender = new Check() {
            @Override
            public String name() {
                return "appends";
            }

            @Override
            public CheckPlan plan(Schema schema, Arguments arguments) {
                lab.append(table, orders(300, "2024-04-04"));
                return CheckPlan.of(Measure.rows("rows"));
            }

            @Override
            public Outcome judge(Measurements now, History past) {
                return new Outcome.Passed(Outcome.Tally.HELD);
            }
        };
        SuiteResult run = lab.run(
                Suite.named("s")
                        .on("bronze.orders", Checks.of("appends", Map.of()), Checks.rowCountBetween(300, 300))
                        .on("bronze.other", Checks.relationships("order_id", "bronze.orders", "order_id")),
                name -> targets.find(name.equals("bronze.other") ? "bronze.orders" : name),
                appender);

        assertThat(run.results().get(1).status()).isEqualTo(Status.PASS);
        assertThat(run.results().get(1).subject().tableVersion()).isEqualTo(OptionalLong.of(3));
        assertThat(lab.version("bronze.orders")).isEqualTo(4);
        assertThat(asked[0]).isEqualTo(2);
    }

    @Test
    void thresholds_and_severity_weigh_a_failure_as_dbt_does() {
        orders();
        SuiteResult run = lab.run(Suite.named("s")
                .on(
                        "bronze.orders",
                        Checks.between("qty", 1, 290).named("fails"),
                        Checks.between("qty", 1, 290).warning().named("warns"),
                        Checks.between("qty", 1, 290).errorIf("> 10").named("warns below the error"),
                        Checks.between("qty", 1, 290)
                                .errorIf("> 10")
                                .warnIf("> 10")
                                .named("passes below both"),
                        Checks.between("qty", 1, 290).mostly(96).named("mostly holds"),
                        Checks.between("qty", 1, 290).mostly(97).named("mostly does not")));
        assertThat(run.results())
                .extracting(CheckResult::status)
                .containsExactly(Status.FAIL, Status.WARN, Status.WARN, Status.PASS, Status.PASS, Status.FAIL);
        assertThat(run.results())
                .extracting(result -> result.passRate().orElseThrow())
                .allMatch(rate -> Math.abs(rate - 100d * 290 / 300) < 1e-9);
    }

    @Test
    void a_condition_with_a_predicate_reads_only_its_files() {
        orders();
        CheckResult result = lab.run(Suite.named("s")
                        .on(
                                "bronze.orders",
                                Checks.acceptedValues("channel", "web")
                                        .where(new Expr(
                                                "day = CAST('2024-04-02' AS DATE)",
                                                "common",
                                                io.lakeops.table.Predicate.compare(
                                                        "day",
                                                        io.lakeops.table.Predicate.Operator.EQUAL,
                                                        java.time.LocalDate.of(2024, 4, 2))))))
                .results()
                .get(0);
        assertThat(result.verdict().tally().orElseThrow()).isEqualTo(new Outcome.Tally(100, 50, 1));
        assertThat(result.reading().orElseThrow().cost().orElseThrow().filesRead())
                .isEqualTo(1);
        assertThat(result.reading().orElseThrow().evidence()).isEqualTo(Evidence.PARTIAL_SCAN);
    }

    @Test
    void rows_without_versions_are_checked_and_say_so() {
        CheckResult result = lab.run(
                        Suite.named("s").on("gold.sales", Checks.notNull("a")),
                        name -> new CheckTarget.Unversioned(QualityLab.query("SELECT 1 AS a")))
                .results()
                .get(0);
        assertThat(result.status()).isEqualTo(Status.PASS);
        assertThat(result.subject().tableVersion()).isEmpty();
        assertThat(result.reading().orElseThrow().cost()).isEmpty();
    }

    @Test
    void a_log_only_measure_needs_a_log() {
        Check commits = new Check() {
            @Override
            public String name() {
                return "com.example.version";
            }

            @Override
            public CheckPlan plan(Schema schema, Arguments arguments) {
                return CheckPlan.of(Measure.fromLog("version", snapshot -> java.util.Optional.of(snapshot.version())));
            }

            @Override
            public Outcome judge(Measurements now, History past) {
                return now.count("version") == 3
                        ? new Outcome.Passed(Outcome.Tally.HELD)
                        : new Outcome.Undecided("another version");
            }
        };
        orders();
        Suite suite = Suite.named("s").on("bronze.orders", Checks.of("com.example.version", Map.of()));
        CheckResult versioned =
                lab.run(suite, LakeTargets.of(lab.lake), commits).results().get(0);
        assertThat(versioned.status()).isEqualTo(Status.PASS);
        assertThat(versioned.reading().orElseThrow().evidence()).isEqualTo(Evidence.LOG);

        CheckResult unversioned = lab.run(
                        suite, name -> new CheckTarget.Unversioned(QualityLab.query("SELECT 1 AS a")), commits)
                .results()
                .get(0);
        assertThat(unversioned.status()).isEqualTo(Status.ERROR);
        assertThat(unversioned.verdict().message().orElseThrow()).contains("FEATURE_UNSUPPORTED");
    }

    @Test
    void failing_rows_are_bounded_and_know_their_file() {
        orders();
        CheckResult result = lab.run(
                        Suite.named("s").on("bronze.orders", Checks.atLeast("qty", 150)),
                        LakeTargets.of(lab.lake),
                        RunOptions.standard().storingFailures().withFailingRows(120))
                .results()
                .get(0);
        assertThat(result.failingRows())
                .hasSize(120)
                .allMatch(row -> row.file().orElseThrow().contains("day="));
        CheckResult none = lab.run(
                        Suite.named("s").on("bronze.orders", Checks.atLeast("qty", 150)),
                        LakeTargets.of(lab.lake),
                        RunOptions.standard().withFailingRows(0))
                .results()
                .get(0);
        assertThat(none.failingRows()).isEmpty();
    }

    @Test
    void a_cancelled_run_ends() {
        orders();
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        assertThatThrownBy(() -> SuiteRunner.of(lab.session, lab.context)
                        .run(
                                Suite.named("s").on("bronze.orders", Checks.notNull("qty")),
                                LakeTargets.of(lab.lake),
                                RunOptions.standard(),
                                cancellation))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }

    /** A plug-in with a fault. */
    private record ThrowingCheck(String name, boolean atPlan, boolean atJudge) implements Check {
        @Override
        public CheckPlan plan(Schema schema, Arguments arguments) {
            if (atPlan) {
                throw new IllegalStateException("planned to fail");
            }
            return atJudge
                    ? CheckPlan.of(Measure.rows("rows"))
                    : CheckPlan.of(Measure.of("m", Expr.of("no_function_of_that_name(qty)"), Measure.Merge.WHOLE));
        }

        @Override
        public Outcome judge(Measurements now, History past) {
            throw new StackOverflowError("judged to fail");
        }
    }
}
