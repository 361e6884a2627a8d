package io.lakeops.testkit;

import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.ForwardingTable;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Snapshot;
import java.util.function.Consumer;

/**
 * A table with something in between an operation and its commits: another writer, a crash.
 *
 * @param table the table itself
 * @param beforeCommit runs before each commit; what it throws, the commit throws
 * @param afterCommit runs once a commit landed
 */
public record InterposedTable(LakeTable table, Consumer<CommitSpec> beforeCommit, Runnable afterCommit)
        implements ForwardingTable {
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
}
