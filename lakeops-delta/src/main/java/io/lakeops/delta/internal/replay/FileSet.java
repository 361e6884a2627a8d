package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a version by {@link LoggedFile#key()}, in the order of their keys. The set of a later version shares what did
 * not change, so that a commit costs what it changes and not what the table holds.
 *
 * <p>Threads: immutable and safe.
 */
public final class FileSet extends AbstractMap<String, LoggedFile> {
    private static final int SMALL = 2_000;

    private final Sorted base;
    private final NavigableMap<String, LoggedFile> added;
    /** Keys of the base that no longer count. */
    private final Set<String> removed;

    private FileSet(Sorted base, NavigableMap<String, LoggedFile> added, Set<String> removed) {
        this.base = base;
        this.added = added;
        this.removed = removed;
    }

    /** Of a table that has no file yet. */
    public static FileSet empty() {
        return of(List.of());
    }

    /** Errors: LOG_CORRUPT where a file stands twice. */
    static FileSet of(Collection<LoggedFile> files) {
        return new FileSet(Sorted.of(files), new TreeMap<>(), Set.of());
    }

    /** The set after a commit that removed some keys and added some files. */
    FileSet after(Collection<String> gone, Map<String, LoggedFile> come) {
        TreeMap<String, LoggedFile> more = new TreeMap<>(added);
        Set<String> less = new HashSet<>(removed);
        for (String key : gone) {
            more.remove(key);
            if (base.get(key) != null) {
                less.add(key);
            }
        }
        come.forEach((key, file) -> {
            more.put(key, file);
            if (base.get(key) != null) {
                less.add(key);
            }
        });
        FileSet next = new FileSet(base, more, less);
        return more.size() + less.size() > SMALL + base.keys.length / 16 ? of(next.values()) : next;
    }

    /** The length of all files together. */
    public long fileBytes() {
        long bytes = base.fileBytes;
        for (LoggedFile file : added.values()) {
            bytes += file.size();
        }
        for (String key : removed) {
            LoggedFile file = base.get(key);
            bytes -= file == null ? 0 : file.size();
        }
        return bytes;
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
        return file != null || removed.contains(key) ? file : base.get((String) key);
    }

    @Override
    public int size() {
        return base.keys.length - removed.size() + added.size();
    }

    @Override
    public Set<Entry<String, LoggedFile>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, LoggedFile>> iterator() {
                return new Merged(FileSet.this);
            }

            @Override
            public int size() {
                return FileSet.this.size();
            }
        };
    }

    /** The base's files that still count and the added ones, in one order. */
    private static final class Merged implements Iterator<Entry<String, LoggedFile>> {
        private final Sorted base;
        private final Set<String> removed;
        private final Iterator<Entry<String, LoggedFile>> added;
        private @Nullable Entry<String, LoggedFile> next;
        private int at;

        Merged(FileSet of) {
            this.base = of.base;
            this.removed = of.removed;
            this.added = of.added.entrySet().iterator();
            this.next = added.hasNext() ? added.next() : null;
            skipRemoved();
        }

        private void skipRemoved() {
            while (!removed.isEmpty() && at < base.keys.length && removed.contains(base.keys[at])) {
                at++;
            }
        }

        @Override
        public boolean hasNext() {
            return next != null || at < base.keys.length;
        }

        @Override
        public Entry<String, LoggedFile> next() {
            if (at < base.keys.length && (next == null || base.keys[at].compareTo(next.getKey()) < 0)) {
                Entry<String, LoggedFile> entry = Map.entry(base.keys[at], base.files[at]);
                at++;
                skipRemoved();
                return entry;
            }
            Entry<String, LoggedFile> entry = next;
            if (entry == null) {
                throw new NoSuchElementException();
            }
            next = added.hasNext() ? added.next() : null;
            return entry;
        }
    }

    /** What several versions share: files in the order of their keys, which a checkpoint of ours has already. */
    private static final class Sorted {
        private final String[] keys;
        private final LoggedFile[] files;
        private final long fileBytes;
        private volatile @Nullable Map<String, Set<String>> vectored;

        private Sorted(String[] keys, LoggedFile[] files) {
            this.keys = keys;
            this.files = files;
            long bytes = 0;
            for (LoggedFile file : files) {
                bytes += file.size();
            }
            this.fileBytes = bytes;
        }

        static Sorted of(Collection<LoggedFile> unsorted) {
            LoggedFile[] files = unsorted.toArray(new LoggedFile[0]);
            String[] keys = new String[files.length];
            boolean rising = true;
            for (int i = 0; i < files.length; i++) {
                keys[i] = files[i].key();
                rising &= i == 0 || keys[i - 1].compareTo(keys[i]) < 0;
            }
            if (!rising) {
                sort(keys, files);
            }
            return new Sorted(keys, files);
        }

        private static void sort(String[] keys, LoggedFile[] files) {
            record Keyed(String key, LoggedFile file) {}
            Keyed[] pairs = new Keyed[keys.length];
            for (int i = 0; i < pairs.length; i++) {
                pairs[i] = new Keyed(keys[i], files[i]);
            }
            Arrays.sort(pairs, (a, b) -> a.key.compareTo(b.key));
            for (int i = 0; i < pairs.length; i++) {
                keys[i] = pairs[i].key;
                files[i] = pairs[i].file;
                if (i > 0 && keys[i - 1].equals(keys[i])) {
                    throw new LakeException(
                            ErrorCode.LOG_CORRUPT,
                            "a file stands twice in one version",
                            Map.of("path", files[i].logPath()));
                }
            }
        }

        @Nullable
        LoggedFile get(String key) {
            int at = Arrays.binarySearch(keys, key);
            return at < 0 ? null : files[at];
        }

        /** The keys of files with vectors, by path. */
        Map<String, Set<String>> vectored() {
            Map<String, Set<String>> known = vectored;
            if (known == null) {
                Map<String, Set<String>> found = new HashMap<>();
                for (int i = 0; i < files.length; i++) {
                    if (files[i].deletionVector().isPresent()) {
                        found.computeIfAbsent(TablePaths.decode(files[i].logPath()), path -> new HashSet<>())
                                .add(keys[i]);
                    }
                }
                known = found;
                vectored = known;
            }
            return known;
        }
    }
}
