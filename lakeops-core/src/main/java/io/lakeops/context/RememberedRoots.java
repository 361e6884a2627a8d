package io.lakeops.context;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Roots that the host named, and those that were recorded, which are forgotten with this object. */
final class RememberedRoots implements FileRoots {
    private final List<Path> allowed;
    private final Map<Path, Set<Path>> recorded = new ConcurrentHashMap<>();

    RememberedRoots(List<Path> allowed) {
        this.allowed = allowed.stream().map(p -> p.toAbsolutePath().normalize()).toList();
    }

    @Override
    public List<Path> of(Path table) {
        if (recorded.isEmpty()) {
            return allowed;
        }
        return Stream.concat(allowed.stream(), recorded.getOrDefault(FileRoots.real(table), Set.of()).stream())
                .toList();
    }

    @Override
    public void record(Path table, Collection<Path> roots) {
        Set<Path> known = recorded.computeIfAbsent(FileRoots.real(table), t -> ConcurrentHashMap.newKeySet());
        roots.forEach(root -> known.add(FileRoots.real(root)));
    }
}
