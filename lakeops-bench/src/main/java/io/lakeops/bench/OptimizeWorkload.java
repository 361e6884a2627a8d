package io.lakeops.bench;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.table.DataFile;
import io.lakeops.table.LakeTable;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Bin-packing of {@code orders} in many small files, beside plain DuckDB copying the same files without a table format.
 *
 * <p>Every round works on a fresh copy of the table: data hard-linked, log copied. The snapshot is loaded before the clock
 * starts, as PEERS.md asks of a floor ratio; the load's own time is kept beside it.
 */
final class OptimizeWorkload {
    private static final long MEMORY_BYTES = 2L << 30;
    private static final int THREADS = 2;

    private final Path dir;
    private final long rows;
    private final int files;

    OptimizeWorkload(Path dir, long rows, int files) {
        this.dir = dir;
        this.rows = rows;
        this.files = files;
    }

    /** One round of both. */
    record Round(double loadSeconds, double oursSeconds, double floorSeconds, MaintenanceResult result) {}

    /** Makes the table {@code base} once; later runs find it. */
    void prepare() throws IOException {
        Path root = dir.resolve("base");
        if (Files.exists(dir.resolve("base.complete"))) {
            return;
        }
        delete(root);
        TableId id = new TableId("bronze", "orders");
        LakeContext context = LakeContext.standard();
        try (Lake lake = Lake.open(root, context);
                Session session = lake.engine().open(options(), context)) {
            LakeTable table = lake.create(
                    id, TableSpec.of(session.schema(new Relation.Query(duckdb(OrdersData.query(rows, 0, rows))))));
            for (int i = 0; i < files; i++) {
                String query = OrdersData.query(rows, rows * i / files, rows * (i + 1) / files);
                Append.of(new Relation.Query(duckdb(query))).run(table, session, Run.of(context));
            }
        }
        Files.createFile(dir.resolve("base.complete"));
    }

    Round round(int number) throws IOException, SQLException {
        Path copy = dir.resolve("round-" + number);
        delete(copy);
        link(dir.resolve("base"), copy);
        LakeContext context = LakeContext.standard();
        try (Lake lake = Lake.open(copy, context);
                Session session = lake.engine().open(options(), context);
                Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement plain = connection.createStatement()) {
            plain.execute("SET threads = " + THREADS);
            plain.execute("SET TimeZone = 'UTC'");
            plain.execute("SET memory_limit = '2GB'");
            plain.execute("SET temp_directory = '" + dir.resolve("spill") + "'");
            LakeTable table = lake.table("bronze.orders");
            long start = System.nanoTime();
            String list = table.snapshot(SnapshotSelector.latest()).scan().files().stream()
                    .map(DataFile::location)
                    .map(p -> "'" + p.toString().replace("'", "''") + "'")
                    .collect(Collectors.joining(", ", "[", "]"));
            double load = seconds(start);
            double floor = 0;
            double ours = 0;
            MaintenanceResult result = null;
            // Which goes first alternates, so that neither always finds the warmer page cache.
            for (int turn = 0; turn < 2; turn++) {
                long begun = System.nanoTime();
                if ((turn + number) % 2 == 0) {
                    floor(plain, list, copy.resolve("floor"));
                    floor = seconds(begun);
                } else {
                    Optimize optimize = new Optimize();
                    result = optimize.run(
                            optimize.plan(table, Map.of(), Run.of(context)), table, session, Run.of(context));
                    ours = seconds(begun);
                }
            }
            return new Round(load, ours, floor, java.util.Objects.requireNonNull(result));
        } finally {
            delete(copy);
        }
    }

    /** PEERS.md, "The floors", OPTIMIZE: the SQL unchanged. */
    private static void floor(Statement plain, String list, Path out) throws SQLException {
        plain.execute("COPY (SELECT * FROM read_parquet(" + list + ")) TO '" + out
                + "' (FORMAT parquet, FILE_SIZE_BYTES '128MB', RETURN_STATS)");
    }

    private EngineOptions options() {
        return new EngineOptions(MEMORY_BYTES, THREADS, dir.resolve("spill"));
    }

    private static Expr duckdb(String query) {
        return new Expr(query, "duckdb", io.lakeops.table.Predicate.always());
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void link(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(file));
                if (file.toString().contains("_delta_log")) {
                    Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                } else {
                    Files.createLink(target, file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
