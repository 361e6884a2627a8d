package io.lakeops.formats;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * A Parquet file in the making: it stands when {@link #finish} returned, else it is gone.
 *
 * <p>Staged files are not compressed: they live for one load, and so neither a native library nor Hadoop is needed.
 *
 * <p>Threads: one.
 */
final class ParquetTarget<T> implements AutoCloseable {
    private final Path file;
    private final ParquetWriter<T> writer;
    private long rows;
    private boolean closed;
    private boolean finished;

    private ParquetTarget(Path file, ParquetWriter<T> writer) {
        this.file = file;
        this.writer = writer;
    }

    static <T> ParquetTarget<T> open(Path file, ParquetWriter.Builder<T, ?> builder) {
        if (Files.exists(file)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the file to be made is there already", Map.of("file", file));
        }
        try {
            return new ParquetTarget<>(file, builder.build());
        } catch (IOException e) {
            delete(file);
            throw failed(file, e);
        } catch (RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    void write(T row) {
        try {
            writer.write(row);
            rows++;
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    long rows() {
        return rows;
    }

    void finish() {
        closed = true;
        try {
            writer.close();
            finished = true;
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    @Override
    public void close() {
        if (finished) {
            return;
        }
        try {
            if (!closed) {
                closed = true;
                writer.close();
            }
        } catch (IOException | RuntimeException e) {
            // The file is given up; what it fails with now would only hide why. It must be gone, though.
            System.getLogger("io.lakeops").log(System.Logger.Level.DEBUG, "closing an abandoned staged file", e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static LakeException failed(Path file, IOException cause) {
        return StorageErrors.of("can't write the staged file", file, cause);
    }
}
