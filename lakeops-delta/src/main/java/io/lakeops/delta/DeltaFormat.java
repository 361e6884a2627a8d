package io.lakeops.delta;

import com.google.auto.service.AutoService;
import io.lakeops.context.LakeContext;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.write.TableCreation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableCloning;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.util.Optional;

/**
 * Delta tables on a local disk, read by LakeOps' own replay of the log and written by its own commits.
 *
 * <p>Threads: safe.
 *
 * <p>Source: Delta protocol (PROTOCOL.md of delta-io/delta); what is honoured stands in docs/delta-features.md.
 */
@AutoService(TableFormat.class)
public final class DeltaFormat implements TableFormat {
    @Override
    public String name() {
        return "delta";
    }

    @Override
    public boolean recognizes(TableLocation location) {
        return LogListing.exists(location.root());
    }

    @Override
    public LakeTable open(TableId id, TableLocation location, Optional<LogParquet> log, LakeContext context) {
        return new DeltaTable(id, location, log, context);
    }

    @Override
    public LakeTable create(
            TableId id, TableLocation location, TableSpec spec, Optional<LogParquet> log, LakeContext context) {
        TableCreation.create(location.root(), id.toString(), spec, context);
        DeltaTable table = new DeltaTable(id, location, log, context);
        table.sum(0);
        return table;
    }

    @Override
    public Optional<LakeTable> unborn(TableId id, TableLocation location, TableSpec spec, LakeContext context) {
        TableCreation creation = TableCreation.of(location.root(), id.toString(), spec, context);
        creation.prepare();
        return Optional.of(new UnbornTable(id, location, creation));
    }

    @Override
    public Optional<LakeTable> adopting(TableId id, TableLocation location, TableSpec spec, LakeContext context) {
        return Optional.of(
                new UnbornTable(id, location, TableCreation.adopting(location.root(), id.toString(), spec, context)));
    }

    @Override
    public Optional<TableCloning> cloning() {
        return Optional.of(new DeltaCloning());
    }
}
