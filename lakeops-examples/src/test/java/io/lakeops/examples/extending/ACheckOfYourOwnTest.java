package io.lakeops.examples.extending;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.check.Status;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.context.Run;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.quality.CheckResult;
import io.lakeops.quality.Checks;
import io.lakeops.quality.LakeTargets;
import io.lakeops.quality.RunOptions;
import io.lakeops.quality.Suite;
import io.lakeops.quality.SuiteResult;
import io.lakeops.quality.SuiteRunner;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.TableId;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ACheckOfYourOwnTest {
    @TempDir
    Path folder;

    @Test
    void it_runs_in_a_suite_on_a_delta_table_and_shows_the_rows_that_fail() {
        CheckResult result = check("('ann'), (' bob'), ('cleo '), (NULL)");

        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.verdict().tally().orElseThrow().rows()).isEqualTo(3);
        assertThat(result.verdict().tally().orElseThrow().failures()).isEqualTo(2);
        assertThat(result.failingRows())
                .extracting(row -> String.valueOf(row.values().get("name")))
                .containsExactlyInAnyOrder(" bob", "cleo ");
    }

    @Test
    void it_passes_where_every_row_does() {
        assertThat(check("('ann'), ('bob'), (NULL)").status()).isEqualTo(Status.PASS);
    }

    private CheckResult check(String rows) {
        LakeContext context = LakeContext.standard().withListener(LakeListener.silent());
        try (Lake lake = Lake.open(folder.resolve("lake"), context);
                Session session = lake.engine().open(new EngineOptions(128L << 20, 1, folder), context)) {
            Schema columns = Schema.of(Field.of("name", Primitive.STRING));
            LakeTable people = lake.create(new TableId("bronze", "people"), TableSpec.of(columns));
            Append.of(new Relation.Query(Expr.of("SELECT * FROM (VALUES " + rows + ") AS t(name)")))
                    .run(people, session, Run.of(context));

            Suite suite = Suite.named("people")
                    .on("bronze.people", Checks.of("com.example.trimmed", Map.of("column", "name")));
            SuiteResult result = SuiteRunner.of(session, context)
                    .run(suite, LakeTargets.of(lake), RunOptions.standard(), new Cancellation());
            return result.results().get(0);
        }
    }
}
