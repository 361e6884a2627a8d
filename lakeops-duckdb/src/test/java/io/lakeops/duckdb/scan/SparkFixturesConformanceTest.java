package io.lakeops.duckdb.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.context.LakeContext;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.testkit.Fixtures;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every table that Spark wrote, at every version, must be read as Spark reads it, or refused with the right code. */
class SparkFixturesConformanceTest {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Fixtures fixtures;

    @SuppressWarnings("NullAway.Init")
    private static Connection connection;

    @SuppressWarnings("NullAway.Init")
    private static SnapshotScans scans;

    /**
     * What Spark refuses and we read on purpose, see docs/delta-features.md: where the rows are those of the table that
     * the damaged one was copied from, they are compared with it.
     */
    private static final Map<String, Optional<String>> READ_ON_PURPOSE = Map.of(
            "checkpoint_cleaned_logs", Optional.empty(),
            "corrupt_half_written_commit", Optional.of("zz_src"),
            "hostile_unknown_reader_feature", Optional.of("zz_src"));

    /** What is refused, by table. */
    private static final Map<String, Set<ErrorCode>> REFUSED = Map.of(
            "checkpoint_cleaned_logs", Set.of(ErrorCode.VERSION_NOT_RETAINED),
            "corrupt_bitflip_parquet", Set.of(ErrorCode.DATA_FILE_CORRUPT),
            "corrupt_half_written_commit", Set.of(ErrorCode.LOG_CORRUPT),
            "corrupt_missing_data_file", Set.of(ErrorCode.DATA_FILE_MISSING),
            "hostile_path_escape", Set.of(ErrorCode.PATH_OUTSIDE_TABLE),
            "hostile_unknown_reader_feature", Set.of(ErrorCode.FEATURE_UNSUPPORTED),
            "vacuumed", Set.of(ErrorCode.DATA_FILE_MISSING));

    @BeforeAll
    static void open() throws SQLException {
        fixtures = Fixtures.unpackInto(folder);
        connection = DriverManager.getConnection("jdbc:duckdb:");
        scans = SnapshotScans.on(connection);
    }

    @AfterAll
    static void close() throws SQLException {
        scans.close();
        connection.close();
    }

    static Stream<Arguments> versions() {
        return Stream.of("UTC", "America/New_York")
                .flatMap(zone -> fixtures.names().stream()
                        .flatMap(name -> object(fixtures.expected(name).get("versions")).keySet().stream()
                                .map(version -> Arguments.of(name, Long.parseLong(version), zone))));
    }

    @ParameterizedTest(name = "{0} at version {1} in {2}")
    @MethodSource("versions")
    void a_version_is_read_as_spark_reads_it(String name, long version, String zone) throws SQLException {
        Map<String, @Nullable Object> expected = expected(name, version);
        if (Boolean.TRUE.equals(expected.get("readable"))) {
            assertThat(rows(name, version, zone)).isEqualTo(rowsOf(expected));
            return;
        }
        try {
            List<String> rows = rows(name, version, zone);
            Optional<String> original = Objects.requireNonNull(READ_ON_PURPOSE.get(name), "read, but Spark refuses");
            if (original.isPresent()) {
                assertThat(rows).isEqualTo(rowsOf(expected(original.get(), version)));
            }
        } catch (LakeException e) {
            assertThat(REFUSED.getOrDefault(name, Set.of())).as(e.toString()).contains(e.code());
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_refusal_names_what_is_wrong(String name, long version, String named) {
        LakeException refusal = catchThrowableOfType(LakeException.class, () -> rows(name, version, "UTC"));
        assertThat(refusal).isNotNull().hasMessageContaining(named);
        assertThat(REFUSED.get(name)).contains(refusal.code());
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("corrupt_bitflip_parquet", 3, "part-00000-aeae581c"),
                Arguments.of("corrupt_bitflip_parquet", 5, "part-00000-aeae581c"),
                Arguments.of("corrupt_missing_data_file", 3, ".parquet"),
                Arguments.of("corrupt_half_written_commit", 5, "00000000000000000005"),
                Arguments.of("hostile_path_escape", 6, "zz_src"),
                Arguments.of("hostile_unknown_reader_feature", 6, "futureReader"),
                Arguments.of("checkpoint_cleaned_logs", 0, "0"),
                Arguments.of("vacuumed", 1, ".parquet"));
    }

    private static List<String> rows(String name, long version, String zone) throws SQLException {
        Path root = fixtures.table(name);
        TableLocation location = new TableLocation(root);
        LakeTable table = new DeltaFormat()
                .open(TableId.of(location), location, Optional.<LogParquet>empty(), LakeContext.standard());
        Snapshot snapshot = table.snapshot(SnapshotSelector.version(version));
        List<DataFile> files = snapshot.scan().files();
        try (SnapshotSql select = scans.select(snapshot, files, ScanOptions.rows());
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = '" + zone + "'");
            try (ResultSet result = statement.executeQuery(select.sql())) {
                return SparkJson.rows(result, snapshot.schema());
            } catch (SQLException e) {
                throw scans.explain(e, files);
            }
        }
    }

    private static Map<String, @Nullable Object> expected(String name, long version) {
        return object(object(fixtures.expected(name).get("versions")).get(Long.toString(version)));
    }

    private static List<String> rowsOf(Map<String, @Nullable Object> expected) {
        List<String> rows = ((List<?>) Objects.requireNonNull(expected.get("rowsSorted")))
                .stream().map(String::valueOf).toList();
        assertThat((long) rows.size()).isEqualTo(expected.get("rowCount"));
        return rows;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }
}
