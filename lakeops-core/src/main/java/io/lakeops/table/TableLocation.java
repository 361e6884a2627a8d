package io.lakeops.table;

import java.nio.file.Path;

/**
 * Where a table lives.
 *
 * @param root the table's folder, absolute and normalized
 */
public record TableLocation(Path root) {
    public TableLocation {
        root = root.toAbsolutePath().normalize();
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
