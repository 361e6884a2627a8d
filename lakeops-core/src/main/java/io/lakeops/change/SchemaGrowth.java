package io.lakeops.change;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Columns that a source has and a table lacks: refused, or added at the table's end. */
final class SchemaGrowth {
    private SchemaGrowth() {}

    /** The grown schema, where columns are to be added. */
    static Optional<Schema> plan(Snapshot base, Schema source, boolean addColumns) {
        List<Field> extra = source.fields().stream()
                .filter(f -> base.schema().find(f.name()).isEmpty())
                .toList();
        if (extra.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = extra.stream().map(Field::name).toList();
        if (!addColumns) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the rows have columns that " + base.table() + " lacks",
                    Map.of("columns", names, "table", base.schema().names()));
        }
        List<Field> fields = new ArrayList<>(base.schema().fields());
        extra.forEach(f -> fields.add(Field.of(f.name(), f.type())));
        return Optional.of(base.coordination().placed(new Schema(fields)));
    }

    /** The base as its rows look once the columns are there: null in each of them. */
    static Snapshot view(Snapshot base, Optional<Schema> grown) {
        return grown.isEmpty() ? base : new SnapshotView(base, grown.get(), base.partitionColumns());
    }
}
