package io.lakeops.testkit;

import static io.lakeops.testkit.TestTable.query;
import static io.lakeops.testkit.TestTable.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.change.ChangeResult.Outcome;
import io.lakeops.change.Delete;
import io.lakeops.change.Upsert;
import io.lakeops.engine.Expr;
import io.lakeops.error.ErrorCode;
import io.lakeops.table.DataFile;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Append, delete and upsert on every pair of format and engine. */
public interface ChangeContract extends OperationsSubject {
    // --- append

    @Test
    default void an_append_adds_its_rows_and_says_so_in_the_history(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            ChangeResult result = t.append("(1, 'a', 'd1'), (2, NULL, 'd1')");

            assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
            assertThat(result.version()).isEqualTo(1);
            assertThat(result.insertedRows()).isEqualTo(2);
            assertThat(result.filesAdded()).isEqualTo(t.files().size());
            assertThat(t.rows()).containsExactly("1|a|d1", "2|null|d1");
            assertThat(t.lastEntry().operation()).isEqualTo("WRITE");
            assertThat(t.lastEntry().operationParameters())
                    .containsEntry("mode", "Append")
                    .containsEntry("partitionBy", "[]");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numOutputRows", "2")
                    .containsEntry("numFiles", "1")
                    .containsEntry("numOutputBytes", Long.toString(result.bytesAdded()));
            assertThat(t.lastEntry().isBlindAppend()).hasValue(true);
        }
    }

    @Test
    default void an_append_of_no_rows_makes_no_version_and_leaves_no_file(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            ChangeResult result = Append.of(query("SELECT 1 AS id, 'a' AS name, 'd' AS day WHERE 1 = 2"))
                    .run(t.table(), t.session(), t.run());

            assertThat(result.outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
            assertThat(t.version()).isZero();
            assertThat(t.filesOnDisk()).isEmpty();
        }
    }

    @Test
    default void columns_are_matched_by_name_and_a_missing_one_is_null(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            Append.of(query("SELECT 'd1' AS day, 7 AS id")).run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("7|null|d1");
        }
    }

    @Test
    default void a_column_that_the_table_lacks_is_refused_or_added(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Append wider = Append.of(query("SELECT 2 AS id, 'b' AS name, 'd1' AS day, 'late' AS reason"));

            t.assertRefused(ErrorCode.SCHEMA_MISMATCH, () -> wider.run(t.table(), t.session(), t.run()));
            wider.withNewColumns().run(t.table(), t.session(), t.run());

            assertThat(t.latest().schema().names()).containsExactly("id", "name", "day", "reason");
            assertThat(t.rows()).containsExactly("1|a|d1|null", "2|b|d1|late");
            assertThat(t.rows(t.at(1))).containsExactly("1|a|d1");
        }
    }

    @Test
    default void a_null_in_a_required_column_is_refused_and_leaves_nothing(@TempDir Path folder) {
        Schema strict = Schema.of(
                TestTable.ORDERS.require("id").required(),
                TestTable.ORDERS.require("name"),
                TestTable.ORDERS.require("day"));
        try (TestTable t = TestTable.create(this, folder, TableSpec.of(strict))) {
            t.assertRefused(ErrorCode.CONSTRAINT_VIOLATED, () -> t.append("(1, 'a', 'd1'), (NULL, 'b', 'd1')"));
        }
    }

    @Test
    default void an_append_with_a_sequence_is_done_once(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            Append once = Append.of(values("(1, 'a', 'd1')")).withOnce(new Sequence("loader", 3));

            assertThat(once.run(t.table(), t.session(), t.run()).outcome()).isEqualTo(Outcome.COMMITTED);
            Set<String> files = t.filesOnDisk();
            ChangeResult again = once.run(t.reopened(), t.session(), t.run());

            assertThat(again.outcome()).isEqualTo(Outcome.ALREADY_DONE);
            assertThat(again.affectedRows()).isZero();
            assertThat(t.version()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("1|a|d1");
            assertThat(t.filesOnDisk()).isEqualTo(files);
        }
    }

    @Test
    default void partition_values_with_odd_characters_are_written_read_deleted_and_put_in(@TempDir Path folder) {
        String odd =
                "('a/b'), ('a=b'), ('50 %'), ('%2F'), ('\u00e4 \u00f6'), ('it''s \"q\"'), ('a:b?c*d#e&f'), (' '), (NULL)";
        try (TestTable t = TestTable.byDay(this, folder)) {
            Append.of(query("SELECT 1 AS id, 'x' AS name, day FROM (VALUES " + odd + ") AS v(day)"))
                    .run(t.table(), t.session(), t.run());
            assertThat(t.files()).hasSize(9);
            List<String> all = t.rows();
            assertThat(all)
                    .containsExactlyInAnyOrder(
                            "1|x|a/b",
                            "1|x|a=b",
                            "1|x|50 %",
                            "1|x|%2F",
                            "1|x|\u00e4 \u00f6",
                            "1|x|it's \"q\"",
                            "1|x|a:b?c*d#e&f",
                            "1|x| ",
                            "1|x|null");

            assertThat(Delete.where(new Expr(
                                    "day = '50 %'",
                                    "common", Predicate.compare("day", Predicate.Operator.EQUAL, "50 %")))
                            .run(t.table(), t.session(), t.run())
                            .deletedRows())
                    .isEqualTo(1);
            assertThat(Upsert.of(values("(1, 'y', 'a/b')"), "id", "day")
                            .run(t.table(), t.session(), t.run())
                            .updatedRows())
                    .isEqualTo(1);

            assertThat(t.rows()).hasSize(8).contains("1|y|a/b", "1|x|null").doesNotContain("1|x|50 %");
            t.files().forEach(f -> assertThat(f.location()).exists());
        }
    }

    // --- delete

    @Test
    default void a_delete_keeps_rows_for_which_the_condition_is_null_and_touches_no_other_file(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, NULL, 'd1'), (3, 'c', 'd1')");
            DataFile untouched = t.appendFile("(4, 'z', 'd2')");
            t.append("(5, 'a', 'd3'), (6, 'a', 'd3')");

            ChangeResult result = Delete.where(Expr.of("name = 'a'")).run(t.table(), t.session(), t.run());

            assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
            assertThat(result.deletedRows()).isEqualTo(3);
            assertThat(result.filesRemoved()).isEqualTo(2);
            assertThat(result.filesAdded()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("2|null|d1", "3|c|d1", "4|z|d2");
            assertThat(t.paths()).contains(untouched.path());
            assertThat(t.lastEntry().operation()).isEqualTo("DELETE");
            assertThat(t.lastEntry().operationParameters()).containsEntry("predicate", "[\"(name = 'a')\"]");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numDeletedRows", "3")
                    .containsEntry("numCopiedRows", "2")
                    .containsEntry("numRemovedFiles", "2")
                    .containsEntry("numAddedFiles", "1");
            assertThat(t.lastEntry().isBlindAppend()).hasValue(false);
        }
    }

    @Test
    default void a_delete_that_concerns_no_row_makes_no_version(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");

            ChangeResult result = Delete.where(Expr.of("id > 100")).run(t.table(), t.session(), t.run());

            assertThat(result.outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
            assertThat(result.version()).isEqualTo(1);
            assertThat(t.version()).isEqualTo(1);
        }
    }

    @Test
    default void a_delete_without_a_condition_empties_the_table_without_writing(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd2')");
            Set<String> files = t.filesOnDisk();

            ChangeResult result = Delete.all().run(t.table(), t.session(), t.run());

            assertThat(result.deletedRows()).isEqualTo(2);
            assertThat(result.filesRemoved()).isEqualTo(2);
            assertThat(t.rows()).isEmpty();
            assertThat(t.filesOnDisk()).isEqualTo(files);
            assertThat(t.rows(t.at(1))).hasSize(2);
            assertThat(t.lastEntry().operationParameters()).containsEntry("predicate", "[]");
            assertThat(Delete.all().run(t.table(), t.session(), t.run()).outcome())
                    .isEqualTo(Outcome.NOTHING_TO_DO);
        }
    }

    @Test
    default void a_delete_by_partition_reads_no_other_partition(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd2')");
            Expr day = new Expr("day = 'd1'", "common", Predicate.compare("day", Predicate.Operator.EQUAL, "d1"));
            // The other partition's file is gone: who reads it fails.
            DataFile other = t.files().stream()
                    .filter(f -> f.partitionValues().equals(Map.of("day", "d2")))
                    .findFirst()
                    .orElseThrow();
            assertThat(other.location().toFile().delete()).isTrue();

            assertThat(Delete.where(day).run(t.table(), t.session(), t.run()).deletedRows())
                    .isEqualTo(1);

            assertThat(t.paths()).containsExactly(other.path());
        }
    }

    // --- upsert

    @Test
    default void an_upsert_updates_inserts_and_deletes_by_key(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd1')");
            DataFile far = t.appendFile("(100, 'far', 'd2')");

            ChangeResult result = Upsert.of(
                            values("(2, 'B', 'd1'), (3, 'gone', 'd1'), (4, 'new', 'd1'), (5, 'gone', 'd1')"), "id")
                    .withDeleteWhen(Expr.of("name = 'gone'"))
                    .run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("100|far|d2", "1|a|d1", "2|B|d1", "4|new|d1");
            assertThat(result.insertedRows()).isEqualTo(1);
            assertThat(result.updatedRows()).isEqualTo(1);
            assertThat(result.deletedRows()).isEqualTo(1);
            assertThat(result.affectedRows()).isEqualTo(3);
            assertThat(result.filesRemoved()).isEqualTo(1);
            assertThat(t.paths()).contains(far.path());
            assertThat(t.lastEntry().operation()).isEqualTo("MERGE");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numSourceRows", "4")
                    .containsEntry("numTargetRowsInserted", "1")
                    .containsEntry("numTargetRowsUpdated", "1")
                    .containsEntry("numTargetRowsDeleted", "1")
                    .containsEntry("numTargetRowsCopied", "1")
                    .containsEntry("numTargetFilesRemoved", "1");
            assertThat(t.lastEntry().operationParameters())
                    .containsEntry("predicate", "[\"(target.id = source.id)\"]")
                    .containsEntry("notMatchedBySourcePredicates", "[]");
        }
    }

    @Test
    default void an_upsert_into_an_empty_table_inserts(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            ChangeResult result =
                    Upsert.of(values("(1, 'a', 'd1'), (2, 'b', 'd2')"), "id").run(t.table(), t.session(), t.run());

            assertThat(result.insertedRows()).isEqualTo(2);
            assertThat(result.updatedRows()).isZero();
            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d2");
        }
    }

    @Test
    default void an_upsert_moves_a_row_to_another_partition(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");

            ChangeResult result = Upsert.of(values("(1, 'a', 'd9')"), "id").run(t.table(), t.session(), t.run());

            assertThat(result.updatedRows()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("1|a|d9", "2|b|d1");
        }
    }

    @Test
    default void two_source_rows_of_one_key_are_ambiguous(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");

            t.assertRefused(
                    ErrorCode.AMBIGUOUS_MATCH,
                    () -> Upsert.of(values("(1, 'x', 'd1'), (1, 'y', 'd1')"), "id")
                            .run(t.table(), t.session(), t.run()));
        }
    }

    @Test
    default void keys_with_a_null_match_nothing_and_are_inserted(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (NULL, 'b', 'd1')");

            ChangeResult result = Upsert.of(values("(1, 'A', 'd1'), (NULL, 'c', 'd1'), (NULL, 'd', 'd1')"), "id")
                    .run(t.table(), t.session(), t.run());

            assertThat(result.updatedRows()).isEqualTo(1);
            assertThat(result.insertedRows()).isEqualTo(2);
            assertThat(t.rows()).containsExactly("1|A|d1", "null|b|d1", "null|c|d1", "null|d|d1");
        }
    }

    @Test
    default void an_upsert_of_several_rows_per_target_key_updates_each(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (1, 'b', 'd1'), (2, 'c', 'd1')");

            ChangeResult result = Upsert.of(values("(1, 'x', 'd2')"), "id").run(t.table(), t.session(), t.run());

            assertThat(result.updatedRows()).isEqualTo(2);
            assertThat(result.insertedRows()).isZero();
            assertThat(t.rows()).containsExactly("1|x|d2", "1|x|d2", "2|c|d1");
        }
    }

    @Test
    default void columns_that_the_source_lacks_keep_their_values(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");

            Upsert.of(query("SELECT id, day FROM (VALUES (1, 'd2'), (2, 'd2')) AS v(id, day)"), "id")
                    .run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("1|a|d2", "2|null|d2");
        }
    }

    @Test
    default void an_upsert_can_bring_a_new_column(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            Upsert wider = Upsert.of(
                    query("SELECT id, name, day, reason FROM (VALUES (2, 'B', 'd1', 'late'), (3, 'c', 'd1', NULL))"
                            + " AS v(id, name, day, reason)"),
                    "id");

            t.assertRefused(ErrorCode.SCHEMA_MISMATCH, () -> wider.run(t.table(), t.session(), t.run()));
            wider.withNewColumns().run(t.table(), t.session(), t.run());

            assertThat(t.latest().schema().names()).containsExactly("id", "name", "day", "reason");
            assertThat(t.rows()).containsExactly("1|a|d1|null", "2|B|d1|late", "3|c|d1|null");
        }
    }

    @Test
    default void an_upsert_with_a_sequence_is_done_once(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            Upsert once = Upsert.of(values("(1, 'a', 'd1')"), "id").withOnce(new Sequence("cdc", 9));

            assertThat(once.run(t.table(), t.session(), t.run()).outcome()).isEqualTo(Outcome.COMMITTED);
            assertThat(once.run(t.table(), t.session(), t.run()).outcome()).isEqualTo(Outcome.ALREADY_DONE);

            assertThat(t.version()).isEqualTo(1);
        }
    }

    @Test
    default void an_upsert_of_nothing_makes_no_version(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");

            ChangeResult result = Upsert.of(query("SELECT 1 AS id, 'a' AS name, 'd' AS day WHERE 1 = 2"), "id")
                    .run(t.table(), t.session(), t.run());

            assertThat(result.outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
            assertThat(t.version()).isEqualTo(1);
        }
    }

    @Test
    default void a_key_must_be_a_column_of_both(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.assertRefused(
                    ErrorCode.COLUMN_NOT_FOUND,
                    () -> Upsert.of(values("(1, 'a', 'd1')"), "order_id").run(t.table(), t.session(), t.run()));
        }
    }
}
