package io.lakeops.duckdb.lake;

import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.ForwardingTable;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Reads;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;

/**
 * A table that a statement changes and may read besides, as in {@code DELETE … WHERE id IN (SELECT … FROM the table)}.
 *
 * <p>Each time the operation takes the newest version to plan on, the statement's own reads are bound to it too. Where there
 * are such reads, the commit says that it looked at the whole table, so that whatever another writer changes makes it run
 * again on what is then the newest.
 */
record ChangedTable(LakeTable table, ScanBinder binder) implements ForwardingTable {
    @Override
    public Snapshot snapshot(SnapshotSelector which) {
        Snapshot snapshot = table.snapshot(which);
        if (which.equals(SnapshotSelector.latest())) {
            binder.scope().readAt(location().root().toString(), snapshot);
        }
        return snapshot;
    }

    @Override
    public CommitResult commit(Snapshot base, CommitSpec spec) {
        boolean reads = binder.scope().reads(location().root().toString());
        return table.commit(base, reads ? spec.withReads(new Reads.WholeTable()) : spec);
    }
}
