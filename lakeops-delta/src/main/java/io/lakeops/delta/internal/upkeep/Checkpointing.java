package io.lakeops.delta.internal.upkeep;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.delta.internal.log.Clustering;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.CommitPut;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.replay.ActionSchema;
import io.lakeops.delta.internal.replay.Checksum;
import io.lakeops.delta.internal.replay.Replay;
import io.lakeops.delta.internal.replay.TableState;
import io.lakeops.delta.internal.write.Features;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.Retention;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import io.lakeops.table.LogUpkeep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints: one file that stands for all commits up to its version, tombstones within their retention included.
 *
 * <p>A checkpoint comes into place whole, and only where none stands. Its rows stream from the last checkpoint and the commits
 * since into the writer.
 *
 * <p>Threads: safe; several processes may write checkpoints of one table.
 *
 * <p>Source: Delta protocol, "Checkpoints".
 */
public final class Checkpointing implements LogUpkeep {
    private static final String INTERVAL = "delta.checkpointInterval";
    private static final int DEFAULT_INTERVAL = 10;

    private final TableState.Reader reader;
    private final String table;
    private final LakeContext context;

    public Checkpointing(TableState.Reader reader, String table, LakeContext context) {
        this.reader = reader;
        this.table = table;
        this.context = context;
    }

    /** Whether a table asks for a checkpoint of a version that was just committed. */
    public static boolean isDue(long version, Metadata metadata) {
        String text = metadata.properties().getOrDefault(INTERVAL, "").strip();
        long interval = text.matches("[1-9]\\d{0,8}") ? Long.parseLong(text) : DEFAULT_INTERVAL;
        return version > 0 && version % interval == 0;
    }

    /** Writes a checkpoint of a version that was just committed, and cleans the log. The commit stands whatever happens here. */
    public void after(long version) {
        Outcome outcome;
        try {
            LogListing listing = LogListing.require(reader.root());
            if (listing.checkpoints().containsKey(version)) {
                // Who wrote it cleans the log, too.
                return;
            }
            outcome = reader.replaying(version, listing, replay -> write(replay, listing, false));
        } catch (RuntimeException e) {
            warn("version " + version + " is committed, but its checkpoint could not be written: " + e.getMessage());
            return;
        }
        try {
            new LogCleaning(reader, this::warn, context).clean(outcome.facts().metadata());
        } catch (RuntimeException e) {
            warn("version " + version + " is committed, but the log could not be cleaned up: " + e.getMessage());
        }
    }

    /**
     * Writes the checksum of a version that was just committed, unless others committed since. Without one the log reads as well.
     */
    public void sum(long version, Supplier<TableState> newest) {
        Path log = LogListing.log(reader.root());
        try {
            TableState state = newest.get();
            if (state.version() != version) {
                return;
            }
            Optional<JsonObject> info = CommitFile.firstInfo(LogListing.commit(reader.root(), state.version()));
            String text = Checksum.text(
                    state,
                    info.flatMap(i -> i.optionalText("txnId")),
                    info.map(i -> i.optionalNumber("inCommitTimestamp")).orElse(OptionalLong.empty()));
            CommitPut.putLoosely(Checksum.file(log, state.version()), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            warn("version " + version + " is committed, but its checksum could not be written: " + e.getMessage());
        }
    }

    @Override
    public LogUpkeep.Checkpoint checkpoint() {
        LogListing listing = LogListing.require(reader.root());
        long version = listing.latest();
        Optional<LakeException> damage = Optional.empty();
        if (listing.checkpoints().containsKey(version)) {
            damage = reader.damage(version, listing);
            if (damage.isEmpty()) {
                return new LogUpkeep.Checkpoint(version, false);
            }
            warn("the checkpoint of version " + version + " can't be read and is written again: "
                    + damage.get().getMessage());
        }
        boolean again = damage.isPresent();
        LogListing others = again ? listing.without(version) : listing;
        return new LogUpkeep.Checkpoint(
                version,
                reader.replaying(version, others, replay -> write(replay, listing, again))
                        .written());
    }

    @Override
    public LogUpkeep.Cleaned clean() {
        LogListing listing = LogListing.require(reader.root());
        Replay.Facts facts =
                reader.replaying(listing.latest(), listing, replay -> replay.facts(Features::requireWritable));
        return new LogCleaning(reader, this::warn, context).clean(facts.metadata());
    }

    private void warn(String text) {
        context.listener().on(new LakeEvent.Warning(table, text));
    }

    private record Outcome(boolean written, Replay.Facts facts) {}

    private Outcome write(Replay replay, LogListing listing, boolean again) {
        long version = replay.version();
        Replay.Facts facts = replay.facts(Features::requireWritable);
        CheckpointRows rows = new CheckpointRows(
                facts.protocol(),
                facts.metadata(),
                Clustering.physicalColumns(facts.domains()),
                expired(facts.metadata()));
        Path target = listing.log().resolve(String.format("%020d.checkpoint.parquet", version));
        Path hidden = CommitPut.hidden(target);
        try {
            boolean written;
            long bytes;
            try {
                try (LogParquet.RowIterator replayed = replay.rows(rows.read())) {
                    reader.parquet().write(hidden, rows.written(), new Kept(replayed, rows));
                }
                CommitPut.force(hidden);
                bytes = Files.size(hidden);
                requireWhole(hidden, rows);
                requireSummed(version, rows, facts);
                if (again) {
                    CommitPut.move(target, hidden);
                    written = true;
                } else {
                    written = CommitPut.link(target, hidden);
                }
            } finally {
                Files.deleteIfExists(hidden);
            }
            CommitPut.force(listing.log());
            if (written) {
                point(version, rows, bytes);
            }
            return new Outcome(written, facts);
        } catch (IOException e) {
            throw LogErrors.io("the checkpoint can't be written", target, e);
        }
    }

    /** Tombstones before this are no longer needed by anybody; all are kept where the table's retention is none. */
    private long expired(Metadata metadata) {
        String retention = metadata.properties().get(Retention.PROPERTY);
        try {
            return context.clock()
                    .instant()
                    .minus(retention == null ? Retention.DEFAULT : Retention.parse(retention))
                    .toEpochMilli();
        } catch (LakeException | ArithmeticException unreadable) {
            return Long.MIN_VALUE;
        }
    }

    /** A checkpoint outlives the commits that show what is wrong with it. */
    private void requireSummed(long version, CheckpointRows rows, Replay.Facts facts) {
        Path log = LogListing.log(reader.root());
        Checksum.read(log, version)
                .flatMap(sum -> sum.disagreement(rows.addedFiles(), rows.addedBytes(), facts))
                .ifPresent(text -> {
                    throw new LakeException(
                            ErrorCode.LOG_CORRUPT,
                            "the checksum of the version does not agree with its log, so no checkpoint is made of it: "
                                    + text,
                            Map.of("checksum", Checksum.file(log, version)));
                });
    }

    /** The log may be cleaned up to a checkpoint: it is read once before it counts. */
    private void requireWhole(Path file, CheckpointRows rows) {
        long actions = 0;
        long added = 0;
        List<Field> marks = List.of(
                ActionSchema.struct("add", Field.of("path", Primitive.STRING)),
                ActionSchema.struct("remove", Field.of("path", Primitive.STRING)),
                ActionSchema.struct("txn", Field.of("appId", Primitive.STRING)),
                ActionSchema.struct("domainMetadata", Field.of("domain", Primitive.STRING)),
                ActionSchema.struct("metaData", Field.of("id", Primitive.STRING)),
                ActionSchema.struct("protocol", Field.of("minReaderVersion", Primitive.INTEGER)));
        try (LogParquet.RowIterator read = reader.parquet().read(file, marks)) {
            while (read.hasNext()) {
                actions++;
                added += read.next()[0] == null ? 0 : 1;
            }
        }
        if (actions != rows.actions() || added != rows.addedFiles()) {
            throw new LakeException(
                    ErrorCode.INTERNAL,
                    "the checkpoint that was written does not read back",
                    Map.of(
                            "file", file,
                            "actions", rows.actions(),
                            "read", actions,
                            "files", rows.addedFiles(),
                            "filesRead", added));
        }
    }

    /** Moves the pointer forward, or away from a checkpoint that does not stand. */
    private void point(long version, CheckpointRows rows, long bytes) throws IOException {
        Path log = LogListing.log(reader.root());
        OptionalLong newer = LastCheckpoint.version(log);
        if (newer.isPresent()
                && newer.getAsLong() > version
                && LogListing.require(reader.root()).checkpoints().containsKey(newer.getAsLong())) {
            return;
        }
        Map<String, @Nullable Object> pointer = new LinkedHashMap<>();
        pointer.put("version", version);
        pointer.put("size", rows.actions());
        pointer.put("sizeInBytes", bytes);
        pointer.put("numOfAddFiles", rows.addedFiles());
        CommitPut.replace(LastCheckpoint.file(log), LastCheckpoint.text(pointer).getBytes(StandardCharsets.UTF_8));
    }

    private static final class Kept implements Iterator<@Nullable Object[]> {
        private final LogParquet.RowIterator replayed;
        private final CheckpointRows rows;
        private Optional<@Nullable Object[]> next = Optional.empty();

        Kept(LogParquet.RowIterator replayed, CheckpointRows rows) {
            this.replayed = replayed;
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && replayed.hasNext()) {
                next = rows.kept(replayed.next());
            }
            return next.isPresent();
        }

        @Override
        public @Nullable Object[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            @Nullable Object[] row = next.get();
            next = Optional.empty();
            return row;
        }
    }
}
