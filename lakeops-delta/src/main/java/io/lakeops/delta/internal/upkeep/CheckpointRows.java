package io.lakeops.delta.internal.upkeep;

import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.replay.ActionSchema;
import io.lakeops.delta.internal.replay.StatisticsColumns;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a checkpoint: what a replay gives, without expired tombstones, and with statistics and partition values in the
 * forms that the table asks for.
 */
final class CheckpointRows {
    private static final String AS_JSON = "delta.checkpoint.writeStatsAsJson";
    private static final String AS_COLUMNS = "delta.checkpoint.writeStatsAsStruct";

    private final List<Field> read = new ArrayList<>();
    private final List<Field> written = new ArrayList<>();
    private final StatisticsColumns statistics;
    private final Optional<PartitionColumns> partitions;
    private final boolean asJson;
    private final boolean asColumns;
    private final long expired;
    private final int add;
    private final int remove;
    private long actions;
    private long addedFiles;
    private long addedBytes;

    /** @param expired tombstones from this time on, in milliseconds, are kept */
    CheckpointRows(Protocol protocol, Metadata metadata, List<List<String>> clustering, long expired) {
        this.statistics = new StatisticsColumns(metadata, clustering, protocol.has("deletionVectors"));
        this.asJson = Boolean.parseBoolean(metadata.properties().getOrDefault(AS_JSON, "true"));
        this.asColumns = metadata.flag(AS_COLUMNS);
        this.partitions = asColumns ? PartitionColumns.of(metadata) : Optional.empty();
        this.expired = expired;
        Field wide = ActionSchema.add(List.of(statistics.column()));
        read.addAll(List.of(
                ActionSchema.TXN,
                wide,
                ActionSchema.REMOVE,
                ActionSchema.METADATA,
                ActionSchema.PROTOCOL,
                ActionSchema.DOMAIN));
        this.add = read.indexOf(wide);
        this.remove = read.indexOf(ActionSchema.REMOVE);
        List<Field> further = new ArrayList<>();
        if (asColumns) {
            further.add(statistics.column());
        }
        partitions.ifPresent(columns -> further.add(columns.column()));
        written.addAll(read);
        written.set(add, ActionSchema.add(further));
    }

    /** What is to be asked of the replay. */
    List<Field> read() {
        return read;
    }

    /** What is to be written. */
    List<Field> written() {
        return written;
    }

    /** How many rows were kept so far. */
    long actions() {
        return actions;
    }

    long addedFiles() {
        return addedFiles;
    }

    /** The length of the files together. */
    long addedBytes() {
        return addedBytes;
    }

    /** The columns that have files' actions. */
    List<Field> fileColumns() {
        return List.of(written.get(add), written.get(remove));
    }

    /** The rows of a replay as they are to be written. */
    Iterator<@Nullable Object[]> of(Iterator<@Nullable Object[]> replayed) {
        return new Ahead(replayed) {
            @Override
            Optional<@Nullable Object[]> take(@Nullable Object[] row) {
                return kept(row);
            }
        };
    }

    /** The files' actions among rows that are to be written, as {@link #fileColumns} has them; the others go elsewhere. */
    Iterator<@Nullable Object[]> fileActions(
            Iterator<@Nullable Object[]> rows, BiConsumer<Field, @Nullable Object[]> others) {
        return new Ahead(rows) {
            @Override
            Optional<@Nullable Object[]> take(@Nullable Object[] row) {
                if (row[add] != null || row[remove] != null) {
                    return Optional.of(new @Nullable Object[] {row[add], row[remove]});
                }
                for (int i = 0; i < row.length; i++) {
                    if (row[i] instanceof @Nullable Object[] action) {
                        others.accept(written.get(i), action);
                    }
                }
                return Optional.empty();
            }
        };
    }

    /** Rows that are looked at before it is known whether there are more. */
    private abstract static class Ahead implements Iterator<@Nullable Object[]> {
        private final Iterator<@Nullable Object[]> rows;
        private Optional<@Nullable Object[]> next = Optional.empty();

        Ahead(Iterator<@Nullable Object[]> rows) {
            this.rows = rows;
        }

        abstract Optional<@Nullable Object[]> take(@Nullable Object[] row);

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && rows.hasNext()) {
                next = take(rows.next());
            }
            return next.isPresent();
        }

        @Override
        public @Nullable Object[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            @Nullable Object[] row = next.get();
            next = Optional.empty();
            return row;
        }
    }

    /** A row of the replay as it is to be written; empty where it is left out. */
    private Optional<@Nullable Object[]> kept(@Nullable Object[] row) {
        if (row[remove] instanceof @Nullable Object[] tombstone) {
            Object deleted = tombstone[ActionSchema.ordinal(ActionSchema.REMOVE, "deletionTimestamp")];
            if (!(deleted instanceof Long time) || time < expired) {
                return Optional.empty();
            }
            tombstone[ActionSchema.ordinal(ActionSchema.REMOVE, "dataChange")] = false;
        } else if (row[add] instanceof @Nullable Object[] file) {
            row[add] = completed(file);
            addedFiles++;
            addedBytes += file[ActionSchema.ordinal(read.get(add), "size")] instanceof Long bytes ? bytes : 0;
        }
        actions++;
        return Optional.of(row);
    }

    private @Nullable Object[] completed(@Nullable Object[] file) {
        Field wide = read.get(add);
        int stats = ActionSchema.ordinal(wide, "stats");
        int columns = ActionSchema.ordinal(wide, statistics.column().name());
        Object text = file[stats];
        Object parsed = file[columns];
        @Nullable
        Object[] full = new @Nullable
                Object[((DataType.Struct) written.get(add).type()).fields().size()];
        System.arraycopy(file, 0, full, 0, columns);
        full[ActionSchema.ordinal(wide, "dataChange")] = false;
        if (!asJson) {
            full[stats] = null;
        } else if (text == null && parsed instanceof @Nullable Object[] row) {
            full[stats] = statistics.text(row);
        }
        int next = columns;
        if (asColumns) {
            full[next++] = text instanceof String json ? statistics.parsed(json) : parsed;
        }
        if (partitions.isPresent() && file[ActionSchema.ordinal(wide, "partitionValues")] instanceof Map<?, ?> texts) {
            full[next] = partitions.get().parsed(texts);
        }
        return full;
    }
}
