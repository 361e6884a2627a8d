package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.TablePaths;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a version by {@link LoggedFile#key()}. The set of a later version shares what did not change, so that a commit
 * costs what it changes and not what the table holds.
 *
 * <p>Threads: immutable and safe.
 */
public final class FileSet extends AbstractMap<String, LoggedFile> {
    private static final int SMALL = 2_000;

    private final Shared base;
    private final Map<String, LoggedFile> added;
    /** Keys of the base that no longer count. */
    private final Set<String> removed;

    private FileSet(Shared base, Map<String, LoggedFile> added, Set<String> removed) {
        this.base = base;
        this.added = added;
        this.removed = removed;
    }

    /** Of a table that has no file yet. */
    public static FileSet empty() {
        return of(Map.of());
    }

    static FileSet of(Map<String, LoggedFile> files) {
        return new FileSet(new Shared(files), Map.of(), Set.of());
    }

    /** The set after a commit that removed some keys and added some files. */
    FileSet after(Collection<String> gone, Map<String, LoggedFile> come) {
        Map<String, LoggedFile> more = new HashMap<>(added);
        Set<String> less = new HashSet<>(removed);
        for (String key : gone) {
            more.remove(key);
            if (base.files.containsKey(key)) {
                less.add(key);
            }
        }
        come.forEach((key, file) -> {
            more.put(key, file);
            if (base.files.containsKey(key)) {
                less.add(key);
            }
        });
        FileSet next = new FileSet(base, more, less);
        return more.size() + less.size() > SMALL + base.files.size() / 16 ? of(new HashMap<>(next)) : next;
    }

    /** Whether a file of that decoded path is there, with whatever vector. */
    public boolean holds(String path) {
        return containsKey(path)
                || base.vectored().getOrDefault(path, Set.of()).stream().anyMatch(this::containsKey)
                || added.values().stream()
                        .anyMatch(file -> file.deletionVector().isPresent()
                                && TablePaths.decode(file.logPath()).equals(path));
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable LoggedFile get(Object key) {
        LoggedFile file = added.get(key);
        return file != null || removed.contains(key) ? file : base.files.get(key);
    }

    @Override
    public int size() {
        return base.files.size() - removed.size() + added.size();
    }

    @Override
    public Set<Entry<String, LoggedFile>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, LoggedFile>> iterator() {
                return Stream.concat(
                                base.files.entrySet().stream().filter(entry -> !removed.contains(entry.getKey())),
                                added.entrySet().stream())
                        .iterator();
            }

            @Override
            public int size() {
                return FileSet.this.size();
            }
        };
    }

    /** What several versions share. */
    private static final class Shared {
        private final Map<String, LoggedFile> files;
        private volatile @Nullable Map<String, Set<String>> vectored;

        Shared(Map<String, LoggedFile> files) {
            this.files = files;
        }

        /** The keys of files with vectors, by path. */
        Map<String, Set<String>> vectored() {
            Map<String, Set<String>> known = vectored;
            if (known == null) {
                Map<String, Set<String>> found = new HashMap<>();
                files.forEach((key, file) -> {
                    if (file.deletionVector().isPresent()) {
                        found.computeIfAbsent(TablePaths.decode(file.logPath()), path -> new HashSet<>())
                                .add(key);
                    }
                });
                known = found;
                vectored = known;
            }
            return known;
        }
    }
}
