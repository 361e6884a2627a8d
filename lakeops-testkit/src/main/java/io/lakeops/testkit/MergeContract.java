package io.lakeops.testkit;

import static io.lakeops.testkit.TestTable.query;
import static io.lakeops.testkit.TestTable.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.ChangeResult;
import io.lakeops.change.ChangeResult.Outcome;
import io.lakeops.change.Merge;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merges on every pair of format and engine. */
public interface MergeContract extends OperationsSubject {
    private static Clause matched(MergeRequest.Action action) {
        return new Clause(When.MATCHED, Optional.empty(), action);
    }

    private static Clause matched(String condition, MergeRequest.Action action) {
        return new Clause(When.MATCHED, Optional.of(Expr.of(condition)), action);
    }

    private static Clause insert() {
        return new Clause(When.NOT_MATCHED, Optional.empty(), new MergeRequest.InsertAll());
    }

    private static Clause bySource(String condition, MergeRequest.Action action) {
        return new Clause(When.NOT_MATCHED_BY_SOURCE, Optional.of(Expr.of(condition)), action);
    }

    private static MergeRequest.Set set(String column, String value) {
        return new MergeRequest.Set(List.of(new Assignment(column, Expr.of(value))));
    }

    /** What the merge says it looked for and looked into. */
    private static Reads.Matching reads(TestTable t, Merge merge) {
        List<CommitSpec> specs = new ArrayList<>();
        merge.run(new InterposedTable(t.table(), specs::add), t.session(), t.run());
        assertThat(specs).hasSize(1);
        return (Reads.Matching) specs.get(0).reads();
    }

    @Test
    default void every_kind_of_clause_acts_at_once_and_the_history_says_so(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', NULL), (NULL, 'n', 'd1')");
            t.append("(4, 'd', 'd2')");

            ChangeResult result = Merge.of(
                            values("(1, 'one', 'd1'), (2, 'gone', 'd1'), (7, 'seven', 'd9'), (NULL, 'null', NULL)"),
                            Expr.of("t.id = s.id"),
                            matched("s.name = 'gone'", new MergeRequest.Delete()),
                            matched(new MergeRequest.SetAll()),
                            insert(),
                            bySource("t.id = 4", set("name", "t.name || '!'")),
                            bySource("t.id IS NULL", new MergeRequest.Delete()))
                    .run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("1|one|d1", "3|c|null", "4|d!|d2", "7|seven|d9", "null|null|null");
            assertThat(List.of(result.updatedRows(), result.deletedRows(), result.insertedRows()))
                    .containsExactly(2L, 2L, 2L);
            assertThat(t.lastEntry().operation()).isEqualTo("MERGE");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numSourceRows", "4")
                    .containsEntry("numTargetRowsUpdated", "2")
                    .containsEntry("numTargetRowsDeleted", "2")
                    .containsEntry("numTargetRowsInserted", "2")
                    .containsEntry("numTargetRowsCopied", "0")
                    .containsEntry("numOutputRows", "4");
            assertThat(t.lastEntry().operationParameters()).containsEntry("predicate", "[\"(t.id = s.id)\"]");
        }
    }

    @Test
    default void files_that_no_source_row_can_match_are_not_looked_into(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            DataFile low = t.appendFile("(1, 'a', 'd1'), (9, 'b', 'd1')");
            DataFile high = t.appendFile("(100, 'c', 'd1'), (109, 'd', 'd1')");
            DataFile other = t.appendFile("(1, 'e', 'd2')");

            Merge byKey = Merge.of(
                    values("(5, 'x', 'd1'), (9, 'y', 'd1')"),
                    Expr.of("s.id = t.id"),
                    matched(new MergeRequest.SetAll()));
            assertThat(reads(t, byKey).files()).extracting(DataFile::path).containsExactly(low.path());

            Merge byPartition = Merge.of(
                    values("(100, 'x', 'd1'), (1, 'x', 'd1')"),
                    Expr.of("t.day = s.day AND t.id = s.id AND t.id >= 50"),
                    matched(new MergeRequest.SetAll()));
            assertThat(reads(t, byPartition).files()).extracting(DataFile::path).containsExactly(high.path());

            Merge byAnything = Merge.of(
                    values("(1, 'x', 'd2')"),
                    Expr.of("t.id = s.id OR t.name = 'never'"),
                    matched("t.day = 'd2'", new MergeRequest.SetAll()));
            assertThat(reads(t, byAnything).files())
                    .extracting(DataFile::path)
                    .contains(other.path())
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "t.id = s.id + 100 | 1",
                "t.id = CAST(s.label AS BIGINT) | 1",
                "t.id > s.id | 2",
                "s.id * 10 >= t.id | 1",
                "t.id = s.id AND s.label = '7' | 1",
                "t.id = s.id + CAST(random() * 0 AS BIGINT) | 2",
                "t.id <> s.id | 2",
                "t.id IS NOT DISTINCT FROM s.id | 2",
                "t.id = s.real | 2",
                "t.id = t.id AND s.id = s.id | 2",
            })
    default void what_can_be_told_of_a_condition_rules_files_out_and_nothing_else(
            String on, int files, @TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (7, 'b', 'd1')");
            t.append("(107, 'c', 'd1')");
            Relation source = query("SELECT 7 AS id, '7' AS label, 7e0 AS real, 1 AS more");
            List<CommitSpec> specs = new ArrayList<>();
            Merge merge = Merge.of(
                    source,
                    Expr.of(on),
                    matched(set("name", "'hit'")),
                    new Clause(
                            When.NOT_MATCHED,
                            Optional.empty(),
                            new MergeRequest.Insert(List.of(new Assignment("name", Expr.of("'new'"))))));
            merge.run(new InterposedTable(t.table(), specs::add), t.session(), t.run());
            assertThat(((Reads.Matching) specs.get(0).reads()).files()).hasSize(files);
        }
    }

    @Test
    default void a_row_that_no_source_row_matches_may_be_in_any_file(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            t.append("(100, 'b', 'd1')");
            Merge merge = Merge.of(
                    values("(1, 'x', 'd1')"),
                    Expr.of("t.id = s.id"),
                    matched(new MergeRequest.SetAll()),
                    bySource("true", new MergeRequest.Delete()));
            assertThat(reads(t, merge).files()).hasSize(2);
            assertThat(t.rows()).containsExactly("1|x|d1");
        }
    }

    @Test
    default void a_source_without_a_key_matches_nothing_and_reads_nothing(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (NULL, 'b', 'd1')");
            Merge merge = Merge.of(
                    values("(NULL, 'x', 'd1')"), Expr.of("t.id = s.id"), matched(new MergeRequest.Delete()), insert());
            assertThat(reads(t, merge).files()).isEmpty();
            assertThat(t.rows()).containsExactly("1|a|d1", "null|b|d1", "null|x|d1");
        }
    }

    @Test
    default void merges_of_keys_apart_from_each_other_both_land(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            t.append("(100, 'b', 'd1')");
            Expr on = Expr.of("t.id = s.id");
            List<String> rivals = new ArrayList<>(List.of("(100, 'theirs', 'd1'), (101, 'theirs', 'd1')"));
            LakeTable busy = new InterposedTable(t.table(), spec -> {
                if (!rivals.isEmpty()) {
                    Merge.of(values(rivals.remove(0)), on, matched(new MergeRequest.SetAll()), insert())
                            .run(t.table(), t.session(), t.run());
                }
            });

            Merge.of(values("(1, 'ours', 'd1'), (2, 'ours', 'd1')"), on, matched(new MergeRequest.SetAll()), insert())
                    .run(busy, t.session(), t.run());

            assertThat(t.rows()).containsExactly("100|theirs|d1", "101|theirs|d1", "1|ours|d1", "2|ours|d1");
            assertThat(t.lastEntry().readVersion()).hasValue(2);
        }
    }

    @Test
    default void merges_that_insert_one_key_do_not_insert_it_twice(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            Expr on = Expr.of("t.id = s.id");
            List<String> rivals = new ArrayList<>(List.of("(1, 'theirs', 'd1')"));
            LakeTable busy = new InterposedTable(t.table(), spec -> {
                if (!rivals.isEmpty()) {
                    Merge.of(values(rivals.remove(0)), on, insert()).run(t.table(), t.session(), t.run());
                }
            });
            Merge.of(values("(1, 'ours', 'd1')"), on, insert()).run(busy, t.session(), t.run());
            assertThat(t.rows()).containsExactly("1|theirs|d1");
        }
    }

    @Test
    default void two_source_rows_that_match_one_row_are_an_error_unless_nothing_depends_on_which(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            Relation twice = values("(1, 'x', 'd1'), (1, 'y', 'd1'), (3, 'z', 'd1')");
            Expr on = Expr.of("t.id = s.id");

            t.assertRefused(
                    ErrorCode.AMBIGUOUS_MATCH,
                    () -> Merge.of(twice, on, matched(new MergeRequest.SetAll()))
                            .run(t.table(), t.session(), t.run()));
            t.assertRefused(
                    ErrorCode.AMBIGUOUS_MATCH,
                    () -> Merge.of(twice, on, matched("s.name = 'x'", new MergeRequest.SetAll()))
                            .run(t.table(), t.session(), t.run()));
            t.assertRefused(
                    ErrorCode.AMBIGUOUS_MATCH,
                    () -> Merge.of(twice, on, insert(), bySource("false", new MergeRequest.Delete()))
                            .run(t.table(), t.session(), t.run()));
            assertThat(Merge.of(twice, on, insert())
                            .run(t.table(), t.session(), t.run())
                            .insertedRows())
                    .isEqualTo(1);
            assertThat(Merge.of(twice, on, matched(new MergeRequest.Delete()))
                            .run(t.table(), t.session(), t.run())
                            .deletedRows())
                    .isEqualTo(2);
            assertThat(t.rows()).containsExactly("2|b|d1");
        }
    }

    @Test
    default void new_columns_of_the_source_come_where_that_is_asked_for(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            Relation wider = query("SELECT * FROM (VALUES (1, 'why', 'd1', 0.5), (3, 'new', 'd2', NULL)) AS"
                    + " v(id, reason, day, score)");
            Merge merge = Merge.of(wider, Expr.of("t.id = s.id"), matched(new MergeRequest.SetAll()), insert());

            t.assertRefused(ErrorCode.COLUMN_NOT_FOUND, () -> merge.run(t.table(), t.session(), t.run()));
            ChangeResult result = merge.withNewColumns().run(t.table(), t.session(), t.run());

            assertThat(result.version()).isEqualTo(2);
            assertThat(t.latest().schema().names()).containsExactly("id", "name", "day", "reason", "score");
            assertThat(t.rows()).containsExactly("1|a|d1|why|0.5", "2|b|d1|null|null", "3|null|d2|new|null");
            assertThat(t.rows(t.at(1))).containsExactly("1|a|d1", "2|b|d1");
        }
    }

    @Test
    default void only_columns_that_a_clause_names_come(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Relation wider = query("SELECT 1 AS id, 'why' AS reason, 5 AS score");
            Expr on = Expr.of("t.id = s.id");
            Merge.of(wider, on, matched(set("REASON", "s.reason || '?'")))
                    .withNewColumns()
                    .run(t.table(), t.session(), t.run());
            assertThat(t.latest().schema().names()).containsExactly("id", "name", "day", "reason");
            assertThat(t.rows()).containsExactly("1|a|d1|why?");

            t.assertRefused(
                    ErrorCode.COLUMN_NOT_FOUND,
                    () -> Merge.of(wider, on, matched(set("nosuch", "1")))
                            .withNewColumns()
                            .run(t.table(), t.session(), t.run()));
        }
    }

    @Test
    default void a_merge_that_only_brings_a_column_makes_a_version(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            Merge merge = Merge.of(
                            query("SELECT 1 AS id, 'n' AS name, 'd' AS day, 2 AS more WHERE 1 = 2"),
                            Expr.of("t.id = s.id"),
                            insert())
                    .withNewColumns();
            assertThat(merge.run(t.table(), t.session(), t.run()).outcome()).isEqualTo(Outcome.COMMITTED);
            assertThat(t.latest().schema().names()).contains("more");
            assertThat(merge.run(t.table(), t.session(), t.run()).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
        }
    }

    @Test
    default void keys_of_every_type_find_their_rows(@TempDir Path folder) {
        Schema schema = Schema.of(
                Field.of("k", DataType.Primitive.DOUBLE),
                Field.of("t", DataType.Primitive.TIMESTAMP),
                Field.of("n", new DataType.Decimal(12, 3)),
                Field.of("s", DataType.Primitive.STRING),
                Field.of("hit", DataType.Primitive.BOOLEAN));
        try (TestTable t = TestTable.create(this, folder, TableSpec.of(schema))) {
            String columns = "AS v(k, t, n, s, hit)";
            String rows = "('NaN'::DOUBLE, TIMESTAMPTZ '2024-01-01 00:00:00.123456+00', 1.001, 'ä', false),"
                    + " (-0.0, TIMESTAMPTZ '0001-01-01 00:00:00+00', -5, '', false),"
                    + " ('infinity'::DOUBLE, NULL, 999999999.999, chr(128512), false)";
            String source = "SELECT * FROM (VALUES " + rows + ") " + columns;
            io.lakeops.change.Append.of(query(source)).run(t.table(), t.session(), t.run());
            for (String key : List.of("k", "t", "n", "s")) {
                ChangeResult result = Merge.of(
                                query(source), Expr.of("t." + key + " = s." + key), matched(set("hit", "true")))
                        .run(t.table(), t.session(), t.run());
                assertThat(result.updatedRows()).as(key).isEqualTo(key.equals("t") ? 2 : 3);
            }
        }
    }
}
