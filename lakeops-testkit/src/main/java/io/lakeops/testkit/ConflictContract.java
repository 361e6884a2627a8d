package io.lakeops.testkit;

import static io.lakeops.testkit.ContractTables.DELETE;
import static io.lakeops.testkit.ContractTables.ORDERS;
import static io.lakeops.testkit.ContractTables.WRITE;
import static io.lakeops.testkit.ContractTables.addColumn;
import static io.lakeops.testkit.ContractTables.append;
import static io.lakeops.testkit.ContractTables.file;
import static io.lakeops.testkit.ContractTables.history;
import static io.lakeops.testkit.ContractTables.paths;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.error.CommitConflictException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVectorWriter;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When a commit may stand on top of those that landed since it was planned, on every format.
 *
 * <p>Source: {@link io.lakeops.table.ConflictRules}; each test names a way in which a format that only compares versions or
 * paths loses, doubles or invents rows.
 */
public interface ConflictContract {
    /** The format; within one test the same tables are seen by whatever it returns. */
    TableFormat format();

    /** Time, threads and ears for the format. */
    default LakeContext context() {
        return new LakeContext(Clock.systemUTC(), Runnable::run, LakeListener.silent());
    }

    default LakeTable create(Path folder, TableSpec spec) {
        TableLocation location = ContractTables.location(folder);
        return format().create(TableId.of(location), location, spec, Optional.empty(), context());
    }

    default LakeTable open(Path folder) {
        TableLocation location = ContractTables.location(folder);
        return format().open(TableId.of(location), location, Optional.empty(), context());
    }

    private static CommitSpec delete(Predicate predicate, DataFile... files) {
        return CommitSpec.of(
                DELETE,
                new Reads.Matching(predicate, List.of(files)),
                Stream.of(files)
                        .map(f -> (FileChange) new FileChange.Remove(f, true))
                        .toList());
    }

    private static CommitSpec rewrite(Predicate predicate, DataFile before, DataFile after, boolean dataChange) {
        return CommitSpec.of(
                DELETE,
                new Reads.Matching(predicate, List.of(before)),
                List.of(new FileChange.Remove(before, dataChange), new FileChange.Add(after, dataChange)));
    }

    private static Predicate idAbove(long id) {
        return Predicate.compare("id", Predicate.Operator.GREATER, id);
    }

    private void lands(LakeTable table, Snapshot base, CommitSpec spec, String... files) {
        long before = table.versions().latest();
        CommitResult result = table.commit(base, spec);
        assertThat(((CommitResult.Committed) result).version()).isEqualTo(before + 1);
        Snapshot now = table.snapshot(SnapshotSelector.latest());
        assertThat(paths(now)).containsExactlyInAnyOrder(files);
        HistoryEntry entry = history(table).get(history(table).size() - 1);
        assertThat(entry.readVersion()).hasValue(base.version());
    }

    private static void conflicts(LakeTable table, Snapshot base, CommitSpec spec, String... overlap) {
        Snapshot before = table.snapshot(SnapshotSelector.latest());
        assertThatThrownBy(() -> table.commit(base, spec)).isInstanceOfSatisfying(CommitConflictException.class, e -> {
            assertThat(e.winner().version()).isEqualTo(base.version() + 1);
            assertThat(e.winner().operation()).isNotBlank();
            assertThat(e.winner().overlap()).contains(overlap);
        });
        Snapshot after = table.snapshot(SnapshotSelector.latest());
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(paths(after)).isEqualTo(paths(before));
    }

    // --- appends

    @Test
    default void a_blind_append_is_put_on_top_of_what_landed_since(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        append(open(folder), file(folder, "a.parquet", Map.of(), 1, 5, 0));

        lands(
                table,
                base,
                CommitSpec.append(WRITE, List.of(file(folder, "b.parquet", Map.of(), 1, 5, 0))),
                "a.parquet",
                "b.parquet");
        assertThat(history(table).get(2).isBlindAppend()).hasValue(true);
    }

    @Test
    default void a_commit_that_reads_and_changes_nothing_is_put_on_top_too(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        append(open(folder), file(folder, "a.parquet", Map.of(), 1, 5, 0));

        Operation start = new Operation("VACUUM START", Map.of(), Map.of("numFilesToDelete", "0"));
        lands(table, base, CommitSpec.of(start, new Reads.Nothing(), List.of()), "a.parquet");
        assertThat(history(open(folder)).get(2).operation()).isEqualTo("VACUUM START");
    }

    @Test
    default void an_append_conflicts_with_a_new_definition_of_the_table(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        addColumn(open(folder), Field.of("note", DataType.Primitive.STRING));

        conflicts(
                table,
                base,
                CommitSpec.append(WRITE, List.of(file(folder, "b.parquet", Map.of(), 1, 5, 0))),
                "changed the table's definition");
    }

    @Test
    default void a_file_that_another_commit_added_is_not_added_again(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(open(folder), a);

        conflicts(table, base, CommitSpec.append(WRITE, List.of(a)), "added the same file a.parquet");
    }

    @Test
    default void two_commits_of_one_application_do_not_both_land(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        LakeTable other = open(folder);
        other.commit(
                base,
                CommitSpec.append(WRITE, List.of(file(folder, "a.parquet", Map.of(), 1, 5, 0)))
                        .withOnce(new Sequence("loader", 1)));

        conflicts(
                table,
                base,
                CommitSpec.append(WRITE, List.of(file(folder, "b.parquet", Map.of(), 6, 9, 0)))
                        .withOnce(new Sequence("loader", 2)),
                "same application loader");
        assertThat(table.commit(
                        base,
                        CommitSpec.append(WRITE, List.of(file(folder, "c.parquet", Map.of(), 6, 9, 0)))
                                .withOnce(new Sequence("loader", 1))))
                .isInstanceOf(CommitResult.AlreadyDone.class);
    }

    // --- what was read

    @Test
    default void a_delete_stands_on_a_blind_append_unless_the_table_is_serializable(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(table, a);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        append(open(folder), file(folder, "b.parquet", Map.of(), 1, 5, 0));

        conflicts(
                table,
                base,
                delete(Predicate.always(), a).withIsolation(Isolation.SERIALIZABLE),
                "added the file b.parquet",
                "should have been read");
        lands(table, base, delete(Predicate.always(), a), "b.parquet");
        assertThat(history(table).get(3).isolationLevel()).hasValue("WriteSerializable");
        assertThat(history(table).get(3).isBlindAppend()).hasValue(false);
    }

    @Test
    default void a_delete_conflicts_with_rows_that_a_reading_commit_brought(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 10, 15, 0);
        append(table, a, b);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        // An update of b moved a row to id 3.
        DataFile moved = file(folder, "b2.parquet", Map.of(), 3, 15, 0);
        LakeTable other = open(folder);
        other.commit(base, rewrite(idAbove(9), b, moved, true));

        conflicts(
                table,
                base,
                delete(Predicate.compare("id", Predicate.Operator.EQUAL, 3L), a),
                "added the file b2.parquet",
                "should have been read");
    }

    @Test
    default void files_that_statistics_keep_apart_do_not_conflict(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 10, 15, 0);
        append(table, a, b);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        DataFile after = file(folder, "b2.parquet", Map.of(), 11, 15, 0);
        open(folder).commit(base, rewrite(idAbove(9), b, after, true));

        lands(
                table,
                base,
                delete(Predicate.compare("id", Predicate.Operator.LESS, 6L), a).withIsolation(Isolation.SERIALIZABLE),
                "b2.parquet");
    }

    @Test
    default void files_of_other_partitions_do_not_conflict(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS, "day"));
        DataFile a = file(folder, "day=1/a.parquet", Map.of("day", "1"), 1, 5, 0);
        DataFile b = file(folder, "day=2/b.parquet", Map.of("day", "2"), 1, 5, 0);
        append(table, a, b);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        DataFile after = file(folder, "day=2/c.parquet", Map.of("day", "2"), 1, 4, 0);
        open(folder).commit(base, rewrite(Predicate.compare("day", Predicate.Operator.EQUAL, "2"), b, after, true));

        lands(
                table,
                base,
                delete(Predicate.compare("day", Predicate.Operator.EQUAL, "1"), a)
                        .withIsolation(Isolation.SERIALIZABLE),
                "day=2/c.parquet");
    }

    @Test
    default void whoever_read_the_whole_table_conflicts_with_any_row_that_came_or_went(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(table, a);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        open(folder).commit(base, delete(Predicate.always(), a));

        conflicts(
                table,
                base,
                CommitSpec.of(
                        WRITE,
                        new Reads.WholeTable(),
                        List.of(new FileChange.Add(file(folder, "b.parquet", Map.of(), 1, 5, 0), true))),
                "a.parquet that was read");
    }

    @Test
    default void a_delete_whose_read_file_was_removed_conflicts(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 1, 5, 0);
        append(table, a, b);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        open(folder).commit(base, delete(Predicate.always(), b));

        CommitSpec readBoth = CommitSpec.of(
                DELETE, new Reads.Matching(Predicate.never(), List.of(a, b)), List.of(new FileChange.Remove(a, true)));
        conflicts(table, base, readBoth, "b.parquet that was read");
    }

    @Test
    default void insert_if_absent_of_many_threads_puts_each_key_once(@TempDir Path folder) throws Exception {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        int threads = 8;
        int keys = 6;
        java.util.concurrent.ExecutorService pool = java.util.concurrent.Executors.newFixedThreadPool(threads);
        java.util.concurrent.atomic.AtomicInteger lost = new java.util.concurrent.atomic.AtomicInteger();
        try {
            List<java.util.concurrent.Future<?>> running = new java.util.ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int writer = thread;
                running.add(pool.submit(() -> {
                    for (int key = 0; key < keys; key++) {
                        insertIfAbsent(folder, writer, key, lost);
                    }
                }));
            }
            for (java.util.concurrent.Future<?> one : running) {
                one.get(60, java.util.concurrent.TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(paths(table.snapshot(SnapshotSelector.latest()))).hasSize(keys);
        assertThat(table.versions().latest()).isEqualTo(keys);
    }

    private void insertIfAbsent(Path folder, int writer, long key, java.util.concurrent.atomic.AtomicInteger lost) {
        LakeTable table = open(folder);
        Predicate isKey = Predicate.compare("id", Predicate.Operator.EQUAL, key);
        while (true) {
            Snapshot base = table.snapshot(SnapshotSelector.latest());
            List<DataFile> found = base.scan().where(isKey).files();
            if (!found.isEmpty()) {
                return;
            }
            DataFile mine = file(folder, "k" + key + "-w" + writer + ".parquet", Map.of(), key, key, 0);
            try {
                table.commit(
                        base,
                        CommitSpec.of(
                                WRITE, new Reads.Matching(isKey, List.of()), List.of(new FileChange.Add(mine, true))));
            } catch (CommitConflictException e) {
                lost.incrementAndGet();
            }
        }
    }

    // --- what is changed

    @Test
    default void two_commits_do_not_remove_one_file_at_any_level(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        append(table, a);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        open(folder).commit(base, delete(Predicate.always(), a));

        for (Isolation level : Isolation.values()) {
            conflicts(
                    table,
                    base,
                    rewrite(Predicate.never(), a, file(folder, "c.parquet", Map.of(), 1, 5, 0), false)
                            .withIsolation(level),
                    "same file a.parquet");
        }
    }

    @Test
    default void a_compaction_stands_on_appends_and_on_changes_of_other_files(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 1, 5, 0);
        append(table, a, b);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        append(open(folder), file(folder, "new.parquet", Map.of(), 1, 5, 0));
        LakeTable other = open(folder);
        other.commit(other.snapshot(SnapshotSelector.latest()), delete(Predicate.always(), b));

        DataFile packed = file(folder, "packed.parquet", Map.of(), 1, 5, 0);
        lands(
                table,
                base,
                rewrite(Predicate.never(), a, packed, false).withIsolation(Isolation.SNAPSHOT),
                "new.parquet",
                "packed.parquet");
    }

    @Test
    default void a_compaction_disturbs_nobody_who_only_read_its_files(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        DataFile a = file(folder, "a.parquet", Map.of(), 1, 5, 0);
        DataFile b = file(folder, "b.parquet", Map.of(), 1, 5, 0);
        append(table, a, b);
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        DataFile packed = file(folder, "packed.parquet", Map.of(), 1, 5, 0);
        open(folder).commit(base, rewrite(Predicate.never(), b, packed, false).withIsolation(Isolation.SNAPSHOT));

        CommitSpec readBoth = CommitSpec.of(
                        DELETE,
                        new Reads.Matching(Predicate.always(), List.of(a, b)),
                        List.of(new FileChange.Remove(a, true)))
                .withIsolation(Isolation.SERIALIZABLE);
        lands(table, base, readBoth, "packed.parquet");
    }

    @Test
    default void a_new_schema_conflicts_with_files_in_the_old_one(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        append(open(folder), file(folder, "a.parquet", Map.of(), 1, 5, 0));

        List<Field> fields = new java.util.ArrayList<>(base.schema().fields());
        fields.add(Field.of("note", DataType.Primitive.STRING));
        CommitSpec grow = CommitSpec.of(
                        new Operation("ADD COLUMNS", Map.of(), Map.of()), new Reads.Nothing(), List.of())
                .withTable(new TableChange(
                        new Schema(fields),
                        base.partitionColumns(),
                        base.detail().properties(),
                        base.detail().description()));
        conflicts(table, base, grow, "in the old schema");
    }

    @Test
    default void new_properties_stand_on_an_append(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        append(open(folder), file(folder, "a.parquet", Map.of(), 1, 5, 0));

        CommitSpec set = CommitSpec.of(
                        new Operation("SET TBLPROPERTIES", Map.of(), Map.of()), new Reads.Nothing(), List.of())
                .withTable(new TableChange(
                        base.schema(),
                        base.partitionColumns(),
                        Map.of("owner", "sales"),
                        base.detail().description()));
        lands(table, base, set, "a.parquet");
        assertThat(table.snapshot(SnapshotSelector.latest()).detail().properties())
                .containsEntry("owner", "sales");
    }

    @Test
    default void two_definitions_do_not_both_land(@TempDir Path folder) {
        LakeTable table = create(folder, TableSpec.of(ORDERS));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        addColumn(open(folder), Field.of("note", DataType.Primitive.STRING));

        CommitSpec set = CommitSpec.of(
                        new Operation("SET TBLPROPERTIES", Map.of(), Map.of()), new Reads.Nothing(), List.of())
                .withTable(new TableChange(
                        base.schema(),
                        base.partitionColumns(),
                        Map.of("owner", "sales"),
                        base.detail().description()));
        conflicts(table, base, set, "definition");
    }

    // --- deletion vectors

    /** Whether the format has deletion vectors; one that has none must offer none. */
    default boolean hasDeletionVectors() {
        return true;
    }

    private boolean offersNoVectors(LakeTable table) {
        if (!hasDeletionVectors()) {
            assertThat(table.snapshot(SnapshotSelector.latest()).coordination().deletionVectors())
                    .isEmpty();
        }
        return !hasDeletionVectors();
    }

    private LakeTable createWithVectors(Path folder) {
        return create(
                folder,
                new TableSpec(
                        ORDERS, List.of(), List.of(), Map.of("delta.enableDeletionVectors", "true"), Optional.empty()));
    }

    /** A delete of rows at these positions, which read the file alone. */
    private static CommitSpec deleteByVector(Snapshot base, DataFile file, int... positions) {
        BitSet deleted = new BitSet();
        for (int position : positions) {
            deleted.set(position);
        }
        DeletedRows rows = DeletedRows.of(deleted.toLongArray()).and(base.deletedRows(file));
        try (DeletionVectorWriter writer = base.coordination().deletionVectors().orElseThrow()) {
            DataFile after = file.withDeletionVector(writer.write(rows));
            writer.finish();
            return CommitSpec.of(
                    DELETE,
                    new Reads.Matching(Predicate.never(), List.of(file)),
                    List.of(new FileChange.ReplaceVector(file, after)));
        }
    }

    @Test
    default void two_deletes_by_vector_of_one_file_do_not_both_land_at_any_level(@TempDir Path folder) {
        LakeTable table = createWithVectors(folder);
        if (offersNoVectors(table)) {
            return;
        }
        append(table, file(folder, "a.parquet", Map.of(), 1, 5, 0));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        DataFile a = base.scan().files().get(0);
        open(folder).commit(base, deleteByVector(base, a, 0));

        for (Isolation level : Isolation.values()) {
            conflicts(table, base, deleteByVector(base, a, 4).withIsolation(level), "same file a.parquet");
        }
        Snapshot now = table.snapshot(SnapshotSelector.latest());
        lands(table, now, deleteByVector(now, now.scan().files().get(0), 4), "a.parquet");
        Snapshot after = table.snapshot(SnapshotSelector.latest());
        DataFile both = after.scan().files().get(0);
        assertThat(both.liveRows()).hasValue(3);
        assertThat(after.deletedRows(both).contains(0)).isTrue();
        assertThat(after.deletedRows(both).contains(4)).isTrue();
    }

    @Test
    default void deletes_by_vector_of_two_files_both_land(@TempDir Path folder) {
        LakeTable table = createWithVectors(folder);
        if (offersNoVectors(table)) {
            return;
        }
        append(table, file(folder, "a.parquet", Map.of(), 1, 5, 0), file(folder, "b.parquet", Map.of(), 6, 9, 0));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        List<DataFile> files = base.scan().files();
        open(folder).commit(base, deleteByVector(base, files.get(0), 0));

        lands(table, base, deleteByVector(base, files.get(1), 1), "a.parquet", "b.parquet");
        assertThat(table.snapshot(SnapshotSelector.latest()).scan().files())
                .allSatisfy(file -> assertThat(file.deletionVector()).isPresent());
    }

    @Test
    default void a_compaction_of_a_file_that_got_a_vector_conflicts_and_the_other_way_round(@TempDir Path folder) {
        LakeTable table = createWithVectors(folder);
        if (offersNoVectors(table)) {
            return;
        }
        append(table, file(folder, "a.parquet", Map.of(), 1, 5, 0));
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        DataFile a = base.scan().files().get(0);
        DataFile packed = file(folder, "packed.parquet", Map.of(), 1, 5, 0);
        CommitSpec compaction = rewrite(Predicate.never(), a, packed, false).withIsolation(Isolation.SNAPSHOT);
        CommitSpec byVector = deleteByVector(base, a, 2);
        open(folder).commit(base, byVector);

        conflicts(table, base, compaction, "same file a.parquet");
        Snapshot now = table.snapshot(SnapshotSelector.latest());
        DataFile masked = now.scan().files().get(0);
        open(folder).commit(now, rewrite(Predicate.never(), masked, packed, false));
        conflicts(table, now, deleteByVector(now, masked, 3), "same file a.parquet");
    }
}
