package io.lakeops.table;

import java.time.Instant;
import java.util.List;

/**
 * A version of a table as if it had other columns, for who reads it; its files are as they are.
 *
 * <p>Threads: immutable and safe.
 */
public record SnapshotView(Snapshot base, Schema schema, List<String> partitionColumns) implements Snapshot {
    public SnapshotView {
        partitionColumns = List.copyOf(partitionColumns);
    }

    @Override
    public TableId table() {
        return base.table();
    }

    @Override
    public TableLocation location() {
        return base.location();
    }

    @Override
    public long version() {
        return base.version();
    }

    @Override
    public Instant timestamp() {
        return base.timestamp();
    }

    @Override
    public TableDetail detail() {
        return base.detail();
    }

    @Override
    public TableScan scan() {
        return base.scan();
    }

    @Override
    public Coordination coordination() {
        return base.coordination();
    }

    @Override
    public DeletedRows deletedRows(DataFile file) {
        return base.deletedRows(file);
    }
}
