package io.lakeops.error;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import java.util.Map;

/**
 * Says an {@link IOException} in our own codes: DISK_FULL, PERMISSION_DENIED, CANCELLED where the thread was interrupted,
 * else IO_FAILED.
 */
public final class StorageErrors {
    private static final Map<Class<?>, String> REASONS = Map.of(
            NoSuchFileException.class, "there is no such file or folder",
            FileAlreadyExistsException.class, "something stands there already",
            NotDirectoryException.class, "it is no folder",
            DirectoryNotEmptyException.class, "the folder is not empty",
            AccessDeniedException.class, "access is denied");

    private StorageErrors() {}

    /**
     * The error to throw.
     *
     * @param doing what failed, such as {@code "can't list the folder"}
     */
    public static LakeException of(String doing, Path path, IOException cause) {
        return new LakeException(code(cause), doing, Map.of("path", path, "reason", reason(cause)), cause);
    }

    /** What an error of the disk is: DISK_FULL, PERMISSION_DENIED, CANCELLED, else IO_FAILED. */
    public static ErrorCode code(IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return ErrorCode.CANCELLED;
        }
        if (cause instanceof AccessDeniedException) {
            return ErrorCode.PERMISSION_DENIED;
        }
        String reason = reason(cause).toLowerCase(Locale.ROOT);
        if (reason.contains("no space left") || reason.contains("not enough space") || reason.contains("quota")) {
            return ErrorCode.DISK_FULL;
        }
        boolean forbidden = reason.contains("read-only file system")
                || reason.contains("permission denied")
                || reason.contains("operation not permitted");
        if (forbidden || cause.getCause() instanceof ReadOnlyFileSystemException) {
            return ErrorCode.PERMISSION_DENIED;
        }
        return ErrorCode.IO_FAILED;
    }

    /** The cause in words, with the file that it names: of some kinds, Java's own message is that file alone. */
    public static String told(IOException cause) {
        if (cause instanceof FileSystemException file && file.getReason() == null) {
            return reason(cause) + ": " + file.getFile();
        }
        return cause instanceof FileSystemException ? String.valueOf(cause.getMessage()) : reason(cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return "the thread was interrupted";
        }
        if (cause instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        if (cause instanceof FileSystemException) {
            // Without a reason, its message is the path alone.
            return REASONS.getOrDefault(cause.getClass(), cause.toString());
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
