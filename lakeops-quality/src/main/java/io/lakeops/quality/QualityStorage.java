package io.lakeops.quality;

import io.lakeops.Lake;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.util.Optional;

/** The tables of this module below a lake. */
final class QualityStorage {
    private QualityStorage() {}

    static Optional<LakeTable> find(Lake lake, String path) {
        try {
            return Optional.of(lake.open(location(lake, path)));
        } catch (LakeException e) {
            if (e.code() == ErrorCode.TABLE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static LakeTable openOrCreate(Lake lake, String path, TableSpec spec) {
        Optional<LakeTable> there = find(lake, path);
        if (there.isPresent()) {
            return there.get();
        }
        try {
            return lake.create(location(lake, path), spec);
        } catch (LakeException e) {
            // Another process was faster; it made the same table.
            if (e.code() == ErrorCode.TABLE_ALREADY_EXISTS) {
                return lake.open(location(lake, path));
            }
            throw e;
        }
    }

    private static TableLocation location(Lake lake, String path) {
        return new TableLocation(lake.root().resolve(path));
    }
}
