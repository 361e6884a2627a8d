package io.lakeops.examples.extending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.change.Delete;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.context.Run;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.Optimize;
import io.lakeops.provider.Providers;
import io.lakeops.recovery.Restore;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.TableFormatContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ATableFormatOfYourOwnTest implements TableFormatContract {
    private static final Schema COLUMNS = Schema.of(Field.of("id", Primitive.LONG), Field.of("day", Primitive.STRING));

    @Override
    public TableFormat format() {
        return new JournalFormat();
    }

    @Override
    public boolean hasDeletionVectors() {
        return false;
    }

    @Test
    void it_is_found_by_its_name() {
        assertThat(Providers.load(TableFormat.class, ServiceLoader.load(TableFormat.class))
                        .require("journal"))
                .isInstanceOf(JournalFormat.class);
    }

    @Test
    void every_operation_works_on_it(@TempDir Path folder) {
        LakeContext context = LakeContext.standard().withListener(LakeListener.silent());
        Run run = Run.of(context);
        Providers<TableFormat> formats = Providers.of(TableFormat.class, List.of(new JournalFormat()));
        Providers<ComputeEngine> engines = Providers.of(ComputeEngine.class, List.of(new DuckDbEngine()));
        try (Lake lake = Lake.open(folder.resolve("lake"), formats, engines, context);
                Session session = lake.engine().open(new EngineOptions(128L << 20, 1, folder), context)) {
            LakeTable table = lake.create(new TableId("bronze", "visits"), TableSpec.of(COLUMNS, "day"));
            append(table, "(1, 'mon'), (2, 'tue')", session, run);
            append(table, "(3, 'mon'), (4, 'mon')", session, run);

            Delete.where(Expr.of("id = 3")).run(table, session, run);
            assertThat(rows(table)).isEqualTo(3);
            Optimize optimize = new Optimize();
            optimize.run(optimize.plan(table, Map.of(), run), table, session, run);
            assertThat(table.snapshot(SnapshotSelector.latest()).scan().files()).hasSize(2);
            Restore.toVersion(2).run(table, run);

            assertThat(rows(lake.table("bronze.visits"))).isEqualTo(4);
            assertThat(lake.root().resolve("bronze/journal/visits/_journal/00000000000000000005.json"))
                    .exists();
        }
    }

    @Test
    void a_journal_that_is_no_journal_is_named(@TempDir Path folder) throws IOException {
        LakeContext context = LakeContext.standard().withListener(LakeListener.silent());
        Providers<TableFormat> formats = Providers.of(TableFormat.class, List.of(new JournalFormat()));
        try (Lake lake = Lake.open(folder, formats, Providers.of(ComputeEngine.class, List.of()), context)) {
            LakeTable table = lake.create(new TableId("bronze", "visits"), TableSpec.of(COLUMNS));
            Files.writeString(JournalTable.file(table.location(), 1), "{\"timestamp\":");

            assertThatThrownBy(table::versions)
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_CORRUPT));
        }
    }

    private static void append(LakeTable table, String values, Session session, Run run) {
        Append.of(new Relation.Query(Expr.of("SELECT * FROM (VALUES " + values + ") AS t(id, day)")))
                .run(table, session, run);
    }

    private static long rows(LakeTable table) {
        return table.snapshot(SnapshotSelector.latest()).scan().files().stream()
                .map(DataFile::liveRows)
                .mapToLong(rows -> rows.orElseThrow())
                .sum();
    }
}
