package io.lakeops.testkit;

import static io.lakeops.testkit.TestTable.query;
import static io.lakeops.testkit.TestTable.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Append;
import io.lakeops.change.Delete;
import io.lakeops.change.Update;
import io.lakeops.change.Upsert;
import io.lakeops.definition.AlterTable;
import io.lakeops.definition.ColumnPath;
import io.lakeops.definition.Edit;
import io.lakeops.definition.Edit.NewColumn;
import io.lakeops.definition.Position;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.error.ErrorCode;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the definition on every pair of format and engine. */
public interface DefinitionContract extends OperationsSubject {
    /** A table whose columns may get other names. */
    private TestTable mapped(Path folder) {
        return TestTable.create(
                this,
                folder,
                new TableSpec(
                        TestTable.ORDERS,
                        List.of("day"),
                        List.of(),
                        Map.of("delta.columnMapping.mode", "name"),
                        Optional.empty()));
    }

    private static AlterTable.Altered alter(TestTable t, Edit edit) {
        return AlterTable.of(edit).run(t.table(), t.session(), t.run());
    }

    @Test
    default void a_new_column_is_null_in_the_rows_that_are_there(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1')");
            alter(
                    t,
                    new Edit.AddColumns(List.of(new NewColumn(
                            ColumnPath.of("qty"),
                            Primitive.INTEGER,
                            true,
                            Optional.of("how many"),
                            new Position.After("id")))));
            Append.of(query("SELECT 2 AS id, 'b' AS name, 'd1' AS day, 7 AS qty"))
                    .run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("1|null|a|d1", "2|7|b|d1");
            assertThat(t.rows(t.at(1))).containsExactly("1|a|d1");
            assertThat(t.latest().schema().require("qty").metadata()).containsEntry("comment", "how many");
        }
    }

    @Test
    default void a_renamed_column_keeps_its_values(@TempDir Path folder) {
        try (TestTable t = mapped(folder)) {
            t.append("(1, 'a', 'd1'), (2, NULL, 'd2')");
            alter(t, new Edit.RenameColumn(ColumnPath.of("NAME"), "the name"));
            Append.of(query("SELECT 3 AS id, 'c' AS \"the name\", 'd1' AS day")).run(t.table(), t.session(), t.run());

            assertThat(t.latest().schema().names()).containsExactly("id", "the name", "day");
            assertThat(t.rows()).containsExactly("1|a|d1", "2|null|d2", "3|c|d1");
            assertThat(t.lastEntry().operation()).isEqualTo("WRITE");
            assertThat(t.history().get(2).operationParameters())
                    .containsEntry("oldColumnPath", "name")
                    .containsEntry("newColumnPath", "`the name`");
        }
    }

    @Test
    default void an_edit_that_changes_nothing_makes_no_version(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            AlterTable.Altered altered = alter(t, new Edit.ChangeNullability(ColumnPath.of("name"), true));
            assertThat(altered).isEqualTo(new AlterTable.Altered(0, false));
            assertThat(t.version()).isZero();
        }
    }

    @Test
    default void a_column_is_made_required_where_no_row_has_null_in_it(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, NULL, NULL)");
            for (String column : List.of("name", "day")) {
                t.assertRefused(
                        ErrorCode.CONSTRAINT_VIOLATED,
                        () -> alter(t, new Edit.ChangeNullability(ColumnPath.of(column), false)));
            }
            alter(t, new Edit.ChangeNullability(ColumnPath.of("id"), false));
            t.assertRefused(ErrorCode.CONSTRAINT_VIOLATED, () -> t.append("(NULL, 'a', 'd1')"));
        }
    }

    @Test
    default void a_row_that_comes_while_a_column_is_made_required_is_seen(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            AtomicInteger commits = new AtomicInteger();
            LakeTable late = new InterposedTable(t.table(), spec -> {
                if (commits.getAndIncrement() == 0) {
                    t.append("(2, NULL, 'd1')");
                }
            });

            TestTable.assertFails(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    () -> AlterTable.of(new Edit.ChangeNullability(ColumnPath.of("name"), false))
                            .run(late, t.session(), t.run()));
            assertThat(commits).hasValue(1);
            assertThat(t.latest().schema().require("name").nullable()).isTrue();
        }
    }

    @Test
    default void two_that_add_the_same_column_do_not_both_do_it(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            Edit add = new Edit.AddColumns(List.of(NewColumn.of(ColumnPath.of("qty"), Primitive.INTEGER)));
            AtomicInteger commits = new AtomicInteger();
            LakeTable late = new InterposedTable(t.table(), spec -> {
                if (commits.getAndIncrement() == 0) {
                    alter(t, add);
                }
            });

            TestTable.assertFails(
                    ErrorCode.SCHEMA_MISMATCH, () -> AlterTable.of(add).run(late, t.session(), t.run()));
            assertThat(t.version()).isEqualTo(1);
        }
    }

    @Test
    default void every_way_of_bringing_rows_is_held_to_a_constraint(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd2')");
            alter(t, new Edit.AddConstraint("Small", "id < 100 AND day IS NOT NULL"));

            t.assertRefused(ErrorCode.CONSTRAINT_VIOLATED, () -> t.append("(3, 'c', 'd1'), (100, 'd', 'd1')"));
            t.assertRefused(ErrorCode.CONSTRAINT_VIOLATED, () -> t.append("(NULL, 'd', 'd1')"));
            t.assertRefused(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    () -> Update.where(Expr.of("id = 1"), new Assignment("day", Expr.of("NULL")))
                            .run(t.table(), t.session(), t.run()));
            t.assertRefused(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    () -> Upsert.of(values("(1, 'x', 'd1'), (400, 'y', 'd1')"), "id")
                            .run(t.table(), t.session(), t.run()));
            Upsert.of(values("(1, 'x', 'd1'), (4, 'y', 'd1')"), "id").run(t.table(), t.session(), t.run());
            Delete.where(Expr.of("id = 2")).run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("1|x|d1", "4|y|d1");
            assertThat(t.history().get(2).operationParameters())
                    .containsEntry("name", "small")
                    .containsEntry("expr", "id < 100 AND day IS NOT NULL");
            alter(t, new Edit.DropConstraint("small", false));
            assertThat(t.lastEntry().operationParameters()).containsEntry("existed", "true");
            t.append("(900, 'z', NULL)");
        }
    }

    @Test
    default void a_row_that_comes_while_a_constraint_is_added_is_seen(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            AtomicInteger commits = new AtomicInteger();
            LakeTable late = new InterposedTable(t.table(), spec -> {
                if (commits.getAndIncrement() == 0) {
                    t.append("(-2, 'b', 'd1')");
                }
            });

            TestTable.assertFails(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    () -> AlterTable.of(new Edit.AddConstraint("positive", "id > 0"))
                            .run(late, t.session(), t.run()));
            assertThat(t.version()).isEqualTo(2);
        }
    }

    @Test
    default void an_append_that_was_planned_before_a_constraint_is_held_to_it(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            AtomicInteger commits = new AtomicInteger();
            LakeTable late = new InterposedTable(t.table(), spec -> {
                if (commits.getAndIncrement() == 0) {
                    alter(t, new Edit.AddConstraint("positive", "id > 0"));
                }
            });

            TestTable.assertFails(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    () -> Append.of(values("(-2, 'b', 'd1')")).run(late, t.session(), t.run()));
            assertThat(t.rows()).isEmpty();
            assertThat(t.filesOnDisk()).isEmpty();
        }
    }

    @Test
    default void what_is_generated_or_has_a_default_is_there_in_every_row_that_comes(@TempDir Path folder) {
        Schema schema = Schema.of(
                Field.of("id", Primitive.LONG),
                with(Field.of("name", Primitive.STRING), TableRules.DEFAULT, "'nobody'"),
                with(Field.of("next", Primitive.LONG), TableRules.GENERATION, "id + 1"));
        try (TestTable t = TestTable.create(this, folder, TableSpec.of(schema))) {
            Append.of(query("SELECT 1 AS id")).run(t.table(), t.session(), t.run());
            Append.of(query("SELECT 2 AS id, NULL AS name, 3 AS next")).run(t.table(), t.session(), t.run());
            t.assertRefused(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    () -> Append.of(query("SELECT 3 AS id, 5 AS next")).run(t.table(), t.session(), t.run()));
            Update.where(Expr.of("id = 2"), new Assignment("id", Expr.of("id * 10")))
                    .run(t.table(), t.session(), t.run());
            Upsert.of(query("SELECT unnest([1, 7]) AS id"), "id").run(t.table(), t.session(), t.run());

            assertThat(t.rows()).containsExactly("1|nobody|2", "20|null|21", "7|nobody|8");
        }
    }

    private static Field with(Field field, String key, String text) {
        return new Field(
                field.name(), field.type(), field.nullable(), field.physicalName(), field.fieldId(), Map.of(key, text));
    }
}
