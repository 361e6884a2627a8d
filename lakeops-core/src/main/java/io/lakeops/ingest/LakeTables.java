package io.lakeops.ingest;

import io.lakeops.Lake;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.util.Optional;

/** The tables that ingestion keeps: opened, or created by whoever comes first. */
final class LakeTables {
    private LakeTables() {}

    static LakeTable openOrCreate(Lake lake, TableId id, TableSpec spec) {
        return openOrCreate(lake, lake.location(id), spec);
    }

    /** A table of ingestion's own, directly below a folder of the lake. */
    static LakeTable openOrCreate(Lake lake, String folder, String name, TableSpec spec) {
        return openOrCreate(lake, location(lake, folder, name), spec);
    }

    static TableLocation location(Lake lake, String folder, String name) {
        return new TableLocation(lake.root().resolve(folder).resolve(name));
    }

    static Optional<LakeTable> find(Lake lake, TableLocation location) {
        try {
            return Optional.of(lake.open(location));
        } catch (LakeException e) {
            if (e.code() == ErrorCode.TABLE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static LakeTable openOrCreate(Lake lake, TableLocation location, TableSpec spec) {
        Optional<LakeTable> there = find(lake, location);
        if (there.isPresent()) {
            return there.get();
        }
        try {
            return lake.create(location, spec);
        } catch (LakeException e) {
            // Another process was faster; it made the same table.
            if (e.code() == ErrorCode.TABLE_ALREADY_EXISTS) {
                return lake.open(location);
            }
            throw e;
        }
    }
}
