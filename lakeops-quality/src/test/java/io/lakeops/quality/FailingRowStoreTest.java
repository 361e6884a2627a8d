package io.lakeops.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.ChangeResult;
import io.lakeops.check.QualityTables;
import io.lakeops.context.Cancellation;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.json.Json;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableLocation;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailingRowStoreTest {
    private static final Suite SUITE =
            Suite.named("s").on("bronze.lines", Checks.atLeast("qty", 0), Checks.notNull("sku"), Checks.unique("id"));

    @TempDir
    Path folder;

    private QualityLab lab;
    private LakeTable lines;

    @BeforeEach
    void open() {
        lab = new QualityLab(folder, new DeltaFormat());
        lines = lab.table(
                "bronze.lines",
                Schema.of(
                        Field.of("id", Primitive.LONG),
                        Field.of("qty", Primitive.INTEGER),
                        Field.of("sku", Primitive.STRING)),
                "SELECT i AS id, i AS qty, 'sku' AS sku FROM range(1, 50) AS r(i)",
                "SELECT * FROM (VALUES (50, -1, 'it''s'), (51, -2, NULL), (52, -2, NULL), (52, -2, NULL)) AS t(id, qty, sku)");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private ChangeResult keep() {
        SuiteResult run =
                lab.run(SUITE, LakeTargets.of(lab.lake), RunOptions.standard().storingFailures());
        return FailingRowStore.of(lab.lake).keep(run, lab.session, lab.run());
    }

    private Rows kept() {
        LakeTable table = lab.lake.open(new TableLocation(folder.resolve(QualityTables.FAILING_ROWS_PATH)));
        return lab.session.rows(
                Relation.TableRows.all(table.snapshot(SnapshotSelector.latest())), 1000, new Cancellation());
    }

    @Test
    void each_failing_row_is_kept_for_each_check_with_version_and_file() {
        assertThat(keep().insertedRows()).isEqualTo(4 + 3 + 2);
        Rows rows = kept();
        Set<@Nullable Object> rowKeys = new HashSet<>();
        for (int i = 0; i < rows.rows().size(); i++) {
            rowKeys.add(rows.value(i, "row_key"));
            assertThat(rows.value(i, "table_version")).isEqualTo(2L);
            assertThat(Json.parseObject(String.valueOf(rows.value(i, "row_json"))))
                    .containsKeys("id", "qty", "sku");
            assertThat(rows.value(i, "file_path") != null)
                    .as("a row that a condition finds has its file")
                    .isEqualTo(!String.valueOf(rows.value(i, "check_type")).equals("unique"));
        }
        assertThat(rowKeys).as("a row has one key, whatever its reasons").hasSize(4);
    }

    @Test
    void running_again_does_not_double_them() {
        keep();
        ChangeResult again = keep();
        assertThat(again.insertedRows()).isZero();
        assertThat(again.outcome()).isEqualTo(ChangeResult.Outcome.NOTHING_TO_DO);
        assertThat(kept().rows()).hasSize(9);
    }

    @Test
    void a_new_version_has_failing_rows_of_its_own() {
        keep();
        lab.append(lines, "SELECT 60 AS id, -7 AS qty, 'x' AS sku");
        assertThat(keep().insertedRows()).isEqualTo(10);
    }

    @Test
    void no_failing_row_makes_no_table() {
        SuiteResult run = lab.run(Suite.named("s").on("bronze.lines", Checks.rowCountAtLeast(1)));
        FailingRowStore.of(lab.lake).keep(run, lab.session, lab.run());
        assertThat(folder.resolve(QualityTables.FAILING_ROWS_PATH)).doesNotExist();
    }
}
