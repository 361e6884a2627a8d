package io.lakeops.delta;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tables and files for tests. The files are bytes that no engine could read: the format looks at none of them. */
final class Tables {
    static final Operation WRITE = new Operation("WRITE", Map.of("mode", "Append", "partitionBy", "[]"), Map.of());
    static final Operation DELETE = new Operation("DELETE", Map.of("predicate", "[]"), Map.of());
    static final Schema IDS = Schema.of(Field.of("id", DataType.Primitive.LONG));

    private Tables() {}

    static LakeContext context() {
        return new LakeContext(Clock.systemUTC(), Runnable::run, LakeListener.silent());
    }

    static LakeTable open(Path table) {
        TableLocation location = new TableLocation(table);
        return new DeltaFormat().open(TableId.of(location), location, Optional.empty(), context());
    }

    static LakeTable create(Path table, Schema schema, Map<String, String> properties, String... partitions) {
        return create(table, new TableSpec(schema, List.of(partitions), List.of(), properties, Optional.empty()));
    }

    static LakeTable create(Path table, TableSpec spec) {
        TableLocation location = new TableLocation(table);
        return new DeltaFormat().create(TableId.of(location), location, spec, Optional.empty(), context());
    }

    static Snapshot latest(LakeTable table) {
        return table.snapshot(SnapshotSelector.latest());
    }

    /** A file of that many rows, with no nulls in any column, in the null partition. */
    static DataFile file(LakeTable table, long rows) {
        Snapshot snapshot = latest(table);
        Map<List<String>, ColumnStatistics> columns = new HashMap<>();
        snapshot.schema().fields().forEach(field -> noNulls(field, List.of(), columns));
        Map<String, @Nullable String> partition = new LinkedHashMap<>();
        snapshot.partitionColumns().forEach(column -> partition.put(column, null));
        return file(
                table,
                "part-" + UUID.randomUUID() + ".parquet",
                partition,
                Optional.of(new FileStatistics.Measured(rows, columns)));
    }

    static DataFile file(
            LakeTable table,
            String path,
            Map<String, @Nullable String> partition,
            Optional<FileStatistics> statistics) {
        Path location = table.location().root().resolve(path);
        try {
            Files.createDirectories(java.util.Objects.requireNonNull(location.getParent()));
            Files.writeString(location, "rows of " + path);
            return new DataFile(
                    path,
                    location,
                    partition,
                    Files.size(location),
                    Files.getLastModifiedTime(location).toMillis(),
                    statistics,
                    Optional.empty(),
                    Map.of(),
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CommitResult append(LakeTable table, DataFile... files) {
        return table.commit(latest(table), CommitSpec.append(WRITE, List.of(files)));
    }

    /** A commit that takes files away and brings others. */
    static CommitResult rewrite(LakeTable table, boolean dataChange, List<DataFile> removes, List<DataFile> adds) {
        return table.commit(
                latest(table),
                CommitSpec.of(
                        DELETE,
                        new Reads.Matching(Predicate.always(), removes),
                        Stream.<FileChange>concat(
                                        removes.stream().map(f -> new FileChange.Remove(f, dataChange)),
                                        adds.stream().map(f -> new FileChange.Add(f, dataChange)))
                                .toList()));
    }

    /** The lines of a commit. */
    static List<String> lines(LakeTable table, long version) {
        try {
            return Files.readAllLines(table.location().root().resolve(String.format("_delta_log/%020d.json", version)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void noNulls(Field field, List<String> parent, Map<List<String>, ColumnStatistics> columns) {
        List<String> path =
                Stream.concat(parent.stream(), Stream.of(field.name())).toList();
        if (field.type() instanceof DataType.Struct struct) {
            struct.fields().forEach(child -> noNulls(child, path, columns));
        } else {
            columns.put(path, new ColumnStatistics(OptionalLong.of(0), Optional.empty(), Optional.empty()));
        }
    }
}
