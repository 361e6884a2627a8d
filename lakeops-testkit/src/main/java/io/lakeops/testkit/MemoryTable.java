package io.lakeops.testkit;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.LakeTable;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A handle on an in-memory table. */
record MemoryTable(TableId id, TableLocation location, MemoryLog log, LakeContext context) implements LakeTable {
    @Override
    public Snapshot snapshot(SnapshotSelector which) {
        List<MemoryLog.Version> versions = log.versions();
        int newest = versions.size() - 1;
        if (which instanceof SnapshotSelector.Version wanted) {
            if (wanted.version() < 0 || wanted.version() > newest) {
                throw new LakeException(
                        ErrorCode.VERSION_NOT_FOUND,
                        "there is no version " + wanted.version() + " of " + id + "; it has 0 to " + newest);
            }
            return snapshot(versions, (int) wanted.version());
        }
        if (which instanceof SnapshotSelector.AsOf asOf) {
            Instant first = versions.get(0).commit().entry().timestamp();
            Instant last = versions.get(newest).commit().entry().timestamp();
            if (asOf.instant().isBefore(first) || asOf.instant().isAfter(last)) {
                throw new LakeException(
                        ErrorCode.TIMESTAMP_OUT_OF_RANGE,
                        asOf.instant() + " is not between the first commit of " + id + " at " + first
                                + " and its last at " + last);
            }
            int version = newest;
            while (versions.get(version).commit().entry().timestamp().isAfter(asOf.instant())) {
                version--;
            }
            return snapshot(versions, version);
        }
        return snapshot(versions, newest);
    }

    @Override
    public Stream<TableCommit> commits(long from, long to) {
        return log.versions().stream()
                .map(v -> (TableCommit) v.commit())
                .filter(c -> c.entry().version() >= from && c.entry().version() <= to);
    }

    @Override
    public VersionRange versions() {
        return new VersionRange(0, log.versions().size() - 1L);
    }

    @Override
    public CommitResult commit(Snapshot base, CommitSpec spec) {
        if (!base.location().equals(location)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the snapshot is of another table",
                    Map.of("snapshot", base.location(), "table", location));
        }
        CommitResult result = log.commit(base.version(), spec, context);
        if (result instanceof CommitResult.Committed committed) {
            context.listener()
                    .on(new LakeEvent.Committed(
                            id.toString(), committed.version(), spec.operation().name()));
        }
        return result;
    }

    @Override
    public Restorability restorable(long version) {
        List<MemoryLog.Version> versions = log.versions();
        if (version < 0 || version >= versions.size()) {
            return new Restorability.Gone("there is no version " + version);
        }
        List<String> missing = versions.get((int) version).files().values().stream()
                .filter(f -> !Files.isRegularFile(f.location()))
                .map(DataFile::path)
                .sorted()
                .toList();
        return missing.isEmpty() ? new Restorability.Whole() : new Restorability.Partial(missing);
    }

    @Override
    public References referencedSince(Instant cutoff) {
        List<MemoryLog.Version> versions = log.versions();
        Set<String> paths =
                new HashSet<>(versions.get(versions.size() - 1).files().keySet());
        for (MemoryLog.Version version : versions) {
            if (!version.commit().entry().timestamp().isBefore(cutoff)) {
                for (FileChange change : version.commit().changes()) {
                    change.dataFile().ifPresent(f -> paths.add(f.path()));
                    if (change instanceof FileChange.ChangeFile cdc) {
                        paths.add(cdc.path());
                    }
                }
            }
        }
        return new References(paths, true, versions.size() - 1L);
    }

    private Snapshot snapshot(List<MemoryLog.Version> versions, int version) {
        return new MemorySnapshot(id, location, versions.get(version), log.createdAt());
    }
}
