package io.lakeops.delta;

import io.lakeops.delta.internal.log.DeletionVectorReader;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Restorability;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Looks whether every file that a version needs still stands. */
final class Restorations {
    private Restorations() {}

    static Restorability look(DeltaSnapshot snapshot) {
        TablePaths paths = snapshot.paths();
        Set<String> missing = new TreeSet<>();
        for (DataFile file : snapshot.files()) {
            require(file.path(), paths, missing);
            file.deletionVector()
                    .map(DeletionVectorReader::file)
                    .filter(path -> !path.isEmpty())
                    .ifPresent(path -> require(path, paths, missing));
        }
        List<String> all = new ArrayList<>(missing);
        return all.isEmpty() ? new Restorability.Whole() : new Restorability.Partial(all);
    }

    private static void require(String path, TablePaths paths, Set<String> missing) {
        if (!stands(path, paths)) {
            missing.add(path);
        }
    }

    /** A file where the table's paths may not lead can't come back either: it would not be read. */
    private static boolean stands(String path, TablePaths paths) {
        try {
            return Files.isRegularFile(paths.confined(path));
        } catch (LakeException e) {
            if (e.code() == ErrorCode.PATH_OUTSIDE_TABLE) {
                return false;
            }
            throw e;
        }
    }
}
