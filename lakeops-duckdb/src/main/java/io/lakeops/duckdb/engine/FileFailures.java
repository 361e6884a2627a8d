package io.lakeops.duckdb.engine;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What the file system's exceptions mean. */
final class FileFailures {
    private FileFailures() {}

    static LakeException of(IOException e, String problem, Path path) {
        return new LakeException(code(e), problem + ": " + e.getMessage(), Map.of("path", path), e);
    }

    private static ErrorCode code(IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("no space left") || text.contains("quota exceeded")) {
            return ErrorCode.DISK_FULL;
        }
        if (e instanceof AccessDeniedException
                || text.contains("permission denied")
                || text.contains("read-only file system")) {
            return ErrorCode.PERMISSION_DENIED;
        }
        return ErrorCode.IO_FAILED;
    }
}
