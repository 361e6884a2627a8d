package io.lakeops.delta.internal.upkeep;

import io.lakeops.delta.internal.log.CommitPut;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.replay.ActionRows;
import io.lakeops.delta.internal.replay.ActionSchema;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of one checkpoint, each of so many actions at most, reads each of them once, and puts them in place.
 *
 * <p>Source: Delta protocol, "Checkpoints", "V2 spec", "Sidecar Files", "Last Checkpoint File".
 */
final class CheckpointWriting {
    private static final List<Field> MARKS = List.of(
            ActionSchema.struct("add", Field.of("path", Primitive.STRING)),
            ActionSchema.struct("remove", Field.of("path", Primitive.STRING)),
            ActionSchema.struct("txn", Field.of("appId", Primitive.STRING)),
            ActionSchema.struct("domainMetadata", Field.of("domain", Primitive.STRING)),
            ActionSchema.struct("metaData", Field.of("id", Primitive.STRING)),
            ActionSchema.struct("protocol", Field.of("minReaderVersion", Primitive.INTEGER)));

    private final LogParquet parquet;
    private final Path log;
    private final long version;
    private final CheckpointRows rows;
    private final long most;
    /** The files so far, none of which a reader looks at yet. */
    private final List<Part> parts = new ArrayList<>();

    /** A file of a checkpoint. */
    private record Part(Path file, long bytes) {}

    /** @param most how many actions a file may have */
    CheckpointWriting(LogParquet parquet, Path log, long version, CheckpointRows rows, long most) {
        this.parquet = parquet;
        this.log = log;
        this.version = version;
        this.rows = rows;
        this.most = most;
    }

    /**
     * One file that has everything, or parts where it has too many actions.
     *
     * @param check what must hold once all rows were seen
     * @param damaged what stands in its place and can't be read
     * @return what a pointer says of it; empty where another writer was first
     */
    Optional<Map<String, @Nullable Object>> classic(
            Iterator<@Nullable Object[]> actions, Runnable check, List<Path> damaged) throws IOException {
        try {
            writeParts(actions, rows.written(), () -> CommitPut.hidden(log.resolve(name())));
            check.run();
            if (!link(damaged)) {
                return Optional.empty();
            }
            Map<String, @Nullable Object> pointer = pointer(rows.actions(), bytes());
            if (parts.size() > 1) {
                pointer.put("parts", (long) parts.size());
            }
            return Optional.of(pointer);
        } finally {
            for (Part part : parts) {
                Files.deleteIfExists(part.file());
            }
            CommitPut.force(log);
        }
    }

    /** A file of its own name that names sidecars, which have the files' actions. */
    Optional<Map<String, @Nullable Object>> withSidecars(
            Iterator<@Nullable Object[]> actions, Runnable check, List<Path> damaged, Instant now) throws IOException {
        Path folder = LogListing.sidecars(log);
        Path top = log.resolve(String.format("%020d.checkpoint.%s.json", version, UUID.randomUUID()));
        List<String> others = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            writeParts(
                    rows.fileActions(actions, (column, action) -> others.add(line(column, action))),
                    rows.fileColumns(),
                    () -> folder.resolve(UUID.randomUUID() + ".parquet"));
            check.run();
            CommitPut.force(folder);
            CommitPut.force(log);
            byte[] text = (String.join("\n", manifest(others)) + "\n").getBytes(StandardCharsets.UTF_8);
            CommitPut.put(top, text, now);
            delete(damaged);
            Map<String, @Nullable Object> pointer = pointer(rows.actions() + parts.size() + 1, bytes() + text.length);
            Map<String, @Nullable Object> itself = new LinkedHashMap<>();
            itself.put("path", String.valueOf(top.getFileName()));
            itself.put("sizeInBytes", (long) text.length);
            itself.put("modificationTime", Files.getLastModifiedTime(top).toMillis());
            pointer.put("v2Checkpoint", itself);
            return Optional.of(pointer);
        } finally {
            // An error says nothing of whether the manifest landed: while it stands, nothing that it names may go.
            if (Files.notExists(top)) {
                for (Part part : parts) {
                    Files.deleteIfExists(part.file());
                }
            }
        }
    }

    private List<String> manifest(List<String> others) throws IOException {
        Map<String, @Nullable Object> tags = new LinkedHashMap<>();
        tags.put("sidecarNumActions", Long.toString(rows.actions() - others.size()));
        tags.put("sidecarSizeInBytes", Long.toString(bytes()));
        tags.put("numOfAddFiles", Long.toString(rows.addedFiles()));
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("version", version);
        metadata.put("tags", tags);
        List<String> lines = new ArrayList<>();
        lines.add(Json.write(Map.of("checkpointMetadata", metadata)));
        for (Part part : parts) {
            Map<String, @Nullable Object> sidecar = new LinkedHashMap<>();
            sidecar.put("path", String.valueOf(part.file().getFileName()));
            sidecar.put("sizeInBytes", part.bytes());
            sidecar.put(
                    "modificationTime", Files.getLastModifiedTime(part.file()).toMillis());
            lines.add(Json.write(Map.of("sidecar", sidecar)));
        }
        lines.addAll(others);
        return lines;
    }

    private static String line(Field column, @Nullable Object[] action) {
        return Json.write(Map.of(
                column.name(), ActionRows.json(column, action, column.name()).values()));
    }

    private String name() {
        return String.format("%020d.checkpoint.parquet", version);
    }

    /** Names for files. */
    @FunctionalInterface
    private interface Names {
        Path next();
    }

    private void writeParts(Iterator<@Nullable Object[]> actions, List<Field> schema, Names names) throws IOException {
        while (actions.hasNext()) {
            Path file = names.next();
            parts.add(new Part(file, 0));
            Counted counted = new Counted(actions, most);
            parquet.write(file, schema, counted);
            CommitPut.force(file);
            requireWhole(file, counted.taken);
            parts.set(parts.size() - 1, new Part(file, Files.size(file)));
        }
    }

    /** The log may be cleaned up to a checkpoint: it is read once before it counts. */
    private void requireWhole(Path file, long written) {
        long read = 0;
        try (LogParquet.RowIterator actions = parquet.read(file, MARKS)) {
            while (actions.hasNext()) {
                actions.next();
                read++;
            }
        }
        if (read != written) {
            throw new LakeException(
                    ErrorCode.INTERNAL,
                    "the checkpoint that was written does not read back",
                    Map.of("file", file, "actions", written, "read", read));
        }
    }

    /** Whether the parts are in place now; never mixed with another writer's. */
    private boolean link(List<Path> damaged) throws IOException {
        if (parts.size() == 1) {
            Path target = log.resolve(name());
            if (damaged.contains(target)) {
                CommitPut.move(target, parts.get(0).file());
                return true;
            }
            boolean first = CommitPut.link(target, parts.get(0).file());
            delete(damaged);
            return first;
        }
        delete(damaged);
        List<Path> linked = new ArrayList<>();
        for (int i = 1; i <= parts.size(); i++) {
            Path target = log.resolve(String.format("%020d.checkpoint.%010d.%010d.parquet", version, i, parts.size()));
            if (!CommitPut.link(target, parts.get(i - 1).file())) {
                delete(linked);
                if (LogListing.ofLog(log).checkpoints().containsKey(version)) {
                    return false;
                }
                throw new LakeException(
                        ErrorCode.IO_FAILED,
                        "parts of a checkpoint that another writer began are in the way of this one: checkpoint the next version",
                        Map.of("file", target));
            }
            linked.add(target);
        }
        return true;
    }

    private static void delete(List<Path> files) throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private long bytes() {
        return parts.stream().mapToLong(Part::bytes).sum();
    }

    private Map<String, @Nullable Object> pointer(long actions, long bytes) {
        Map<String, @Nullable Object> pointer = new LinkedHashMap<>();
        pointer.put("version", version);
        pointer.put("size", actions);
        pointer.put("sizeInBytes", bytes);
        pointer.put("numOfAddFiles", rows.addedFiles());
        return pointer;
    }

    /** The next rows, so many at most. */
    private static final class Counted implements Iterator<@Nullable Object[]> {
        private final Iterator<@Nullable Object[]> rows;
        private final long most;
        private long taken;

        Counted(Iterator<@Nullable Object[]> rows, long most) {
            this.rows = rows;
            this.most = most;
        }

        @Override
        public boolean hasNext() {
            return taken < most && rows.hasNext();
        }

        @Override
        public @Nullable Object[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            taken++;
            return rows.next();
        }
    }
}
