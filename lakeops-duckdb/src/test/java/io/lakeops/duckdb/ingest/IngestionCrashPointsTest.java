package io.lakeops.duckdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.Lake;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.ingest.Ingestion;
import io.lakeops.ingest.Source;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.testkit.fault.CrashPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load of raw files to bronze, cut off at every step: it has loaded all or nothing, and a rerun loads each row once. */
class IngestionCrashPointsTest {
    private static final TableId ORDERS = new TableId("bronze", "orders");
    private static final Source SOURCE = Source.of(
                    "orders",
                    ORDERS,
                    "*.csv",
                    RawFormat.Csv.standard(),
                    Schema.of(Field.of("order_id", Primitive.LONG), Field.of("qty", Primitive.INTEGER)))
            .requiring("order_id");
    private static final LakeContext CONTEXT = LakeContext.standard();

    @TempDir
    Path folder;

    @Test
    void whatever_happens_a_rerun_loads_each_row_of_two_files_once() throws IOException {
        Path raw = folder.resolve("raw");
        Files.createDirectories(raw);
        Files.writeString(raw.resolve("a.csv"), "order_id,qty\n1,10\n2,20\nnone,1\n");
        Files.writeString(raw.resolve("b.csv"), "order_id,qty\n3,30\n3,30\n");
        EngineOptions options = new EngineOptions(256L << 20, 2, folder.resolve("spill"));
        try (Session session = new DuckDbEngine().open(options, CONTEXT)) {
            int tried = new CrashPoints(folder, session).attack("ingest", new Load(raw));
            assertThat(tried).isGreaterThan(100);
            System.out.println("crash points of an ingestion tried: " + tried);
        }
    }

    private record Load(Path raw) implements CrashPoints.Subject {
        @Override
        public void prepare(Path lake, Session session) {
            try {
                Files.createDirectories(lake);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void run(Path root, Session session) {
            try (Lake lake = Lake.open(root, CONTEXT)) {
                new Ingestion(lake, session, Run.of(CONTEXT)).run(SOURCE, raw);
            }
        }

        @Override
        public List<String> state(Path root, Session session) {
            try (Lake lake = Lake.open(root, CONTEXT)) {
                if (!lake.tables().contains(ORDERS)) {
                    return List.of();
                }
                Relation all = Relation.TableRows.all(lake.table(ORDERS).snapshot(SnapshotSelector.latest()));
                Relation own =
                        new Relation.Derived(Expr.of("SELECT order_id, qty FROM t ORDER BY ALL"), Map.of("t", all));
                return session.rows(own, 1_000, new Cancellation()).rows().stream()
                        .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                        .toList();
            }
        }

        @Override
        public boolean repeatable() {
            return true;
        }
    }
}
