package io.lakeops.ingest;

import io.lakeops.table.CommitSpec;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import java.util.List;

/** Columns that a batch brings and its table lacks. */
final class Growth {
    private Growth() {}

    /**
     * The commit, with the table's new columns where there are any.
     *
     * @param numbered identity columns as far as they have counted
     */
    static CommitSpec grow(CommitSpec spec, Snapshot base, Schema wanted, List<IdentityColumn> numbered) {
        Schema grown = base.schema().and(wanted);
        if (grown.equals(base.schema()) && numbered.isEmpty()) {
            return spec;
        }
        return spec.withTable(TableChange.ofColumns(base, IdentityColumn.in(grown, numbered)));
    }
}
