package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Upsert;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.context.Run;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.json.Json;
import io.lakeops.table.LakeTable;
import io.lakeops.table.RowIdColumns;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.testkit.Fixtures;
import io.lakeops.testkit.TestTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are written again keep their ids. */
class RowTrackingTest {
    private static final LakeContext CONTEXT = LakeContext.standard().withListener(LakeListener.silent());

    @TempDir
    Path folder;

    private Connection connection;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:lakeops:");
        session = new DuckDbEngine().open(EngineOptions.standard(), CONTEXT);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        session.close();
    }

    /** A row's id, and the version that brought it or last changed it. */
    private record Tracked(long id, long version) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", 'delta.enableDeletionVectors' = 'true'",
                ", 'delta.enableChangeDataFeed' = 'true'",
                ", 'delta.enableDeletionVectors' = 'true', 'delta.enableChangeDataFeed' = 'true'",
                ", 'delta.columnMapping.mode' = 'id'"
            })
    void through_every_rewrite_a_row_keeps_its_id_and_its_version_until_it_changes(String properties)
            throws SQLException {
        Path path = folder.resolve("t");
        String t = "delta.`" + path + "`";
        run("CREATE TABLE " + t + " (k BIGINT, v VARCHAR, p VARCHAR) PARTITIONED BY (p)"
                + " TBLPROPERTIES ('delta.enableRowTracking' = 'true'" + properties + ")");
        run("INSERT INTO " + t + " SELECT i, 'old', 'p' || mod(i, 2) FROM range(10) r(i)");
        run("INSERT INTO " + t + " SELECT i, 'old', 'p0' FROM range(10, 16) r(i)");
        Map<Long, Tracked> before = tracked(path);
        assertThat(before.values().stream().map(Tracked::id))
                .doesNotHaveDuplicates()
                .hasSize(16);

        before = after(path, before, "UPDATE " + t + " SET v = 'set' WHERE k IN (2, 11)", List.of(2L, 11L));
        before = after(path, before, "DELETE FROM " + t + " WHERE k IN (3, 4, 12)", List.of());
        before = after(
                path,
                before,
                "MERGE INTO " + t + " AS t USING (SELECT i AS k FROM range(5, 9) r(i) UNION ALL SELECT 100) AS s"
                        + " ON t.k = s.k WHEN MATCHED AND s.k = 5 THEN DELETE WHEN MATCHED AND s.k < 8 THEN UPDATE SET v = 'merged'"
                        + " WHEN NOT MATCHED THEN INSERT (k, v, p) VALUES (s.k, 'new', 'p1')",
                List.of(6L, 7L, 100L));
        before = after(path, before, "OPTIMIZE " + t, List.of());
        before = after(
                path, before, "INSERT INTO " + t + " REPLACE WHERE k = 13 SELECT 13, 'again', 'p0'", List.of(13L));
        before = after(path, before, "UPDATE " + t + " SET p = 'moved' WHERE k > 13", List.of(14L, 15L, 100L));
        before = after(path, before, "OPTIMIZE " + t, List.of());
        assertThat(before.keySet()).containsExactly(0L, 1L, 2L, 6L, 7L, 8L, 9L, 10L, 11L, 13L, 14L, 15L, 100L);
        assertThat(before.values().stream().map(Tracked::id)).doesNotHaveDuplicates();
    }

    /** Runs a statement: rows that it changes have its version, all others are as they were, and those known keep their ids. */
    private Map<Long, Tracked> after(Path path, Map<Long, Tracked> before, String sql, List<Long> changed)
            throws SQLException {
        run(sql);
        long version = table(path).versions().latest();
        Map<Long, Tracked> after = tracked(path);
        after.forEach((key, now) -> {
            Tracked was = before.get(key);
            if (changed.contains(key)) {
                assertThat(now.version()).as(sql + " on " + key).isEqualTo(version);
                boolean replaced = sql.contains("REPLACE WHERE");
                if (was != null && !replaced) {
                    assertThat(now.id()).as(sql + " on " + key).isEqualTo(was.id());
                }
            } else {
                assertThat(now).as(sql + " on " + key).isEqualTo(was);
            }
        });
        return after;
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void rows_put_in_by_key_keep_their_ids_and_their_numbers_and_new_ones_get_the_next(String vectors)
            throws SQLException {
        Path path = folder.resolve("keyed");
        run("CREATE TABLE delta.`" + path + "` (k BIGINT, v VARCHAR, nr BIGINT GENERATED ALWAYS AS IDENTITY)"
                + " TBLPROPERTIES ('delta.enableRowTracking' = 'true', 'delta.enableDeletionVectors' = '" + vectors
                + "')");
        run("INSERT INTO delta.`" + path + "` (k, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        Map<Long, Tracked> before = tracked(path);

        Upsert.of(TestTable.query("SELECT 2 AS k, 'B' AS v UNION ALL SELECT 9, 'new'"), "k")
                .run(table(path), session, Run.of(CONTEXT));

        Map<Long, Tracked> after = tracked(path);
        assertThat(after.keySet()).containsExactly(1L, 2L, 3L, 9L);
        assertThat(after).containsEntry(1L, before.get(1L)).containsEntry(3L, before.get(3L));
        assertThat(Objects.requireNonNull(after.get(2L)))
                .isEqualTo(new Tracked(Objects.requireNonNull(before.get(2L)).id(), 2));
        Snapshot latest = table(path).snapshot(SnapshotSelector.latest());
        assertThat(session.rows(Relation.TableRows.all(latest), 9, new Cancellation())
                        .rows())
                .containsExactlyInAnyOrder(
                        List.of(1L, "a", 1L), List.of(2L, "B", 2L), List.of(3L, "c", 3L), List.of(9L, "new", 4L));
    }

    @Test
    void the_ids_in_a_table_of_sparks_are_those_that_spark_reads() throws IOException, SQLException {
        Path path = Fixtures.unpackOne("row_tracking", folder);
        Map<Long, Tracked> expected = new TreeMap<>();
        for (Object text : (List<?>) Objects.requireNonNull(
                Json.parseObject(Files.readString(path.resolveSibling("row_tracking.expected.json")))
                        .get("latestWithMetadata"))) {
            Map<String, ?> row = Json.parseObject(text.toString());
            expected.put(
                    (Long) Objects.requireNonNull(row.get("id")),
                    new Tracked((Long) Objects.requireNonNull(row.get("_row_id")), (Long)
                            Objects.requireNonNull(row.get("_row_commit_version"))));
        }
        assertThat(tracked(path)).isEqualTo(expected);

        String t = "delta.`" + path + "`";
        Map<Long, Tracked> before = after(path, expected, "UPDATE " + t + " SET qty = 1 WHERE id = 3", List.of(3L));
        after(path, before, "OPTIMIZE " + t, List.of());
    }

    @Test
    void rows_without_ids_in_their_files_are_rewritten_without() throws SQLException {
        Path path = folder.resolve("plain");
        String t = "delta.`" + path + "`";
        run("CREATE TABLE " + t + " (k BIGINT, v VARCHAR)");
        run("INSERT INTO " + t + " VALUES (1, 'a'), (2, 'b')");
        run("UPDATE " + t + " SET v = 'c' WHERE k = 1");
        Snapshot latest = table(path).snapshot(SnapshotSelector.latest());
        Rows columns = session.rows(
                new Relation.ParquetFiles(
                        latest.scan().files().stream().map(f -> f.location()).toList(), latest.schema()),
                10,
                new Cancellation());
        assertThat(columns.rows()).hasSize(2);
        assertThat(Relation.TableRows.moving(latest, latest.scan().files()).rowIds())
                .isEmpty();
    }

    private LakeTable table(Path path) {
        return new DeltaFormat().open(new TableId("bronze", "t"), new TableLocation(path), Optional.empty(), CONTEXT);
    }

    /** What the rows' first column names, with their ids. */
    private Map<Long, Tracked> tracked(Path path) {
        Snapshot latest = table(path).snapshot(SnapshotSelector.latest());
        RowIdColumns columns = RowIdColumns.of(latest.detail().properties()).orElseThrow();
        Rows rows = session.rows(Relation.TableRows.moving(latest, latest.scan().files()), 1_000, new Cancellation());
        Map<Long, Tracked> tracked = new TreeMap<>();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < rows.rows().size(); i++) {
            long id = number(rows.value(i, columns.id()));
            ids.add(id);
            tracked.put(number(rows.rows().get(i).get(0)), new Tracked(id, number(rows.value(i, columns.version()))));
        }
        assertThat(new HashSet<>(ids)).hasSize(ids.size());
        return tracked;
    }

    private static long number(@org.jspecify.annotations.Nullable Object value) {
        return ((Number) Objects.requireNonNull(value)).longValue();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
