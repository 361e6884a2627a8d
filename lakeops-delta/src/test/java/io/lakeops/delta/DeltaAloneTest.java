package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.Lake;
import io.lakeops.context.LakeContext;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
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

/** A host with core and this one provider on its class path, as this module's tests are: no engine is there. */
class DeltaAloneTest {
    @TempDir
    private Path folder;

    @Test
    void tables_are_created_opened_and_listed_and_the_missing_engine_names_its_dependency() {
        TableId id = new TableId("bronze", "orders");
        try (Lake lake = Lake.open(folder, LakeContext.standard())) {
            lake.create(id, TableSpec.of(Schema.of(Field.of("id", Primitive.LONG))));

            LakeTable table = lake.table("bronze.orders");

            assertThat(lake.tables()).containsExactly(id);
            assertThat(table.versions().latest()).isZero();
            assertThat(table.commits(0, 0)).hasSize(1);
            assertThat(table.snapshot(SnapshotSelector.latest()).schema().names())
                    .containsExactly("id");
            assertThatThrownBy(lake::engine)
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROVIDER_MISSING))
                    .hasMessageContaining("add the Maven dependency io.lakeops:lakeops-duckdb");
        }
    }
}
