package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Which code an error of the disk gets. */
public final class LogErrors {
    private LogErrors() {}

    /** DISK_FULL, PERMISSION_DENIED or IO_FAILED, naming the file. */
    public static LakeException io(String problem, Path file, IOException cause) {
        return new LakeException(code(cause), problem + ": " + cause.getMessage(), Map.of("file", file), cause);
    }

    private static ErrorCode code(IOException cause) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof AccessDeniedException
                || text.contains("permission denied")
                || text.contains("read-only file system")) {
            return ErrorCode.PERMISSION_DENIED;
        }
        if (text.contains("no space left") || text.contains("disk quota") || text.contains("not enough space")) {
            return ErrorCode.DISK_FULL;
        }
        return ErrorCode.IO_FAILED;
    }
}
