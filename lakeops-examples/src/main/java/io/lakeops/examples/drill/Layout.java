package io.lakeops.examples.drill;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the drill's files stand below its folder.
 *
 * @param folder the drill's folder
 */
public record Layout(Path folder) {
    private static final String MARK = ".lakeops-drill";
    private static final List<String> MADE = List.of("data_raw", "data_raw_increment", "lake", "duckdb");

    /** The raw files of the first days. */
    public Path raw() {
        return folder.resolve("data_raw");
    }

    /** The raw files of the days after. */
    public Path increment() {
        return folder.resolve("data_raw_increment");
    }

    public Path lake() {
        return folder.resolve("lake");
    }

    public Path warehouse() {
        return folder.resolve("duckdb").resolve("warehouse.duckdb");
    }

    /**
     * Takes away what an earlier drill made here, and marks the folder as a drill's.
     *
     * <p>Errors: INVALID_ARGUMENT where something stands here that no drill made; then nothing is touched.
     */
    void clear() {
        try {
            Files.createDirectories(folder);
            Path mark = folder.resolve(MARK);
            for (String name : MADE) {
                Path made = folder.resolve(name);
                if (Files.exists(made) && !Files.exists(mark)) {
                    throw new LakeException(
                            ErrorCode.INVALID_ARGUMENT,
                            "the folder holds '" + name + "', which no drill made; choose another with --out",
                            Map.of("folder", folder));
                }
            }
            if (!Files.exists(mark)) {
                Files.createFile(mark);
            }
            for (String name : MADE) {
                delete(folder.resolve(name));
            }
        } catch (IOException e) {
            throw StorageErrors.of("the drill's folder can't be prepared", folder, e);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> all = Files.walk(tree)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
