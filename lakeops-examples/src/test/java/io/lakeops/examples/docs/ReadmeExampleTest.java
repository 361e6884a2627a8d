package io.lakeops.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.Optimize;
import io.lakeops.recovery.Restore;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of README.md. */
class ReadmeExampleTest {
    @Test
    void the_program_of_the_readme_does_what_it_says(@TempDir Path folder) {
        program(folder);

        try (Lake lake = Lake.open(folder, LakeContext.standard())) {
            LakeTable orders = lake.table("bronze.orders");
            assertThat(orders.snapshot(SnapshotSelector.latest()).version()).isEqualTo(5);
            assertThat(orders.snapshot(SnapshotSelector.version(3)).scan().files())
                    .hasSize(3);
            assertThat(orders.snapshot(SnapshotSelector.version(4)).scan().files())
                    .hasSize(1);
            assertThat(orders.snapshot(SnapshotSelector.latest()).scan().files())
                    .hasSize(2);
        }
    }

    private static void program(Path folder) {
        LakeContext context = LakeContext.standard();
        Run run = Run.of(context);
        try (Lake lake = Lake.open(folder, context);
                Session session = lake.engine().open(EngineOptions.standard(), context)) {
            Schema columns = Schema.of(Field.of("id", Primitive.LONG), Field.of("day", Primitive.DATE));
            LakeTable orders = lake.create(new TableId("bronze", "orders"), TableSpec.of(columns, "day"));
            for (int i = 1; i <= 3; i++) {
                Expr rows = Expr.of("SELECT " + i + " AS id, DATE '2024-04-01' AS day");
                Append.of(new Relation.Query(rows)).run(orders, session, run);
            }

            Optimize optimize = new Optimize();
            MaintenancePlan plan = optimize.plan(orders, Optimize.Request.standard(), run);
            optimize.run(plan, orders, session, run); // three files become one: version 4
            Restore.toVersion(2).run(orders, run); // the table as two appends left it: version 5
        }
    }
}
