package io.lakeops.table;

import java.util.Set;

/**
 * The files that the log protects.
 *
 * @param paths relative to the table's root, with {@code /}, decoded: data files, deletion vectors, change data
 * @param complete false where the log does not reach back to the cutoff: then files are protected by age alone
 * @param newestVersion the version up to which the log was read
 */
public record References(Set<String> paths, boolean complete, long newestVersion) {
    public References {
        paths = Set.copyOf(paths);
    }
}
