package io.lakeops.testkit;

import io.lakeops.context.LakeContext;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A format with something around each commit and each creation of a table: another writer, a crash.
 *
 * @param real the format itself
 * @param before runs before each with the table's location; what it throws, the commit or creation throws
 * @param after runs once it landed
 */
public record InterposedFormat(TableFormat real, Consumer<TableLocation> before, Consumer<TableLocation> after)
        implements TableFormat {
    @Override
    public String name() {
        return real.name();
    }

    @Override
    public boolean recognizes(TableLocation location) {
        return real.recognizes(location);
    }

    @Override
    public LakeTable open(TableId id, TableLocation location, Optional<LogParquet> log, LakeContext context) {
        return around(real.open(id, location, log, context), location);
    }

    @Override
    public LakeTable create(
            TableId id, TableLocation location, TableSpec spec, Optional<LogParquet> log, LakeContext context) {
        before.accept(location);
        LakeTable created = real.create(id, location, spec, log, context);
        after.accept(location);
        return around(created, location);
    }

    private LakeTable around(LakeTable table, TableLocation location) {
        return new InterposedTable(table, spec -> before.accept(location), () -> after.accept(location));
    }
}
