package io.lakeops.examples;

import io.lakeops.Lake;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.examples.retail.RetailSources;
import io.lakeops.ingest.IngestPlan;
import io.lakeops.ingest.IngestResult;
import io.lakeops.ingest.Ingestion;
import io.lakeops.ingest.PlannedFile;
import io.lakeops.ingest.Source;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code load-to-bronze}: each raw file once, however often it is run. */
@Command(
        name = "load-to-bronze",
        mixinStandardHelpOptions = true,
        description = "Loads what is new of the raw files into the lake's bronze tables; rejects go to _rejects.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LoadToBronze implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--raw", required = true, paramLabel = "DIR", description = "The folder of the raw files.")
    private Path raw;

    @Option(names = "--lake", required = true, paramLabel = "DIR", description = "The lake's folder.")
    private Path lakeFolder;

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description = "A DuckDB file that gets the table manifest_processed_files.")
    private @Nullable Path manifest;

    @Option(names = "--dry-run", description = "Only tells what would be loaded; writes nothing.")
    private boolean dryRun;

    @Option(
            names = "--as-of",
            paramLabel = "INSTANT",
            description = "The moment of the run; files from after it have not arrived (default: now).")
    private @Nullable Instant asOf;

    @Override
    public Integer call() throws SQLException {
        LakeContext context =
                LakeOpsCommand.context(ConsoleProgress.all(spec.commandLine().getErr()));
        if (asOf != null) {
            context = context.withClock(Clock.fixed(asOf, ZoneOffset.UTC));
        }
        if (!Files.isDirectory(raw)) {
            throw new LakeException(ErrorCode.SOURCE_NOT_FOUND, "there is no folder of raw files", Map.of("raw", raw));
        }
        if (!dryRun && manifest != null) {
            KeptRelations.requireWritable(LakeOptions.withFolder(manifest), context);
        }
        boolean whole = true;
        try (Lake lake = Lake.open(lakeFolder, context);
                Session session = lake.engine().open(EngineOptions.standard(), context)) {
            Ingestion ingestion = new Ingestion(lake, session, Run.of(context));
            for (Source source : RetailSources.all()) {
                if (dryRun) {
                    show(ingestion.plan(source, raw));
                } else {
                    IngestResult result = ingestion.run(source, raw);
                    show(result);
                    whole &= result.failures().isEmpty();
                }
            }
        }
        if (!dryRun && manifest != null) {
            KeptRelations.keep(lakeFolder, manifest, context);
        }
        return whole ? 0 : 1;
    }

    private void show(IngestPlan plan) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%s: would load %d files; %d are known, %d are copies, %d have not arrived%n",
                plan.source().table(),
                plan.toLoad().size(),
                plan.count(PlannedFile.State.SAME),
                plan.count(PlannedFile.State.COPY),
                plan.count(PlannedFile.State.NOT_ARRIVED));
        plan.toLoad().forEach(f -> out.printf("  %s%n", f.file().name()));
        out.flush();
    }

    private void show(IngestResult result) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%s: %d files, %d rows loaded, %d rejected; %d files known, %d copies, %d not arrived, %d failed%n",
                result.table(),
                result.loadedFiles(),
                result.loadedRows(),
                result.rejectedRows(),
                result.sameFiles(),
                result.copiedFiles(),
                result.notArrived(),
                result.failures().size());
        for (IngestResult.Batch batch : result.batches()) {
            if (batch.lateness().rows() > 0) {
                out.printf(
                        "  late: %d rows of %s in %s%n",
                        batch.lateness().rows(),
                        String.join(", ", batch.lateness().days()),
                        String.join(", ", batch.lateness().files()));
            }
        }
        result.failures().forEach(f -> out.printf("  failed: %s: %s%n", f.file(), f.message()));
        out.flush();
    }
}
