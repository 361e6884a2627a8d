package io.lakeops.duckdb.engine;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What DuckDB's messages mean.
 *
 * <p>The driver gives neither an error number nor a cause: the message is all there is.
 *
 * <p>Threads: safe; holds nothing.
 */
public final class Failures {
    private static final List<String> NO_SPACE = List.of(
            "no space left on device",
            "disk quota exceeded",
            "not enough space",
            "max_temp_directory_size",
            "\"errno\":\"28\"",
            "\"errno\":\"122\"");
    private static final List<String> FORBIDDEN =
            List.of("permission denied", "read-only file system", "access is denied", "operation not permitted");
    private static final List<String> MISSING = List.of("no files found that match", "no such file or directory");
    private static final List<String> DAMAGED = List.of(
            "no magic bytes found",
            "too small to be a parquet file",
            "invalid parquet",
            "parquet file",
            "parquet footer",
            "parquet reader",
            "thrift",
            "tprotocolexception",
            "don't know what type",
            "decompression failure",
            "snappy",
            "zstd",
            "out of buffer",
            "failed to read file",
            "could not read enough bytes",
            "corrupt");

    private Failures() {}

    /** The exception to throw, with a code by what the message says. */
    public static LakeException of(SQLException failure) {
        return of(failure, "");
    }

    /** {@link #of(SQLException)}, with what was being done. */
    public static LakeException of(SQLException failure, String doing) {
        String message = String.valueOf(failure.getMessage()).strip();
        return new LakeException(code(message), message, doing.isEmpty() ? Map.of() : Map.of("while", doing), failure);
    }

    /** Whether DuckDB failed to convert a value. */
    static boolean isConversion(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith("Conversion Error") || message.startsWith("Out of Range Error");
    }

    static ErrorCode code(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.startsWith("interrupt error")) {
            return ErrorCode.CANCELLED;
        }
        if (anyOf(NO_SPACE, text)) {
            return ErrorCode.DISK_FULL;
        }
        if (anyOf(FORBIDDEN, text)) {
            return ErrorCode.PERMISSION_DENIED;
        }
        if (text.startsWith("out of memory error") || text.contains("failed to allocate")) {
            return ErrorCode.MEMORY_EXCEEDED;
        }
        if (text.startsWith("parser error")) {
            return ErrorCode.SQL_SYNTAX;
        }
        if (text.startsWith("io error") && anyOf(MISSING, text) && !text.contains("create directory")) {
            return ErrorCode.DATA_FILE_MISSING;
        }
        boolean reading = text.startsWith("io error")
                || text.startsWith("invalid input error")
                || text.startsWith("invalid error")
                || text.startsWith("serialization error");
        if (reading && anyOf(DAMAGED, text)) {
            return ErrorCode.DATA_FILE_CORRUPT;
        }
        if (text.startsWith("io error")) {
            return ErrorCode.IO_FAILED;
        }
        if (text.startsWith("constraint error")) {
            return ErrorCode.CONSTRAINT_VIOLATED;
        }
        if (text.startsWith("internal error") || text.startsWith("fatal error") || !text.contains(" error:")) {
            return ErrorCode.ENGINE_FAILED;
        }
        return ErrorCode.SQL_FAILED;
    }

    private static boolean anyOf(List<String> needles, String text) {
        return needles.stream().anyMatch(text::contains);
    }
}
