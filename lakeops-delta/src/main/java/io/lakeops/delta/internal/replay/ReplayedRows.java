package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.CheckpointFiles;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * First the rows of the commits, then those of the checkpoint's files that no commit replaced; but added files of the two are
 * merged by their keys, so that a checkpoint that has them in order is followed by one that has too.
 */
final class ReplayedRows implements LogParquet.RowIterator {
    private final Replay.Tail tail;
    private final LogListing listing;
    private final LogParquet parquet;
    private final List<Field> schema;
    private final boolean wantsFiles;
    private final Deque<Path> files = new ArrayDeque<>();
    private final Deque<@Nullable Object[]> ready = new ArrayDeque<>();
    private final int add;
    /** Added files of the commits, by their keys, that go before some file of the checkpoint or after all. */
    private final TreeMap<String, @Nullable Object[]> waiting = new TreeMap<>();

    private LogParquet.@Nullable RowIterator open;

    ReplayedRows(
            List<@Nullable Object[]> first,
            Replay.Tail tail,
            Optional<CheckpointFiles> base,
            LogListing listing,
            LogParquet parquet,
            List<Field> schema) {
        this.tail = tail;
        this.listing = listing;
        this.parquet = parquet;
        this.schema = List.copyOf(schema);
        this.wantsFiles = schema.stream()
                .anyMatch(field -> field.name().equals("add") || field.name().equals("remove"));
        this.add = this.schema.stream().map(Field::name).toList().indexOf("add");
        for (@Nullable Object[] row : first) {
            if (add >= 0 && row[add] instanceof @Nullable Object[] action) {
                waiting.put(key(this.schema.get(add), action), row);
            } else {
                ready.add(row);
            }
        }
        base.ifPresent(checkpoint -> files.addAll(checkpoint.files()));
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            if (open != null && open.hasNext()) {
                take(open.next());
            } else {
                close();
                Path file = files.poll();
                if (file == null && waiting.isEmpty()) {
                    return false;
                }
                if (file == null) {
                    ready.addAll(waiting.values());
                    waiting.clear();
                    return true;
                }
                openFile(file);
            }
        }
        return true;
    }

    @Override
    public @Nullable Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private void openFile(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".json")) {
            CommitFile manifest = CommitFile.readIfPresent(file)
                    .orElseThrow(() ->
                            new LakeException(ErrorCode.LOG_CORRUPT, "a checkpoint is gone", Map.of("file", file)));
            manifest.actions().forEach(this::takeLine);
            return;
        }
        List<Field> columns = new ArrayList<>(schema);
        columns.add(ActionSchema.SIDECAR);
        open = parquet.read(file, columns);
    }

    private void takeLine(JsonObject line) {
        line.object("sidecar").ifPresent(sidecar -> follow(sidecar.text("path")));
        for (int i = 0; i < schema.size(); i++) {
            Field column = schema.get(i);
            @Nullable Object[] row = new @Nullable Object[schema.size()];
            JsonObject action = line.object(column.name()).orElse(null);
            if (action != null) {
                row[i] = ActionRows.row(column, action);
                filter(row, i);
            }
        }
    }

    private void take(@Nullable Object[] wide) {
        if (wide[schema.size()] instanceof @Nullable Object[] sidecar && sidecar[0] instanceof String path) {
            follow(path);
            return;
        }
        for (int i = 0; i < schema.size(); i++) {
            if (wide[i] != null) {
                @Nullable Object[] row = new @Nullable Object[schema.size()];
                row[i] = wide[i];
                filter(row, i);
            }
        }
    }

    private void filter(@Nullable Object[] row, int kind) {
        Field column = schema.get(kind);
        @Nullable Object[] action = (@Nullable Object[]) row[kind];
        if (action == null || isRemovedDomain(column, action)) {
            return;
        }
        if (!tail.isEmpty()) {
            String key = key(column, action);
            if (tail.replaces(column.name(), key)) {
                return;
            }
            if (kind == add && !waiting.isEmpty()) {
                Map<String, @Nullable Object[]> before = waiting.headMap(key);
                ready.addAll(before.values());
                before.clear();
            }
        }
        ready.add(row);
    }

    /** A domain that was removed is kept in commits only, to say so. */
    static boolean isRemovedDomain(Field column, @Nullable Object[] action) {
        return column.name().equals("domainMetadata")
                && Boolean.TRUE.equals(action[ActionSchema.ordinal(column, "removed")]);
    }

    private static String key(Field column, @Nullable Object[] action) {
        return switch (column.name()) {
            case "add", "remove" -> {
                String path = TablePaths.decode(text(column, action, "path"));
                Object vector = action[ActionSchema.ordinal(column, "deletionVector")];
                yield vector instanceof @Nullable Object[] parts
                        ? LoggedFile.key(path, Optional.of(vector(parts)))
                        : path;
            }
            case "txn" -> text(column, action, "appId");
            case "domainMetadata" -> text(column, action, "domain");
            default -> "";
        };
    }

    /** The vector of a row, in the order that {@link ActionSchema} gives it. */
    static DeletionVector vector(@Nullable Object[] parts) {
        if (parts[0] instanceof String storage && parts[1] instanceof String path) {
            return new DeletionVector(
                    storage,
                    path,
                    parts[2] instanceof Integer offset ? OptionalInt.of(offset) : OptionalInt.empty(),
                    parts[3] instanceof Integer size ? size : 0,
                    parts[4] instanceof Long cardinality ? cardinality : 0);
        }
        throw new LakeException(ErrorCode.LOG_CORRUPT, "a deletion vector of a checkpoint has no path");
    }

    private static String text(Field column, @Nullable Object[] action, String field) {
        if (action[ActionSchema.ordinal(column, field)] instanceof String text) {
            return text;
        }
        throw new LakeException(
                ErrorCode.LOG_CORRUPT,
                "the field '" + field + "' is missing in a checkpoint",
                Map.of("action", column.name()));
    }

    private void follow(String path) {
        if (wantsFiles) {
            files.add(Replay.sidecar(listing.log(), path));
        }
    }
}
