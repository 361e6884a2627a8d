package io.lakeops.duckdb.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.json.Json;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableDetail;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we write, Spark reads exactly as we do, at every version; and we read what Spark writes next. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InteropTest {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private SparkJudge spark;

    @SuppressWarnings("NullAway.Init")
    private WrittenTables tables;

    @BeforeAll
    void open() throws IOException, SQLException {
        spark = SparkJudge.start(folder);
        tables = new WrittenTables(folder);
    }

    @AfterAll
    void close() throws IOException, SQLException {
        if (spark != null) {
            spark.close();
            tables.close();
            System.out.println("judged by Spark: " + tables.counted());
        }
    }

    static Stream<JudgedFeature> features() {
        return JudgedFeatures.all();
    }

    @ParameterizedTest
    @MethodSource("features")
    void spark_reads_every_version_as_we_do_and_the_history_that_we_wrote(JudgedFeature feature) {
        Workbench bench = tables.of(feature);
        tables.count("features", 1);
        tables.count("rows", compare(bench, bench.table().versions().earliest()));
        compareHistory(bench);
        compareDetail(bench);
    }

    @ParameterizedTest
    @MethodSource("features")
    void we_read_what_spark_writes_next_and_spark_what_we_write_then(JudgedFeature feature) {
        Workbench bench = tables.copyOf(feature);
        long before = bench.version();
        String first = bench.table()
                .snapshot(SnapshotSelector.latest())
                .schema()
                .names()
                .get(0);
        List<String> statements = new ArrayList<>();
        // From here on every commit brings a checkpoint, and a delete a deletion vector.
        statements.add("ALTER TABLE {t} SET TBLPROPERTIES ('delta.checkpointInterval' = '1'"
                + (feature.onlyAppends() ? ")" : ", 'delta.enableDeletionVectors' = 'true')"));
        statements.add("INSERT INTO {t} SELECT * FROM {t}");
        if (!feature.onlyAppends()) {
            statements.add("DELETE FROM {t} WHERE hash(`" + first + "`) % 2 = 0");
        }
        statements.add("OPTIMIZE {t}");
        spark.run(bench.path(), statements);
        bench.sql("INSERT INTO {t} SELECT * FROM {t}");
        if (!feature.onlyAppends()) {
            String column = '"' + first + '"';
            bench.sql("DELETE FROM {t} WHERE " + column + " IN (SELECT max(" + column + ") FROM {t})", "OPTIMIZE {t}");
        }
        assertThat(bench.version()).isGreaterThan(before);
        tables.count("rows after each other's writes", compare(bench, before + 1));
    }

    /** Bounds of each type, cut texts and instants and numbers that are none: skipping by them loses no row. */
    @Test
    void no_row_is_lost_where_spark_skips_files_by_our_statistics() {
        Workbench bench = tables.empty("statistics");
        bench.sql(
                "CREATE TABLE {t} (id BIGINT, by BYTE, sh SMALLINT, i INTEGER, f FLOAT, d DOUBLE, d92 DECIMAL(9,2),"
                        + " d3818 DECIMAL(38,18), s VARCHAR, dt DATE, ts TIMESTAMPTZ, ntz TIMESTAMP, n STRUCT(x BIGINT, y VARCHAR))",
                "INSERT INTO {t} SELECT i, i, i * 100, -i, i / 3, -i / 7, i / 8, i / 9, repeat('é😀', 8 * i) || i,"
                        + " DATE '1969-12-25' + i::INT, TIMESTAMPTZ '1969-12-31 23:59:59.999999+00' + to_microseconds(i),"
                        + " TIMESTAMP '9999-12-31 23:59:59.999' + to_microseconds(i), {'x': i, 'y': repeat('z', 31) || chr(1114111)}"
                        + " FROM range(8) r(i)",
                "INSERT INTO {t} (id, f, d, s) VALUES (10, 'nan'::FLOAT, 'nan'::DOUBLE, NULL), (11, '-0.0'::FLOAT, 'inf'::DOUBLE, ''),"
                        + " (12, 0.1, '-inf'::DOUBLE, repeat(chr(1114111), 40))",
                "INSERT INTO {t} (id, f, d, ts, ntz) VALUES (20, '-0.0'::FLOAT, '-0.0'::DOUBLE, '2024-01-01 00:00:00.000999+00',"
                        + " '2024-01-01 00:00:00.000001'), (21, -0.5, -0.25, '2024-01-01 00:00:00.999999+00', '2024-01-01 00:00:00.999999')",
                "INSERT INTO {t} (id) VALUES (30)",
                "INSERT INTO {t} SELECT 40, 127, 32767, 2147483647, 'inf', 'nan', 9999999.99, 99999999999999999999.999999999999999999,"
                        + " repeat('\uFFFF', 33), '9999-12-31', '9999-12-31 23:59:59.999999+00', '9999-12-31 23:59:59.999999', NULL",
                "INSERT INTO {t} SELECT 41, -128, -32768, -2147483648, '-inf', '-inf', -9999999.99, -99999999999999999999.999999999999999999,"
                        + " chr(1), '0001-01-01', '0001-01-01 00:00:00.000001+00', '0001-01-01 00:00:00.000001', {'x': NULL, 'y': ''}");
        String table = SparkJudge.name(bench.path());
        for (String column :
                List.of("id", "by", "sh", "i", "f", "d", "d92", "d3818", "s", "dt", "ts", "ntz", "n.x", "n.y")) {
            List<String> conditions = conditions(table, column);
            // Spark's planning takes more than twice as long for twice as many.
            for (int from = 0; from < conditions.size(); from += 10) {
                skipsNoRow(table, conditions.subList(from, Math.min(from + 10, conditions.size())));
            }
            tables.count("conditions that skip", conditions.size());
        }
    }

    private void skipsNoRow(String table, List<String> conditions) {
        // A count with a filter skips files; counts without one read them all.
        String skipping = IntStream.range(0, conditions.size())
                .mapToObj(k -> "SELECT " + k + " AS k, count(*) AS n FROM " + table + " WHERE " + conditions.get(k))
                .collect(Collectors.joining(" UNION ALL "));
        String reading = "SELECT stack(" + conditions.size() + ", "
                + IntStream.range(0, conditions.size())
                        .mapToObj(k -> k + ", n" + k)
                        .collect(Collectors.joining(", "))
                + ") AS (k, n) FROM (SELECT "
                + IntStream.range(0, conditions.size())
                        .mapToObj(k -> "count_if(" + conditions.get(k) + ") AS n" + k)
                        .collect(Collectors.joining(", "))
                + " FROM " + table + ")";
        assertThat(spark.rows(skipping)).as(conditions.toString()).isEqualTo(spark.rows(reading));
    }

    /** Comparisons with every value of a column, as constants of its type. */
    private List<String> conditions(String table, String column) {
        List<String> conditions = new ArrayList<>(List.of(column + " IS NULL", column + " IS NOT NULL"));
        for (Map<String, @Nullable Object> value : objects(spark.rows("SELECT DISTINCT hex(CAST(" + column
                + " AS STRING)) AS text, typeof(" + column + ") AS type FROM " + table + " WHERE " + column
                + " IS NOT NULL"))) {
            String constant = "CAST(CAST(unhex('" + value.get("text") + "') AS STRING) AS " + value.get("type") + ")";
            for (String comparison : List.of("=", "<", ">", "<=>")) {
                conditions.add(column + " " + comparison + " " + constant);
            }
        }
        return conditions;
    }

    /** Compares every version from {@code from} on; gives the number of rows. */
    private long compare(Workbench bench, long from) {
        long rows = 0;
        Map<Long, List<String>> theirs = spark.rows(bench.path(), from, bench.version());
        for (long version = from; version <= bench.version(); version++) {
            List<String> ours = bench.rows(version);
            assertThat(theirs.getOrDefault(version, List.of()))
                    .as("Spark's rows of %s at version %s", bench.path(), version)
                    .isEqualTo(ours);
            rows += ours.size();
            tables.count("versions", 1);
        }
        return rows;
    }

    private void compareHistory(Workbench bench) {
        List<Map<String, @Nullable Object>> history =
                objects(spark.rows("DESCRIBE HISTORY " + SparkJudge.name(bench.path())));
        List<HistoryEntry> ours =
                bench.commits().stream().map(TableCommit::entry).toList();
        assertThat(history).hasSameSizeAs(ours);
        for (Map<String, @Nullable Object> theirs : history) {
            HistoryEntry entry = ours.stream()
                    .filter(e -> Objects.equals(theirs.get("version"), e.version()))
                    .findFirst()
                    .orElseThrow();
            assertThat(theirs.get("operation")).isEqualTo(entry.operation());
            assertThat(withoutNulls(theirs.get("operationParameters"))).isEqualTo(entry.operationParameters());
            assertThat(theirs.get("operationMetrics")).isEqualTo(entry.operationMetrics());
            assertThat(theirs.get("isolationLevel"))
                    .isEqualTo(entry.isolationLevel().orElse(null));
            assertThat(theirs.get("isBlindAppend"))
                    .isEqualTo(entry.isBlindAppend().orElse(null));
            assertThat(theirs.get("userMetadata"))
                    .isEqualTo(entry.userMetadata().orElse(null));
            assertThat(theirs.get("engineInfo")).isEqualTo(entry.engineInfo().orElse(null));
            assertThat(Instant.parse(String.valueOf(theirs.get("timestamp")))).isEqualTo(entry.timestamp());
        }
        tables.count("history entries", history.size());
    }

    private void compareDetail(Workbench bench) {
        TableDetail detail = bench.table().snapshot(SnapshotSelector.latest()).detail();
        Map<String, @Nullable Object> theirs = objects(spark.rows("DESCRIBE DETAIL " + SparkJudge.name(bench.path())))
                .get(0);
        assertThat(theirs.get("id")).isEqualTo(detail.id());
        assertThat(theirs.get("description")).isEqualTo(detail.description().orElse(null));
        assertThat(theirs.get("properties")).isEqualTo(detail.properties());
        assertThat(theirs.get("minReaderVersion")).isEqualTo((long) detail.minReaderVersion());
        assertThat(theirs.get("minWriterVersion")).isEqualTo((long) detail.minWriterVersion());
        assertThat(theirs.get("tableFeatures")).isEqualTo(detail.features());
        assertThat(theirs.get("clusteringColumns")).isEqualTo(detail.clusteringColumns());
        assertThat(theirs.get("numFiles")).isEqualTo((long)
                bench.table().snapshot(SnapshotSelector.latest()).scan().files().size());
    }

    /** Spark keeps a parameter without a value, such as no description, as a null. */
    private static Map<?, ?> withoutNulls(@Nullable Object map) {
        Map<?, ?> without = new HashMap<>((Map<?, ?>) Objects.requireNonNull(map));
        without.values().removeIf(Objects::isNull);
        return without;
    }

    private static List<Map<String, @Nullable Object>> objects(List<String> rows) {
        return rows.stream().map(Json::parseObject).toList();
    }
}
