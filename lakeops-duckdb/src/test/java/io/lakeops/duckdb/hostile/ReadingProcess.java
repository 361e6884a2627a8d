package io.lakeops.duckdb.hostile;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.LogUpkeep;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads tables, one after the other, and says what became of each, a line each: {@code NAME read ROWS}, {@code NAME CODE}. Anything but an
 * answer or a {@link LakeException} ends the process.
 *
 * <p>Arguments: a folder for what spills, with or without the engine's reader of logs, tables.
 */
public final class ReadingProcess {
    private ReadingProcess() {}

    public static void main(String[] arguments) {
        LakeContext context = new LakeContext(Clock.systemUTC(), Runnable::run, LakeListener.silent());
        DuckDbEngine engine = new DuckDbEngine();
        try (Session session = engine.open(new EngineOptions(64L << 20, 1, Path.of(arguments[0])), context);
                ComputeEngine.LogReader log = engine.logReader()) {
            Optional<LogParquet> reader = arguments[1].equals("with") ? Optional.<LogParquet>of(log) : Optional.empty();
            for (String argument : arguments) {
                Path table = Path.of(argument);
                if (table.resolve("_delta_log").toFile().isDirectory()) {
                    System.out.println(table.getFileName() + " " + read(table, session, reader, context));
                }
            }
        }
    }

    private static String read(Path path, Session session, Optional<LogParquet> reader, LakeContext context) {
        try {
            LakeTable table = new DeltaFormat().open(new TableId("", "t"), new TableLocation(path), reader, context);
            LakeTable.VersionRange versions = table.versions();
            try (Stream<TableCommit> commits = table.commits(versions.earliest(), versions.latest())) {
                commits.forEach(TableCommit::entry);
            }
            String rows = "read "
                    + session.multisetHash(
                                    Relation.TableRows.all(table.snapshot(SnapshotSelector.latest())),
                                    new Cancellation())
                            .rows();
            table.upkeep().ifPresent(LogUpkeep::checkpoint);
            return rows;
        } catch (LakeException e) {
            return e.code() + " " + e.getMessage();
        }
    }
}
