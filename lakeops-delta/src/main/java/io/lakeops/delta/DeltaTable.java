package io.lakeops.delta;

import io.lakeops.context.LakeContext;
import io.lakeops.delta.internal.kernel.KernelLog;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** One Delta table. Nothing of it is remembered between calls, so another process's commit is seen by the next call. */
final class DeltaTable implements LakeTable {
    private final TableId id;
    private final TableLocation location;
    private final KernelLog log;
    private final TablePaths paths;
    private final LakeContext context;

    DeltaTable(TableId id, TableLocation location, Optional<LogParquet> parquet, LakeContext context) {
        this.id = id;
        this.location = location;
        this.log = new KernelLog(location.root(), parquet);
        this.paths = new TablePaths(location.root());
        this.context = context;
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
        LogListing listing = LogListing.require(root());
        if (which instanceof SnapshotSelector.Version version) {
            return at(version.version(), listing);
        }
        if (which instanceof SnapshotSelector.AsOf asOf) {
            return at(new CommitTimes(listing).versionAsOf(asOf.instant()), listing);
        }
        return at(listing.latest(), listing);
    }

    private DeltaSnapshot at(long version, LogListing listing) {
        listing.requireReadable(version);
        return DeltaSnapshot.of(this, log.load(version, listing), listing, paths);
    }

    @Override
    public Stream<TableCommit> commits(long from, long to) {
        LogListing listing = LogListing.require(root());
        return DeltaHistory.commits(listing, paths, from, to, version -> {
            long readable = Math.max(version, listing.earliestReadable());
            return log.load(readable, listing).metadata();
        });
    }

    @Override
    public VersionRange versions() {
        LogListing listing = LogListing.require(root());
        return new VersionRange(listing.earliestCommit(), listing.latest());
    }

    @Override
    public CommitResult commit(Snapshot base, CommitSpec spec) {
        throw new UnsupportedOperationException(String.valueOf(context));
    }

    @Override
    public Restorability restorable(long version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public References referencedSince(Instant cutoff) {
        throw new UnsupportedOperationException();
    }

    private Path root() {
        return location.root();
    }
}
