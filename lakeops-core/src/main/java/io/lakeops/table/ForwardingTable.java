package io.lakeops.table;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table that stands in front of another and does what that one does, but for what it says itself.
 *
 * <p>Threads: as the other table.
 */
public interface ForwardingTable extends LakeTable {
    /** The table behind. */
    LakeTable table();

    @Override
    default TableId id() {
        return table().id();
    }

    @Override
    default TableLocation location() {
        return table().location();
    }

    @Override
    default Snapshot snapshot(SnapshotSelector which) {
        return table().snapshot(which);
    }

    @Override
    default CommitResult commit(Snapshot base, CommitSpec spec) {
        return table().commit(base, spec);
    }

    @Override
    default Stream<TableCommit> commits(long from, long to) {
        return table().commits(from, to);
    }

    @Override
    default VersionRange versions() {
        return table().versions();
    }

    @Override
    default Restorability restorable(long version) {
        return table().restorable(version);
    }

    @Override
    default References referencedSince(Instant cutoff) {
        return table().referencedSince(cutoff);
    }

    @Override
    default Optional<LogUpkeep> upkeep() {
        return table().upkeep();
    }
}
