package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Literal;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the contracts of a format are written with: tables, commits and files whose bytes are no rows. */
final class ContractTables {
    static final Schema ORDERS = Schema.of(
            Field.of("id", DataType.Primitive.LONG),
            Field.of("qty", DataType.Primitive.INTEGER),
            Field.of("day", DataType.Primitive.STRING));
    static final Operation WRITE =
            new Operation("WRITE", Map.of("mode", "Append", "partitionBy", "[]"), Map.of("numFiles", "1"));
    static final Operation DELETE =
            new Operation("DELETE", Map.of("predicate", "[\"id = 1\"]"), Map.of("numRemovedFiles", "1"));

    private ContractTables() {}

    /** Where the table stands: a folder with a blank and a percent sign in its name. */
    static TableLocation location(Path folder) {
        return new TableLocation(folder.resolve("the lake").resolve("100%25 orders"));
    }

    static CommitResult append(LakeTable table, DataFile... files) {
        return table.commit(table.snapshot(SnapshotSelector.latest()), CommitSpec.append(WRITE, List.of(files)));
    }

    static void commit(
            LakeTable table, Isolation isolation, boolean dataChange, List<DataFile> removes, List<DataFile> adds) {
        Stream<FileChange> removed = removes.stream().map(f -> new FileChange.Remove(f, dataChange));
        Stream<FileChange> added = adds.stream().map(f -> new FileChange.Add(f, dataChange));
        table.commit(
                table.snapshot(SnapshotSelector.latest()),
                CommitSpec.of(
                                DELETE,
                                new Reads.Matching(Predicate.always(), removes),
                                Stream.concat(removed, added).toList())
                        .withIsolation(isolation));
    }

    static void addColumn(LakeTable table, Field column) {
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        List<Field> fields = new java.util.ArrayList<>(base.schema().fields());
        fields.add(column);
        Map<String, String> properties = new java.util.HashMap<>(base.detail().properties());
        properties.put("changed", "yes");
        table.commit(
                base,
                CommitSpec.of(new Operation("ADD COLUMNS", Map.of(), Map.of()), new Reads.WholeTable(), List.of())
                        .withTable(new TableChange(
                                new Schema(fields),
                                base.partitionColumns(),
                                properties,
                                base.detail().description())));
    }

    /** A file of rows {@code id = from..to}; {@code nulls} of them have no qty. Its bytes are no rows. */
    static DataFile file(
            Path folder,
            String path,
            Map<String, ? extends @Nullable String> partition,
            long from,
            long to,
            long nulls) {
        Path root = location(folder).root();
        Path location = root.resolve(path).normalize();
        try {
            Files.createDirectories(location.getParent() == null ? root : location.getParent());
            Files.writeString(location, "rows " + from + " to " + to);
            Map<List<String>, ColumnStatistics> columns = Map.of(
                    List.of("id"),
                    new ColumnStatistics(
                            OptionalLong.of(0), Optional.of(new Literal(from)), Optional.of(new Literal(to))),
                    List.of("qty"),
                    new ColumnStatistics(OptionalLong.of(nulls), Optional.empty(), Optional.empty()));
            Map<String, @Nullable String> values = new java.util.LinkedHashMap<>(partition);
            return new DataFile(
                    path,
                    location,
                    values,
                    Files.size(location),
                    Files.getLastModifiedTime(location).toMillis(),
                    Optional.of(new FileStatistics.Measured(to - from + 1, columns)),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static List<HistoryEntry> history(LakeTable table) {
        LakeTable.VersionRange range = table.versions();
        try (Stream<TableCommit> commits = table.commits(range.earliest(), range.latest())) {
            return commits.map(TableCommit::entry).toList();
        }
    }

    static List<String> paths(Snapshot snapshot) {
        return snapshot.scan().files().stream().map(DataFile::path).toList();
    }

    static void assertFails(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** It fails so, and the table stays as it was. */
    static void assertRefused(
            LakeTable table, ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Snapshot before = table.snapshot(SnapshotSelector.latest());
        assertFails(code, call);
        Snapshot after = table.snapshot(SnapshotSelector.latest());
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(paths(after)).isEqualTo(paths(before));
    }
}
