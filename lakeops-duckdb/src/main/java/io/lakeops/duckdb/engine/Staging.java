package io.lakeops.duckdb.engine;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The files that one request writes: all begin with a name of their own, so that a failure can take them back. */
final class Staging {
    private final String prefix;
    private final Set<Path> folders = new LinkedHashSet<>();

    Staging() {
        this.prefix = "part-" + UUID.randomUUID().toString().replace("-", "").substring(0, 16) + "-";
    }

    /** A folder to write into, made where it is missing. */
    Path folder(Path folder) {
        folders.add(folder);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw StorageErrors.of("the folder can't be made", folder, e);
        }
        return folder;
    }

    /** The pattern of file names in a COPY of many files. */
    String pattern() {
        return prefix + "{uuid}";
    }

    /** A new file's path. */
    Path file(Path folder) {
        return folder(folder).resolve(prefix + UUID.randomUUID() + ".parquet");
    }

    /** Makes sure that a file outlives a power failure. */
    static void force(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw StorageErrors.of("the file can't be made durable", file, e);
        }
    }

    /**
     * Deletes all files of this request, and none else. Folders stay: another writer may be about to use them.
     *
     * @param why what a failure to delete is added to
     */
    void takeBack(Throwable why) {
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> ours = files.filter(f -> f.getFileName().toString().startsWith(prefix))
                        .toList();
                for (Path file : ours) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                why.addSuppressed(new LakeException(
                        ErrorCode.IO_FAILED,
                        "files of a failed write are left behind",
                        Map.of("folder", folder, "files", prefix + "*"),
                        e));
            }
        }
    }
}
