package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Update;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.Expr;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.OperationsSubject;
import io.lakeops.testkit.TestTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Change data as Delta's log and its files have it. */
class ChangeDataOfDeltaTest implements OperationsSubject {
    private final DeltaFormat format = new DeltaFormat();
    private final DuckDbEngine engine = new DuckDbEngine();

    @Override
    public TableFormat format() {
        return format;
    }

    @Override
    public ComputeEngine engine() {
        return engine;
    }

    @ParameterizedTest
    @CsvSource({"name, true", "name, false", "id, true", "none, true"})
    void it_stands_by_partition_under_physical_names_and_is_no_data(
            String mapping, boolean vectors, @TempDir Path folder) throws Exception {
        TableSpec spec = new TableSpec(
                TestTable.ORDERS,
                List.of("day"),
                List.of(),
                Map.of(
                        "delta.enableChangeDataFeed",
                        "true",
                        "delta.columnMapping.mode",
                        mapping,
                        "delta.enableDeletionVectors",
                        Boolean.toString(vectors)),
                Optional.empty());
        try (TestTable t = TestTable.create(this, folder, spec)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1')");
            Update.where(Expr.of("id = 1"), new Assignment("name", Expr.of("'x'")))
                    .run(t.table(), t.session(), t.run());

            FileChange.ChangeFile recorded = changeFile(t);
            Field day = t.latest().schema().require("day");
            assertThat(recorded.path()).startsWith("_change_data/" + day.physicalName() + "=d1/");
            assertThat(recorded.partitionValues()).isEqualTo(Map.of("day", "d1"));
            assertThat(t.root().resolve(recorded.path())).hasSize(recorded.fileBytes());
            assertThat(t.session()
                            .rows(
                                    TestTable.query("SELECT \""
                                            + t.latest().schema().require("id").physicalName() + "\", \""
                                            + t.latest()
                                                    .schema()
                                                    .require("name")
                                                    .physicalName()
                                            + "\", _change_type FROM read_parquet('"
                                            + t.root().resolve(recorded.path())
                                            + "', hive_partitioning = false) ORDER BY ALL"),
                                    10,
                                    new io.lakeops.context.Cancellation())
                            .rows()
                            .toString())
                    .isEqualTo("[[1, a, update_preimage], [1, x, update_postimage]]");
            assertThat(Files.readAllLines(t.root().resolve("_delta_log/00000000000000000002.json")))
                    .filteredOn(line -> line.startsWith("{\"cdc\""))
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line)
                            .contains("\"dataChange\":false")
                            .contains("\"partitionValues\":{\"" + day.physicalName() + "\":\"d1\"}"));
        }
    }

    private static FileChange.ChangeFile changeFile(TestTable t) {
        try (Stream<TableCommit> commits = t.reopened().commits(2, 2)) {
            List<FileChange.ChangeFile> files = commits.toList().get(0).changes().stream()
                    .filter(FileChange.ChangeFile.class::isInstance)
                    .map(FileChange.ChangeFile.class::cast)
                    .toList();
            assertThat(files).hasSize(1);
            return files.get(0);
        }
    }
}
