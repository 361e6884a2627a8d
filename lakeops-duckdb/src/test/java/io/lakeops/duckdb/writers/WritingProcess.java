package io.lakeops.duckdb.writers;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Session;
import io.lakeops.error.CommitConflictException;
import io.lakeops.maintenance.Optimize;
import io.lakeops.maintenance.Vacuum;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogUpkeep;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process of several threads that change one table at random and say what became of each step, a line each:
 * {@code made VERSION STEP}, {@code nothing STEP}, {@code lost STEP}, {@code retrying}, {@code upkeep}.
 *
 * <p>Arguments: the table, a folder for what spills, a name, a seed, threads, steps a thread.
 */
public final class WritingProcess {
    private final LakeTable table;
    private final Path spill;
    private final String name;
    private final long seed;

    private WritingProcess(Path root, Path spill, String name, long seed) {
        this.table = open(root);
        this.spill = spill;
        this.name = name;
        this.seed = seed;
    }

    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        int threads = Integer.parseInt(arguments[4]);
        int steps = Integer.parseInt(arguments[5]);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                WritingProcess process = new WritingProcess(
                        Path.of(arguments[0]), Path.of(arguments[1]), arguments[2], Long.parseLong(arguments[3]));
                running.add(pool.submit(() -> process.work(number, steps)));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    static LakeTable open(Path root) {
        TableLocation location = new TableLocation(root);
        return new DeltaFormat().open(TableId.of(location), location, Optional.empty(), LakeContext.standard());
    }

    static Session session(Path spill) {
        return new DuckDbEngine().open(new EngineOptions(128L << 20, 1, spill), LakeContext.standard());
    }

    private void work(int thread, int steps) {
        Random random = new Random(seed * 31 + thread);
        Run run = Run.of(LakeContext.standard().withListener(event -> {
            if (event instanceof LakeEvent.Retrying) {
                say("retrying");
            }
        }));
        // Ids that no other thread of any process appends, beyond those that merges meet on.
        long fresh = 1_000_000L * (1 + seed * 64 + thread);
        try (Session session = session(spill.resolve("thread" + thread))) {
            for (int i = 0; i < steps; i++) {
                if (random.nextInt(8) == 0) {
                    upkeep(random, session, run);
                    continue;
                }
                Step step = Step.random(
                        name + "." + thread + "." + i, random, table.versions().latest(), fresh);
                fresh += 100;
                try {
                    Optional<Long> made = step.run(table, session, run);
                    say(made.isPresent() ? "made " + made.get() + " " + step : "nothing " + step);
                } catch (CommitConflictException e) {
                    say("lost " + step);
                }
            }
        }
    }

    private void upkeep(Random random, Session session, Run run) {
        int kind = random.nextInt(4);
        if (kind == 0) {
            LogUpkeep log = table.upkeep().orElseThrow();
            log.checkpoint();
            log.clean();
        } else if (kind == 1) {
            Vacuum vacuum = new Vacuum();
            vacuum.run(vacuum.plan(table, Vacuum.Request.standard(), run), table, run);
        } else {
            Optimize optimize = new Optimize();
            try {
                optimize.run(optimize.plan(table, Optimize.Request.standard(), run), table, session, run);
            } catch (CommitConflictException e) {
                say("retrying");
            }
        }
        say("upkeep");
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
        }
    }
}
