package io.lakeops.duckdb.lake;

import io.lakeops.context.FileRoots;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What the host lends, and what a connection's {@code lakeops_allowed_roots} adds. */
record SessionRoots(FileRoots host, Settings settings) implements FileRoots {
    @Override
    public List<Path> of(Path table) {
        return Stream.concat(host.of(table).stream(), settings.allowedRoots().stream())
                .toList();
    }

    @Override
    public void record(Path table, Collection<Path> roots) {
        host.record(table, roots);
    }
}
