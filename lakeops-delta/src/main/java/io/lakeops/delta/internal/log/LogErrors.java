package io.lakeops.delta.internal.log;

import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Which code an error of the disk gets. */
public final class LogErrors {
    private LogErrors() {}

    /** DISK_FULL, PERMISSION_DENIED, CANCELLED or IO_FAILED, naming the file. */
    public static LakeException io(String problem, Path file, IOException cause) {
        return new LakeException(
                StorageErrors.code(cause), problem + ": " + StorageErrors.told(cause), Map.of("file", file), cause);
    }
}
