package io.lakeops.ingest;

import io.lakeops.table.CommitSpec;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import java.util.ArrayList;
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
        List<Field> fields = new ArrayList<>(base.schema().fields());
        for (Field field : wanted.fields()) {
            if (base.schema().find(field.name()).isEmpty()) {
                fields.add(field);
            }
        }
        if (fields.size() == base.schema().fields().size() && numbered.isEmpty()) {
            return spec;
        }
        return spec.withTable(new TableChange(
                IdentityColumn.in(new Schema(fields), numbered),
                base.partitionColumns(),
                base.detail().properties(),
                base.detail().description()));
    }
}
