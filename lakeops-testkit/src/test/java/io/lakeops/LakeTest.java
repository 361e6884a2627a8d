package io.lakeops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.MaintenanceAction;
import io.lakeops.provider.Provider;
import io.lakeops.provider.Providers;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.Schema;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.MemoryFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeTest {
    private static final TableSpec SPEC = TableSpec.of(Schema.of(Field.of("id", DataType.Primitive.LONG)));

    @TempDir
    private Path root;

    @Test
    void tables_stand_by_layer_format_and_name() throws IOException {
        try (Lake lake = lake(List.of(new MemoryFormat()), List.of())) {
            lake.create(new TableId("gold", "fct_sales"), SPEC);
            lake.create(new TableId("bronze", "orders"), SPEC);
            lake.create(new TableId("_ledger", "batches"), SPEC);
            Files.createDirectories(root.resolve("bronze").resolve("memory").resolve("no_table"));
            Files.writeString(root.resolve("bronze").resolve("notes.txt"), "no folder");

            assertThat(lake.tables())
                    .containsExactly(
                            new TableId("_ledger", "batches"),
                            new TableId("bronze", "orders"),
                            new TableId("gold", "fct_sales"));
            LakeTable orders = lake.table("bronze.orders");
            assertThat(orders.id()).hasToString("bronze.orders");
            assertThat(orders.location().root())
                    .isEqualTo(root.resolve("bronze").resolve("memory").resolve("orders"));
        }
    }

    @Test
    void a_table_opened_by_its_path_has_its_name_where_it_stands_in_the_lake() {
        MemoryFormat format = new MemoryFormat();
        try (Lake lake = lake(List.of(format), List.of())) {
            lake.create(new TableId("bronze", "orders"), SPEC);
            TableLocation elsewhere = new TableLocation(root.resolveSibling("elsewhere"));
            format.create(TableId.of(elsewhere), elsewhere, SPEC, Optional.empty(), lake.context());

            assertThat(lake.open(new TableLocation(root.resolve("bronze/memory/orders")))
                            .id())
                    .isEqualTo(new TableId("bronze", "orders"));
            assertThat(lake.open(elsewhere).id()).hasToString("elsewhere");
        }
    }

    @Test
    void where_no_table_stands_the_place_is_named() {
        try (Lake lake = lake(List.of(new MemoryFormat()), List.of())) {
            assertFails(ErrorCode.TABLE_NOT_FOUND, "no table stands at '" + root, () -> lake.table("bronze.orders"));
            assertFails(
                    ErrorCode.TABLE_NOT_FOUND,
                    "no table stands at '",
                    () -> lake.open(new TableLocation(root.resolve("x"))));
            assertThat(lake.tables()).isEmpty();
        }
    }

    @Test
    void without_a_format_the_dependency_is_named() {
        try (Lake lake = lake(List.of(), List.of())) {
            String artifact = "io.lakeops:lakeops-delta";
            assertFails(ErrorCode.PROVIDER_MISSING, artifact, lake::tables);
            assertFails(ErrorCode.PROVIDER_MISSING, artifact, () -> lake.table("bronze.orders"));
            assertFails(ErrorCode.PROVIDER_MISSING, artifact, () -> lake.open(new TableLocation(root)));
            assertFails(ErrorCode.PROVIDER_MISSING, artifact, () -> lake.create(new TableId("a", "b"), SPEC));
        }
    }

    @Test
    void without_an_engine_the_dependency_is_named_and_tables_open_all_the_same() {
        try (Lake lake = lake(List.of(new MemoryFormat()), List.of())) {
            lake.create(new TableId("bronze", "orders"), SPEC);

            assertThat(lake.table("bronze.orders").versions().latest()).isZero();
            assertFails(ErrorCode.PROVIDER_MISSING, "io.lakeops:lakeops-duckdb", lake::engine);
        }
    }

    @Test
    void a_host_with_core_alone_gets_the_same_answer_from_the_service_loader() {
        try (Lake lake = Lake.open(root, LakeContext.standard())) {
            assertFails(ErrorCode.PROVIDER_MISSING, "io.lakeops:lakeops-delta", lake::tables);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "", ".orders", "bronze.", "bronze./etc/passwd", "bronze.../../x", "..x.y"})
    void what_is_no_name_is_refused(String name) {
        try (Lake lake = lake(List.of(new MemoryFormat()), List.of())) {
            assertThatThrownBy(() -> lake.table(name))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void two_formats_with_one_table_of_a_name_are_ambiguous() {
        try (Lake lake = lake(List.of(new Everywhere("a"), new Everywhere("b")), List.of())) {
            assertFails(ErrorCode.TABLE_NAME_AMBIGUOUS, "bronze.orders", () -> lake.table("bronze.orders"));
        }
    }

    @Test
    void the_log_reader_comes_from_the_engine_once_and_is_closed_with_the_lake() {
        Engine engine = new Engine();
        Everywhere format = new Everywhere("delta");
        Lake lake = lake(List.of(format), List.of(engine));
        assertThat(engine.opened).isZero();

        lake.open(new TableLocation(root));
        lake.open(new TableLocation(root));
        lake.close();
        lake.close();

        assertThat(engine.opened).isEqualTo(1);
        assertThat(engine.closed).isEqualTo(1);
        assertThat(format.logs).hasSize(2).allMatch(Optional::isPresent);
        assertFails(ErrorCode.INVALID_ARGUMENT, "closed", () -> lake.open(new TableLocation(root)));
    }

    @Test
    void the_actions_of_core_are_found_by_name() {
        Providers<MaintenanceAction> actions =
                Providers.load(MaintenanceAction.class, ServiceLoader.load(MaintenanceAction.class));

        assertThat(actions.all().stream().map(Provider::name)).contains("checkpoint", "optimize", "vacuum");
    }

    private Lake lake(List<TableFormat> formats, List<ComputeEngine> engines) {
        return Lake.open(
                root,
                Providers.of(TableFormat.class, formats),
                Providers.of(ComputeEngine.class, engines),
                LakeContext.standard());
    }

    private static void assertFails(ErrorCode code, String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    /** A format that recognizes every place, and keeps what it was given. */
    private static final class Everywhere implements TableFormat {
        private final String name;
        private final List<Optional<LogParquet>> logs = new ArrayList<>();
        private final MemoryFormat memory = new MemoryFormat();

        Everywhere(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean recognizes(TableLocation location) {
            return true;
        }

        @Override
        public LakeTable open(TableId id, TableLocation location, Optional<LogParquet> log, LakeContext context) {
            logs.add(log);
            return memory.recognizes(location)
                    ? memory.open(id, location, log, context)
                    : memory.create(id, location, SPEC, log, context);
        }

        @Override
        public LakeTable create(
                TableId id, TableLocation location, TableSpec spec, Optional<LogParquet> log, LakeContext context) {
            return memory.create(id, location, spec, log, context);
        }
    }

    /** An engine that counts its readers. */
    private static final class Engine implements ComputeEngine {
        private int opened;
        private int closed;

        @Override
        public String name() {
            return "duckdb";
        }

        @Override
        public Session open(EngineOptions options, LakeContext context) {
            throw new AssertionError("no session is needed");
        }

        @Override
        public LogReader logReader() {
            opened++;
            return new LogReader() {
                @Override
                public RowIterator read(Path file, List<Field> schema) {
                    throw new AssertionError("no file is read");
                }

                @Override
                public void write(Path file, List<Field> schema, Iterator<@Nullable Object[]> rows) {
                    throw new AssertionError("no file is written");
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }
}
