package io.lakeops.testkit;

import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.LakeTable;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A table with something in between an operation and its commits: another writer, a crash.
 *
 * @param table the table itself
 * @param beforeCommit runs before each commit; what it throws, the commit throws
 * @param afterCommit runs once a commit landed
 */
public record InterposedTable(LakeTable table, Consumer<CommitSpec> beforeCommit, Runnable afterCommit)
        implements LakeTable {
    public InterposedTable(LakeTable table, Consumer<CommitSpec> beforeCommit) {
        this(table, beforeCommit, () -> {});
    }

    @Override
    public CommitResult commit(Snapshot base, CommitSpec spec) {
        beforeCommit.accept(spec);
        CommitResult result = table.commit(base, spec);
        afterCommit.run();
        return result;
    }

    @Override
    public TableId id() {
        return table.id();
    }

    @Override
    public TableLocation location() {
        return table.location();
    }

    @Override
    public Snapshot snapshot(SnapshotSelector which) {
        return table.snapshot(which);
    }

    @Override
    public Stream<TableCommit> commits(long from, long to) {
        return table.commits(from, to);
    }

    @Override
    public VersionRange versions() {
        return table.versions();
    }

    @Override
    public Restorability restorable(long version) {
        return table.restorable(version);
    }

    @Override
    public References referencedSince(Instant cutoff) {
        return table.referencedSince(cutoff);
    }
}
