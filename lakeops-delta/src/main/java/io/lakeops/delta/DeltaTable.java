package io.lakeops.delta;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.delta.internal.kernel.KernelParquet;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.delta.internal.replay.TableState;
import io.lakeops.delta.internal.upkeep.Checkpointing;
import io.lakeops.delta.internal.write.Committer;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.LogUpkeep;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One Delta table. The newest version that was seen is remembered as long as memory is plenty; each call looks whether its
 * commit still stands and what came after it, so another process's commit is seen by the next call.
 */
final class DeltaTable implements LakeTable {
    private final TableId id;
    private final TableLocation location;
    private final LogParquet parquet;
    private final TableState.Reader reader;
    private final TablePaths paths;
    private final Committer committer;
    private final Checkpointing checkpoints;
    private final Newest newest;

    DeltaTable(TableId id, TableLocation location, Optional<LogParquet> parquet, LakeContext context) {
        this.id = id;
        this.location = location;
        this.parquet = parquet.orElseGet(KernelParquet::new);
        this.reader = new TableState.Reader(
                location.root(),
                this.parquet,
                text -> context.listener().on(new LakeEvent.Warning(id.toString(), text)));
        this.paths = new TablePaths(location.root(), context.roots().of(location.root()));
        this.committer = new Committer(location.root(), id.toString(), context);
        this.checkpoints = new Checkpointing(reader, id.toString(), context);
        this.newest = new Newest(location.root());
    }

    @Override
    public TableId id() {
        return id;
    }

    @Override
    public TableLocation location() {
        return location;
    }

    @Override
    public Snapshot snapshot(SnapshotSelector which) {
        if (which instanceof SnapshotSelector.Version version) {
            return at(version.version(), LogListing.require(root()));
        }
        if (which instanceof SnapshotSelector.AsOf asOf) {
            LogListing listing = LogListing.require(root());
            return at(new CommitTimes(listing).versionAsOf(asOf.instant()), listing);
        }
        return latest();
    }

    private DeltaSnapshot latest() {
        return newest.get(this::after, () -> {
            LogListing listing = LogListing.require(root());
            return at(listing.latest(), listing);
        });
    }

    private DeltaSnapshot at(long version, LogListing listing) {
        listing.requireReadable(version);
        return snapshot(reader.load(version, listing, this::gate));
    }

    private DeltaSnapshot after(DeltaSnapshot before, CommitFile commit) {
        return snapshot(reader.next(before.state(), commit, this::gate));
    }

    private DeltaSnapshot snapshot(TableState state) {
        ReadGate.check(state.metadata(), location, state.version());
        return new DeltaSnapshot(this, state, paths);
    }

    private void gate(Protocol protocol) {
        ReadGate.check(protocol, location);
    }

    @Override
    public Stream<TableCommit> commits(long from, long to) {
        LogListing listing = LogListing.require(root());
        return DeltaHistory.commits(listing, paths, from, to, version -> {
            long readable = Math.max(version, listing.earliestReadable());
            return reader.load(readable, listing, this::gate).metadata();
        });
    }

    @Override
    public VersionRange versions() {
        LogListing listing = LogListing.require(root());
        return new VersionRange(listing.earliestCommit(), listing.latest());
    }

    @Override
    public CommitResult commit(Snapshot base, CommitSpec spec) {
        if (!(base instanceof DeltaSnapshot ours) || !ours.location().equals(location)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the commit's base is no version of this table", Map.of("table", id));
        }
        CommitResult result = committer.commit(ours, spec);
        if (result instanceof CommitResult.Committed done) {
            sum(done.version());
            if (Checkpointing.isDue(done.version(), ours.metadata())) {
                checkpoints.after(done.version());
            }
        }
        return result;
    }

    /** Whoever asks for the newest version next finds it read. */
    void sum(long version) {
        checkpoints.sum(version, () -> latest().state());
    }

    @Override
    public Restorability restorable(long version) {
        LogListing listing = LogListing.require(root());
        try {
            return Restorations.look(at(version, listing));
        } catch (LakeException e) {
            if (e.code() == ErrorCode.VERSION_NOT_FOUND || e.code() == ErrorCode.VERSION_NOT_RETAINED) {
                return new Restorability.Gone(e.problem());
            }
            throw e;
        }
    }

    @Override
    public References referencedSince(Instant cutoff) {
        // The version first: what lands after it is in the listing's commits, and protected by them.
        DeltaSnapshot latest = latest();
        return new ReferencedPaths(LogListing.require(root()), parquet, paths).since(cutoff, latest);
    }

    @Override
    public Optional<LogUpkeep> upkeep() {
        return Optional.of(checkpoints);
    }

    private Path root() {
        return location.root();
    }
}
