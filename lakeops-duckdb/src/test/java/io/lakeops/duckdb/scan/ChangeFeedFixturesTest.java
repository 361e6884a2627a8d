package io.lakeops.duckdb.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
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
import java.util.ArrayList;
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

/** The changes of tables that Spark wrote: as Spark reads them, and such that they lead from each version to the next. */
class ChangeFeedFixturesTest {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Fixtures fixtures;

    @SuppressWarnings("NullAway.Init")
    private static Connection connection;

    /** Versions that changed nothing but columns. */
    private static final Map<String, Set<Long>> OTHER_COLUMNS = Map.of("column_mapping_name", Set.of(3L, 5L, 8L));

    /** Versions whose changes Spark refuses too. */
    private static final Map<String, Map<Long, ErrorCode>> REFUSED = Map.of(
            "cdf_enabled_later", Map.of(1L, ErrorCode.CHANGES_NOT_RECORDED),
            "schema_evolution", Map.of(4L, ErrorCode.SCHEMA_MISMATCH));

    @BeforeAll
    static void open() throws SQLException {
        fixtures = Fixtures.unpackInto(folder);
        connection = DriverManager.getConnection("jdbc:lakeops:");
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    static Stream<Arguments> ranges() {
        return fixtures.names().stream()
                .flatMap(name -> fixtures.expected(name).get("tableChanges") instanceof Map<?, ?> ranges
                        ? ranges.keySet().stream().map(range -> Arguments.of(name, String.valueOf(range)))
                        : Stream.of());
    }

    @ParameterizedTest(name = "{0} from {1}")
    @MethodSource("ranges")
    void changes_are_read_as_spark_reads_them(String name, String range) throws SQLException {
        Object expected = object(fixtures.expected(name).get("tableChanges")).get(range);
        String sql = "SELECT * EXCLUDE (_commit_timestamp) FROM table_changes(" + path(name) + ", "
                + range.replace("..", ", ") + ")";
        if (expected instanceof Map<?, ?> refused) {
            assertThat(refused.get("errorClass")).isEqualTo("DELTA_MISSING_CHANGE_DATA");
            String version = range.substring(0, range.indexOf('.'));
            assertThatThrownBy(() -> rows(sql, Schema.of()))
                    .hasRootCauseInstanceOf(LakeException.class)
                    .hasMessageContaining(ErrorCode.CHANGES_NOT_RECORDED.name())
                    .hasMessageContaining("version " + version + " was not recorded");
            return;
        }
        List<Field> columns = new ArrayList<>(schema(name).fields());
        columns.add(Field.of(Relation.Changes.TYPE, Primitive.STRING));
        columns.add(Field.of(Relation.Changes.VERSION, Primitive.LONG));
        assertThat(rows(sql, new Schema(columns)))
                .isEqualTo(((List<?>) Objects.requireNonNull(expected))
                        .stream().map(String::valueOf).toList());
    }

    static Stream<Arguments> steps() {
        return fixtures.names().stream().flatMap(name -> {
            Map<String, @Nullable Object> versions =
                    object(fixtures.expected(name).get("versions"));
            return versions.keySet().stream()
                    .map(Long::parseLong)
                    .filter(v -> v > 0 && isReadable(versions, v) && isReadable(versions, v - 1))
                    .map(v -> Arguments.of(name, v));
        });
    }

    @ParameterizedTest(name = "{0} to version {1}")
    @MethodSource("steps")
    void the_changes_of_a_version_lead_from_the_one_before_to_it(String name, long version) throws SQLException {
        String changes = "table_changes(" + path(name) + ", " + version + ", " + version + ")";
        String only = "SELECT * EXCLUDE (_change_type, _commit_version, _commit_timestamp) FROM " + changes;
        String before = "SELECT * FROM delta_scan(" + path(name) + ", version = " + (version - 1)
                + ") UNION ALL BY NAME " + only + " WHERE _change_type IN ('insert', 'update_postimage')";
        String after = "SELECT * FROM delta_scan(" + path(name) + ", version = " + version + ") UNION ALL BY NAME "
                + only + " WHERE _change_type IN ('delete', 'update_preimage')";
        ErrorCode refused = REFUSED.getOrDefault(name, Map.of()).get(version);
        if (refused != null) {
            assertThatThrownBy(() -> count("SELECT count(*) FROM " + changes)).hasMessageStartingWith(refused + ": ");
            return;
        }
        if (OTHER_COLUMNS.getOrDefault(name, Set.of()).contains(version)) {
            assertThat(count("SELECT count(*) FROM " + changes)).isZero();
            return;
        }
        assertThat(count("SELECT count(*) FROM (SELECT * FROM (" + before + ") EXCEPT ALL SELECT * FROM (" + after
                        + "))"))
                .isZero();
        assertThat(count("SELECT count(*) FROM (" + before + ")"))
                .isEqualTo(count("SELECT count(*) FROM (" + after + ")"));
    }

    private static boolean isReadable(Map<String, @Nullable Object> versions, long version) {
        return versions.get(Long.toString(version)) instanceof Map<?, ?> one
                && Boolean.TRUE.equals(one.get("readable"));
    }

    private static String path(String name) {
        return SqlText.string(fixtures.table(name).toString());
    }

    private static Schema schema(String name) {
        TableLocation location = new TableLocation(fixtures.table(name));
        return new DeltaFormat()
                .open(TableId.of(location), location, Optional.empty(), LakeContext.standard())
                .snapshot(SnapshotSelector.latest())
                .schema();
    }

    private static long count(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static List<String> rows(String sql, Schema schema) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return SparkJson.rows(result, schema);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }
}
