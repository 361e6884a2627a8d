package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.delta.internal.log.SchemaJson;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableDetail;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.testkit.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the log alone says of every table that Spark wrote, at every version. Rows are compared in lakeops-duckdb. */
class SparkFixturesTest {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Fixtures fixtures;

    /** Readable for us on purpose though Spark refuses; see docs/delta-features.md. */
    private static final Map<String, String> DECIDED = Map.of(
            "checkpoint_cleaned_logs", "versions older than the retention whose files still stand",
            "corrupt_half_written_commit", "versions below a torn newest commit",
            "hostile_unknown_reader_feature", "versions before the unknown feature was enabled");

    @BeforeAll
    static void unpack() {
        fixtures = Fixtures.unpackInto(folder);
    }

    static Stream<String> tables() {
        return fixtures.names().stream();
    }

    static Stream<String> versions() {
        return tables().flatMap(name ->
                object(expected(name).get("versions")).keySet().stream().map(version -> name + "@" + version));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_version_is_read_as_spark_reads_it(String tableAndVersion) {
        String name = tableAndVersion.substring(0, tableAndVersion.indexOf('@'));
        long number = Long.parseLong(tableAndVersion.substring(name.length() + 1));
        Map<String, @Nullable Object> expected =
                object(object(expected(name).get("versions")).get(String.valueOf(number)));
        if (Boolean.TRUE.equals(expected.get("readable"))) {
            Snapshot snapshot = open(name).snapshot(SnapshotSelector.version(number));
            assertThat(snapshot.version()).isEqualTo(number);
            assertThat(plain(Json.parse(SchemaJson.write(snapshot.schema())))).isEqualTo(plain(expected.get("schema")));
            long rows = 0;
            boolean counted = true;
            for (DataFile file : snapshot.scan().files()) {
                assertThat(file.location()).exists();
                assertThat(file.fileBytes()).isEqualTo(file.location().toFile().length());
                DeletedRows deleted = snapshot.deletedRows(file);
                assertThat(deleted.cardinality())
                        .isEqualTo(file.deletionVector()
                                .map(DeletionVector::cardinality)
                                .orElse(0L));
                counted &= file.liveRows().isPresent();
                rows += file.liveRows().orElse(0);
            }
            if (counted) {
                assertThat(rows).isEqualTo(expected.get("rowCount"));
            } else {
                assertThat(tableAndVersion).isIn("check_stats_wide@2", "check_stats_wide@3", "hostile_path_escape@6");
            }
            return;
        }
        switch (String.valueOf(expected.get("errorClass"))) {
            case "DELTA_VERSION_NOT_FOUND" -> assertCode(name, number, ErrorCode.VERSION_NOT_RETAINED);
            case "DELTA_UNSUPPORTED_FEATURES_FOR_READ" -> {
                if (number < 6) {
                    assertThat(DECIDED).containsKey(name);
                    assertThat(open(name)
                                    .snapshot(SnapshotSelector.version(number))
                                    .scan()
                                    .files())
                            .hasSize((int) number);
                } else {
                    assertCode(name, number, ErrorCode.FEATURE_UNSUPPORTED);
                    assertThatThrownBy(() -> open(name).snapshot(SnapshotSelector.version(number)))
                            .hasMessageContaining("futureReader");
                }
            }
            case "DELTA_UNSUPPORTED_TIME_TRAVEL_BEYOND_DELETED_FILE_RETENTION_DURATION" -> {
                assertThat(DECIDED).containsKey(name);
                assertThat(open(name)
                                .snapshot(SnapshotSelector.version(number))
                                .scan()
                                .files())
                        .allSatisfy(file -> assertThat(file.location()).exists());
            }
            case "FAILED_READ_FILE.FILE_NOT_EXIST" ->
                assertThat(open(name)
                                .snapshot(SnapshotSelector.version(number))
                                .scan()
                                .files())
                        .anySatisfy(file -> assertThat(file.location()).doesNotExist());
            case "FAILED_READ_FILE.NO_HINT" -> refusedOrEnginesTask(name, number);
            default -> throw new AssertionError("an expectation that no one decided on: " + expected);
        }
    }

    private static void refusedOrEnginesTask(String name, long number) {
        if (name.equals("hostile_path_escape")) {
            Snapshot snapshot = open(name).snapshot(SnapshotSelector.version(number));
            assertThatThrownBy(() -> snapshot.scan().files())
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_OUTSIDE_TABLE));
        } else if (name.equals("corrupt_half_written_commit")) {
            if (number == 5) {
                assertCode(name, number, ErrorCode.LOG_CORRUPT);
                assertThatThrownBy(() -> open(name).snapshot(SnapshotSelector.version(number)))
                        .hasMessageContaining("00000000000000000005.json");
            } else {
                assertThat(DECIDED).containsKey(name);
                assertThat(open(name)
                                .snapshot(SnapshotSelector.version(number))
                                .scan()
                                .files())
                        .hasSize((int) number);
            }
        } else {
            // A data file whose bytes are damaged: the log is whole, whoever reads the rows must notice.
            assertThat(name).isEqualTo("corrupt_bitflip_parquet");
            assertThat(open(name)
                            .snapshot(SnapshotSelector.version(number))
                            .scan()
                            .files())
                    .allSatisfy(file -> assertThat(file.location()).exists());
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void the_history_is_spark_s(String name) {
        if (!(expected(name).get("history") instanceof List<?> history)) {
            return;
        }
        LakeTable table = open(name);
        List<Object> ours = new ArrayList<>();
        try (Stream<TableCommit> commits =
                table.commits(table.versions().earliest(), table.versions().latest())) {
            commits.forEach(commit -> {
                ours.add(entry(commit.entry()));
                commit.changes();
            });
        }
        assertThat(ours)
                .isEqualTo(history.stream().map(SparkFixturesTest::withoutNulls).toList());
    }

    @ParameterizedTest
    @MethodSource("tables")
    void the_detail_is_spark_s(String name) {
        Map<String, @Nullable Object> expected = object(expected(name).get("detail"));
        if (Boolean.FALSE.equals(expected.get("readable"))) {
            return;
        }
        Snapshot snapshot = open(name).snapshot(SnapshotSelector.latest());
        TableDetail detail = snapshot.detail();
        assertThat(detail.id()).isEqualTo(expected.get("id"));
        assertThat(snapshot.partitionColumns()).isEqualTo(expected.get("partitionColumns"));
        assertThat(detail.clusteringColumns()).isEqualTo(expected.get("clusteringColumns"));
        assertThat((Object) new TreeMap<>(detail.properties()))
                .isEqualTo(new TreeMap<>(object(expected.get("properties"))));
        assertThat((long) detail.minReaderVersion()).isEqualTo(expected.get("minReaderVersion"));
        assertThat((long) detail.minWriterVersion()).isEqualTo(expected.get("minWriterVersion"));
        assertThat(detail.features())
                .isEqualTo(((List<?>) Objects.requireNonNull(expected.get("tableFeatures")))
                        .stream().sorted().toList());
        if (!name.equals("hostile_path_escape")) {
            List<DataFile> files = snapshot.scan().files();
            assertThat((long) files.size()).isEqualTo(expected.get("numFiles"));
            assertThat(files.stream().mapToLong(DataFile::fileBytes).sum()).isEqualTo(expected.get("sizeInBytes"));
        }
    }

    @Test
    void a_corrupt_pointer_to_the_last_checkpoint_is_read_past() throws Exception {
        assertThat(Files.readString(folder.resolve("corrupt_last_checkpoint_pointer/_delta_log/_last_checkpoint")))
                .doesNotEndWith("}");
        assertThat(open("corrupt_last_checkpoint_pointer")
                        .snapshot(SnapshotSelector.latest())
                        .version())
                .isEqualTo(8);
    }

    private static void assertCode(String name, long number, ErrorCode code) {
        assertThatThrownBy(() -> open(name).snapshot(SnapshotSelector.version(number)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static LakeTable open(String name) {
        TableLocation location = new TableLocation(folder.resolve(name));
        return new DeltaFormat().open(TableId.of(location), location, Optional.empty(), LakeContext.standard());
    }

    private static Map<String, @Nullable Object> expected(String name) {
        return fixtures.expected(name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    /** A schema without what only Delta's own metadata adds. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(SparkFixturesTest::plain).toList();
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        map.forEach((key, child) -> {
            if (!String.valueOf(key).startsWith("delta.")
                    && !String.valueOf(key).equals("CURRENT_DEFAULT")) {
                kept.put(String.valueOf(key), plain(child));
            }
        });
        return kept;
    }

    private static Object withoutNulls(Object value) {
        Map<String, Object> kept = new TreeMap<>();
        ((Map<?, ?>) value).forEach((key, child) -> {
            if (child instanceof Map<?, ?>) {
                kept.put(String.valueOf(key), withoutNulls(child));
            } else if (child != null) {
                kept.put(String.valueOf(key), child);
            }
        });
        return kept;
    }

    private static Map<String, Object> entry(HistoryEntry entry) {
        Map<String, Object> json = new TreeMap<>();
        json.put("version", entry.version());
        json.put("timestampMillis", entry.timestamp().toEpochMilli());
        json.put("operation", entry.operation());
        json.put("operationParameters", new TreeMap<>(entry.operationParameters()));
        if (!entry.operationMetrics().isEmpty() || entry.isBlindAppend().isPresent()) {
            json.put("operationMetrics", new TreeMap<>(entry.operationMetrics()));
        }
        entry.isBlindAppend().ifPresent(flag -> json.put("isBlindAppend", flag));
        entry.engineInfo().ifPresent(text -> json.put("engineInfo", text));
        entry.userMetadata().ifPresent(text -> json.put("userMetadata", text));
        return json;
    }
}
