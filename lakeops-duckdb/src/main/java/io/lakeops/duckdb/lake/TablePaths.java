package io.lakeops.duckdb.lake;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.TableLocation;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Paths of tables as statements spell them. */
final class TablePaths {
    private TablePaths() {}

    /** The folder; a relative path is below the process's current folder. */
    static TableLocation location(String path) {
        if (path.isBlank()) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "an empty path is no table");
        }
        try {
            return new TableLocation(path.startsWith("file:") ? Path.of(URI.create(path)) : Path.of(path));
        } catch (InvalidPathException | java.nio.file.FileSystemNotFoundException e) {
            throw wrong(path, e);
        } catch (IllegalArgumentException e) {
            throw wrong(path, e);
        }
    }

    private static LakeException wrong(String path, RuntimeException e) {
        return new LakeException(
                ErrorCode.INVALID_ARGUMENT, "'" + path + "' is not a path: " + e.getMessage(), Map.of(), e);
    }
}
