package io.lakeops.testkit;

import static io.lakeops.testkit.TestTable.query;
import static io.lakeops.testkit.TestTable.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.change.ChangeResult;
import io.lakeops.change.ChangeResult.Outcome;
import io.lakeops.change.Overwrite;
import io.lakeops.change.Update;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Overwrites on every pair of format and engine. */
public interface OverwriteContract extends OperationsSubject {
    private static Expr day(String day) {
        return new Expr("day = '" + day + "'", "common", Predicate.compare("day", Predicate.Operator.EQUAL, day));
    }

    @Test
    default void an_overwrite_replaces_every_row_and_says_so_in_the_history(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, NULL, 'd1')");
            t.append("(3, 'c', 'd1')");
            long bytes = t.files().stream().mapToLong(DataFile::fileBytes).sum();

            ChangeResult result = Overwrite.all(values("(7, 'g', 'd9')")).run(t.table(), t.session(), t.run());

            assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
            assertThat(result.insertedRows()).isEqualTo(1);
            assertThat(result.deletedRows()).isEqualTo(3);
            assertThat(t.rows()).containsExactly("7|g|d9");
            assertThat(t.rows(t.at(2))).containsExactly("1|a|d1", "2|null|d1", "3|c|d1");
            assertThat(t.lastEntry().operation()).isEqualTo("WRITE");
            assertThat(t.lastEntry().operationParameters()).isEqualTo(Map.of("mode", "Overwrite", "partitionBy", "[]"));
            assertThat(t.lastEntry().operationMetrics())
                    .isEqualTo(Map.of(
                            "numFiles", "1",
                            "numOutputRows", "1",
                            "numOutputBytes", Long.toString(result.bytesAdded()),
                            "numRemovedFiles", "2",
                            "numRemovedBytes", Long.toString(bytes)));
            assertThat(t.lastEntry().isBlindAppend()).hasValue(false);
        }
    }

    @Test
    default void an_overwrite_by_no_rows_empties_the_table_once(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd2')");
            Overwrite nothing = Overwrite.all(query("SELECT 1 AS id WHERE 1 = 2"));

            assertThat(nothing.run(t.table(), t.session(), t.run()).deletedRows())
                    .isEqualTo(2);
            assertThat(t.rows()).isEmpty();
            assertThat(nothing.run(t.table(), t.session(), t.run()).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
            assertThat(t.version()).isEqualTo(2);
        }
    }

    @Test
    default void only_partitions_that_rows_fall_into_are_replaced(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd 1'), (2, 'b', 'a/b%'), (3, 'c', NULL), (4, 'd', 'D 1')");
            t.append("(5, 'e', 'a/b%')");
            String kept = t.files().stream()
                    .filter(f -> "D 1".equals(f.partitionValues().get("day")))
                    .map(DataFile::path)
                    .findFirst()
                    .orElseThrow();

            ChangeResult result = Overwrite.partitions(values("(8, 'x', 'a/b%'), (9, 'y', NULL), (10, 'z', 'new')"))
                    .run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("10|z|new", "1|a|d 1", "4|d|D 1", "8|x|a/b%", "9|y|null");
            assertThat(result.filesRemoved()).isEqualTo(3);
            assertThat(result.deletedRows()).isEqualTo(3);
            assertThat(t.paths()).contains(kept);
            assertThat(t.lastEntry().operationParameters())
                    .containsEntry("isDynamicPartitionOverwrite", "true")
                    .containsEntry("partitionBy", "[\"day\"]");
        }
    }

    @Test
    default void without_partitions_every_row_is_replaced(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Overwrite.partitions(values("(2, 'b', 'd2')")).run(t.table(), t.session(), t.run());
            assertThat(t.rows()).containsExactly("2|b|d2");
            assertThat(t.lastEntry().operationParameters()).doesNotContainKey("isDynamicPartitionOverwrite");
        }
    }

    @Test
    default void partitions_are_the_same_however_their_values_are_spelled(@TempDir Path folder) {
        Schema schema = Schema.of(
                Field.of("id", DataType.Primitive.LONG),
                Field.of("d", DataType.Primitive.DOUBLE),
                Field.of("n", new DataType.Decimal(10, 2)));
        try (TestTable t = TestTable.create(this, folder, TableSpec.of(schema, "d", "n"))) {
            Overwrite first = Overwrite.partitions(
                    query("SELECT * FROM (VALUES (1, 'NaN'::DOUBLE, 1), (2, 0.0, 1.00), (3, 1, 2.5)) AS v(id, d, n)"));
            first.run(t.table(), t.session(), t.run());
            Overwrite.partitions(query("SELECT * FROM (VALUES (4, 'NaN'::DOUBLE, 1.0), (5, -0.0, 1)) AS v(id, d, n)"))
                    .run(t.table(), t.session(), t.run());
            assertThat(t.rows()).hasSize(3);
            assertThat(t.rows())
                    .anyMatch(r -> r.startsWith("4|NaN"))
                    .anyMatch(r -> r.startsWith("5|"))
                    .anyMatch(r -> r.startsWith("3|1.0"));
        }
    }

    @Test
    default void rows_of_a_condition_are_replaced_by_whole_files_where_that_is_possible(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd2')");
            Set<String> second = t.paths();
            ChangeResult result = Overwrite.where(day("d1"), values("(7, 'g', 'd1'), (8, 'h', 'd1')"))
                    .run(t.table(), t.session(), t.run());

            assertThat(result.filesAdded()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("2|b|d2", "7|g|d1", "8|h|d1");
            assertThat(t.paths()).hasSize(2).containsAnyElementsOf(second);
            assertThat(t.lastEntry().operationParameters())
                    .containsEntry("mode", "Overwrite")
                    .containsEntry("predicate", "day = 'd1'");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numDeletedRows", "1")
                    .containsEntry("numCopiedRows", "0")
                    .containsEntry("numOutputRows", "2");
        }
    }

    @Test
    default void a_file_of_which_a_condition_takes_a_part_is_written_again(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (NULL, 'c', 'd1')");
            t.append("(9, 'z', 'd1')");

            ChangeResult result = Overwrite.where(Expr.of("id < 2"), values("(0, 'new', 'd1')"))
                    .run(t.table(), t.session(), t.run());

            assertThat(result.insertedRows()).isEqualTo(1);
            assertThat(result.deletedRows()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("0|new|d1", "2|b|d1", "9|z|d1", "null|c|d1");
            assertThat(t.lastEntry().operationMetrics())
                    .containsEntry("numCopiedRows", "2")
                    .containsEntry("numOutputRows", "3")
                    .containsEntry("numRemovedFiles", "1");
        }
    }

    @Test
    default void a_new_row_that_the_condition_does_not_accept_is_shown_and_nothing_is_changed(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1')");
            for (String wrong : List.of("(2, 'b', 'd1'), (3, 'wrong', 'd2')", "(3, 'wrong', NULL)")) {
                Overwrite refused = Overwrite.where(day("d1"), values(wrong));
                t.assertRefused(ErrorCode.CONSTRAINT_VIOLATED, () -> refused.run(t.table(), t.session(), t.run()));
                assertThatThrownBy(() -> refused.run(t.table(), t.session(), t.run()))
                        .isInstanceOf(LakeException.class)
                        .hasMessageContaining("day = 'd1'")
                        .hasMessageContaining("wrong");
            }
        }
    }

    @Test
    default void an_overwrite_brings_new_columns_where_that_is_asked_for(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            Overwrite wider = Overwrite.where(
                    Expr.of("id = 1"), query("SELECT 1 AS id, 'new' AS name, 'd1' AS day, 'why' AS reason"));

            t.assertRefused(ErrorCode.SCHEMA_MISMATCH, () -> wider.run(t.table(), t.session(), t.run()));
            wider.withNewColumns().run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("1|new|d1|why", "2|b|d1|null");
        }
    }

    @Test
    default void an_overwrite_with_a_sequence_is_done_once(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            Overwrite once = Overwrite.all(values("(1, 'a', 'd1')"))
                    .withOnce(new Sequence("job", 4))
                    .withUserMetadata("nightly");
            assertThat(once.run(t.table(), t.session(), t.run()).outcome()).isEqualTo(Outcome.COMMITTED);
            t.append("(2, 'b', 'd1')");
            assertThat(once.run(t.table(), t.session(), t.run()).outcome()).isEqualTo(Outcome.ALREADY_DONE);
            assertThat(t.rows()).containsExactly("1|a|d1", "2|b|d1");
            assertThat(t.history().get(1).userMetadata()).hasValue("nightly");
        }
    }

    @Test
    default void overwrites_of_different_partitions_both_land(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd2')");
            LakeTable busy = meeting(t, Overwrite.partitions(values("(12, 'theirs', 'd2')")));

            Overwrite.partitions(values("(11, 'ours', 'd1')")).run(busy, t.session(), t.run());

            assertThat(t.rows()).containsExactly("11|ours|d1", "12|theirs|d2");
            assertThat(t.lastEntry().readVersion()).hasValue(1);
        }
    }

    @Test
    default void of_overwrites_of_one_partition_the_last_one_stands_alone(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            // Where there was nothing to remove, only what was read tells that the two meet.
            LakeTable busy = meeting(t, Overwrite.partitions(values("(12, 'theirs', 'd1')")));

            ChangeResult result =
                    Overwrite.partitions(values("(11, 'ours', 'd1')")).run(busy, t.session(), t.run());

            assertThat(result.deletedRows()).isEqualTo(1);
            assertThat(t.rows()).containsExactly("11|ours|d1");
            assertThat(t.filesOnDisk()).hasSize(2);
        }
    }

    @Test
    default void an_overwrite_of_everything_takes_what_another_changed_meanwhile(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            LakeTable busy = meeting(t, Overwrite.where(Expr.of("id = 5"), values("(5, 'theirs', 'd1')")));

            Overwrite.all(values("(11, 'ours', 'd1')")).run(busy, t.session(), t.run());

            assertThat(t.rows()).containsExactly("11|ours|d1");
        }
    }

    @Test
    default void rows_that_were_read_from_the_table_itself_are_not_written_on_another_version(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            Overwrite derived =
                    Overwrite.all(Relation.TableRows.all(t.latest())).withReadAt(1);
            Update.where(Expr.of("id = 1"), new Assignment("name", Expr.of("'theirs'")))
                    .run(t.table(), t.session(), t.run());

            assertThatThrownBy(() -> derived.run(t.table(), t.session(), t.run().withCommitTimeout(Duration.ZERO)))
                    .isInstanceOf(CommitConflictException.class);
            assertThat(t.rows()).containsExactly("1|theirs|d1");
        }
    }

    /** A table on which another overwrite lands before the first commit. */
    private static LakeTable meeting(TestTable t, Overwrite rival) {
        List<Overwrite> once = new ArrayList<>(List.of(rival));
        return new InterposedTable(t.table(), spec -> {
            if (!once.isEmpty()) {
                once.remove(0).run(t.table(), t.session(), t.run());
            }
        });
    }
}
