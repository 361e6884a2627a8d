package io.lakeops.testkit;

import io.lakeops.context.LakeContext;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A table format whose log lives in memory while its data files are real files: the first implementor of
 * {@link TableFormatContract}, and the fake for every other test.
 *
 * <p>Its tables live as long as the instance; two handles of one table see each other's commits, as two processes would.
 * Blind appends rebase; whatever else meets a commit in between is a conflict.
 *
 * <p>Threads: safe.
 */
public final class MemoryFormat implements TableFormat {
    private final Map<TableLocation, MemoryLog> logs = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean recognizes(TableLocation location) {
        return logs.containsKey(location);
    }

    @Override
    public LakeTable open(TableId id, TableLocation location, Optional<LogParquet> log, LakeContext context) {
        MemoryLog memory = logs.get(location);
        if (memory == null) {
            throw new LakeException(ErrorCode.TABLE_NOT_FOUND, "no table stands at '" + location + "'");
        }
        return new MemoryTable(id, location, memory, context);
    }

    @Override
    public LakeTable create(
            TableId id, TableLocation location, TableSpec spec, Optional<LogParquet> log, LakeContext context) {
        spec.partitionColumns().forEach(spec.schema()::require);
        spec.clusteringColumns().forEach(spec.schema()::require);
        MemoryLog fresh = MemoryLog.created(location, spec, context);
        if (logs.putIfAbsent(location, fresh) != null) {
            throw new LakeException(ErrorCode.TABLE_ALREADY_EXISTS, "a table stands at '" + location + "'");
        }
        try {
            Files.createDirectories(location.root());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new MemoryTable(id, location, fresh, context);
    }

    /** A deletion vector of this format: the positions themselves, as text. */
    public static DeletionVector vector(long... positions) {
        String text = Arrays.stream(positions).sorted().mapToObj(Long::toString).collect(Collectors.joining(","));
        return new DeletionVector("i", text, OptionalInt.empty(), text.length(), positions.length);
    }
}
