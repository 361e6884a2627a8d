package io.lakeops.examples.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.check.Status;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.examples.generate.Generator;
import io.lakeops.examples.generate.Run;
import io.lakeops.examples.models.ModelRun;
import io.lakeops.examples.models.Models;
import io.lakeops.examples.models.RetailBronze;
import io.lakeops.json.Json;
import io.lakeops.quality.CheckResult;
import io.lakeops.quality.CheckTarget;
import io.lakeops.quality.RunOptions;
import io.lakeops.quality.Suite;
import io.lakeops.quality.SuiteResult;
import io.lakeops.quality.SuiteRunner;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite on generated data, held against what the generator says it planted. */
class RetailQualityTest {
    private static final Instant AS_OF = Instant.parse("2024-04-03T02:00:00Z");
    /** The checks that fail outright on the planted faults; the others warn. */
    private static final List<String> FAILING = List.of(
            "accepted_range_products_current_price",
            "accepted_range_order_lines_qty",
            "accepted_range_order_lines_unit_price");

    @TempDir
    static Path raw;

    private static DuckDBConnection warehouse;
    private static SuiteResult result;

    @BeforeAll
    static void run() throws SQLException {
        LakeContext context = LakeContext.standard().withListener(LakeListener.silent());
        new Generator(LakeListener.silent())
                .generate(new Run(43, LocalDate.of(2024, 4, 1), 2, new BigDecimal("0.01"), 0, Set.of()), raw);
        warehouse = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
        RetailBronze.create(raw, warehouse);
        new ModelRun(warehouse, context).build(Models.retail().inOrder(), AS_OF);
        // Each check reads its table; the raw files behind bronze's views are read once.
        try (Statement statement = warehouse.createStatement()) {
            statement.execute("CREATE SCHEMA checked");
            for (String table : RetailQuality.bronze().entries().stream()
                    .map(Suite.Entry::table)
                    .distinct()
                    .toList()) {
                statement.execute("CREATE TABLE " + table.replace("bronze.", "checked.") + " AS FROM " + table);
            }
        }
        try (Session session = DuckDbSession.over(warehouse, context)) {
            result = SuiteRunner.of(session, context)
                    .run(
                            RetailQuality.suite(),
                            RetailQualityTest::target,
                            RunOptions.standard().withAsOf(AS_OF),
                            new Cancellation());
        }
    }

    @AfterAll
    static void close() throws SQLException {
        warehouse.close();
    }

    /** Bronze here is raw files as they came; the returns are a table that is changed by key, so take their newest rows. */
    private static CheckTarget target(String table) {
        String rows = table.equals("bronze.returns") ? "silver.returns" : table.replace("bronze.", "checked.");
        return new CheckTarget.Unversioned(new Relation.Query(Expr.of("SELECT * FROM " + rows)));
    }

    private static Map<String, Long> manifest() throws IOException {
        Map<String, Long> counts = new HashMap<>();
        for (Object source : list(Json.parseObject(Files.readString(raw.resolve("manifest.json"))), "sources")) {
            for (Object anomaly : list((Map<?, ?>) source, "anomalies")) {
                Map<?, ?> one = (Map<?, ?>) anomaly;
                if ("keep".equals(one.get("fate"))) {
                    counts.put(String.valueOf(one.get("name")), (Long) one.get("count"));
                }
            }
        }
        return counts;
    }

    private static List<?> list(Map<?, ?> json, String member) {
        return Objects.requireNonNull((List<?>) json.get(member), member);
    }

    @Test
    void every_check_could_be_run() {
        assertThat(result.results())
                .filteredOn(r -> r.status() == Status.ERROR || r.status() == Status.NO_DATA)
                .extracting(r -> r.subject().checkName() + ": " + r.verdict().message())
                .isEmpty();
        assertThat(result.results()).hasSizeGreaterThan(50);
    }

    @Test
    void each_planted_fault_is_counted_by_its_check_and_no_other_check_fails() throws IOException {
        Map<String, Long> expected = manifest();
        Map<String, CheckResult> byName = result.results().stream()
                .collect(Collectors.toMap(r -> r.subject().checkName(), r -> r));
        for (RetailQuality.Planted planted : RetailQuality.planted()) {
            CheckResult check = Objects.requireNonNull(byName.get(planted.check()), planted.check());
            Object counted = check.reading().orElseThrow().measurements().get(planted.measurement());
            assertThat(new BigDecimal(String.valueOf(counted)).longValueExact())
                    .as(planted.check())
                    .isEqualTo(expected.get(planted.anomaly()))
                    .isPositive();
        }
        assertThat(expected.keySet())
                .as("every fault that stays in bronze has its check")
                .isEqualTo(RetailQuality.planted().stream()
                        .map(RetailQuality.Planted::anomaly)
                        .collect(Collectors.toSet()));
        assertThat(result.results())
                .filteredOn(r -> r.status() == Status.FAIL)
                .extracting(r -> r.subject().checkName())
                .containsExactlyInAnyOrderElementsOf(FAILING);
        Set<String> mayWarn = RetailQuality.planted().stream()
                .map(RetailQuality.Planted::check)
                .collect(Collectors.toSet());
        mayWarn.add("accepted_range_stores_longitude");
        assertThat(result.results())
                .filteredOn(r -> r.status() == Status.WARN)
                .extracting(r -> r.subject().checkName())
                .isSubsetOf(mayWarn);
    }
}
