package io.lakeops.duckdb.engine;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where one DuckDB spills: a folder of its own below the host's, made at the first spill, gone at close.
 *
 * @param path its own folder
 * @param parent the host's
 */
record SpillFolder(Path path, Path parent) {
    static SpillFolder below(Path parent) {
        return new SpillFolder(parent.resolve("duckdb-" + UUID.randomUUID()), parent);
    }

    /** Deletes what is left, and the host's folder where nothing else uses it. */
    void delete() {
        if (!Files.isDirectory(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted((a, b) -> b.compareTo(a)).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw FileFailures.of(e, "spilled files can't be deleted", path);
        }
        try {
            Files.delete(parent);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            // Another session spills there, or has cleaned up.
            System.getLogger(SpillFolder.class.getName()).log(System.Logger.Level.DEBUG, "the spill folder stays", e);
        } catch (IOException e) {
            throw FileFailures.of(e, "the spill folder can't be deleted", parent);
        }
    }
}
