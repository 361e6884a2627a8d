package io.lakeops.ingest;

import io.lakeops.table.CommitSpec;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import java.util.ArrayList;
import java.util.List;

/** Columns that a batch brings and its table lacks. */
final class Growth {
    private Growth() {}

    /** The commit, with the table's new columns where there are any. */
    static CommitSpec grow(CommitSpec spec, Snapshot base, Schema wanted) {
        List<Field> fields = new ArrayList<>(base.schema().fields());
        for (Field field : wanted.fields()) {
            if (base.schema().find(field.name()).isEmpty()) {
                fields.add(field);
            }
        }
        if (fields.size() == base.schema().fields().size()) {
            return spec;
        }
        return spec.withTable(new TableChange(
                new Schema(fields),
                base.partitionColumns(),
                base.detail().properties(),
                base.detail().description()));
    }
}
