package io.lakeops.ingest;

import io.lakeops.change.Upsert;
import io.lakeops.context.Run;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.ErrorKind;
import io.lakeops.error.LakeException;
import io.lakeops.provider.Providers;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** One batch, from raw files to the commit and the ledger's knowledge of it. */
final class BatchCommit {
    private final Source source;
    private final LakeTable table;
    private final Rejects rejects;
    private final LedgerTable ledger;
    private final Providers<SourceDecoder> decoders;
    private final Session session;
    private final Run run;

    /**
     * What a batch came to.
     *
     * @param outdated who redefined the table while the batch was loaded: its files are to be loaded anew
     */
    record Outcome(
            Optional<IngestResult.Batch> batch,
            List<IngestResult.Failure> failures,
            Optional<CommitConflictException> outdated) {
        static final Outcome NOTHING = none(List.of());

        static Outcome none(List<IngestResult.Failure> failures) {
            return new Outcome(Optional.empty(), failures, Optional.empty());
        }
    }

    /** What a commit came to: its version, none where another ingester made it. */
    private record Landed(OptionalLong version, boolean outdated) {}

    BatchCommit(
            Source source,
            LakeTable table,
            Rejects rejects,
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
            return load.counts().isEmpty() ? Outcome.none(failures) : finish(number, id, files, load, begun, failures);
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
            if (!load.failures().isEmpty() || rejects.differ(load, new Sequence(source.application(), number), id)) {
                load.discard();
                giveUp(number, id);
                return Outcome.NOTHING;
            }
            return finish(number, id, files, load, begun, List.of());
        }
    }

    private RawLoad load(String id, List<PlannedFile> files, StagingFolder staging) {
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        if (source.apply().isPresent()) {
            // What is staged for an upsert has every column of the table, and none of them may be numbered by nobody.
            IdentityColumn.all(base.schema()).stream().findFirst().ifPresent(column -> {
                throw new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "raw files can't be put by key into a table that numbers a column",
                        Map.of("feature", "identityColumns", "column", column.toString()));
            });
        }
        return new RawLoad(
                        source,
                        new RawLoad.Target(
                                base.version(),
                                staging.schema(base.schema()),
                                source.apply().isPresent() ? List.of() : base.partitionColumns(),
                                staging.root(base),
                                rejects.table().location().root(),
                                id,
                                TargetFileSize.of(base),
                                source.apply().isPresent() ? TableRules.none() : TableRules.of(base),
                                source.apply().isPresent() ? UnaryOperator.identity() : base.coordination()::placed),
                        decoders,
                        session,
                        run)
                .load(files);
    }

    /** Commits rejects and data, and lets the ledger know. */
    private Outcome finish(
            long number,
            String id,
            List<PlannedFile> files,
            RawLoad load,
            Instant begun,
            List<IngestResult.Failure> failures) {
        Sequence sequence = new Sequence(source.application(), number);
        try {
            rejects.commit(load, write(load.rejects()), sequence, id);
        } catch (RuntimeException e) {
            // The batch is run again and writes its rows anew; no commit names these files, whatever became of the
            // rejects.
            Staged.delete(load.files(), run);
            throw e;
        }
        Landed landed;
        try {
            landed = source.apply().isPresent()
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
        if (landed.outdated()) {
            giveUp(number, id);
            return new Outcome(Optional.empty(), failures, Optional.of(outdated(id, load.version())));
        }
        OptionalLong version = landed.version();
        if (version.isEmpty()) {
            // Another ingester committed this very batch; the next step finds where.
            return Outcome.none(failures);
        }
        if (source.restated() == Restated.REPLACE) {
            rejects.replace(load.restated(), id);
        }
        ledger.note(List.of(LedgerRow.batch(number, id, LedgerRow.COMMITTED, now(), version)));
        long good =
                load.counts().values().stream().mapToLong(Loaded.Count::loaded).sum();
        long bad = load.counts().values().stream()
                .mapToLong(Loaded.Count::rejected)
                .sum();
        IngestResult.Batch batch = new IngestResult.Batch(
                id,
                version.getAsLong(),
                load.counts().size(),
                load.files().size(),
                good,
                bad,
                new LateRows(source, session, run).measure(files, load),
                Duration.between(begun, now()));
        return new Outcome(Optional.of(batch), failures, Optional.empty());
    }

    /** Who redefined the table since the version that a batch was loaded for. */
    private CommitConflictException outdated(String id, long loadedFor) {
        try (Stream<TableCommit> since =
                table.commits(loadedFor + 1, table.versions().latest())) {
            CommitConflictException.Winner winner = since.filter(
                            commit -> commit.tableChange().isPresent())
                    .findFirst()
                    .map(commit -> new CommitConflictException.Winner(
                            commit.entry().version(), commit.entry().operation(), "it changed the table's definition"))
                    .orElseThrow(() -> new LakeException(
                            ErrorCode.INTERNAL,
                            "a batch does not fit the table, whose definition nobody changed",
                            Map.of("table", table.id(), "batch", id, "version", loadedFor)));
            return new CommitConflictException(winner, Map.of("table", table.id(), "batch", id));
        }
    }

    private Landed append(RawLoad load, Sequence sequence, String id) {
        Replacement replacement = new Replacement(source, session, run);
        return Attempts.run(table, "WRITE", run, attempt -> {
            attempt.stageAcross(locations(load.files()));
            if (!load.fits(attempt.base())) {
                return new Landed(OptionalLong.empty(), true);
            }
            CommitSpec spec = replacement
                    .spec(attempt, write(load.files()), load)
                    .withRules(load.rules())
                    .withOnce(sequence)
                    .withUserMetadata(Settlement.userMetadata(id));
            return new Landed(
                    version(attempt.commit(Growth.grow(spec, attempt.base(), load.table(), load.numbered()))), false);
        });
    }

    private Landed apply(Source.Apply how, RawLoad load, Sequence sequence, String id) {
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
            case COMMITTED -> new Landed(OptionalLong.of(result.version()), false);
            case ALREADY_DONE -> new Landed(OptionalLong.empty(), false);
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
