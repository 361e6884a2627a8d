package io.lakeops.duckdb.engine;

import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What the file system's exceptions mean. */
final class FileFailures {
    private FileFailures() {}

    static LakeException of(IOException e, String problem, Path path) {
        return new LakeException(StorageErrors.code(e), problem + ": " + e.getMessage(), Map.of("path", path), e);
    }
}
