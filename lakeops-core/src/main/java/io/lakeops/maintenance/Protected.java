package io.lakeops.maintenance;

import io.lakeops.error.StorageErrors;
import io.lakeops.table.LakeTable;
import io.lakeops.table.References;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * The files that a VACUUM must leave, by path relative to the table's folder.
 *
 * @param paths as the log names them, and where links lie on the way also as they are in truth
 * @param complete whether the log reached back to the cutoff
 * @param newestVersion up to which the log was read
 */
record Protected(Set<String> paths, boolean complete, long newestVersion) {
    /**
     * Reads the log.
     *
     * @param links whether the table's folder has symbolic links: then a file may have two names
     */
    static Protected read(LakeTable table, Instant cutoff, boolean links) {
        References references = table.referencedSince(cutoff);
        if (!links) {
            return new Protected(references.paths(), references.complete(), references.newestVersion());
        }
        Path root = table.location().root();
        Path realRoot = Listing.real(root);
        Set<String> paths = new HashSet<>(references.paths());
        for (String path : references.paths()) {
            Path file = root.resolve(path);
            if (Files.exists(file)) {
                try {
                    Path real = file.toRealPath();
                    if (real.startsWith(realRoot)) {
                        paths.add(Listing.relative(realRoot, real));
                    }
                } catch (IOException e) {
                    throw StorageErrors.of("can't resolve a file that the log names", file, e);
                }
            }
        }
        return new Protected(paths, references.complete(), references.newestVersion());
    }

    boolean contains(String path) {
        return paths.contains(path);
    }
}
