package io.lakeops.duckdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.change.ChangeFeed;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.LakeListener;
import io.lakeops.context.Run;
import io.lakeops.definition.AlterTable;
import io.lakeops.definition.ColumnPath;
import io.lakeops.definition.Edit;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.ingest.IngestPlan;
import io.lakeops.ingest.IngestResult;
import io.lakeops.ingest.Ingestion;
import io.lakeops.ingest.NewColumns;
import io.lakeops.ingest.PlannedFile;
import io.lakeops.ingest.Restated;
import io.lakeops.ingest.Source;
import io.lakeops.provider.Providers;
import io.lakeops.recovery.Restore;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.InterposedFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestionTest {
    private static final Instant ARRIVAL = Instant.parse("2024-04-02T02:00:00Z");
    private static final Instant NOW = Instant.parse("2024-04-05T00:00:00Z");
    private static final Source ORDERS = Source.of(
                    "orders",
                    new TableId("bronze", "orders"),
                    "orders/**.csv",
                    RawFormat.Csv.standard(),
                    Schema.of(
                            Field.of("order_id", Primitive.LONG),
                            Field.of("qty", Primitive.INTEGER),
                            Field.of("note", Primitive.STRING)))
            .requiring("order_id")
            .partitionedBy(
                    Field.of("order_dt", Primitive.DATE),
                    Expr.of("CAST(regexp_extract(src_filename, 'order_dt=([0-9-]+)', 1) AS DATE)"))
            .withEventDate("order_dt");

    @TempDir
    Path dir;

    /** Who made an ingestion plan anew: versions of the table or of the ledger. */
    private final List<Long> winners = new ArrayList<>();

    @Test
    void a_second_load_makes_no_new_version_of_anything() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,oops,y\n3,,\n");
        raw("orders/order_dt=2024-04-02/b.csv", "order_id,qty,note\n4,5,\n");
        IngestResult first = ingest(ORDERS);
        assertThat(first.loadedRows()).isEqualTo(3);
        assertThat(first.rejectedRows()).isEqualTo(1);
        List<Long> versions = versions();

        IngestResult second = ingest(ORDERS);

        assertThat(second.batches()).isEmpty();
        assertThat(second.sameFiles()).isEqualTo(2);
        assertThat(versions()).isEqualTo(versions);
        assertThat(ids()).containsExactly(1L, 3L, 4L);
    }

    @Test
    void a_plan_says_what_a_run_would_do_and_writes_nothing() throws IOException {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        IngestPlan plan = with(healthy(), (lake, ingestion) -> ingestion.plan(ORDERS, dir.resolve("raw")));
        assertThat(plan.toLoad()).hasSize(1);
        assertThat(Files.exists(dir.resolve("lake"))).isFalse();

        ingest(ORDERS);
        plan = with(healthy(), (lake, ingestion) -> ingestion.plan(ORDERS, dir.resolve("raw")));
        assertThat(plan.count(PlannedFile.State.SAME)).isEqualTo(1);
        assertThat(plan.toLoad()).isEmpty();
    }

    @Test
    void a_renamed_copy_and_a_touched_file_are_skipped_and_counted() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,3,y\n");
        ingest(ORDERS);
        raw("orders/order_dt=2024-04-01/copy.csv", "order_id,qty,note\n1,2,x\n2,3,y\n");
        touch("orders/order_dt=2024-04-01/a.csv", ARRIVAL.plusSeconds(60));

        IngestResult result = ingest(ORDERS);

        assertThat(result.copiedFiles()).isEqualTo(2);
        assertThat(result.skippedRows()).isEqualTo(4);
        assertThat(result.loadedRows()).isZero();
        assertThat(ids()).containsExactly(1L, 2L);
        List<Long> versions = versions();
        ingest(ORDERS);
        assertThat(versions()).isEqualTo(versions);
    }

    @Test
    void a_restated_file_replaces_what_it_brought_and_nothing_else() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,3,y\n");
        raw("orders/order_dt=2024-04-01/b.csv", "order_id,qty,note\n7,1,z\n");
        ingest(ORDERS);
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n2,30,y\n5,1,w\n");

        ingest(ORDERS);

        assertThat(ids()).containsExactly(2L, 5L, 7L);
        assertThat(query("SELECT qty FROM t WHERE order_id = 2")).isEqualTo(List.of(List.of(30)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_a_restated_file_replaces_is_masked_and_recorded_where_the_table_asks(boolean vectors) {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,3,y\n");
        raw("orders/order_dt=2024-04-01/b.csv", "order_id,qty,note\n7,1,z\n");
        ingest(ORDERS);
        alter(new Edit.SetProperties(Map.of(
                "delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", Boolean.toString(vectors))));
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note,more\n2,30,y,new\n5,1,w,new\n");

        ingest(ORDERS);

        assertThat(query("SELECT order_id, qty, more FROM t ORDER BY order_id"))
                .isEqualTo(
                        List.of(List.of(2L, 30, "new"), List.of(5L, 1, "new"), java.util.Arrays.asList(7L, 1, null)));
        long newest = versions().get(0);
        List<String> changes = with(healthy(), (lake, ingestion) -> {
            try (Session session = lake.engine().open(EngineOptions.standard(), lake.context())) {
                Run run = Run.of(lake.context());
                Relation told = ChangeFeed.between(newest, newest)
                        .plan(lake.table("bronze.orders"), lake.context())
                        .rows();
                Rows rows = session.rows(told, 100, run.cancellation());
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < rows.rows().size(); i++) {
                    texts.add(rows.value(i, "_change_type") + " " + rows.value(i, "order_id") + " "
                            + rows.value(i, "qty"));
                }
                return texts;
            }
        });
        assertThat(changes).containsExactlyInAnyOrder("delete 1 2", "delete 2 3", "insert 2 30", "insert 5 1");
        boolean masked = with(
                healthy(),
                (lake, ingestion) ->
                        lake.table("bronze.orders").snapshot(SnapshotSelector.latest()).scan().files().stream()
                                .anyMatch(f -> f.deletionVector().isPresent()));
        assertThat(masked).isEqualTo(vectors);
    }

    @Test
    void names_that_rotate_lose_no_row_and_a_reverted_file_is_loaded_again() throws IOException {
        raw("orders/order_dt=2024-04-01/today.csv", "order_id,qty,note\n1,2,x\n");
        ingest(ORDERS);
        Files.move(
                dir.resolve("raw/orders/order_dt=2024-04-01/today.csv"),
                dir.resolve("raw/orders/order_dt=2024-04-01/yesterday.csv"));
        raw("orders/order_dt=2024-04-01/today.csv", "order_id,qty,note\n2,2,x\n");
        touch("orders/order_dt=2024-04-01/today.csv", ARRIVAL.plusSeconds(9));
        ingest(ORDERS);
        assertThat(ids()).containsExactly(1L, 2L);

        raw("orders/order_dt=2024-04-01/today.csv", "order_id,qty,note\n3,2,x\n");
        ingest(ORDERS);
        raw("orders/order_dt=2024-04-01/today.csv", "order_id,qty,note\n2,2,x\n");
        touch("orders/order_dt=2024-04-01/today.csv", ARRIVAL.plusSeconds(99));
        ingest(ORDERS);
        assertThat(ids()).containsExactly(1L, 2L);
    }

    @Test
    void rejects_follow_the_rows_through_a_restore_and_a_restated_file() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        ingest(ORDERS);
        raw("orders/order_dt=2024-04-02/b.csv", "order_id,qty,note\n2,2,x\nbad,1,x\n");
        ingest(ORDERS);
        restore(versions().get(0) - 1);
        ingest(ORDERS);
        assertThat(ids()).containsExactly(1L, 2L);
        assertThat(rejects()).isEqualTo(1);

        raw("orders/order_dt=2024-04-02/b.csv", "order_id,qty,note\n2,2,x\n5,1,x\n");
        ingest(ORDERS);
        assertThat(rejects()).isZero();
    }

    @Test
    void the_policy_decides_what_a_restated_file_does() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        ingest(ORDERS);
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n9,2,x\n");

        assertThatThrownBy(() -> ingest(ORDERS.withRestated(Restated.STOP)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("order_dt=2024-04-01/a.csv");
        assertThat(ids()).containsExactly(1L);
        ingest(ORDERS.withRestated(Restated.SKIP));
        assertThat(ids()).containsExactly(1L);
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n10,2,x\n");
        ingest(ORDERS.withRestated(Restated.APPEND));
        assertThat(ids()).containsExactly(1L, 10L);
    }

    @Test
    void a_file_that_cant_be_read_fails_alone_and_is_named() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        raw("orders/order_dt=2024-04-01/empty.csv", "");
        rawBytes(
                "orders/order_dt=2024-04-01/latin.csv",
                "order_id,qty,note\n2,2,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        raw("orders/order_dt=2024-04-01/other.csv", "a,b\n1,2\n");

        IngestResult result = ingest(ORDERS);

        assertThat(ids()).containsExactly(1L);
        assertThat(result.failures())
                .extracting(IngestResult.Failure::code)
                .containsExactlyInAnyOrder(ErrorCode.SOURCE_EMPTY, ErrorCode.SOURCE_ENCODING, ErrorCode.SOURCE_COLUMNS);
        List<Long> versions = versions();
        assertThat(ingest(ORDERS).failures()).hasSize(3);
        assertThat(versions()).isEqualTo(versions);

        raw("orders/order_dt=2024-04-01/empty.csv", "order_id,qty,note\n6,2,x\n");
        assertThat(ingest(ORDERS).failures()).hasSize(2);
        assertThat(ids()).containsExactly(1L, 6L);
    }

    @Test
    void a_new_column_joins_the_table_or_fails_the_file_as_the_source_says() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        ingest(ORDERS);
        raw("orders/order_dt=2024-04-02/b.csv", "note,order_id,coupon\ny,2,SALE\n");
        assertThat(ingest(ORDERS.withNewColumns(NewColumns.FAIL)).failures()).hasSize(1);
        touch("orders/order_dt=2024-04-02/b.csv", ARRIVAL.plusSeconds(5));

        ingest(ORDERS);

        assertThat(query("SELECT order_id, qty, note, coupon FROM t ORDER BY order_id"))
                .isEqualTo(List.of(
                        java.util.Arrays.asList(1L, 2, "x", null), java.util.Arrays.asList(2L, null, "y", "SALE")));
    }

    @Test
    void a_new_column_gets_a_place_of_its_own_in_a_table_with_column_mapping() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        ingest(ORDERS);
        alter(new Edit.SetProperties(Map.of("delta.columnMapping.mode", "name")));
        alter(new Edit.RenameColumn(ColumnPath.of("note"), "remark"));
        raw("orders/order_dt=2024-04-02/b.csv", "note,order_id,coupon\ny,2,SALE\n");
        raw("orders/order_dt=2024-04-02/c.csv", "order_id,colour\n3,red\n");

        ingest(ORDERS);

        assertThat(query("SELECT order_id, remark, note, coupon, colour FROM t ORDER BY order_id"))
                .isEqualTo(List.of(
                        java.util.Arrays.asList(1L, "x", null, null, null),
                        java.util.Arrays.asList(2L, null, "y", "SALE", null),
                        java.util.Arrays.asList(3L, null, null, null, "red")));
    }

    @Test
    void a_table_that_is_redefined_beside_a_load_gets_the_rows_that_it_then_takes() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,oops,y\n3,9,z\n");
        ingest(ORDERS);
        List<Edit> edits = new ArrayList<>(List.of(
                new Edit.AddConstraint("few", "qty < 10"),
                new Edit.AddColumns(List.of(Edit.NewColumn.of(ColumnPath.of("added"), Primitive.DATE))),
                new Edit.SetProperties(Map.of("delta.columnMapping.mode", "name")),
                new Edit.RenameColumn(ColumnPath.of("added"), "renamed")));
        for (int n = 10; !edits.isEmpty(); n++) {
            int edit = edits.size();
            raw(
                    "orders/order_dt=2024-04-02/" + n + ".csv",
                    "order_id,qty,note,c" + n + "\n" + n + ",3,b,new\n" + (100 + n) + ",30,b,new\nno,4,b,new\n");
            Consumer<TableLocation> rival = location -> {
                if (location.root().endsWith("bronze/delta/orders") && edits.size() == edit) {
                    alter(edits.remove(0));
                }
            };
            with(interposed(rival, table -> {}), (lake, ingestion) -> ingestion.run(ORDERS, dir.resolve("raw")));
            assertThat(edits).hasSize(edit - 1);
        }

        assertThat(winners)
                .isNotEmpty()
                .allSatisfy(version -> assertThat(operation(version))
                        .isIn("ADD CONSTRAINT", "ADD COLUMNS", "SET TBLPROPERTIES", "RENAME COLUMN"));
        assertThat(ids()).containsExactly(1L, 3L, 10L, 11L, 12L, 13L);
        assertThat(rejects()).isEqualTo(1 + 4 * 2);
        assertThat(query("SELECT c10, c11, c12, c13 FROM t WHERE order_id > 9 ORDER BY order_id"))
                .isEqualTo(List.of(
                        java.util.Arrays.asList("new", null, null, null),
                        java.util.Arrays.asList(null, "new", null, null),
                        java.util.Arrays.asList(null, null, "new", null),
                        java.util.Arrays.asList(null, null, null, "new")));
        List<Long> versions = versions();
        assertThat(ingest(ORDERS).failures()).isEmpty();
        assertThat(versions()).isEqualTo(versions);
    }

    @Test
    void a_batch_that_died_before_a_constraint_came_is_held_to_it() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,oops,y\n3,30,z\n");
        // The sixth step is the data's commit: the rejects stand, the data doesn't.
        assertThat(dies(6, false)).isTrue();
        assertThat(rejects()).isEqualTo(1);
        alter(new Edit.AddConstraint("few", "qty < 10"));

        ingest(ORDERS);

        assertThat(ids()).containsExactly(1L);
        assertThat(rejects()).isEqualTo(2);
        List<Long> versions = versions();
        assertThat(ingest(ORDERS).loadedRows()).isZero();
        assertThat(versions()).isEqualTo(versions);
    }

    @Test
    void loaded_rows_are_numbered_and_beside_another_writer_none_twice() {
        LakeContext context = LakeContext.standard().withListener(LakeListener.silent());
        Schema schema = Schema.of(
                IdentityColumn.of("nr", 10, 10, false).field().required(),
                Field.of("order_id", Primitive.LONG),
                Field.of("qty", Primitive.INTEGER),
                Field.of("note", Primitive.STRING),
                Field.of("order_dt", Primitive.DATE),
                Field.of("ingestion_ts", Primitive.TIMESTAMP),
                Field.of("src_filename", Primitive.STRING),
                Field.of("src_row_hash", Primitive.STRING));
        healthy()
                .require("delta")
                .create(
                        new TableId("bronze", "orders"),
                        new TableLocation(dir.resolve("lake/bronze/delta/orders")),
                        TableSpec.of(schema, "order_dt"),
                        java.util.Optional.empty(),
                        context);
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,oops,y\n3,,\n");
        raw("orders/order_dt=2024-04-02/b.csv", "order_id,qty\n4,5\n5,6\n");
        ingest(ORDERS);
        assertThat(query("SELECT nr FROM t ORDER BY nr"))
                .isEqualTo(List.of(List.of(10L), List.of(20L), List.of(30L), List.of(40L)));
        assertThat(ids()).containsExactly(1L, 3L, 4L, 5L);

        raw("orders/order_dt=2024-04-03/c.csv", "order_id,qty,note\n6,2,x\n7,1,y\n");
        AtomicInteger rivals = new AtomicInteger(1);
        Consumer<TableLocation> rival = location -> {
            if (location.root().endsWith("bronze/delta/orders") && rivals.getAndDecrement() > 0) {
                with(healthy(), (lake, ingestion) -> {
                    try (Session session = lake.engine().open(EngineOptions.standard(), lake.context())) {
                        return Append.of(new Relation.Query(Expr.of("SELECT 99 AS order_id")))
                                .run(lake.table("bronze.orders"), session, Run.of(lake.context()));
                    }
                });
            }
        };
        with(interposed(rival, table -> {}), (lake, ingestion) -> ingestion.run(ORDERS, dir.resolve("raw")));

        assertThat(query("SELECT nr FROM t WHERE order_id = 99")).isEqualTo(List.of(List.of(50L)));
        assertThat(query("SELECT nr FROM t WHERE order_id IN (6, 7) ORDER BY nr"))
                .isEqualTo(List.of(List.of(60L), List.of(70L)));
        assertThat(ingest(ORDERS).loadedRows()).isZero();
    }

    @Test
    void rows_are_put_in_by_key_where_the_source_says_so() {
        Source returns = Source.of(
                        "returns",
                        new TableId("bronze", "orders"),
                        "returns/*.csv",
                        RawFormat.Csv.standard(),
                        Schema.of(
                                Field.of("op", Primitive.STRING),
                                Field.of("order_id", Primitive.LONG),
                                Field.of("qty", Primitive.INTEGER)))
                .requiring("order_id")
                .applied(new Source.Apply(List.of("order_id"), "op", Expr.of("op = 'delete'")));
        raw("returns/returns_001.csv", "op,order_id,qty\nupsert,1,1\nupsert,2,2\nupsert,bad,2\n");
        raw("returns/returns_002.csv", "op,order_id,qty,why\nupsert,2,20,late\ndelete,1,,\nupsert,3,3,new\n");

        IngestResult result = ingest(returns);

        assertThat(result.batches()).hasSize(2);
        assertThat(result.rejectedRows()).isEqualTo(1);
        assertThat(query("SELECT order_id, qty, why FROM t ORDER BY order_id"))
                .isEqualTo(List.of(List.of(2L, 20, "late"), List.of(3L, 3, "new")));
        List<Long> versions = versions();
        ingest(returns);
        assertThat(versions()).isEqualTo(versions);
    }

    @Test
    void late_rows_are_counted_and_land_in_their_day() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,1,x\n");
        touch("orders/order_dt=2024-04-01/a.csv", Instant.parse("2024-04-03T02:00:00Z"));
        raw("orders/order_dt=2024-04-01/b.csv", "order_id,qty,note\n3,2,x\n");

        IngestResult.Lateness lateness = ingest(ORDERS).batches().get(0).lateness();

        assertThat(lateness.rows()).isEqualTo(2);
        assertThat(lateness.days()).containsExactly("2024-04-01");
        assertThat(lateness.files()).containsExactly("orders/order_dt=2024-04-01/a.csv");
        assertThat(lateness.longest()).isEqualTo(java.time.Duration.ofHours(26));
        assertThat(query("SELECT DISTINCT order_dt::VARCHAR FROM t")).isEqualTo(List.of(List.of("2024-04-01")));
    }

    @Test
    void a_file_from_the_future_is_left_for_later_and_counted() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        touch("orders/order_dt=2024-04-01/a.csv", NOW.plusSeconds(1));

        IngestResult result = ingest(ORDERS);

        assertThat(result.notArrived()).isEqualTo(1);
        assertThat(result.loadedRows()).isZero();
    }

    @Test
    void a_restore_takes_the_ledger_back_and_its_undoing_forth() {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        ingest(ORDERS);
        raw("orders/order_dt=2024-04-02/b.csv", "order_id,qty,note\n2,2,x\n");
        ingest(ORDERS);
        long newest = versions().get(0);
        restore(newest - 1);
        assertThat(ids()).containsExactly(1L);

        restore(newest);
        assertThat(ingest(ORDERS).loadedRows()).isZero();
        assertThat(ids()).containsExactly(1L, 2L);

        restore(newest - 1);
        assertThat(ingest(ORDERS).loadedRows()).isEqualTo(1);
        assertThat(ids()).containsExactly(1L, 2L);
        assertThat(ingest(ORDERS).loadedRows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void a_restore_beside_a_run_takes_back_what_it_takes_and_no_more(int step) {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,oops,y\n");
        ingest(ORDERS);
        long empty = versions().get(0) - 1;
        raw("orders/order_dt=2024-04-02/b.csv", "order_id,qty,note\n3,2,x\n4,oops,y\n");
        AtomicInteger steps = new AtomicInteger();
        // The commits of a batch: its intent, its rejects, its rows, the ledger's word for it.
        Consumer<TableLocation> restore = table -> {
            if (steps.getAndIncrement() == step) {
                restore(empty);
            }
        };
        with(interposed(restore, table -> {}), (lake, ingestion) -> ingestion.run(ORDERS, dir.resolve("raw")));

        ingest(ORDERS);
        assertThat(ids()).containsExactly(1L, 3L);
        assertThat(rejects()).isEqualTo(2);
        List<Long> versions = versions();
        assertThat(ingest(ORDERS).loadedRows()).isZero();
        assertThat(versions()).isEqualTo(versions);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void killed_at_any_step_and_run_again_each_row_is_there_once(boolean afterwards) {
        int killed = 0;
        for (int step = 1; ; step++) {
            dir = dir.resolveSibling(dir.getFileName() + "-" + step);
            raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n2,oops,y\n");
            raw("orders/order_dt=2024-04-02/b.csv", "order_id,qty,note\n3,5,\n");
            boolean died = dies(step, afterwards);
            killed += died ? 1 : 0;
            ingest(ORDERS);

            assertThat(ids()).as("step %d", step).containsExactly(1L, 3L);
            assertThat(rejects()).as("step %d", step).isEqualTo(1);
            List<Long> versions = versions();
            ingest(ORDERS);
            assertThat(versions()).as("step %d", step).isEqualTo(versions);
            if (!died) {
                break;
            }
        }
        assertThat(killed).as("steps at which it was killed").isGreaterThanOrEqualTo(7);
    }

    @Test
    void a_batch_whose_files_are_gone_after_a_crash_is_given_up_and_the_rest_is_loaded() throws IOException {
        raw("orders/order_dt=2024-04-01/a.csv", "order_id,qty,note\n1,2,x\n");
        raw("orders/order_dt=2024-04-02/b.csv", "order_id,qty,note\n3,5,\n");
        // The fifth step is the data's commit: the intent stands, the data doesn't.
        assertThat(dies(5, false)).isTrue();
        Files.delete(dir.resolve("raw/orders/order_dt=2024-04-01/a.csv"));

        ingest(ORDERS);

        assertThat(ids()).containsExactly(3L);
        assertThat(ingest(ORDERS).loadedRows()).isZero();
    }

    @Test
    void several_ingesters_at_once_load_every_file_once() throws Exception {
        for (int i = 0; i < 12; i++) {
            raw("orders/order_dt=2024-04-0%d/f%d.csv".formatted(1 + i % 3, i), "order_id,qty,note\n" + i + ",1,x\n");
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<IngestResult>> work = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                work.add(() -> ingest(ORDERS.withFilesPerBatch(2)));
            }
            for (Future<IngestResult> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(ids()).hasSize(12).isEqualTo(new ArrayList<>(new TreeSet<>(ids())));
        assertThat(ingest(ORDERS).loadedRows()).isZero();
    }

    /** What a kill looks like to the code that it hits: nothing may catch it and go on. */
    private static final class Killed extends Error {
        Killed(int step) {
            super("killed at step " + step);
        }
    }

    /** Whether a run came as far as its n-th commit or creation of a table, and so was killed, before or after it. */
    private boolean dies(int dieAt, boolean afterwards) {
        AtomicInteger steps = new AtomicInteger();
        Runnable kill = () -> {
            if (steps.incrementAndGet() == dieAt) {
                throw new Killed(dieAt);
            }
        };
        try {
            with(
                    interposed(
                            table -> {
                                if (!afterwards) {
                                    kill.run();
                                }
                            },
                            table -> {
                                if (afterwards) {
                                    kill.run();
                                }
                            }),
                    (lake, ingestion) -> ingestion.run(ORDERS, dir.resolve("raw")));
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    private static Providers<TableFormat> interposed(Consumer<TableLocation> before, Consumer<TableLocation> after) {
        return Providers.of(
                TableFormat.class, List.of(new InterposedFormat(healthy().require("delta"), before, after)));
    }

    private IngestResult ingest(Source source) {
        return with(healthy(), (lake, ingestion) -> ingestion.run(source, dir.resolve("raw")));
    }

    private String operation(long version) {
        return with(healthy(), (lake, ingestion) -> {
            try (Stream<TableCommit> commits = lake.table("bronze.orders").commits(version, version)) {
                return commits.findFirst().orElseThrow().entry().operation();
            }
        });
    }

    private void alter(Edit edit) {
        with(healthy(), (lake, ingestion) -> {
            try (Session session = lake.engine().open(EngineOptions.standard(), lake.context())) {
                return AlterTable.of(edit).run(lake.table("bronze.orders"), session, Run.of(lake.context()));
            }
        });
    }

    private void restore(long version) {
        with(
                healthy(),
                (lake, ingestion) ->
                        Restore.toVersion(version).run(lake.table("bronze.orders"), Run.of(lake.context())));
    }

    private List<Long> versions() {
        return with(
                healthy(),
                (lake, ingestion) -> List.of(
                        lake.table("bronze.orders").versions().latest(),
                        lake.open(own("_ledger")).versions().latest(),
                        lake.open(own("_rejects")).versions().latest()));
    }

    private TableLocation own(String folder) {
        return new TableLocation(dir.resolve("lake").resolve(folder).resolve("orders"));
    }

    private List<Long> ids() {
        return query("SELECT order_id FROM t ORDER BY order_id").stream()
                .map(r -> (Long) r.get(0))
                .toList();
    }

    private long rejects() {
        return with(healthy(), (lake, ingestion) -> {
            try (Session session = lake.engine().open(EngineOptions.standard(), lake.context())) {
                Relation all = Relation.TableRows.all(lake.open(own("_rejects")).snapshot(SnapshotSelector.latest()));
                return (long) session.rows(all, 1000, Run.of(lake.context()).cancellation())
                        .rows()
                        .size();
            }
        });
    }

    private List<? extends List<?>> query(String sql) {
        return with(healthy(), (lake, ingestion) -> {
            try (Session session = lake.engine().open(EngineOptions.standard(), lake.context())) {
                Relation all =
                        Relation.TableRows.all(lake.table("bronze.orders").snapshot(SnapshotSelector.latest()));
                Rows rows = session.rows(
                        new Relation.Derived(Expr.of(sql), java.util.Map.of("t", all)),
                        1000,
                        Run.of(lake.context()).cancellation());
                return rows.rows();
            }
        });
    }

    private static Providers<TableFormat> healthy() {
        return Providers.load(TableFormat.class, ServiceLoader.load(TableFormat.class));
    }

    private <T> T with(Providers<TableFormat> formats, java.util.function.BiFunction<Lake, Ingestion, T> work) {
        LakeContext context = new LakeContext(Clock.fixed(NOW, ZoneOffset.UTC), Runnable::run, event -> {
            if (event instanceof LakeEvent.Retrying retrying
                    && retrying.operation().equals("ingest")) {
                winners.add(retrying.winnerVersion());
            }
        });
        Providers<ComputeEngine> engines = Providers.load(ComputeEngine.class, ServiceLoader.load(ComputeEngine.class));
        try (Lake lake = Lake.open(dir.resolve("lake"), formats, engines, context);
                Session session = lake.engine().open(EngineOptions.standard(), context)) {
            return work.apply(lake, new Ingestion(lake, session, Run.of(context)));
        }
    }

    private void raw(String name, String text) {
        rawBytes(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void rawBytes(String name, byte[] bytes) {
        try {
            Path file = dir.resolve("raw").resolve(name);
            Files.createDirectories(file.getParent());
            boolean again = Files.exists(file);
            Files.write(file, bytes);
            Files.setLastModifiedTime(file, FileTime.from(again ? ARRIVAL.plusSeconds(3600) : ARRIVAL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void touch(String name, Instant time) {
        try {
            Files.setLastModifiedTime(dir.resolve("raw").resolve(name), FileTime.from(time));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
