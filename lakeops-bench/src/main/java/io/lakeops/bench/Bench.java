package io.lakeops.bench;

import io.lakeops.maintenance.MaintenanceResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Measures the workloads and prints a Markdown table.
 *
 * <p>Arguments: {@code [rows [files [rounds [folder]]]]}; 1,000,000 rows in 200 files and 5 rounds unless told. The first
 * round warms up and is not counted.
 */
public final class Bench {
    private Bench() {}

    public static void main(String[] args) throws IOException, SQLException {
        long rows = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
        int files = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        Path dir = args.length > 3 ? Path.of(args[3]) : Files.createTempDirectory("lakeops-bench");
        Files.createDirectories(dir);
        OptimizeWorkload workload = new OptimizeWorkload(dir, rows, files);
        System.err.println("making " + rows + " rows in " + files + " files below " + dir);
        workload.prepare();
        List<OptimizeWorkload.Round> counted = new ArrayList<>();
        for (int i = 0; i <= rounds; i++) {
            OptimizeWorkload.Round round = workload.round(i);
            System.err.printf(
                    Locale.ROOT,
                    "round %d%s: ours %.3f s, floor %.3f s%n",
                    i,
                    i == 0 ? " (warm-up)" : "",
                    round.oursSeconds(),
                    round.floorSeconds());
            if (i > 0) {
                counted.add(round);
            }
        }
        System.out.print(table(rows, files, counted));
    }

    static String table(long rows, int files, List<OptimizeWorkload.Round> rounds) {
        MaintenanceResult last = rounds.get(rounds.size() - 1).result();
        return String.format(
                Locale.ROOT,
                """
                LakeOps bench: %d rows of `orders` (seed 20240601) in %d files; %d rounds, medians; Java %s on %s, %d processors

                | work | ours | floor (plain DuckDB) | ratio, median of pairs (min–max) | loading the snapshot | files before → after |
                |---|---|---|---|---|---|
                | OPTIMIZE | %.3f s | %.3f s | %.2f (%.2f–%.2f) | %.3f s | %d → %d |
                """,
                rows,
                files,
                rounds.size(),
                Runtime.version(),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                median(rounds, OptimizeWorkload.Round::oursSeconds),
                median(rounds, OptimizeWorkload.Round::floorSeconds),
                median(rounds, Bench::ratio),
                rounds.stream().mapToDouble(Bench::ratio).min().orElse(0),
                rounds.stream().mapToDouble(Bench::ratio).max().orElse(0),
                median(rounds, OptimizeWorkload.Round::loadSeconds),
                last.before().files(),
                last.after().files());
    }

    private static double ratio(OptimizeWorkload.Round round) {
        return round.oursSeconds() / round.floorSeconds();
    }

    private static double median(List<OptimizeWorkload.Round> rounds, ToDoubleFunction<OptimizeWorkload.Round> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
