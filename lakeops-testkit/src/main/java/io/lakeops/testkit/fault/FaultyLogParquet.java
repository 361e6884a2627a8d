package io.lakeops.testkit.fault;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an engine writes of a log, past Java, as steps of the {@link FaultyDisk} that a path is of. */
public final class FaultyLogParquet implements LogParquet {
    private final LogParquet engine;

    public FaultyLogParquet(LogParquet engine) {
        this.engine = engine;
    }

    @Override
    public RowIterator read(Path file, List<Field> schema) {
        disk(file).ifPresent(disk -> disk.requireAlive("read " + file.getFileName()));
        return engine.read(file, schema);
    }

    @Override
    public void write(Path file, List<Field> schema, Iterator<@Nullable Object[]> rows) {
        Optional<FaultyDisk> disk = disk(file);
        try {
            boolean torn = disk.isPresent() && disk.get().step("engine's log file", true);
            engine.write(file, schema, rows);
            disk.ifPresent(d -> d.wrote(List.of(file)));
            if (torn) {
                FaultySession.tear(Path.of(file.toString()));
                disk.get().die("engine's log file");
            }
        } catch (IOException e) {
            throw new LakeException(ErrorCode.DISK_FULL, "the engine finds no space for a log file", e);
        }
    }

    private static Optional<FaultyDisk> disk(Path file) {
        return file.getFileSystem().provider() instanceof FaultyProvider provider
                ? Optional.of(provider.disk())
                : Optional.empty();
    }
}
