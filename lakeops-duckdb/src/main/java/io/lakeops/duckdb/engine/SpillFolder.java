package io.lakeops.duckdb.engine;

import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where one DuckDB spills: a folder of its own below the host's, made at the first spill, gone at close.
 *
 * @param path its own folder
 * @param parent the host's
 * @param made whether the host's folder was made here, and so goes as well
 */
record SpillFolder(Path path, Path parent, boolean made) {
    static SpillFolder below(Path parent) {
        boolean made = !Files.exists(parent);
        try {
            // DuckDB makes the last folder by itself, and no other.
            Files.createDirectories(parent);
        } catch (IOException e) {
            throw StorageErrors.of("the spill folder can't be made", parent, e);
        }
        return new SpillFolder(parent.resolve("duckdb-" + UUID.randomUUID()), parent, made);
    }

    /** Deletes what is left, and the host's folder where it was made here and nobody else uses it. */
    void delete() {
        try {
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.walk(path)) {
                    List<Path> deepestFirst =
                            files.sorted(Comparator.reverseOrder()).toList();
                    for (Path file : deepestFirst) {
                        Files.deleteIfExists(file);
                    }
                }
            }
            if (made) {
                Files.deleteIfExists(parent);
            }
        } catch (DirectoryNotEmptyException e) {
            // Another session spills there; the last one cleans up.
            System.getLogger(SpillFolder.class.getName()).log(System.Logger.Level.DEBUG, "the folder stays", e);
        } catch (IOException e) {
            throw StorageErrors.of("spilled files can't be deleted", path, e);
        }
    }
}
