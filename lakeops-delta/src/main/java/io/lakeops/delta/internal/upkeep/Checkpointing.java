package io.lakeops.delta.internal.upkeep;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.delta.internal.log.CheckpointFiles;
import io.lakeops.delta.internal.log.Clustering;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.CommitPut;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.replay.Checksum;
import io.lakeops.delta.internal.replay.Replay;
import io.lakeops.delta.internal.replay.TableState;
import io.lakeops.delta.internal.write.Features;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.Retention;
import io.lakeops.table.LogParquet;
import io.lakeops.table.LogUpkeep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints: files that stand for all commits up to their version, tombstones within their retention included.
 *
 * <p>A checkpoint comes into place whole, and only where none stands. Its rows stream from the last checkpoint and the commits
 * since into the writer. It is one file, or parts where it is large; or a manifest with sidecars, where the table asks for it.
 *
 * <p>Threads: safe; several processes may write checkpoints of one table.
 *
 * <p>Source: Delta protocol, "Checkpoints".
 */
public final class Checkpointing implements LogUpkeep {
    private static final String INTERVAL = "delta.checkpointInterval";
    private static final int DEFAULT_INTERVAL = 10;
    /** An action is some 1 KB in the memory of who writes it. */
    private static final long MOST_ACTIONS = 250_000;

    private final TableState.Reader reader;
    private final String table;
    private final LakeContext context;
    private final long most;

    public Checkpointing(TableState.Reader reader, String table, LakeContext context) {
        this(reader, table, context, MOST_ACTIONS);
    }

    /** @param most how many actions a file of a checkpoint may have */
    Checkpointing(TableState.Reader reader, String table, LakeContext context, long most) {
        this.reader = reader;
        this.table = table;
        this.context = context;
        this.most = most;
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
    public OptionalLong newestCheckpoint() {
        NavigableMap<Long, CheckpointFiles> standing =
                LogListing.require(reader.root()).checkpoints();
        return standing.isEmpty() ? OptionalLong.empty() : OptionalLong.of(standing.lastKey());
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
        CheckpointWriting writing = new CheckpointWriting(reader.parquet(), listing.log(), version, rows, most);
        List<Path> damaged = again
                ? Objects.requireNonNull(listing.checkpoints().get(version)).files()
                : List.of();
        Runnable check = () -> requireSummed(version, rows, facts);
        try (LogParquet.RowIterator replayed = replay.rows(rows.read())) {
            Optional<Map<String, @Nullable Object>> pointer = hasSidecars(facts)
                    ? writing.withSidecars(
                            rows.of(replayed), check, damaged, context.clock().instant())
                    : writing.classic(rows.of(replayed), check, damaged);
            if (pointer.isPresent()) {
                point(version, pointer.get());
            }
            return new Outcome(pointer.isPresent(), facts);
        } catch (IOException e) {
            throw LogErrors.io("the checkpoint of version " + version + " can't be written", listing.log(), e);
        }
    }

    private static boolean hasSidecars(Replay.Facts facts) {
        return "v2".equals(facts.metadata().properties().get("delta.checkpointPolicy"))
                && facts.protocol().has("v2Checkpoint");
    }

    /** Tombstones before this are no longer needed by anybody; all are kept where the table's retention is none. */
    private long expired(Metadata metadata) {
        String retention = metadata.properties().get(Retention.PROPERTY);
        try {
            return context.clock()
                    .instant()
                    .minus(retention == null ? Retention.DEFAULT : Retention.parse(retention))
                    .toEpochMilli();
        } catch (LakeException unreadable) {
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

    /** Moves the pointer forward, or away from a checkpoint that does not stand. */
    private void point(long version, Map<String, @Nullable Object> pointer) throws IOException {
        Path log = LogListing.log(reader.root());
        OptionalLong newer = LastCheckpoint.version(log);
        if (newer.isPresent()
                && newer.getAsLong() > version
                && LogListing.require(reader.root()).checkpoints().containsKey(newer.getAsLong())) {
            return;
        }
        CommitPut.replace(LastCheckpoint.file(log), LastCheckpoint.text(pointer).getBytes(StandardCharsets.UTF_8));
    }
}
