package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.ChangeResult;
import io.lakeops.change.Delete;
import io.lakeops.change.Merge;
import io.lakeops.change.Overwrite;
import io.lakeops.change.Update;
import io.lakeops.change.Upsert;
import io.lakeops.context.Cancellation;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.Schema;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes of rows record on tables with a change data feed: all of it, and nothing where no row is told apart. */
public interface ChangeDataContract extends OperationsSubject {
    private TestTable recorded(Path folder, boolean vectors, Map<String, String> more, String... partitions) {
        Map<String, String> properties = new HashMap<>(more);
        properties.put("delta.enableChangeDataFeed", "true");
        properties.put("delta.enableDeletionVectors", Boolean.toString(vectors));
        return TestTable.create(
                this,
                folder,
                new TableSpec(TestTable.ORDERS, List.of(partitions), List.of(), properties, Optional.empty()));
    }

    /** The change data of the newest version as {@code delete 1|a|d1}, sorted. */
    private static List<String> recorded(TestTable t) {
        List<String> rows = new ArrayList<>();
        try (Stream<TableCommit> commits = t.reopened().commits(t.version(), t.version())) {
            for (FileChange change : commits.toList().get(0).changes()) {
                if (change instanceof FileChange.ChangeFile file) {
                    assertThat(file.path()).startsWith("_change_data/");
                    rows.addAll(rows(t, file));
                }
            }
        }
        return rows.stream().sorted().toList();
    }

    private static List<String> rows(TestTable t, FileChange.ChangeFile file) {
        List<Field> fields = new ArrayList<>(t.latest().schema().fields());
        fields.removeIf(f -> file.partitionValues().containsKey(f.name()));
        fields.add(Field.of("_change_type", DataType.Primitive.STRING));
        Relation stored = new Relation.ParquetFiles(List.of(t.root().resolve(file.path())), new Schema(fields));
        return t.session().rows(stored, 1_000, new Cancellation()).rows().stream()
                .map(row -> row.get(row.size() - 1) + " " + row.get(0) + "|" + row.get(1) + "|"
                        + (file.partitionValues().isEmpty()
                                ? row.get(2)
                                : file.partitionValues().get("day")))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void a_delete_records_every_row_those_of_whole_files_too(boolean vectors, @TempDir Path folder) {
        try (TestTable t = recorded(folder, vectors, Map.of(), "day")) {
            t.append("(1, 'a', 'd1'), (2, NULL, 'd1'), (3, 'a', NULL), (4, 'a', '50 %'), (5, 'b', '50 %')");
            assertThat(recorded(t)).isEmpty();

            Delete.where(Expr.of("name = 'a'")).run(t.table(), t.session(), t.run());

            assertThat(recorded(t)).containsExactly("delete 1|a|d1", "delete 3|a|null", "delete 4|a|50 %");
            assertThat(t.rows()).containsExactly("2|null|d1", "5|b|50 %");
            assertThat(t.lastEntry().operationMetrics()).containsEntry("numAddedChangeFiles", "3");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void a_delete_of_whole_files_is_told_by_the_files(boolean vectors, @TempDir Path folder) {
        try (TestTable t = recorded(folder, vectors, Map.of())) {
            t.append("(1, 'a', 'd1'), (2, 'a', 'd1')");
            t.append("(3, 'b', 'd1')");

            Delete.where(Expr.of("name = 'a'")).run(t.table(), t.session(), t.run());

            assertThat(recorded(t)).isEmpty();
            assertThat(t.lastEntry().operationMetrics()).containsEntry("numAddedChangeFiles", "0");
            Delete.all().run(t.table(), t.session(), t.run());
            assertThat(recorded(t)).isEmpty();
            assertThat(t.rows()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void an_update_records_a_row_before_and_after_as_it_was_written(boolean vectors, @TempDir Path folder) {
        try (TestTable t = recorded(folder, vectors, Map.of(), "day")) {
            t.append("(1, 'a', 'd1'), (2, NULL, 'd1'), (3, 'c', 'd2')");
            Update drawn = Update.where(
                    Expr.of("id <> 2"),
                    new Assignment("name", Expr.of("CAST(random() AS VARCHAR)")),
                    new Assignment("day", Expr.of("'moved'")));

            drawn.run(t.table(), t.session(), t.run());

            List<String> moved =
                    t.rows().stream().filter(row -> row.endsWith("|moved")).toList();
            assertThat(moved).hasSize(2);
            assertThat(recorded(t))
                    .containsExactlyInAnyOrder(
                            "update_preimage 1|a|d1",
                            "update_preimage 3|c|d2",
                            "update_postimage " + moved.get(0),
                            "update_postimage " + moved.get(1));
            assertThat(t.rows()).contains("2|null|d1").hasSize(3);
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numUpdatedRows", "2")
                    .containsEntry("numCopiedRows", vectors ? "0" : "1")
                    .containsEntry("numAddedChangeFiles", "3");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void an_overwrite_records_what_goes_and_what_comes(boolean vectors, @TempDir Path folder) {
        try (TestTable t = recorded(folder, vectors, Map.of(), "day")) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', NULL)");

            Overwrite.where(Expr.of("id = 1"), TestTable.values("(1, 'new', 'd7')"))
                    .run(t.table(), t.session(), t.run());

            assertThat(recorded(t)).containsExactly("delete 1|a|d1", "insert 1|new|d7");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numDeletedRows", "1")
                    .containsEntry("numCopiedRows", vectors ? "0" : "1")
                    .containsEntry("numAddedChangeFiles", "2");
            Overwrite.partitions(TestTable.values("(4, 'd', NULL)")).run(t.table(), t.session(), t.run());
            assertThat(recorded(t)).containsExactly("delete 3|c|null", "insert 4|d|null");
            assertThat(t.rows()).containsExactly("1|new|d7", "2|b|d1", "4|d|null");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void a_merge_records_all_that_it_does(boolean vectors, @TempDir Path folder) {
        try (TestTable t = recorded(folder, vectors, Map.of(), "day")) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1'), (4, 'd', 'd2'), (5, 'e', 'd2')");
            Merge merge = Merge.of(
                    TestTable.values("(1, 'put', 'd9'), (2, 'gone', 'd1'), (6, 'new', 'd1')"),
                    Expr.of("t.id = s.id"),
                    new Clause(When.MATCHED, Optional.of(Expr.of("s.name = 'gone'")), new MergeRequest.Delete()),
                    new Clause(When.MATCHED, Optional.empty(), new MergeRequest.SetAll()),
                    new Clause(When.NOT_MATCHED, Optional.empty(), new MergeRequest.InsertAll()),
                    new Clause(
                            When.NOT_MATCHED_BY_SOURCE,
                            Optional.of(Expr.of("t.id = 4")),
                            new MergeRequest.Set(
                                    List.of(new Assignment("name", Expr.of("CAST(random() AS VARCHAR)"))))));

            merge.run(t.table(), t.session(), t.run());

            String drawn = t.rows().stream()
                    .filter(row -> row.startsWith("4|"))
                    .findFirst()
                    .orElseThrow();
            assertThat(t.rows()).containsExactlyInAnyOrder("1|put|d9", "3|c|d1", drawn, "5|e|d2", "6|new|d1");
            assertThat(recorded(t))
                    .containsExactlyInAnyOrder(
                            "delete 2|b|d1",
                            "insert 6|new|d1",
                            "update_postimage 1|put|d9",
                            "update_postimage " + drawn,
                            "update_preimage 1|a|d1",
                            "update_preimage 4|d|d2");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numTargetChangeFilesAdded", "3")
                    .containsEntry("numTargetRowsCopied", vectors ? "0" : "2");

            Merge.of(
                            TestTable.values("(7, 'only', 'd1')"),
                            Expr.of("t.id = s.id"),
                            new Clause(When.MATCHED, Optional.empty(), new MergeRequest.SetAll()),
                            new Clause(When.NOT_MATCHED, Optional.empty(), new MergeRequest.InsertAll()))
                    .run(t.table(), t.session(), t.run());
            assertThat(t.rows()).contains("7|only|d1");
            assertThat(recorded(t)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void an_upsert_records_all_that_it_does(boolean vectors, @TempDir Path folder) {
        try (TestTable t = recorded(folder, vectors, Map.of(), "day")) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1'), (NULL, 'n', 'd1')");
            Upsert.of(
                            TestTable.query(
                                    "SELECT * FROM (VALUES (1, 'put', 'd9', 'u'), (2, 'x', 'd1', 'd'), (6, 'new', 'd1', 'u'),"
                                            + " (7, 'x', 'd1', 'd'), (NULL, 'm', 'd1', 'u')) AS v(id, name, day, op)"),
                            "id")
                    .withDeleteWhen(Expr.of("op = 'd'"))
                    .withControlColumn("op")
                    .run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactlyInAnyOrder("1|put|d9", "3|c|d1", "6|new|d1", "null|m|d1", "null|n|d1");
            assertThat(recorded(t))
                    .containsExactlyInAnyOrder(
                            "delete 2|b|d1",
                            "insert 6|new|d1",
                            "insert null|m|d1",
                            "update_postimage 1|put|d9",
                            "update_preimage 1|a|d1");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numTargetRowsCopied", vectors ? "0" : "2")
                    .containsEntry("numTargetRowsDeleted", "1")
                    .containsEntry("numTargetDeletionVectorsAdded", vectors ? "1" : "0");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void a_change_that_fails_leaves_no_change_data(boolean vectors, @TempDir Path folder) {
        try (TestTable t = recorded(folder, vectors, Map.of())) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            Set<String> before = t.everything();
            InterposedTable dying = new InterposedTable(t.table(), spec -> {
                assertThat(spec.changes()).anyMatch(FileChange.ChangeFile.class::isInstance);
                throw new IllegalStateException("the process dies here");
            });

            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> Update.where(Expr.of("id = 1"), new Assignment("name", Expr.of("'x'")))
                                    .run(dying, t.session(), t.run())))
                    .isInstanceOf(RuntimeException.class);

            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d1");
            t.assertRefused(
                    ErrorCode.SCHEMA_MISMATCH,
                    () -> Update.where(Expr.of("id = 1"), new Assignment("id", Expr.of("name")))
                            .run(t.table(), t.session(), t.run()));
            assertThat(t.version()).isEqualTo(1);
            assertThat(before).isSubsetOf(t.everything());
        }
    }

    @Test
    default void a_column_of_a_name_that_the_feed_needs_is_refused(@TempDir Path folder) {
        Schema own =
                Schema.of(Field.of("id", DataType.Primitive.LONG), Field.of("_Change_Type", DataType.Primitive.STRING));
        TableSpec spec = new TableSpec(
                own, List.of(), List.of(), Map.of("delta.enableChangeDataFeed", "true"), Optional.empty());
        try (TestTable t = TestTable.create(this, folder, spec)) {
            io.lakeops.change.Append.of(TestTable.query("SELECT i AS id, 'x' AS _change_type FROM range(3) AS r(i)"))
                    .run(t.table(), t.session(), t.run());

            t.assertRefused(
                    ErrorCode.SCHEMA_MISMATCH,
                    () -> Delete.where(Expr.of("id = 1")).run(t.table(), t.session(), t.run()));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    default void what_is_recorded_leads_from_each_version_to_the_next(long seed, @TempDir Path folder) {
        Random random = new Random(seed);
        String[] partitions = seed % 2 == 0 ? new String[] {"day"} : new String[0];
        try (TestTable t = recorded(folder, seed > 2, Map.of(), partitions)) {
            for (int i = 0; i < 3; i++) {
                t.append("(1, 'a', 'd1'), (1, 'a', 'd1'), (" + random.nextInt(9) + ", NULL, 'd2'), ("
                        + random.nextInt(9) + ", 'b', NULL)");
            }
            for (int step = 0; step < 6; step++) {
                List<String> expected = new ArrayList<>(t.rows());
                int id = random.nextInt(9);
                boolean deletes = random.nextBoolean();
                ChangeResult result = deletes
                        ? Delete.where(Expr.of("id = " + id)).run(t.table(), t.session(), t.run())
                        : Update.where(Expr.of("id <= " + id), new Assignment("id", Expr.of("id + 1")))
                                .run(t.table(), t.session(), t.run());
                if (result.outcome() != ChangeResult.Outcome.COMMITTED) {
                    continue;
                }
                List<String> changes = recorded(t);
                if (changes.isEmpty()) {
                    assertThat(result.filesAdded())
                            .as("seed %s step %s", seed, step)
                            .isZero();
                    continue;
                }
                for (String change : changes) {
                    String row = change.substring(change.indexOf(' ') + 1);
                    if (change.startsWith("delete") || change.startsWith("update_preimage")) {
                        assertThat(expected.remove(row))
                                .as("seed %s step %s: %s", seed, step, change)
                                .isTrue();
                    } else {
                        expected.add(row);
                    }
                }
                assertThat(t.rows()).as("seed %s step %s", seed, step).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }
}
