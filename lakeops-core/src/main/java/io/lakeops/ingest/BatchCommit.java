package io.lakeops.ingest;

import io.lakeops.change.Delete;
import io.lakeops.change.Upsert;
import io.lakeops.check.CommonSql;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.ErrorKind;
import io.lakeops.error.LakeException;
import io.lakeops.provider.Providers;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableRules;
import io.lakeops.table.TargetFileSize;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** One batch, from raw files to the commit and the ledger's knowledge of it. */
final class BatchCommit {
    private final Source source;
    private final LakeTable table;
    private final LakeTable rejects;
    private final LedgerTable ledger;
    private final Providers<SourceDecoder> decoders;
    private final Session session;
    private final Run run;

    /** What a batch came to. */
    record Outcome(Optional<IngestResult.Batch> batch, List<IngestResult.Failure> failures) {
        static final Outcome NOTHING = new Outcome(Optional.empty(), List.of());
    }

    BatchCommit(
            Source source,
            LakeTable table,
            LakeTable rejects,
            LedgerTable ledger,
            Providers<SourceDecoder> decoders,
            Session session,
            Run run) {
        this.source = source;
        this.table = table;
        this.rejects = rejects;
        this.ledger = ledger;
        this.decoders = decoders;
        this.session = session;
        this.run = run;
    }

    /** Loads files under a new number; {@code ledgerBase} is the ledger's version on which that was planned. */
    Outcome run(long number, Snapshot ledgerBase, List<PlannedFile> files, List<PlannedFile> copies) {
        Instant begun = now();
        String id = source.name() + String.format(Locale.ROOT, "-%06d", number);
        try (StagingFolder staging = new StagingFolder(source, run)) {
            RawLoad load = load(id, files, staging);
            boolean committed = false;
            try {
                List<LedgerRow> rows = new ArrayList<>();
                for (PlannedFile file : files) {
                    rows.add(row(number, id, file, load, begun));
                }
                for (PlannedFile copy : copies) {
                    rows.add(LedgerRow.file(
                            copy,
                            copy.hash().orElse(""),
                            OptionalLong.empty(),
                            id,
                            0,
                            0,
                            copy.loads() ? LedgerRow.IGNORED : LedgerRow.SKIPPED,
                            Optional.of(
                                    copy.loads()
                                            ? "its content changed since it was loaded"
                                            : "its content was loaded before"),
                            begun,
                            0));
                }
                ledger.add(ledgerBase, rows);
                committed = true;
            } finally {
                if (!committed) {
                    load.discard();
                }
            }
            List<IngestResult.Failure> failures = failures(load);
            return load.counts().isEmpty()
                    ? new Outcome(Optional.empty(), failures)
                    : new Outcome(finish(number, id, files, load, begun), failures);
        }
    }

    /** Runs a batch again whose intent stands and whose commit doesn't. */
    Outcome replay(long number, String id, List<LedgerRow> intent, List<FoundFile> listing) {
        Instant begun = now();
        List<PlannedFile> files = new ArrayList<>();
        for (LedgerRow row : intent) {
            Optional<FoundFile> found =
                    listing.stream().filter(f -> f.name().equals(row.path())).findFirst();
            if (found.isEmpty() || !RawFolder.hash(found.get()).equals(row.hash())) {
                giveUp(number, id);
                return Outcome.NOTHING;
            }
            // Whether rows of the file stand in the table is looked up at the commit, so a replay may always ask.
            files.add(new PlannedFile(found.get(), PlannedFile.State.RESTATED, Optional.of(row.hash()), 0));
        }
        try (StagingFolder staging = new StagingFolder(source, run)) {
            RawLoad load = load(id, files, staging);
            if (!load.failures().isEmpty()) {
                load.discard();
                giveUp(number, id);
                return Outcome.NOTHING;
            }
            return new Outcome(finish(number, id, files, load, begun), List.of());
        }
    }

    private RawLoad load(String id, List<PlannedFile> files, StagingFolder staging) {
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        return new RawLoad(
                        source,
                        new RawLoad.Target(
                                staging.schema(base.schema()),
                                source.apply().isPresent() ? List.of() : base.partitionColumns(),
                                staging.root(base),
                                rejects.location().root(),
                                id,
                                TargetFileSize.of(base),
                                source.apply().isPresent() ? TableRules.none() : TableRules.of(base)),
                        decoders,
                        session,
                        run)
                .load(files);
    }

    /** Commits rejects and data, and lets the ledger know. */
    private Optional<IngestResult.Batch> finish(
            long number, String id, List<PlannedFile> files, RawLoad load, Instant begun) {
        Sequence sequence = new Sequence(source.application(), number);
        try {
            commitRejects(load, sequence, id);
        } catch (RuntimeException e) {
            // The batch is run again and writes its rows anew; no commit names these files, whatever became of the
            // rejects.
            Staged.delete(load.files(), run);
            throw e;
        }
        OptionalLong version;
        try {
            version = source.apply().isPresent()
                    ? apply(source.apply().get(), load, sequence, id)
                    : append(load, sequence, id);
        } catch (LakeException e) {
            // The rows can't be put in, now or later; without this the batch would be tried for ever.
            if (e.code().kind() == ErrorKind.USER && e.code() != ErrorCode.CANCELLED) {
                giveUp(number, id);
                ledger.note(files.stream()
                        .map(f -> LedgerRow.file(
                                f,
                                f.hash().orElse(""),
                                OptionalLong.empty(),
                                id,
                                0,
                                0,
                                LedgerRow.FAILED,
                                Optional.of(e.getMessage()),
                                now(),
                                0))
                        .toList());
            }
            throw e;
        }
        if (version.isEmpty()) {
            // Another ingester committed this very batch; the next step finds where.
            return Optional.empty();
        }
        if (source.restated() == Restated.REPLACE && !load.restated().isEmpty()) {
            String names = load.restated().stream().map(CommonSql::literal).collect(Collectors.joining(", "));
            Delete.where(Expr.of("src_filename IN (" + names + ") AND batch <> " + CommonSql.literal(id)))
                    .run(rejects, session, run);
        }
        ledger.note(List.of(LedgerRow.batch(number, id, LedgerRow.COMMITTED, now(), version)));
        long good =
                load.counts().values().stream().mapToLong(Loaded.Count::loaded).sum();
        long bad = load.counts().values().stream()
                .mapToLong(Loaded.Count::rejected)
                .sum();
        return Optional.of(new IngestResult.Batch(
                id,
                version.getAsLong(),
                load.counts().size(),
                load.files().size(),
                good,
                bad,
                new LateRows(source, session, run).measure(files, load),
                Duration.between(begun, now())));
    }

    /** Deletes the rejects of batches that were given up or restored away; loaded again, they come again. */
    void dropRejects(List<LedgerRow> findings) {
        List<String> gone = findings.stream()
                .filter(f -> f.status().equals(LedgerRow.VOID) || f.status().equals(LedgerRow.FALLEN))
                .map(f -> CommonSql.literal(f.batchId()))
                .toList();
        if (!gone.isEmpty()) {
            Delete.where(Expr.of("batch IN (" + String.join(", ", gone) + ")")).run(rejects, session, run);
        }
    }

    private void commitRejects(RawLoad load, Sequence sequence, String id) {
        if (load.rejects().isEmpty()) {
            return;
        }
        Attempts.run(rejects, "WRITE", run, attempt -> {
            attempt.stageAcross(locations(load.rejects()));
            return attempt.commit(CommitSpec.append(
                            write(load.rejects()),
                            load.rejects().stream().map(WrittenFile::dataFile).toList())
                    .withOnce(sequence)
                    .withUserMetadata(Settlement.userMetadata(id)));
        });
    }

    private OptionalLong append(RawLoad load, Sequence sequence, String id) {
        Replacement replacement = new Replacement(source, session, run);
        return Attempts.run(table, "WRITE", run, attempt -> {
            attempt.stageAcross(locations(load.files()));
            CommitSpec spec = replacement
                    .spec(attempt, write(load.files()), load)
                    .withRules(load.rules())
                    .withOnce(sequence)
                    .withUserMetadata(Settlement.userMetadata(id));
            return version(attempt.commit(Growth.grow(spec, attempt.base(), load.table())));
        });
    }

    private OptionalLong apply(Source.Apply how, RawLoad load, Sequence sequence, String id) {
        var result = Upsert.of(
                        new Relation.ParquetFiles(locations(load.files()), load.table()),
                        how.key().toArray(String[]::new))
                .withDeleteWhen(how.deleteWhen())
                .withControlColumn(how.control())
                .withNewColumns()
                .withOnce(sequence)
                .withUserMetadata(Settlement.userMetadata(id))
                .run(table, session, run);
        return switch (result.outcome()) {
            case COMMITTED -> OptionalLong.of(result.version());
            case ALREADY_DONE -> OptionalLong.empty();
            case NOTHING_TO_DO ->
                throw new LakeException(ErrorCode.INTERNAL, "an upsert that carries a sequence made no version");
        };
    }

    /** Uses a number up, so that whoever still works under it can't commit, and forgets its intent. */
    private void giveUp(long number, String id) {
        Attempts.run(table, "WRITE", run, attempt -> {
            CommitSpec spec = CommitSpec.of(
                    new Operation("WRITE", Map.of("mode", "Append", "partitionBy", "[]"), Map.of("numFiles", "0")),
                    new Reads.Nothing(),
                    List.of());
            return attempt.commit(new CommitSpec(
                    spec.operation(),
                    spec.isolation(),
                    spec.reads(),
                    spec.changes(),
                    spec.table(),
                    List.of(
                            new Sequence(source.application(), number),
                            new Sequence(Settlement.voidApplication(source), number)),
                    spec.domains(),
                    Optional.of("lakeops batch given up " + id)));
        });
    }

    private LedgerRow row(long number, String id, PlannedFile file, RawLoad load, Instant begun) {
        String hash = file.hash().orElse("");
        LakeException failure = load.failures().get(file.file().name());
        if (failure != null) {
            return LedgerRow.file(
                    file,
                    hash,
                    OptionalLong.empty(),
                    id,
                    0,
                    0,
                    LedgerRow.FAILED,
                    Optional.of(failure.getMessage()),
                    begun,
                    millis(begun));
        }
        Loaded.Count count = load.counts().get(file.file().name());
        if (count == null) {
            throw new LakeException(
                    ErrorCode.VERIFICATION_FAILED,
                    "the engine says nothing of a raw file",
                    Map.of("file", file.file().name()));
        }
        return LedgerRow.file(
                file,
                hash,
                OptionalLong.of(number),
                id,
                count.loaded(),
                count.rejected(),
                LedgerRow.LOADED,
                Optional.empty(),
                begun,
                millis(begun));
    }

    private static List<IngestResult.Failure> failures(RawLoad load) {
        return load.failures().entrySet().stream()
                .map(e -> new IngestResult.Failure(
                        e.getKey(), e.getValue().code(), e.getValue().getMessage()))
                .toList();
    }

    private Operation write(List<WrittenFile> files) {
        long rows = files.stream().mapToLong(f -> f.statistics().rowCount()).sum();
        long bytes = files.stream().mapToLong(WrittenFile::fileBytes).sum();
        return new Operation(
                "WRITE",
                Map.of("mode", "Append", "partitionBy", io.lakeops.json.Json.write(source.partitionColumns())),
                Map.of("numFiles", "" + files.size(), "numOutputRows", "" + rows, "numOutputBytes", "" + bytes));
    }

    private static OptionalLong version(CommitResult result) {
        return result instanceof CommitResult.Committed committed
                ? OptionalLong.of(committed.version())
                : OptionalLong.empty();
    }

    private static List<Path> locations(List<WrittenFile> files) {
        return files.stream().map(WrittenFile::location).toList();
    }

    private Instant now() {
        return run.context().clock().instant();
    }

    private long millis(Instant begun) {
        return Duration.between(begun, now()).toMillis();
    }
}
