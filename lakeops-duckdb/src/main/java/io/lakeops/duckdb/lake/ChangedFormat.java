package io.lakeops.duckdb.lake;

import io.lakeops.context.LakeContext;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableCloning;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.util.Optional;

/** A format whose tables a statement changes and may read besides; see {@link ChangedTable}. */
record ChangedFormat(TableFormat format, ScanBinder binder) implements TableFormat {
    @Override
    public String name() {
        return format.name();
    }

    @Override
    public boolean recognizes(TableLocation location) {
        return format.recognizes(location);
    }

    @Override
    public LakeTable open(TableId id, TableLocation location, Optional<LogParquet> log, LakeContext context) {
        return new ChangedTable(format.open(id, location, log, context), binder);
    }

    @Override
    public LakeTable create(
            TableId id, TableLocation location, TableSpec spec, Optional<LogParquet> log, LakeContext context) {
        return format.create(id, location, spec, log, context);
    }

    @Override
    public Optional<LakeTable> unborn(TableId id, TableLocation location, TableSpec spec, LakeContext context) {
        return format.unborn(id, location, spec, context);
    }

    @Override
    public Optional<TableCloning> cloning() {
        return format.cloning();
    }
}
