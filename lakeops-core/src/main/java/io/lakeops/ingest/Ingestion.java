package io.lakeops.ingest;

import io.lakeops.Lake;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.engine.Session;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.provider.Providers;
import io.lakeops.table.LakeTable;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Loads what is new of a source into its table: each file once, however often it is run, killed, or run beside itself.
 *
 * <p>A batch goes: files are loaded into data files; its ledger rows are written as intent; the rejects are committed; the
 * data is committed with the batch's number as transaction id; the ledger learns where. A ledger row counts only once the
 * table's transaction id has reached its batch and while no RESTORE went below it. A batch without its commit is run again
 * under its number. docs/ingestion.md states what each crash leaves.
 *
 * <p>Threads: one run at a time; several may run on one source, in one or several processes.
 */
public final class Ingestion {
    private final Lake lake;
    private final Session session;
    private final Run run;
    private final Providers<SourceDecoder> decoders;

    /** An ingestion with the decoders that {@link ServiceLoader} finds. */
    public Ingestion(Lake lake, Session session, Run run) {
        this(lake, session, run, Providers.load(SourceDecoder.class, ServiceLoader.load(SourceDecoder.class)));
    }

    /** An ingestion with given decoders. */
    public Ingestion(Lake lake, Session session, Run run, Providers<SourceDecoder> decoders) {
        this.lake = lake;
        this.session = session;
        this.run = run;
        this.decoders = decoders;
    }

    /** What a run would do now; creates and writes nothing. */
    public IngestPlan plan(Source source, Path rawFolder) {
        List<FoundFile> listing = new RawFolder(rawFolder).list(source.glob());
        if (LakeTables.find(
                                lake,
                                LakeTables.location(
                                        lake, LedgerTable.FOLDER, source.table().name()))
                        .isEmpty()
                || LakeTables.find(lake, lake.location(source.table())).isEmpty()) {
            return new IngestPlan(
                    source,
                    new KnownFiles(List.of(), new java.util.TreeMap<>(), source.restated()).plan(listing, now()));
        }
        LedgerTable ledger = new LedgerTable(lake, source, session, run);
        LakeTable table = lake.table(source.table());
        List<LedgerRow> rows = new ArrayList<>(ledger.read().rows());
        Descent descent = new Descent(table);
        List<LedgerRow> findings = new Settlement(table, source, rows, descent).findings(now());
        findings.forEach(f -> rows.add(later(f)));
        return new IngestPlan(
                source,
                new KnownFiles(rows, new Settlement(table, source, rows, descent).batches(), source.restated())
                        .plan(listing, now()));
    }

    /**
     * Loads what is new, batch by batch.
     *
     * <p>Errors: SOURCE_NOT_FOUND, COMMIT_CONFLICT, COMMIT_OUTCOME_UNKNOWN, and those of format and engine. A file that
     * can't be read ends nothing: it is in the result's failures and in the ledger, and all others are loaded.
     */
    public IngestResult run(Source source, Path rawFolder) {
        RawFolder raw = new RawFolder(rawFolder);
        LakeTable table = LakeTables.openOrCreate(
                lake,
                source.table(),
                new TableSpec(source.tableSchema(), source.partitionColumns(), List.of(), Map.of(), Optional.empty()));
        Rejects rejects = new Rejects(
                LakeTables.openOrCreate(lake, "_rejects", source.table().name(), Source.REJECTS), session, run);
        LedgerTable ledger = new LedgerTable(lake, source, session, run);
        BatchCommit commits = new BatchCommit(source, table, rejects, ledger, decoders, session, run);
        Totals totals = new Totals(source);
        Descent descent = new Descent(table);
        Set<FoundFile> handled = new HashSet<>();
        int lost = 0;
        while (true) {
            run.cancellation().check();
            try {
                if (!step(source, raw, table, descent, ledger, commits, rejects, totals, handled)) {
                    return totals.result();
                }
            } catch (CommitConflictException conflict) {
                // Another ingester wrote to the ledger since it was read, or somebody redefined the table while a batch
                // was
                // loaded. What they did is read again, and the rest planned.
                if (++lost > 100) {
                    throw conflict;
                }
                run.context()
                        .listener()
                        .on(new LakeEvent.Retrying(
                                source.table().toString(),
                                "ingest",
                                lost,
                                conflict.winner().version()));
            }
        }
    }

    /** One batch, or none where nothing is new. */
    private boolean step(
            Source source,
            RawFolder raw,
            LakeTable table,
            Descent descent,
            LedgerTable ledger,
            BatchCommit commits,
            Rejects rejects,
            Totals totals,
            Set<FoundFile> handled) {
        LedgerTable.Read read = ledger.read();
        Settlement settlement = new Settlement(table, source, read.rows(), descent);
        List<LedgerRow> findings = settlement.findings(now());
        if (!findings.isEmpty()) {
            // The rejects of rows that are gone go first: killed in between, the findings are found again.
            rejects.drop(findings);
            ledger.add(read.base(), findings);
            if (findings.stream().anyMatch(f -> f.status().equals(LedgerRow.FALLEN))) {
                // A RESTORE beside this run made files new again that it handled.
                handled.clear();
            }
            return true;
        }
        NavigableMap<Long, LedgerRow> batches = settlement.batches();
        List<FoundFile> listing = raw.list(source.glob());
        Optional<Map.Entry<Long, String>> pending =
                Optional.ofNullable(settlement.intents().lastEntry()).filter(e -> !batches.containsKey(e.getKey()));
        if (pending.isPresent()) {
            long number = pending.get().getKey();
            List<LedgerRow> intent = read.rows().stream()
                    .filter(r -> r.isFile() && r.batch().equals(OptionalLong.of(number)))
                    .toList();
            take(commits.replay(number, pending.get().getValue(), intent, listing), totals);
            return true;
        }
        List<PlannedFile> plan = new KnownFiles(read.rows(), batches, source.restated()).plan(listing, now());
        totals.see(plan);
        List<PlannedFile> toLoad = plan.stream().filter(PlannedFile::loads).toList();
        stopAtRestated(source, toLoad);
        List<PlannedFile> copies = plan.stream()
                .filter(f -> f.state() == PlannedFile.State.COPY
                        || (f.state() == PlannedFile.State.RESTATED && source.restated() == Restated.SKIP))
                .toList();
        List<PlannedFile> now = toLoad.stream()
                .filter(f -> f.state() == PlannedFile.State.NEW || source.restated() != Restated.SKIP)
                .limit(source.filesPerBatch())
                .toList();
        if (now.isEmpty() && copies.isEmpty()) {
            return false;
        }
        long number = settlement.intents().isEmpty() ? 1 : settlement.intents().lastKey() + 1;
        long reached = table.snapshot(io.lakeops.table.SnapshotSelector.latest())
                .coordination()
                .sequence(source.application())
                .orElse(0);
        requireNew(handled, now, source);
        requireNew(handled, copies, source);
        take(commits.run(Math.max(number, reached + 1), read.base(), now, copies), totals);
        now.forEach(f -> handled.add(f.file()));
        copies.forEach(f -> handled.add(f.file()));
        return true;
    }

    private static void take(BatchCommit.Outcome outcome, Totals totals) {
        totals.add(outcome);
        if (outcome.outdated().isPresent()) {
            throw outcome.outdated().get();
        }
    }

    /** A file that this run has handled must be known by now; else the run would never end. */
    private static void requireNew(Set<FoundFile> handled, List<PlannedFile> files, Source source) {
        for (PlannedFile file : files) {
            if (handled.contains(file.file())) {
                throw new LakeException(
                        ErrorCode.INTERNAL,
                        "the ledger does not know a file that this run handled",
                        Map.of("source", source.name(), "file", file.file().name()));
            }
        }
    }

    private static void stopAtRestated(Source source, List<PlannedFile> toLoad) {
        List<String> restated = toLoad.stream()
                .filter(f -> f.state() == PlannedFile.State.RESTATED)
                .map(f -> f.file().name())
                .toList();
        if (!restated.isEmpty() && source.restated() == Restated.STOP) {
            throw new LakeException(
                    ErrorCode.SOURCE_UNREADABLE,
                    "files that were loaded came again with other content, and source '" + source.name()
                            + "' says to stop then",
                    Map.of("files", restated.subList(0, Math.min(20, restated.size()))));
        }
    }

    private Instant now() {
        return run.context().clock().instant();
    }

    /** A finding that is not written yet counts as newer than all that is. */
    private static LedgerRow later(LedgerRow row) {
        return new LedgerRow(
                row.kind(),
                row.batch(),
                row.batchId(),
                row.path(),
                row.hash(),
                row.fileBytes(),
                row.modified(),
                row.rows(),
                row.rejects(),
                row.status(),
                row.error(),
                row.processedAt(),
                row.durationMillis(),
                row.tableVersion(),
                Long.MAX_VALUE);
    }
}
