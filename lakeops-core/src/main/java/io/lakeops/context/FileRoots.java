package io.lakeops.context;

import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which folders beside its own the files of a table may be in.
 *
 * <p>A table's log may name files by absolute paths, as that of a shallow clone does, and whoever wrote the log may have
 * written any path. So only the host says which are followed: by the roots that it lends, and by making a clone itself, which
 * is {@link #record recorded}. What a log tells of its own source counts for nothing.
 *
 * <p>Threads: safe.
 */
public interface FileRoots {
    /** The roots that files of the table in this folder may be in, its own folder left out. */
    List<Path> of(Path table);

    /** Takes note that the host makes the table in this folder of files in those roots. Called before the table is made. */
    void record(Path table, Collection<Path> roots);

    /** These roots for every table, and as long as this object lives what is recorded. */
    static FileRoots allowing(Path... roots) {
        return new RememberedRoots(List.of(roots));
    }

    /** A path with its symbolic links resolved, as far as it is there. */
    static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        @Nullable Path rest = null;
        for (Path there = absolute; there != null; there = there.getParent()) {
            try {
                Path real = there.toRealPath();
                return rest == null ? real : real.resolve(rest);
            } catch (NoSuchFileException e) {
                Path name = there.getFileName();
                rest = name == null || rest == null ? name : name.resolve(rest);
            } catch (IOException e) {
                throw StorageErrors.of("a path can't be looked at", there, e);
            }
        }
        return absolute;
    }
}
