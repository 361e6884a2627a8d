package io.lakeops.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Delete;
import io.lakeops.check.Evidence;
import io.lakeops.check.Status;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.table.DataType.Decimal;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.MemoryFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the log answers, a full scan answers the same. */
class LogDifferentialTest {
    private static final Schema SCHEMA = Schema.of(
            Field.of("n", Primitive.INTEGER),
            Field.of("x", Primitive.DOUBLE),
            Field.of("d", new Decimal(9, 2)),
            Field.of("s", Primitive.STRING),
            Field.of("t", Primitive.TIMESTAMP),
            Field.of("p", Primitive.DATE));

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, seed {1}")
    @CsvSource({
        "memory, 1", "memory, 2", "memory, 3", "memory, 4", "memory, 5", "memory, 6", "memory, 7", "memory, 8",
        "delta, 1", "delta, 2", "delta, 3", "delta, 4", "delta, 5", "delta, 6", "delta, 7", "delta, 8"
    })
    void the_log_and_a_scan_agree_on_random_tables(String format, long seed) {
        Random random = new Random(seed);
        try (QualityLab lab = new QualityLab(folder, format.equals("delta") ? new DeltaFormat() : new MemoryFormat())) {
            LakeTable table = lab.table("bronze.t", TableSpec.of(SCHEMA, "p"));
            int commits = random.nextInt(5);
            for (int i = 0; i < commits; i++) {
                lab.append(table, rows(random, 1 + random.nextInt(12)));
            }
            if (random.nextBoolean()) {
                Delete.where(Expr.of("n = " + random.nextInt(4))).run(table, lab.session.inner(), lab.run());
            }
            Suite suite = suite(random);
            SuiteResult fromLog = lab.run(suite);
            Relation all = Relation.TableRows.all(table.snapshot(SnapshotSelector.latest()));
            SuiteResult scanned = lab.run(suite, name -> new CheckTarget.Unversioned(all));

            for (int i = 0; i < fromLog.results().size(); i++) {
                CheckResult one = fromLog.results().get(i);
                CheckResult other = scanned.results().get(i);
                assertThat(one.verdict()).as(one.subject().checkName()).isEqualTo(other.verdict());
                assertThat(other.reading().orElseThrow().evidence()).isEqualTo(Evidence.FULL_SCAN);
            }
            assertThat(fromLog.results().get(0).reading().orElseThrow().evidence())
                    .isEqualTo(Evidence.LOG);
        }
    }

    @Test
    void the_newest_instant_is_told_to_the_microsecond() {
        try (QualityLab lab = new QualityLab(folder, new DeltaFormat())) {
            LakeTable table = lab.table("bronze.t", TableSpec.of(Schema.of(Field.of("t", Primitive.TIMESTAMP))));
            // At the run's moment this is 400 microseconds too old; the log's bound, cut up, is not.
            lab.append(table, "SELECT CAST('2024-04-03T01:59:59.4996Z' AS TIMESTAMP WITH TIME ZONE) AS t");
            CheckResult result = lab.run(Suite.named("s").on("bronze.t", Checks.recency("t", Duration.ofMillis(500))))
                    .results()
                    .get(0);
            assertThat(result.status()).isEqualTo(Status.FAIL);
        }
    }

    private static Suite suite(Random random) {
        int low = random.nextInt(6) - 1;
        int high = low + random.nextInt(6);
        return Suite.named("s")
                .on(
                        "bronze.t",
                        Checks.rowCountBetween(3, 30),
                        Checks.notNull("n"),
                        Checks.notNull("x"),
                        Checks.notNull("s"),
                        Checks.notNull("p"),
                        Checks.between("n", low, high),
                        Checks.between("x", low, high),
                        Checks.between("d", low, high),
                        Checks.atLeast("t", "2024-04-0" + (1 + random.nextInt(4)) + "T00:00:00Z"),
                        Checks.between("t", "2024-04-01T00:00:00Z", "2024-04-02T0" + random.nextInt(10) + ":00:00.123Z")
                                .named("sharp end"),
                        Checks.between("t", "2024-04-01T0" + random.nextInt(10) + ":00:00.124Z", "2024-05-01T00:00:00Z")
                                .named("sharp start"),
                        Checks.between("p", "2024-04-01", "2024-04-0" + (1 + random.nextInt(4))),
                        Checks.acceptedValues("n", low, high),
                        Checks.acceptedValues("s", "a", "b"),
                        Checks.unique("n"),
                        Checks.unique("n", "s"),
                        Checks.recency("t", Duration.ofHours(random.nextInt(60))),
                        Checks.recency("p", Duration.ofHours(random.nextInt(60))));
    }

    private static String rows(Random random, int count) {
        List<String> rows = new ArrayList<>();
        String nothing = random.nextInt(4) == 0 ? "n" : "";
        for (int i = 0; i < count; i++) {
            rows.add("("
                    + String.join(
                            ", ",
                            nothing.equals("n")
                                    ? "CAST(NULL AS INTEGER)"
                                    : sometimes(random, "CAST(" + random.nextInt(6) + " AS INTEGER)"),
                            sometimes(
                                    random,
                                    random.nextInt(6) == 0
                                            ? "CAST('NaN' AS DOUBLE)"
                                            : "CAST(" + random.nextInt(6) + " AS DOUBLE)"),
                            sometimes(random, "CAST(" + random.nextInt(600) / 100.0 + " AS DECIMAL(9, 2))"),
                            sometimes(random, "'" + "abc".charAt(random.nextInt(3)) + "'"),
                            sometimes(
                                    random,
                                    "CAST('2024-04-0" + (1 + random.nextInt(3)) + "T0" + random.nextInt(10)
                                            + ":00:00.123456Z' AS TIMESTAMP WITH TIME ZONE)"),
                            sometimes(random, "CAST('2024-04-0" + (1 + random.nextInt(3)) + "' AS DATE)"))
                    + ")");
        }
        return "SELECT * FROM (VALUES " + String.join(", ", rows) + ") AS r(n, x, d, s, t, p)";
    }

    private static String sometimes(Random random, String value) {
        return random.nextInt(7) == 0 ? "NULL" : value;
    }
}
