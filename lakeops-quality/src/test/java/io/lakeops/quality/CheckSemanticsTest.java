package io.lakeops.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.check.Status;
import io.lakeops.testkit.MemoryFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the design decided once, line by line, on a real engine. */
class CheckSemanticsTest {
    private static QualityLab lab;

    @BeforeAll
    static void open(@TempDir Path folder) {
        lab = new QualityLab(folder, new MemoryFormat());
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    private static Arguments line(
            String what, String rows, CheckDefinition check, Status status, long judged, long failures, long reported) {
        return Arguments.of(what, rows, check, status, judged, failures, reported);
    }

    private static String ints(String values) {
        return "SELECT CAST(v AS INTEGER) AS a FROM (VALUES " + values + ") AS t(v)";
    }

    private static String texts(String values) {
        return "SELECT CAST(v AS VARCHAR) AS a FROM (VALUES " + values + ") AS t(v)";
    }

    private static String doubles(String values) {
        return "SELECT CAST(v AS DOUBLE) AS a FROM (VALUES " + values + ") AS t(v)";
    }

    private static String pairs(String values) {
        return "SELECT CAST(x AS INTEGER) AS a, CAST(y AS VARCHAR) AS b FROM (VALUES " + values + ") AS t(x, y)";
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                line("nulls fail not_null", ints("(1), (NULL), (NULL)"), Checks.notNull("a"), Status.FAIL, 3, 2, 2),
                line("NaN is not null", doubles("('NaN'), ('1')"), Checks.notNull("a"), Status.PASS, 2, 0, 0),
                line("an empty text is not null", texts("('')"), Checks.notNull("a"), Status.PASS, 1, 0, 0),
                line(
                        "unique reports values and counts rows",
                        ints("(1), (1), (1), (2), (2), (3)"),
                        Checks.unique("a"),
                        Status.FAIL,
                        6,
                        5,
                        2),
                line(
                        "null is ignored in unique",
                        ints("(1), (NULL), (NULL)"),
                        Checks.unique("a"),
                        Status.PASS,
                        1,
                        0,
                        0),
                line(
                        "NaN repeats itself",
                        doubles("('NaN'), ('NaN'), ('1')"),
                        Checks.unique("a"),
                        Status.FAIL,
                        3,
                        2,
                        1),
                line(
                        "a composite key with a null part counts",
                        pairs("(1, NULL), (1, NULL), (2, 'x')"),
                        Checks.unique("a", "b"),
                        Status.FAIL,
                        3,
                        2,
                        1),
                line(
                        "a composite key of nulls alone is ignored",
                        pairs("(NULL, NULL), (NULL, NULL), (1, 'x')"),
                        Checks.unique("a", "b"),
                        Status.PASS,
                        1,
                        0,
                        0),
                line(
                        "one part may repeat",
                        pairs("(1, 'x'), (1, 'y'), (2, 'x')"),
                        Checks.unique("a", "b"),
                        Status.PASS,
                        3,
                        0,
                        0),
                line(
                        "null passes a set and is not counted",
                        texts("('web'), (NULL), ('pos')"),
                        Checks.acceptedValues("a", "web", "pos"),
                        Status.PASS,
                        2,
                        0,
                        0),
                line(
                        "accepted_values reports distinct values",
                        texts("('web'), ('x'), ('x'), ('y'), (NULL)"),
                        Checks.acceptedValues("a", "web"),
                        Status.FAIL,
                        4,
                        3,
                        2),
                line(
                        "quotes in a value are text",
                        texts("('it''s')"),
                        Checks.acceptedValues("a", "it's"),
                        Status.PASS,
                        1,
                        0,
                        0),
                line(
                        "numbers are accepted by value",
                        ints("(1), (2)"),
                        Checks.acceptedValues("a", 1, "2"),
                        Status.PASS,
                        2,
                        0,
                        0),
                line(
                        "the ends are in the range",
                        ints("(1), (5), (NULL)"),
                        Checks.between("a", 1, 5),
                        Status.PASS,
                        2,
                        0,
                        0),
                line("below and above fail", ints("(0), (3), (6)"), Checks.between("a", 1, 5), Status.FAIL, 3, 2, 2),
                line(
                        "strict_max takes the end out",
                        ints("(1), (5)"),
                        Checks.of(
                                "accepted_range",
                                Map.of("column", "a", "min_value", 1, "max_value", 5, "strict_max", true)),
                        Status.FAIL,
                        2,
                        1,
                        1),
                line(
                        "inclusive: false takes both ends out",
                        ints("(1), (3), (5)"),
                        Checks.of(
                                "accepted_range",
                                Map.of("column", "a", "min_value", 1, "max_value", 5, "inclusive", false)),
                        Status.FAIL,
                        3,
                        2,
                        2),
                line(
                        "NaN is above no minimum",
                        doubles("('NaN'), ('7')"),
                        Checks.atLeast("a", 1),
                        Status.FAIL,
                        2,
                        1,
                        1),
                line("NaN is in no range", doubles("('NaN'), ('1')"), Checks.between("a", 0, 5), Status.FAIL, 2, 1, 1),
                line("infinity is above", doubles("('Infinity'), ('1')"), Checks.atLeast("a", 0), Status.PASS, 2, 0, 0),
                line(
                        "a double compares with what a double is",
                        doubles("(0.1)"),
                        Checks.between("a", 0.1, 0.1),
                        Status.PASS,
                        1,
                        0,
                        0),
                line(
                        "dates compare as dates",
                        "SELECT CAST('2024-04-02' AS DATE) AS a",
                        Checks.between("a", "2024-04-01", LocalDate.of(2024, 4, 2)),
                        Status.PASS,
                        1,
                        0,
                        0),
                line(
                        "a column of nulls passes a range",
                        ints("(NULL), (NULL)"),
                        Checks.between("a", 1, 5),
                        Status.PASS,
                        0,
                        0,
                        0),
                line(
                        "a moment just in time is fresh",
                        "SELECT CAST('2024-04-02T02:00:00Z' AS TIMESTAMP WITH TIME ZONE) AS a",
                        Checks.recency("a", Duration.ofHours(24)),
                        Status.PASS,
                        1,
                        0,
                        0),
                line(
                        "a moment a microsecond too old is not",
                        "SELECT CAST('2024-04-02T01:59:59.999999Z' AS TIMESTAMP WITH TIME ZONE) AS a",
                        Checks.recency("a", Duration.ofHours(24)),
                        Status.FAIL,
                        1,
                        1,
                        1),
                line(
                        "a time without zone is UTC",
                        "SELECT CAST('2024-04-02T02:00:00' AS TIMESTAMP) AS a",
                        Checks.recency("a", Duration.ofHours(24)),
                        Status.PASS,
                        1,
                        0,
                        0),
                line(
                        "no value at all is not fresh",
                        "SELECT CAST(NULL AS DATE) AS a",
                        Checks.recency("a", Duration.ofDays(9999)),
                        Status.FAIL,
                        1,
                        1,
                        1),
                line("enough rows", ints("(1), (2)"), Checks.rowCountBetween(2, 2), Status.PASS, 1, 0, 0),
                line("too few rows", ints("(1)"), Checks.rowCountAtLeast(2), Status.FAIL, 1, 1, 1),
                line(
                        "an empty table fails a minimum",
                        ints("(1)") + " WHERE v > 1",
                        Checks.rowCountAtLeast(1),
                        Status.FAIL,
                        1,
                        1,
                        1),
                line(
                        "custom SQL counts what it returns",
                        ints("(1), (2), (3)"),
                        Checks.customSql("no_odd", "SELECT * FROM this WHERE a % 2 = 1;"),
                        Status.FAIL,
                        3,
                        2,
                        2),
                line(
                        "custom SQL may aggregate",
                        ints("(1), (2), (3)"),
                        Checks.customSql("sum", "SELECT sum(a) AS s FROM this HAVING sum(a) <> 6"),
                        Status.PASS,
                        3,
                        0,
                        0),
                line(
                        "where leaves rows out of failures and rows",
                        pairs("(NULL, 'x'), (1, 'x'), (NULL, 'y')"),
                        Checks.notNull("a").where("b = 'x'"),
                        Status.FAIL,
                        2,
                        1,
                        1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void decided_once(
            String what, String rows, CheckDefinition check, Status status, long judged, long failures, long reported) {
        CheckResult result = lab.check(rows, check);
        assertThat(result.verdict().message().orElse("")
                        + result.verdict().observed().orElse(""))
                .as(what)
                .satisfies(text -> assertThat(result.status()).as(text).isEqualTo(status));
        assertThat(result.verdict().tally()).hasValueSatisfying(tally -> {
            assertThat(tally.rows()).isEqualTo(judged);
            assertThat(tally.failures()).isEqualTo(failures);
            assertThat(tally.reported()).isEqualTo(reported);
        });
    }

    static Stream<CheckDefinition> checksOfRows() {
        return Stream.of(
                Checks.notNull("a"),
                Checks.unique("a"),
                Checks.acceptedValues("a", 1),
                Checks.between("a", 1, 2),
                Checks.relationships("a", "rows", "a"),
                Checks.of("row_count", Map.of("max", 10)),
                Checks.customSql("c", "SELECT * FROM this WHERE a > 1"));
    }

    @ParameterizedTest
    @MethodSource("checksOfRows")
    void an_empty_table_is_no_data_and_never_a_pass(CheckDefinition check) {
        String empty = ints("(1)") + " WHERE v > 1";
        assertThat(lab.check(empty, check).status()).isEqualTo(Status.NO_DATA);
        assertThat(lab.check(empty, check).passRate()).isEmpty();
        assertThat(lab.check(empty, check.onNoData(Status.FAIL)).status()).isEqualTo(Status.FAIL);
        assertThat(lab.check(empty, check.onNoData(Status.SKIPPED)).status()).isEqualTo(Status.SKIPPED);
    }

    @Test
    void an_empty_table_has_no_freshness() {
        assertThat(lab.check("SELECT CAST(NULL AS DATE) AS a WHERE 1 = 0", Checks.recency("a", Duration.ofDays(1)))
                        .status())
                .isEqualTo(Status.NO_DATA);
    }

    @Test
    void duplicates_are_told_in_three_counts() {
        CheckResult result = lab.check(ints("(1), (1), (1), (2), (2), (3)"), Checks.unique("a"));
        assertThat(result.reading().orElseThrow().measurements().toString())
                .contains("duplicate_values=2", "duplicate_rows=5", "excess_rows=3");
        assertThat(result.failingRows()).hasSize(5).allMatch(row -> row.values().containsKey("a"));
    }

    @Test
    void orphans_are_rows_without_a_parent_and_null_is_none() {
        SuiteResult run = lab.run(
                Suite.named("s").on("child", Checks.relationships("a", "parent", "id")),
                name -> new CheckTarget.Unversioned(QualityLab.query(
                        name.equals("child")
                                ? ints("(1), (2), (7), (7), (8), (NULL)")
                                : "SELECT * FROM (VALUES (1), (2), (2), (NULL)) AS p(id)")));
        CheckResult result = run.results().get(0);
        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.verdict().tally().orElseThrow().rows()).isEqualTo(5);
        assertThat(result.verdict().tally().orElseThrow().failures()).isEqualTo(3);
        assertThat(result.verdict().observed().orElseThrow()).contains("3 of 5 rows have no parent, with 2 values");
        assertThat(result.failingRows())
                .extracting(row -> String.valueOf(row.values().get("a")))
                .containsExactlyInAnyOrder("7", "7", "8");
    }
}
