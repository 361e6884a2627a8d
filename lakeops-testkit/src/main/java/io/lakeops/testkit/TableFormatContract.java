package io.lakeops.testkit;

import static io.lakeops.table.Predicate.compare;
import static io.lakeops.testkit.ContractTables.DELETE;
import static io.lakeops.testkit.ContractTables.ORDERS;
import static io.lakeops.testkit.ContractTables.WRITE;
import static io.lakeops.testkit.ContractTables.addColumn;
import static io.lakeops.testkit.ContractTables.append;
import static io.lakeops.testkit.ContractTables.assertFails;
import static io.lakeops.testkit.ContractTables.assertRefused;
import static io.lakeops.testkit.ContractTables.commit;
import static io.lakeops.testkit.ContractTables.file;
import static io.lakeops.testkit.ContractTables.history;
import static io.lakeops.testkit.ContractTables.location;
import static io.lakeops.testkit.ContractTables.paths;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.error.ErrorCode;
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
import io.lakeops.table.Predicate;
import io.lakeops.table.Pruning;
import io.lakeops.table.Reads;
import io.lakeops.table.Restorability;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableScan;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link TableFormat} does. Implement it in a test class of the format.
 *
 * <p>A format reads no row, so the data files here are bytes that no engine could read.
 */
public interface TableFormatContract extends ConflictContract {
    // --- open and create

    @Test
    default void a_created_table_has_version_0_and_no_files(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS, "day"));

        Snapshot snapshot = table.snapshot(SnapshotSelector.latest());

        assertThat(snapshot.version()).isZero();
        assertThat(snapshot.schema().names()).containsExactly("id", "qty", "day");
        assertThat(snapshot.schema().fields().stream().map(Field::type))
                .containsExactly(DataType.Primitive.LONG, DataType.Primitive.INTEGER, DataType.Primitive.STRING);
        assertThat(snapshot.partitionColumns()).containsExactly("day");
        assertThat(snapshot.scan().files()).isEmpty();
        assertThat(snapshot.detail().format()).isEqualTo(format().name());
        assertThat(snapshot.detail().createdAt()).isPresent();
        assertThat(history(table)).singleElement().satisfies(entry -> {
            assertThat(entry.operation()).isEqualTo("CREATE TABLE");
            assertThat(entry.version()).isZero();
        });
        assertThat(table.versions()).isEqualTo(new LakeTable.VersionRange(0, 0));
    }

    @Test
    default void a_table_keeps_its_properties_description_and_required_columns(@TempDir Path folder) {
        Schema schema = Schema.of(
                Field.of("id", DataType.Primitive.LONG).required(),
                Field.of("price", new DataType.Decimal(12, 4)),
                Field.of("tags", new DataType.Array(DataType.Primitive.STRING, true)),
                Field.of(
                        "by",
                        new DataType.Struct(List.of(
                                Field.of("name", DataType.Primitive.STRING),
                                Field.of("at", DataType.Primitive.TIMESTAMP)))));
        create(
                folder,
                new TableSpec(
                        schema,
                        List.of(),
                        List.of(),
                        Map.of("delta.targetFileSize", "64mb", "owner", "sales"),
                        Optional.of("all orders")));

        Snapshot snapshot = open(folder).snapshot(SnapshotSelector.latest());

        assertThat(snapshot.schema()).isEqualTo(schema);
        assertThat(snapshot.detail().properties())
                .containsEntry("delta.targetFileSize", "64mb")
                .containsEntry("owner", "sales");
        assertThat(snapshot.detail().description()).hasValue("all orders");
    }

    @Test
    default void a_table_can_not_be_created_twice(@TempDir Path folder) {
        create(folder, TableSpec.of(ORDERS));

        assertFails(ErrorCode.TABLE_ALREADY_EXISTS, () -> create(folder, TableSpec.of(ORDERS)));
    }

    @Test
    default void a_partition_column_must_be_in_the_schema(@TempDir Path folder) {
        assertFails(ErrorCode.COLUMN_NOT_FOUND, () -> create(folder, TableSpec.of(ORDERS, "month")));
        assertThat(format().recognizes(location(folder))).isFalse();
    }

    @Test
    default void a_table_is_recognized_by_its_place_alone(@TempDir Path folder) throws IOException {
        Files.createDirectories(location(folder).root());
        assertThat(format().recognizes(location(folder))).isFalse();

        create(folder, TableSpec.of(ORDERS));

        assertThat(format().recognizes(location(folder))).isTrue();
        assertThat(format().recognizes(new TableLocation(folder))).isFalse();
    }

    @Test
    default void a_folder_without_a_table_is_not_found(@TempDir Path folder) {
        assertFails(ErrorCode.TABLE_NOT_FOUND, () -> open(folder).snapshot(SnapshotSelector.latest()));
    }

    // --- append

    @Test
    default void an_append_makes_the_next_version_with_the_file_as_it_was_given(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS, "day"));
        DataFile file = file(folder, "day=2024-04-01/a b%20c.parquet", Map.of("day", "2024-04-01"), 1, 5, 0);

        CommitResult result = append(table, file);

        assertThat(result).isEqualTo(new CommitResult.Committed(1, 1));
        DataFile seen =
                open(folder).snapshot(SnapshotSelector.latest()).scan().files().get(0);
        assertThat(seen.path()).isEqualTo(file.path());
        assertThat(seen.location()).isEqualTo(file.location());
        assertThat(seen.partitionValues()).isEqualTo(file.partitionValues());
        assertThat(seen.fileBytes()).isEqualTo(file.fileBytes());
        assertThat(seen.modificationTime()).isEqualTo(file.modificationTime());
        assertThat(seen.liveRows()).hasValue(5);
        FileStatistics statistics = seen.statistics().orElseThrow();
        assertThat(statistics.column(List.of("id")).min()).hasValue(new Literal(1L));
        assertThat(statistics.column(List.of("id")).max()).hasValue(new Literal(5L));
        assertThat(statistics.column(List.of("id")).nulls()).hasValue(0);
    }

    @Test
    default void partition_values_come_back_whatever_characters_they_have(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS, "day"));
        List<@Nullable String> values = new java.util.ArrayList<>(
                List.of("a/b", "a=b", "50 %", "%2F", "ä ö", "\u65e5\u672c", "it's \"quoted\"", "a:b?c*d", "#x&y"));
        values.add(null);
        DataFile[] files = new DataFile[values.size()];
        for (int i = 0; i < files.length; i++) {
            Map<String, @Nullable String> partition = new java.util.HashMap<>();
            partition.put("day", values.get(i));
            files[i] = file(folder, "day=" + i + "/f.parquet", partition, 1, 1, 0);
        }

        append(table, files);

        List<@Nullable String> seen = new java.util.ArrayList<>();
        open(folder)
                .snapshot(SnapshotSelector.latest())
                .scan()
                .files()
                .forEach(f -> seen.add(f.partitionValues().get("day")));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(values);
    }

    @Test
    default void the_history_says_what_was_done(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile file = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(table, file);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        table.commit(
                base,
                CommitSpec.of(DELETE, new Reads.WholeTable(), List.of(new FileChange.Remove(file, true)))
                        .withUserMetadata("by hand"));

        List<HistoryEntry> history = history(open(folder));

        assertThat(history.stream().map(HistoryEntry::version)).containsExactly(0L, 1L, 2L);
        HistoryEntry write = history.get(1);
        assertThat(write.operation()).isEqualTo("WRITE");
        assertThat(write.operationParameters()).containsEntry("mode", "Append").containsEntry("partitionBy", "[]");
        assertThat(write.operationMetrics()).containsEntry("numFiles", "1");
        assertThat(write.readVersion()).hasValue(0);
        assertThat(write.isBlindAppend()).hasValue(true);
        HistoryEntry delete = history.get(2);
        assertThat(delete.operation()).isEqualTo("DELETE");
        assertThat(delete.operationParameters()).containsEntry("predicate", "[\"id = 1\"]");
        assertThat(delete.readVersion()).hasValue(1);
        assertThat(delete.isBlindAppend()).hasValue(false);
        assertThat(delete.isolationLevel()).hasValue("WriteSerializable");
        assertThat(delete.userMetadata()).hasValue("by hand");
        assertThat(delete.engineInfo()).isPresent();
    }

    @Test
    default void a_commit_says_which_files_came_and_went(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 1, 4, 0);
        append(table, a);
        commit(table, Isolation.SNAPSHOT, false, List.of(a), List.of(b));

        try (Stream<TableCommit> commits = open(folder).commits(1, 2)) {
            List<TableCommit> both = commits.toList();
            assertThat(both.get(0).changes())
                    .singleElement()
                    .satisfies(c -> assertThat(c).isInstanceOf(FileChange.Add.class));
            assertThat(both.get(0).tableChange()).isEmpty();
            assertThat(both.get(1).changes()).hasSize(2).allSatisfy(c -> {
                if (c instanceof FileChange.Add add) {
                    assertThat(add.file().path()).isEqualTo("b.parquet");
                    assertThat(add.dataChange()).isFalse();
                } else {
                    FileChange.Remove remove = (FileChange.Remove) c;
                    assertThat(remove.file().path()).isEqualTo("a.parquet");
                    assertThat(remove.dataChange()).isFalse();
                }
            });
            assertThat(both.get(1).entry().isolationLevel()).hasValue("SnapshotIsolation");
        }
    }

    @Test
    default void the_tags_of_a_file_come_back(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile plain = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(
                table,
                new DataFile(
                        plain.path(),
                        plain.location(),
                        plain.partitionValues(),
                        plain.fileBytes(),
                        plain.modificationTime(),
                        plain.statistics(),
                        plain.deletionVector(),
                        Map.of("lakeops.optimized", "134217728"),
                        plain.rowTracking()));

        assertThat(open(folder)
                        .snapshot(SnapshotSelector.latest())
                        .scan()
                        .files()
                        .get(0)
                        .tags())
                .containsEntry("lakeops.optimized", "134217728");
    }

    // --- time travel

    @Test
    default void every_version_can_be_read_by_number_and_by_timestamp(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        for (int i = 1; i <= 4; i++) {
            append(table, file(folder, i + ".parquet", Map.of(), i, i, 0));
        }

        LakeTable again = open(folder);

        assertThat(again.versions()).isEqualTo(new LakeTable.VersionRange(0, 4));
        List<Instant> times =
                history(again).stream().map(HistoryEntry::timestamp).toList();
        assertThat(times).isSorted();
        for (int v = 0; v <= 4; v++) {
            Snapshot byNumber = again.snapshot(SnapshotSelector.version(v));
            assertThat(byNumber.version()).isEqualTo(v);
            assertThat(byNumber.scan().files()).hasSize(v);
            assertThat(byNumber.timestamp()).isEqualTo(times.get(v));
            int newestAtThatTime = v;
            while (newestAtThatTime < 4 && times.get(newestAtThatTime + 1).equals(times.get(v))) {
                newestAtThatTime++;
            }
            assertThat(again.snapshot(SnapshotSelector.asOf(times.get(v))).version())
                    .isEqualTo(newestAtThatTime);
        }
    }

    @Test
    default void a_version_or_a_time_that_is_not_there_is_named(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Instant only = table.snapshot(SnapshotSelector.latest()).timestamp();

        assertFails(ErrorCode.VERSION_NOT_FOUND, () -> table.snapshot(SnapshotSelector.version(1)));
        assertFails(ErrorCode.VERSION_NOT_FOUND, () -> table.snapshot(SnapshotSelector.version(-1)));
        assertFails(ErrorCode.TIMESTAMP_OUT_OF_RANGE, () -> table.snapshot(SnapshotSelector.asOf(only.minusMillis(1))));
        assertFails(ErrorCode.TIMESTAMP_OUT_OF_RANGE, () -> table.snapshot(SnapshotSelector.asOf(only.plusMillis(1))));
    }

    @Test
    default void a_snapshot_does_not_change_when_the_table_does(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        append(table, file(folder, "a.parquet", Map.of(), 1, 5, 0));
        Snapshot before = table.snapshot(SnapshotSelector.latest());

        append(table, file(folder, "b.parquet", Map.of(), 1, 5, 0));

        assertThat(before.version()).isEqualTo(1);
        assertThat(paths(before)).containsExactly("a.parquet");
    }

    // --- pruning

    @Test
    default void a_scan_prunes_by_partition_and_by_statistics_and_says_why(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS, "day"));
        append(
                table,
                file(folder, "1.parquet", Map.of("day", "d1"), 1, 10, 0),
                file(folder, "2.parquet", Map.of("day", "d1"), 11, 20, 0),
                file(folder, "3.parquet", Map.of("day", "d2"), 1, 10, 0));

        TableScan scan = open(folder)
                .snapshot(SnapshotSelector.latest())
                .scan()
                .where(compare("day", Predicate.Operator.EQUAL, "d1"))
                .where(compare("id", Predicate.Operator.GREATER, 10L));

        assertThat(scan.files().stream().map(DataFile::path)).containsExactly("2.parquet");
        assertThat(scan.pruned().stream().collect(Collectors.toMap(p -> p.file().path(), TableScan.PrunedFile::reason)))
                .containsOnly(
                        Map.entry("1.parquet", Pruning.Reason.STATISTICS),
                        Map.entry("3.parquet", Pruning.Reason.PARTITION));
    }

    @Test
    default void files_without_statistics_are_never_pruned_by_them(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile with = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile without = new DataFile(
                "b.parquet",
                file(folder, "b.parquet", Map.of(), 1, 5, 0).location(),
                Map.of(),
                with.fileBytes(),
                with.modificationTime(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty());
        append(table, with, without);

        TableScan scan = open(folder)
                .snapshot(SnapshotSelector.latest())
                .scan()
                .where(compare("id", Predicate.Operator.GREATER, 100L));

        assertThat(scan.files().stream().map(DataFile::path)).containsExactly("b.parquet");
        assertThat(scan.files().get(0).liveRows()).isEmpty();
    }

    @Test
    default void null_counts_prune_too(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        append(table, file(folder, "none.parquet", Map.of(), 1, 5, 0), file(folder, "some.parquet", Map.of(), 1, 5, 2));
        Snapshot snapshot = open(folder).snapshot(SnapshotSelector.latest());

        assertThat(snapshot.scan().where(new Predicate.IsNull(List.of("qty"), true)).files().stream()
                        .map(DataFile::path))
                .containsExactly("some.parquet");
    }

    // --- sequences

    @Test
    default void a_sequence_is_committed_once(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Sequence first = new Sequence("loader/orders", 7);
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 1, 5, 0);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        CommitSpec spec = CommitSpec.append(WRITE, List.of(a)).withOnce(first);

        assertThat(table.commit(base, spec)).isEqualTo(new CommitResult.Committed(1, 1));
        CommitSpec rerun = CommitSpec.append(WRITE, List.of(b)).withOnce(first);
        // On the version that it knew, as after a crash, and on the newest.
        assertThat(table.commit(base, rerun)).isEqualTo(new CommitResult.AlreadyDone(first, 7));
        LakeTable again = open(folder);
        assertThat(again.commit(again.snapshot(SnapshotSelector.latest()), rerun))
                .isEqualTo(new CommitResult.AlreadyDone(first, 7));

        Snapshot now = again.snapshot(SnapshotSelector.latest());
        assertThat(now.version()).isEqualTo(1);
        assertThat(now.coordination().sequence("loader/orders")).hasValue(7);
        assertThat(now.coordination().sequence("another")).isEmpty();
        assertThat(again.snapshot(SnapshotSelector.version(0)).coordination().sequence("loader/orders"))
                .isEmpty();
        Sequence next = new Sequence("loader/orders", 8);
        assertThat(again.commit(now, CommitSpec.append(WRITE, List.of(b)).withOnce(next)))
                .isEqualTo(new CommitResult.Committed(2, 1));
    }

    // --- removes

    @Test
    default void a_commit_removes_and_adds_at_once(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 6, 9, 0);
        DataFile c = file(folder, "c.parquet", Map.of(), 2, 5, 0);
        append(table, a, b);

        commit(table, Isolation.WRITE_SERIALIZABLE, true, List.of(a), List.of(c));

        assertThat(paths(open(folder).snapshot(SnapshotSelector.latest())))
                .containsExactlyInAnyOrder("b.parquet", "c.parquet");
        assertThat(paths(open(folder).snapshot(SnapshotSelector.version(1))))
                .containsExactlyInAnyOrder("a.parquet", "b.parquet");
        assertThat(a.location()).exists();
    }

    @Test
    default void a_removed_file_can_come_back(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(table, a);
        commit(table, Isolation.WRITE_SERIALIZABLE, true, List.of(a), List.of());
        assertThat(open(folder).snapshot(SnapshotSelector.latest()).scan().files())
                .isEmpty();

        commit(table, Isolation.WRITE_SERIALIZABLE, true, List.of(), List.of(a));

        assertThat(paths(open(folder).snapshot(SnapshotSelector.latest()))).containsExactly("a.parquet");
    }

    // --- the table itself

    @Test
    default void a_commit_can_add_a_column_and_set_properties(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        append(table, file(folder, "a.parquet", Map.of(), 1, 5, 0));

        addColumn(table, Field.of("note", DataType.Primitive.STRING));

        LakeTable again = open(folder);
        Snapshot now = again.snapshot(SnapshotSelector.latest());
        assertThat(now.schema().names()).containsExactly("id", "qty", "day", "note");
        assertThat(now.detail().properties()).containsEntry("changed", "yes");
        assertThat(paths(now)).containsExactly("a.parquet");
        assertThat(again.snapshot(SnapshotSelector.version(1)).schema().names()).containsExactly("id", "qty", "day");
        try (Stream<TableCommit> commits = again.commits(2, 2)) {
            assertThat(commits.toList().get(0).tableChange())
                    .hasValueSatisfying(
                            change -> assertThat(change.schema().names()).contains("note"));
        }
    }

    // --- refusals

    @Test
    default void a_file_that_is_not_in_the_table_can_not_be_removed(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);

        assertRefused(
                table,
                ErrorCode.INVALID_ARGUMENT,
                () -> commit(table, Isolation.WRITE_SERIALIZABLE, true, List.of(a), List.of()));
    }

    @Test
    default void a_file_that_is_in_the_table_can_not_be_added_again(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(table, a);

        assertRefused(table, ErrorCode.INVALID_ARGUMENT, () -> append(table, a));
    }

    @Test
    default void a_commit_can_not_name_one_file_twice(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        assertRefused(table, ErrorCode.INVALID_ARGUMENT, () -> append(table, a, a));
        append(table, a);

        assertRefused(
                table,
                ErrorCode.INVALID_ARGUMENT,
                () -> commit(table, Isolation.WRITE_SERIALIZABLE, true, List.of(a), List.of(a)));
    }

    @Test
    default void a_file_must_have_the_partition_columns_of_the_table(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS, "day"));

        assertRefused(
                table, ErrorCode.SCHEMA_MISMATCH, () -> append(table, file(folder, "a.parquet", Map.of(), 1, 5, 0)));
        assertRefused(
                table,
                ErrorCode.SCHEMA_MISMATCH,
                () -> append(table, file(folder, "b.parquet", Map.of("day", "d", "qty", "1"), 1, 5, 0)));
    }

    @Test
    default void a_required_column_takes_no_file_with_nulls(@TempDir Path folder) {
        Schema strict = Schema.of(ORDERS.require("id"), ORDERS.require("qty").required(), ORDERS.require("day"));
        LakeTable table = create(folder, TableSpec.of(strict));

        assertRefused(
                table,
                ErrorCode.CONSTRAINT_VIOLATED,
                () -> append(table, file(folder, "a.parquet", Map.of(), 1, 5, 1)));
        append(table, file(folder, "b.parquet", Map.of(), 1, 5, 0));
    }

    @Test
    default void a_file_outside_the_table_is_not_taken(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));

        assertRefused(
                table,
                ErrorCode.PATH_OUTSIDE_TABLE,
                () -> append(table, file(folder, "../b.parquet", Map.of(), 1, 5, 0)));
    }

    // --- restore and vacuum

    @Test
    default void a_version_can_be_restored_while_its_files_stand(@TempDir Path folder) throws IOException {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(table, a);
        commit(table, Isolation.WRITE_SERIALIZABLE, true, List.of(a), List.of());

        assertThat(table.restorable(1)).isEqualTo(new Restorability.Whole());
        Files.delete(a.location());
        assertThat(table.restorable(1)).isEqualTo(new Restorability.Partial(List.of("a.parquet")));
        assertThat(table.restorable(2)).isEqualTo(new Restorability.Whole());
        assertThat(table.restorable(3)).isInstanceOf(Restorability.Gone.class);
    }

    @Test
    default void the_log_protects_what_is_live_and_what_went_since_the_cutoff(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a b.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 1, 5, 0);
        append(table, a, b);
        Instant beforeRemove = table.snapshot(SnapshotSelector.latest()).timestamp();
        commit(table, Isolation.WRITE_SERIALIZABLE, true, List.of(a), List.of());
        Instant removed = table.snapshot(SnapshotSelector.latest()).timestamp();

        assertThat(table.referencedSince(beforeRemove).paths()).containsExactlyInAnyOrder("a b.parquet", "b.parquet");
        assertThat(table.referencedSince(removed.plusSeconds(60)).paths()).isEqualTo(Set.of("b.parquet"));
        assertThat(table.referencedSince(removed.plusSeconds(60)).newestVersion())
                .isEqualTo(2);
        assertThat(table.referencedSince(beforeRemove).complete()).isTrue();
    }
}
