package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.CheckpointFiles;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One version of a table as its log has it; the files are put together when they are first asked for.
 *
 * <p>A checkpoint that can't be read is told and passed over, where commits and an older checkpoint reach the version without
 * it; else it is LOG_CORRUPT.
 *
 * <p>Threads: safe.
 */
public final class TableState {
    private final long version;
    private final Replay.Facts facts;
    private final Supplier<FileSet> reading;
    private volatile @Nullable FileSet files;

    private TableState(long version, Replay.Facts facts, Supplier<FileSet> reading) {
        this.version = version;
        this.facts = facts;
        this.reading = reading;
    }

    /** How the versions of one table are read. */
    public record Reader(Path root, LogParquet parquet, Consumer<String> warning) {
        /**
         * Loads a version that {@code listing} showed to be readable.
         *
         * @param gate refuses a protocol
         */
        public TableState load(long version, LogListing listing, Consumer<Protocol> gate) {
            return load(version, listing, gate, true);
        }

        private TableState load(long version, LogListing listing, Consumer<Protocol> gate, boolean verified) {
            Attempt<Replay.Facts> loaded = read(version, listing, replay -> replay.facts(gate));
            Replay replay = loaded.replay();
            Replay.Facts facts = loaded.result();
            return new TableState(version, facts, () -> {
                FileSet files =
                        read(replay, listing, r -> files(r, facts.metadata())).result();
                if (verified) {
                    disagreement(new TableState(version, facts, () -> files))
                            .ifPresent(text -> warning.accept("the checksum of version " + version
                                    + " does not agree with its log, and one of the two is damaged: " + text));
                }
                return files;
            });
        }

        /** What a version has otherwise than its checksum says; empty where the two agree, or where there is none. */
        public Optional<String> disagreement(TableState state) {
            return Checksum.read(LogListing.log(root), state.version()).flatMap(sum -> sum.disagreement(state));
        }

        /** The version after {@code before}, whose commit this is. */
        public TableState next(TableState before, CommitFile commit, Consumer<Protocol> gate) {
            long version = before.version + 1;
            Replay.Facts facts = before.facts.after(commit, gate);
            FileSet known = before.files;
            if (known == null) {
                return new TableState(
                        version,
                        facts,
                        () -> load(version, LogListing.require(root), gate).files());
            }
            Set<String> gone = new HashSet<>();
            Map<String, LoggedFile> come = new HashMap<>();
            for (JsonObject line : commit.actions()) {
                line.object("remove").map(Replay.Tail::fileKey).ifPresent(key -> {
                    come.remove(key);
                    gone.add(key);
                });
                line.object("add").map(LoggedFile::add).ifPresent(file -> come.put(file.key(), file));
            }
            TableState next = new TableState(version, facts, () -> known.after(gone, come));
            next.files();
            return next;
        }

        /** Does something with a version's replay, and again without its checkpoint where that can't be read. */
        public <T> T replaying(long version, LogListing listing, Function<Replay, T> work) {
            return read(version, listing, work).result();
        }

        /** What is wrong with the checkpoint of a version, if it can't be put together from that alone. */
        public Optional<LakeException> damage(long version, LogListing listing) {
            CheckpointFiles standing =
                    Objects.requireNonNull(listing.checkpoints().get(version));
            LogListing alone = new LogListing(
                    listing.log(), listing.commits().tailMap(version, true), new TreeMap<>(Map.of(version, standing)));
            try {
                TableState state = load(version, alone, protocol -> {}, false);
                state.files();
                return disagreement(state)
                        .map(text -> new LakeException(
                                ErrorCode.LOG_CORRUPT,
                                "the checkpoint does not agree with its version's checksum: " + text,
                                Map.of("log", listing.log(), "version", version)));
            } catch (LakeException e) {
                if (e.code() == ErrorCode.LOG_CORRUPT) {
                    return Optional.of(e);
                }
                throw e;
            }
        }

        private <T> Attempt<T> read(long version, LogListing listing, Function<Replay, T> work) {
            return read(Replay.of(version, listing, parquet), listing, work);
        }

        private <T> Attempt<T> read(Replay replay, LogListing listing, Function<Replay, T> work) {
            try {
                return new Attempt<>(replay, work.apply(replay));
            } catch (LakeException e) {
                OptionalLong base = replay.base();
                if (e.code() != ErrorCode.LOG_CORRUPT || base.isEmpty()) {
                    throw e;
                }
                LogListing without = listing.without(base.getAsLong());
                if (!without.reaches(replay.version())) {
                    throw e;
                }
                warning.accept("the checkpoint of version " + base.getAsLong() + " can't be read and is passed over: "
                        + e.getMessage());
                return read(replay.version(), without, work);
            }
        }

        private FileSet files(Replay replay, Metadata metadata) {
            List<LoggedFile> files = new ArrayList<>();
            boolean complete = collect(replay, ActionSchema.ADD, Optional.empty(), files);
            if (complete || replay.base().isEmpty()) {
                return FileSet.of(files);
            }
            // A checkpoint may keep statistics as columns alone. They only ever save work.
            StatisticsColumns statistics = StatisticsColumns.all(metadata);
            try {
                List<LoggedFile> with = new ArrayList<>(files.size());
                collect(replay, ActionSchema.add(List.of(statistics.column())), Optional.of(statistics), with);
                return FileSet.of(with);
            } catch (LakeException e) {
                warning.accept("the statistics columns of the checkpoint before version " + replay.version()
                        + " can't be read, so files without others are not pruned: " + e.getMessage());
                return FileSet.of(files);
            }
        }

        /** Whether every file had statistics. */
        private static boolean collect(
                Replay replay, Field column, Optional<StatisticsColumns> parsed, List<LoggedFile> files) {
            boolean complete = true;
            try (LogParquet.RowIterator rows = replay.rows(List.of(column))) {
                while (rows.hasNext()) {
                    if (rows.next()[0] instanceof @Nullable Object[] action) {
                        LoggedFile file = AddRows.file(action, parsed);
                        complete &= file.statistics().isPresent();
                        files.add(file);
                    }
                }
            }
            return complete;
        }
    }

    private record Attempt<T>(Replay replay, T result) {}

    public long version() {
        return version;
    }

    public Protocol protocol() {
        return facts.protocol();
    }

    public Metadata metadata() {
        return facts.metadata();
    }

    /** Domain metadata in force. */
    public Map<String, String> domains() {
        return facts.domains();
    }

    /** The newest number of each application. */
    public Map<String, Long> sequences() {
        return facts.sequences();
    }

    Replay.Facts facts() {
        return facts;
    }

    /** The files of the version. */
    public FileSet files() {
        FileSet known = files;
        if (known == null) {
            known = reading.get();
            files = known;
        }
        return known;
    }
}
