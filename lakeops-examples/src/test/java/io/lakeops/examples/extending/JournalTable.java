package io.lakeops.examples.extending;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.LakeListener;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.LakeTable;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableDetail;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableScan;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.MemoryFormat;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** A table with a journal; every question is put to the in-memory table that the journal makes. */
record JournalTable(TableId id, TableLocation location, LakeContext context) implements LakeTable {
    @Override
    public Snapshot snapshot(SnapshotSelector which) {
        return new JournalSnapshot(replay().snapshot(which));
    }

    @Override
    public Stream<TableCommit> commits(long from, long to) {
        return replay().commits(from, to);
    }

    @Override
    public VersionRange versions() {
        return replay().versions();
    }

    @Override
    public CommitResult commit(Snapshot base, CommitSpec spec) {
        while (true) {
            LakeTable table = replay();
            CommitResult result = table.commit(base, spec);
            if (!(result instanceof CommitResult.Committed committed)) {
                return result;
            }
            // The file's name is the lock: of two writers of one version one finds it taken, and asks again.
            String text = JournalText.ofCommit(newest(table), base.version(), spec);
            if (put(location, committed.version(), text)) {
                context.listener()
                        .on(new LakeEvent.Committed(
                                id.toString(),
                                committed.version(),
                                spec.operation().name()));
                return result;
            }
        }
    }

    @Override
    public Restorability restorable(long version) {
        return replay().restorable(version);
    }

    @Override
    public References referencedSince(Instant cutoff) {
        return replay().referencedSince(cutoff);
    }

    /** The table as the journal tells it now, each commit at its own time. */
    private LakeTable replay() {
        List<String> texts = new ArrayList<>();
        for (Optional<String> next = read(0); next.isPresent(); next = read(texts.size())) {
            texts.add(next.get());
        }
        if (texts.isEmpty()) {
            throw new LakeException(ErrorCode.TABLE_NOT_FOUND, "no table stands at '" + location + "'");
        }
        try {
            MemoryFormat memory = new MemoryFormat();
            TableSpec spec = JournalText.spec(texts.get(0));
            memory.create(id, location, spec, Optional.empty(), at(JournalText.time(texts.get(0))));
            for (String text : texts.subList(1, texts.size())) {
                LakeTable then = memory.open(id, location, Optional.empty(), at(JournalText.time(text)));
                Snapshot base = then.snapshot(SnapshotSelector.version(JournalText.base(text)));
                then.commit(base, JournalText.commit(text, location.root()));
            }
            return memory.open(id, location, Optional.empty(), silent(context));
        } catch (LakeException | ClassCastException | IllegalArgumentException | DateTimeException e) {
            throw new LakeException(ErrorCode.LOG_CORRUPT, "the journal of '" + id + "' can't be told", e);
        }
    }

    private Optional<String> read(long version) {
        Path file = file(location, version);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw StorageErrors.of("can't read the journal", file, e);
        }
    }

    private static LakeContext at(Instant time) {
        return new LakeContext(Clock.fixed(time, ZoneOffset.UTC), Runnable::run, LakeListener.silent());
    }

    static LakeContext silent(LakeContext context) {
        return context.withListener(LakeListener.silent());
    }

    static Snapshot newest(LakeTable table) {
        return table.snapshot(SnapshotSelector.latest());
    }

    static Path file(TableLocation location, long version) {
        return location.root().resolve("_journal").resolve(String.format(Locale.ROOT, "%020d.json", version));
    }

    /** Puts a journal file whole, or, where its name is taken, not at all. */
    static boolean put(TableLocation location, long version, String text) {
        Path file = file(location, version);
        Path draft = file.resolveSibling("." + UUID.randomUUID());
        try {
            Files.createDirectories(file.getParent());
            try {
                Files.writeString(draft, text);
                Files.createLink(file, draft);
                return true;
            } catch (FileAlreadyExistsException taken) {
                return false;
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw StorageErrors.of("can't write the journal", file, e);
        }
    }

    /** A version; only its format's name is not the in-memory one's. */
    private record JournalSnapshot(Snapshot memory) implements Snapshot {
        @Override
        public TableId table() {
            return memory.table();
        }

        @Override
        public TableLocation location() {
            return memory.location();
        }

        @Override
        public long version() {
            return memory.version();
        }

        @Override
        public Instant timestamp() {
            return memory.timestamp();
        }

        @Override
        public Schema schema() {
            return memory.schema();
        }

        @Override
        public List<String> partitionColumns() {
            return memory.partitionColumns();
        }

        @Override
        public TableDetail detail() {
            TableDetail detail = memory.detail();
            return new TableDetail(
                    "journal",
                    detail.id(),
                    detail.name(),
                    detail.description(),
                    detail.createdAt(),
                    detail.clusteringColumns(),
                    detail.properties(),
                    1,
                    1,
                    List.of());
        }

        @Override
        public TableScan scan() {
            return memory.scan();
        }

        @Override
        public Coordination coordination() {
            Coordination known = memory.coordination();
            // A journal has neither deletion vectors nor change data, so it offers none.
            return new Coordination() {
                @Override
                public OptionalLong sequence(String application) {
                    return known.sequence(application);
                }

                @Override
                public Map<String, String> domains() {
                    return known.domains();
                }
            };
        }

        @Override
        public DeletedRows deletedRows(DataFile file) {
            return memory.deletedRows(file);
        }
    }
}
