package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.utils.CloseableIterator;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.DeletionVectorWriter;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableDetail;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every table feature on writing: honoured exactly, or refused by its name. docs/delta-features.md names these tests. */
class FeatureTest {
    @TempDir
    Path folder;

    // --- tables that Spark wrote

    @ParameterizedTest
    @ValueSource(
            strings = {
                "append_only",
                "basic",
                "cdf_enabled_later",
                "change_data_feed",
                "check_stats_wide",
                "checkpoint_classic_stats_struct",
                "checkpoint_cleaned_logs",
                "clustering_liquid",
                "column_mapping_name",
                "corrupt_last_checkpoint_pointer",
                "deletion_vectors",
                "empty_table",
                "in_commit_timestamps",
                "merge_history",
                "multipart_checkpoint",
                "nested_types",
                "optimized",
                "partitioned_special",
                "restored",
                "row_tracking",
                "scalar_types",
                "schema_evolution",
                "type_widening",
                "v2_checkpoint_json",
                "vacuumed",
                "zz_src"
            })
    void an_append_to_a_table_of_spark_is_read_back_and_by_the_kernel_on_hadoop_too(String name) throws Exception {
        LakeTable table = Tables.open(Fixtures.unpackOne(name, folder));
        Snapshot before = Tables.latest(table);

        CommitResult result = Tables.append(table, Tables.file(table, 3));

        assertThat(result).isEqualTo(new CommitResult.Committed(before.version() + 1, 1));
        Snapshot after = Tables.latest(table);
        assertThat(after.scan().files()).hasSize(before.scan().files().size() + 1);
        assertThat(after.schema()).isEqualTo(before.schema());
        assertThat(after.detail().features()).isEqualTo(before.detail().features());
        assertThat(after.coordination().domains().keySet())
                .isEqualTo(before.coordination().domains().keySet());
        assertThat(after.timestamp()).isAfter(before.timestamp());
        assertThat(filesByHadoop(table)).isEqualTo(after.scan().files().size());
    }

    @ParameterizedTest
    @CsvSource({
        "constraints, checkConstraints",
        "generated_identity, generatedColumns",
        "default_columns, allowColumnDefaults",
        "iceberg_compat_on, icebergCompatV2",
        "hostile_unknown_writer_feature, futureWriter"
    })
    void rows_are_refused_where_a_feature_is_not_honoured(String name, String feature) throws Exception {
        LakeTable table = Tables.open(Fixtures.unpackOne(name, folder));
        DataFile file = Tables.file(table, 3);
        List<Path> before = everything(table);

        assertRefused(ErrorCode.FEATURE_UNSUPPORTED, feature, () -> Tables.append(table, file));

        assertThat(everything(table)).isEqualTo(before);
    }

    @Test
    void a_table_that_can_not_be_read_is_not_written() {
        LakeTable reader = Tables.open(Fixtures.unpackOne("hostile_unknown_reader_feature", folder));
        assertRefused(ErrorCode.FEATURE_UNSUPPORTED, "futureReader", () -> Tables.latest(reader));
        LakeTable torn = Tables.open(Fixtures.unpackOne("corrupt_half_written_commit", folder));
        assertRefused(ErrorCode.LOG_CORRUPT, "00000000000000000005.json", () -> Tables.latest(torn));
    }

    @Test
    void a_writer_version_of_the_future_can_be_read_and_not_written() throws Exception {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        protocol(table, "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":99}}");
        assertThat(Tables.latest(table).scan().files()).isEmpty();
        DataFile file = Tables.file(table, 1);

        assertRefused(ErrorCode.FEATURE_UNSUPPORTED, "99", () -> Tables.append(table, file));
    }

    @Test
    void a_reader_version_of_the_future_is_refused() throws Exception {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        protocol(table, "{\"protocol\":{\"minReaderVersion\":99,\"minWriterVersion\":99}}");

        assertRefused(ErrorCode.FEATURE_UNSUPPORTED, "99", () -> Tables.latest(table));
    }

    // --- appendOnly

    @Test
    void an_append_only_table_keeps_its_rows_and_may_be_compacted() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.appendOnly", "true"));
        DataFile a = Tables.file(table, 3);
        Tables.append(table, a);

        assertRefused(
                ErrorCode.CONSTRAINT_VIOLATED,
                "delta.appendOnly",
                () -> Tables.rewrite(table, true, List.of(a), List.of()));
        Tables.rewrite(table, false, List.of(a), List.of(Tables.file(table, 3)));

        assertThat(Tables.latest(table).version()).isEqualTo(2);
    }

    // --- changeDataFeed

    @Test
    void a_change_data_feed_takes_appends_and_whole_files_and_compaction_but_no_rewrite_of_rows() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.enableChangeDataFeed", "true"));
        assertThat(Tables.latest(table).detail().features()).contains("changeDataFeed");
        DataFile a = Tables.file(table, 3);
        DataFile b = Tables.file(table, 3);
        Tables.append(table, a, b);

        assertRefused(
                ErrorCode.FEATURE_UNSUPPORTED,
                "changeDataFeed",
                () -> Tables.rewrite(table, true, List.of(a), List.of(Tables.file(table, 2))));
        Tables.rewrite(table, true, List.of(a), List.of());
        Tables.rewrite(table, false, List.of(b), List.of(Tables.file(table, 3)));

        assertThat(Tables.latest(table).version()).isEqualTo(3);
    }

    @Test
    void a_rewrite_that_brings_its_change_data_is_taken() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.enableChangeDataFeed", "true"));
        DataFile a = Tables.file(table, 3);
        Tables.append(table, a);
        DataFile cdc = Tables.file(table, "_change_data/cdc-1.parquet", Map.of(), Optional.empty());

        table.commit(
                Tables.latest(table),
                CommitSpec.of(
                        Tables.DELETE,
                        new Reads.WholeTable(),
                        List.of(
                                new FileChange.Remove(a, true),
                                new FileChange.Add(Tables.file(table, 2), true),
                                new FileChange.ChangeFile(cdc.path(), Map.of(), cdc.fileBytes()))));

        try (Stream<io.lakeops.table.TableCommit> commits = table.commits(2, 2)) {
            assertThat(commits.toList().get(0).changes())
                    .anySatisfy(change -> assertThat(change)
                            .isEqualTo(new FileChange.ChangeFile(
                                    "_change_data/cdc-1.parquet", Map.of(), cdc.fileBytes())));
        }
    }

    // --- deletionVectors

    @Test
    void a_file_with_a_deletion_vector_is_removed_with_its_vector() {
        LakeTable table = Tables.open(Fixtures.unpackOne("deletion_vectors", folder));
        Snapshot before = Tables.latest(table);
        DataFile masked = before.scan().files().stream()
                .filter(f -> f.deletionVector().isPresent())
                .findFirst()
                .orElseThrow();

        Tables.rewrite(table, true, List.of(masked), List.of(Tables.file(table, 1)));

        assertThat(Tables.lines(table, before.version() + 1))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"remove\"")
                        .contains(
                                Json.write(masked.deletionVector().orElseThrow().pathOrInline())));
        assertThat(Tables.latest(table).scan().files()).noneMatch(f -> f.path().equals(masked.path()));
        assertThat(filesByHadoop(table))
                .isEqualTo(Tables.latest(table).scan().files().size());
    }

    @Test
    void a_file_with_another_vector_than_the_table_s_is_not_the_table_s() {
        LakeTable table = Tables.open(Fixtures.unpackOne("deletion_vectors", folder));
        DataFile masked = Tables.latest(table).scan().files().stream()
                .filter(f -> f.deletionVector().isPresent())
                .findFirst()
                .orElseThrow();
        DataFile bare = with(masked, Optional.empty());

        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "not in the table",
                () -> Tables.rewrite(table, true, List.of(bare), List.of()));
    }

    @Test
    void a_vector_comes_and_goes_with_its_file_and_statistics() {
        LakeTable table = Tables.open(Fixtures.unpackOne("deletion_vectors", folder));
        Snapshot before = Tables.latest(table);
        DataFile masked = before.scan().files().stream()
                .filter(f -> f.deletionVector().isPresent())
                .findFirst()
                .orElseThrow();
        DataFile bare = with(masked, Optional.empty());

        replace(table, masked, bare);
        assertThat(find(table, masked.path()).deletionVector()).isEmpty();
        replace(table, bare, masked);

        DataFile back = find(table, masked.path());
        assertThat(back.deletionVector()).isEqualTo(masked.deletionVector());
        assertThat(back.liveRows()).isEqualTo(masked.liveRows());
        assertThat(back.statistics().orElseThrow().tightBounds())
                .isEqualTo(masked.statistics().orElseThrow().tightBounds());
    }

    @Test
    void a_vector_needs_the_feature() {
        DataFile masked =
                Tables.latest(Tables.open(Fixtures.unpackOne("deletion_vectors", folder))).scan().files().stream()
                        .filter(f -> f.deletionVector().isPresent())
                        .findFirst()
                        .orElseThrow();
        LakeTable plain = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        DataFile file = with(Tables.file(plain, 10), masked.deletionVector());

        assertRefused(ErrorCode.FEATURE_UNSUPPORTED, "deletionVectors", () -> Tables.append(plain, file));
    }

    @Test
    void a_vector_of_ours_widens_the_bounds_and_is_counted_by_the_kernel_s_own_reader() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.enableDeletionVectors", "true"));
        Tables.append(table, Tables.file(table, 10));
        Snapshot base = Tables.latest(table);
        DataFile file = base.scan().files().get(0);
        assertThat(file.statistics().orElseThrow().tightBounds()).isTrue();

        DataFile masked = file.withDeletionVector(vector(base, 0b1000000101L));
        replace(table, file, masked);

        DataFile now = find(table, file.path());
        assertThat(now.liveRows()).hasValue(7);
        assertThat(now.statistics().orElseThrow().tightBounds()).isFalse();
        assertThat(now.statistics().orElseThrow().column(List.of("id")))
                .isEqualTo(file.statistics().orElseThrow().column(List.of("id")));
        assertThat(Tables.latest(table).deletedRows(now).contains(9)).isTrue();
        assertThat(Tables.lines(table, 2))
                .filteredOn(line -> line.contains("\"add\"") || line.contains("\"remove\""))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("\"dataChange\":true"));
        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    @Test
    void a_vector_is_refused_where_the_table_asks_for_none_or_where_it_lies() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.enableDeletionVectors", "true"));
        Tables.append(table, Tables.file(table, 10));
        Tables.append(table, Tables.file(table, "uncounted.parquet", Map.of(), Optional.empty()));
        Snapshot base = Tables.latest(table);
        DataFile counted = base.scan().files().stream()
                .filter(f -> f.liveRows().isPresent())
                .findFirst()
                .orElseThrow();
        DeletionVector one = vector(base, 1);
        DeletionVector beyond = vector(base, 1L << 10);
        DeletionVector lying = new DeletionVector(one.storage(), one.pathOrInline(), one.offset(), one.sizeBytes(), 2);

        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "how many rows",
                () -> replace(
                        table,
                        find(table, "uncounted.parquet"),
                        find(table, "uncounted.parquet").withDeletionVector(one)));
        assertRefused(
                ErrorCode.DELETION_VECTOR_CORRUPT,
                "deletes row 10",
                () -> replace(table, counted, counted.withDeletionVector(beyond)));
        assertRefused(
                ErrorCode.DELETION_VECTOR_CORRUPT,
                "deletes 1 rows",
                () -> replace(table, counted, counted.withDeletionVector(lying)));
        assertThat(Tables.latest(table).version()).isEqualTo(base.version());

        set(table, Map.of("delta.enableDeletionVectors", "false"));

        assertThat(Tables.latest(table).coordination().deletionVectors()).isEmpty();
        assertRefused(
                ErrorCode.FEATURE_UNSUPPORTED,
                "delta.enableDeletionVectors",
                () -> replace(table, counted, counted.withDeletionVector(one)));
    }

    private static DeletionVector vector(Snapshot base, long word) {
        try (DeletionVectorWriter writer = base.coordination().deletionVectors().orElseThrow()) {
            DeletionVector vector = writer.write(DeletedRows.of(new long[] {word}));
            assertThat(writer.finish()).hasSize(1);
            return vector;
        }
    }

    // --- inCommitTimestamp

    @Test
    void in_commit_timestamps_rise_and_stand_first() {
        LakeTable table =
                Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.enableInCommitTimestamps", "true"));
        assertThat(Tables.latest(table).detail().properties())
                .doesNotContainKey("delta.inCommitTimestampEnablementVersion");
        for (int i = 0; i < 5; i++) {
            Tables.append(table, Tables.file(table, 1));
        }

        List<java.time.Instant> times = new ArrayList<>();
        for (long v = 0; v <= 5; v++) {
            assertThat(Tables.lines(table, v).get(0)).startsWith("{\"commitInfo\":{\"inCommitTimestamp\":");
            times.add(
                    table.snapshot(io.lakeops.table.SnapshotSelector.version(v)).timestamp());
        }
        assertThat(times).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "BYTE, SHORT, true",
        "BYTE, LONG, true",
        "SHORT, INTEGER, true",
        "INTEGER, LONG, true",
        "INTEGER, DOUBLE, true",
        "LONG, DOUBLE, false",
        "LONG, INTEGER, false",
        "FLOAT, DOUBLE, true",
        "DOUBLE, FLOAT, false",
        "DATE, TIMESTAMP_NTZ, true",
        "DATE, TIMESTAMP, false",
        "STRING, BINARY, false",
        "INTEGER, STRING, false"
    })
    void a_type_is_widened_where_the_protocol_has_it(Primitive before, Primitive after, boolean allowed)
            throws Exception {
        LakeTable table = Tables.create(
                folder.resolve("wide"),
                Schema.of(
                        Field.of("id", Primitive.LONG),
                        Field.of("c", before),
                        Field.of("list", new DataType.Array(before, true))),
                Map.of("delta.enableTypeWidening", "true"));
        Tables.append(table, Tables.file(table, 3));
        Schema wider = Schema.of(
                Field.of("id", Primitive.LONG),
                Field.of("c", after),
                Field.of("list", new DataType.Array(after, true)));
        if (!allowed) {
            assertRefused(ErrorCode.FEATURE_UNSUPPORTED, "no widening", () -> define(table, wider));
            return;
        }
        define(table, wider);
        Schema now = Tables.latest(table).schema();
        Map<String, @Nullable Object> note = Map.of(
                "toType",
                after.name().toLowerCase(Locale.ROOT),
                "fromType",
                before.name().toLowerCase(Locale.ROOT));
        assertThat(now.require("c").type()).isEqualTo(after);
        assertThat(now.require("c").metadata()).containsEntry("delta.typeChanges", List.of(note));
        Map<String, @Nullable Object> inList = new HashMap<>(note);
        inList.put("fieldPath", "element");
        assertThat(now.require("list").metadata()).containsEntry("delta.typeChanges", List.of(inList));
        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"5, 2, 7, 2, true", "5, 2, 7, 4, true", "5, 2, 6, 4, false", "5, 2, 5, 3, false", "5, 2, 7, 1, false"})
    void a_decimal_gets_digits_before_the_point_for_each_behind_it(int p1, int s1, int p2, int s2, boolean allowed) {
        LakeTable table = Tables.create(
                folder.resolve("wide"),
                Schema.of(Field.of("c", new DataType.Decimal(p1, s1))),
                Map.of("delta.enableTypeWidening", "true"));
        Schema wider = Schema.of(Field.of("c", new DataType.Decimal(p2, s2)));
        if (allowed) {
            define(table, wider);
            assertThat(Tables.latest(table).schema().require("c").type()).isEqualTo(new DataType.Decimal(p2, s2));
        } else {
            assertRefused(ErrorCode.FEATURE_UNSUPPORTED, "no widening", () -> define(table, wider));
        }
    }

    @Test
    void switching_in_commit_timestamps_on_later_marks_where_they_begin() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        Tables.append(table, Tables.file(table, 1));

        set(table, Map.of("delta.enableInCommitTimestamps", "true"));

        Map<String, String> properties = Tables.latest(table).detail().properties();
        assertThat(properties).containsEntry("delta.inCommitTimestampEnablementVersion", "2");
        assertThat(properties.get("delta.inCommitTimestampEnablementTimestamp"))
                .isEqualTo(Long.toString(Tables.latest(table).timestamp().toEpochMilli()));
        Tables.append(table, Tables.file(table, 1));
        assertThat(filesByHadoop(table)).isEqualTo(2);
    }

    // --- rowTracking

    @Test
    void rows_get_ids_that_go_on_where_spark_stopped() {
        LakeTable table = Tables.open(Fixtures.unpackOne("row_tracking", folder));
        String before = Objects.requireNonNull(
                Tables.latest(table).coordination().domains().get("delta.rowTracking"));
        assertThat(before).contains("\"rowIdHighWaterMark\":15");
        long version = Tables.latest(table).version();

        Tables.append(table, Tables.file(table, 3), Tables.file(table, 2));

        Snapshot after = Tables.latest(table);
        assertThat(after.coordination().domains().get("delta.rowTracking")).contains("\"rowIdHighWaterMark\":20");
        assertThat(after.scan().files().stream()
                        .flatMap(f -> f.rowTracking().stream())
                        .filter(ids -> ids.defaultCommitVersion() == version + 1)
                        .map(DataFile.RowTracking::baseRowId))
                .containsExactlyInAnyOrder(16L, 19L);
    }

    @Test
    void rows_that_track_their_ids_are_not_rewritten() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.enableRowTracking", "true"));
        DataFile a = Tables.file(table, 3);
        Tables.append(table, a);
        DataFile tracked = find(table, a.path());
        assertThat(tracked.rowTracking()).hasValue(new DataFile.RowTracking(0, 1));

        assertRefused(
                ErrorCode.FEATURE_UNSUPPORTED,
                "rowTracking",
                () -> Tables.rewrite(table, false, List.of(tracked), List.of(Tables.file(table, 3))));
        assertRefused(
                ErrorCode.FEATURE_UNSUPPORTED,
                "rowTracking",
                () -> Tables.append(table, Tables.file(table, "x.parquet", Map.of(), Optional.empty())));
        Tables.rewrite(table, true, List.of(tracked), List.of());
        Tables.rewrite(table, true, List.of(), List.of(tracked));

        assertThat(find(table, a.path()).rowTracking()).isEqualTo(tracked.rowTracking());
    }

    // --- columnMapping

    @ParameterizedTest
    @ValueSource(strings = {"name", "id"})
    void a_mapped_table_writes_statistics_and_partitions_by_physical_name(String mode) {
        Schema schema = Schema.of(
                Field.of("id", DataType.Primitive.LONG),
                Field.of("place", new DataType.Struct(List.of(Field.of("city", DataType.Primitive.STRING)))),
                Field.of("day", DataType.Primitive.STRING));
        LakeTable table = Tables.create(folder.resolve("t"), schema, Map.of("delta.columnMapping.mode", mode), "day");
        Snapshot empty = Tables.latest(table);
        Field id = empty.schema().require("id");
        assertThat(id.physicalName()).startsWith("col-");
        assertThat(id.fieldId()).hasValue(1);
        assertThat(empty.detail().properties()).containsEntry("delta.columnMapping.maxColumnId", "4");

        Map<String, @Nullable String> partition = new HashMap<>();
        partition.put("day", "monday");
        Tables.append(
                table,
                Tables.file(
                        table,
                        "f.parquet",
                        partition,
                        Optional.of(new FileStatistics.Measured(
                                2,
                                Map.of(
                                        List.of("place", "city"),
                                        new io.lakeops.table.ColumnStatistics(
                                                java.util.OptionalLong.of(1),
                                                Optional.of(new io.lakeops.table.Literal("Auckland")),
                                                Optional.of(new io.lakeops.table.Literal("Wellington"))))))));

        String add = Tables.lines(table, 1).get(1);
        assertThat(add).contains(empty.schema().require("day").physicalName()).doesNotContain("city");
        DataFile file = find(table, "f.parquet");
        assertThat(file.partitionValues()).containsEntry("day", "monday");
        assertThat(file.statistics()
                        .orElseThrow()
                        .column(List.of("place", "city"))
                        .max())
                .hasValue(new io.lakeops.table.Literal("Wellington"));
        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    @Test
    void a_mapped_column_is_renamed_and_dropped_and_its_name_can_come_back_empty() {
        LakeTable table = Tables.create(
                folder.resolve("t"),
                Schema.of(Field.of("id", DataType.Primitive.LONG), Field.of("note", DataType.Primitive.STRING)),
                Map.of("delta.columnMapping.mode", "name"));
        Tables.append(table, Tables.file(table, 1));
        Field id = Tables.latest(table).schema().require("id");
        Field note = Tables.latest(table).schema().require("note");

        define(table, Schema.of(new Field("key", id.type(), true, id.physicalName(), id.fieldId(), id.metadata())));
        assertThat(Tables.latest(table).schema().require("key").physicalName()).isEqualTo(id.physicalName());
        define(
                table,
                Schema.of(Tables.latest(table).schema().require("key"), Field.of("note", DataType.Primitive.STRING)));

        Field back = Tables.latest(table).schema().require("note");
        assertThat(back.physicalName()).isNotEqualTo(note.physicalName());
        assertThat(back.fieldId()).hasValue(3);
        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    @Test
    void mapping_that_is_switched_on_later_keeps_the_names_in_the_files() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());
        Tables.append(table, Tables.file(table, 1));

        set(table, Map.of("delta.columnMapping.mode", "name"));

        Field id = Tables.latest(table).schema().require("id");
        assertThat(id.physicalName()).isEqualTo("id");
        assertThat(id.fieldId()).hasValue(1);
        assertThat(Tables.latest(table).detail().features()).contains("columnMapping");
        assertRefused(
                ErrorCode.FEATURE_UNSUPPORTED,
                "columnMapping",
                () -> set(table, Map.of("delta.columnMapping.mode", "none")));
        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    // --- schema changes without mapping

    @Test
    void without_mapping_columns_are_added_and_nothing_else() {
        LakeTable table = Tables.create(
                folder.resolve("t"),
                Schema.of(Field.of("id", DataType.Primitive.LONG), Field.of("n", DataType.Primitive.INTEGER)),
                Map.of());
        Tables.append(table, Tables.file(table, 1));
        Field id = Field.of("id", DataType.Primitive.LONG);
        Field n = Field.of("n", DataType.Primitive.INTEGER);

        assertRefused(ErrorCode.FEATURE_UNSUPPORTED, "columnMapping", () -> define(table, Schema.of(id)));
        assertRefused(
                ErrorCode.FEATURE_UNSUPPORTED,
                "typeWidening",
                () -> define(table, Schema.of(id, Field.of("n", DataType.Primitive.LONG))));
        assertRefused(
                ErrorCode.CONSTRAINT_VIOLATED,
                "never null",
                () -> define(
                        table,
                        Schema.of(id, n, Field.of("m", DataType.Primitive.LONG).required())));
        assertRefused(ErrorCode.CONSTRAINT_VIOLATED, "required", () -> define(table, Schema.of(id, n.required())));
        define(table, Schema.of(id, n, Field.of("at", DataType.Primitive.TIMESTAMP_NTZ)));

        TableDetail detail = Tables.latest(table).detail();
        assertThat(detail.minReaderVersion()).isEqualTo(3);
        assertThat(detail.minWriterVersion()).isEqualTo(7);
        assertThat(detail.features()).containsExactly("appendOnly", "invariants", "timestampNtz");
        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    @Test
    void a_definition_of_ours_is_not_hidden_by_a_checksum_file_of_spark() {
        LakeTable table = Tables.open(Fixtures.unpackOne("basic", folder));
        Snapshot before = Tables.latest(table);
        List<Field> fields = new ArrayList<>(before.schema().fields());
        fields.add(Field.of("note", DataType.Primitive.STRING));

        define(table, new Schema(fields));
        Tables.append(table, Tables.file(table, 1));

        assertThat(Tables.latest(table).schema().names()).endsWith("note");
        assertThat(TableManager.loadSnapshot(table.location().root().toString())
                        .build(DefaultEngine.create(new Configuration()))
                        .getSchema()
                        .fieldNames())
                .endsWith("note");
        assertThat(filesByHadoop(table)).isEqualTo(before.scan().files().size() + 1);
    }

    // --- create

    @Test
    void a_table_may_have_no_columns_yet() {
        LakeTable table = Tables.create(folder.resolve("t"), new Schema(List.of()), Map.of());

        assertThat(Tables.latest(table).schema().fields()).isEmpty();
        define(table, Tables.IDS);
        Tables.append(table, Tables.file(table, 1));

        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    @Test
    void a_place_below_a_file_holds_no_table_and_takes_none() throws Exception {
        Files.writeString(folder.resolve("file"), "x");
        Path below = folder.resolve("file/t");

        assertThat(new DeltaFormat().recognizes(new io.lakeops.table.TableLocation(below)))
                .isFalse();
        assertRefused(ErrorCode.IO_FAILED, "file", () -> Tables.create(below, Tables.IDS, Map.of()));
        assertRefused(ErrorCode.TABLE_NOT_FOUND, "file", () -> Tables.latest(Tables.open(below)));
    }

    @Test
    void versions_have_the_time_of_the_host_s_clock() {
        java.time.Instant then = java.time.Instant.parse("2024-04-01T12:00:00Z");
        io.lakeops.table.TableLocation place = new io.lakeops.table.TableLocation(folder.resolve("t"));
        LakeTable table = new DeltaFormat()
                .create(
                        io.lakeops.table.TableId.of(place),
                        place,
                        TableSpec.of(Tables.IDS),
                        Optional.empty(),
                        Tables.context().withClock(java.time.Clock.fixed(then, java.time.ZoneOffset.UTC)));
        Tables.append(table, Tables.file(table, 1));

        assertThat(table.snapshot(io.lakeops.table.SnapshotSelector.version(0)).timestamp())
                .isEqualTo(then);
        assertThat(Tables.latest(table).timestamp()).isEqualTo(then.plusMillis(1));
        assertThat(table.snapshot(io.lakeops.table.SnapshotSelector.asOf(then)).version())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "delta.enableDeletionVectors, true, deletionVectors",
        "delta.enableTypeWidening, true, typeWidening",
        "delta.checkpointPolicy, v2, v2Checkpoint",
        "delta.enableRowTracking, true, rowTracking",
        "delta.feature.vacuumProtocolCheck, supported, vacuumProtocolCheck",
        "delta.feature.domainMetadata, supported, domainMetadata"
    })
    void a_property_brings_its_feature(String property, String value, String feature) {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of(property, value));
        assertThat(Tables.latest(table).detail().features()).contains(feature);

        Tables.append(table, Tables.file(table, 2));

        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    @Test
    void a_variant_column_brings_its_feature() {
        LakeTable table =
                Tables.create(folder.resolve("t"), Schema.of(Field.of("v", DataType.Primitive.VARIANT)), Map.of());

        assertThat(Tables.latest(table).detail().features()).contains("variantType");
    }

    @Test
    void a_clustered_table_says_by_what() {
        LakeTable table = Tables.create(
                folder.resolve("t"), new TableSpec(Tables.IDS, List.of(), List.of("id"), Map.of(), Optional.empty()));
        Tables.append(table, Tables.file(table, 2));

        assertThat(Tables.latest(table).detail().clusteringColumns()).containsExactly("id");
        assertThat(Tables.latest(table).detail().features()).contains("clustering", "domainMetadata");
        assertThat(filesByHadoop(table)).isEqualTo(1);
    }

    @Test
    void a_mistaken_property_names_the_nearest() {
        assertRefused(
                ErrorCode.UNKNOWN_OPTION,
                "'delta.appendOnly'",
                () -> Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.apendOnly", "true")));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "maybe",
                () -> Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.appendOnly", "maybe")));
        assertRefused(
                ErrorCode.FEATURE_UNSUPPORTED,
                "checkConstraints",
                () -> Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.constraints.positive", "id > 0")));
        assertRefused(
                ErrorCode.FEATURE_UNSUPPORTED,
                "icebergCompat",
                () -> Tables.create(folder.resolve("t"), Tables.IDS, Map.of("delta.enableIcebergCompatV2", "true")));
        assertThat(folder.resolve("t")).doesNotExist();
    }

    @Test
    void a_folder_with_something_else_in_it_becomes_no_table() throws Exception {
        Files.writeString(folder.resolve("precious.csv"), "a,b");

        assertRefused(ErrorCode.INVALID_ARGUMENT, "precious.csv", () -> Tables.create(folder, Tables.IDS, Map.of()));

        assertThat(folder.toFile().list()).containsExactly("precious.csv");
    }

    @Test
    void a_domain_is_set_and_removed_and_the_format_s_own_are_not_a_caller_s() {
        LakeTable table = Tables.create(folder.resolve("t"), Tables.IDS, Map.of());

        domain(table, Map.of("shop.ledger", "{\"batch\":7}"));
        assertThat(Tables.latest(table).coordination().domains()).containsEntry("shop.ledger", "{\"batch\":7}");
        domain(table, Map.of("shop.ledger", ""));
        assertThat(Tables.latest(table).coordination().domains()).isEmpty();
        assertRefused(
                ErrorCode.INVALID_ARGUMENT, "delta.clustering", () -> domain(table, Map.of("delta.clustering", "{}")));
    }

    // --- what the tests are written with

    private static void domain(LakeTable table, Map<String, String> domains) {
        table.commit(
                Tables.latest(table),
                new CommitSpec(
                        new Operation("SET DOMAIN", Map.of(), Map.of()),
                        io.lakeops.table.Isolation.SERIALIZABLE,
                        new Reads.WholeTable(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        domains,
                        Optional.empty()));
    }

    private static void set(LakeTable table, Map<String, String> more) {
        Snapshot base = Tables.latest(table);
        Map<String, String> properties = new HashMap<>(base.detail().properties());
        properties.putAll(more);
        change(table, base, base.schema(), properties);
    }

    private static void define(LakeTable table, Schema schema) {
        Snapshot base = Tables.latest(table);
        change(table, base, schema, base.detail().properties());
    }

    private static void change(LakeTable table, Snapshot base, Schema schema, Map<String, String> properties) {
        table.commit(
                base,
                CommitSpec.of(new Operation("ALTER TABLE", Map.of(), Map.of()), new Reads.Nothing(), List.of())
                        .withTable(new TableChange(schema, base.partitionColumns(), properties, Optional.empty())));
    }

    private static void replace(LakeTable table, DataFile before, DataFile after) {
        table.commit(
                Tables.latest(table),
                CommitSpec.of(
                        Tables.DELETE, new Reads.WholeTable(), List.of(new FileChange.ReplaceVector(before, after))));
    }

    private static DataFile find(LakeTable table, String path) {
        return Tables.latest(table).scan().files().stream()
                .filter(f -> f.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static DataFile with(DataFile file, Optional<io.lakeops.table.DeletionVector> vector) {
        return new DataFile(
                file.path(),
                file.location(),
                file.partitionValues(),
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                vector,
                file.tags(),
                file.rowTracking());
    }

    private static void protocol(LakeTable table, String line) throws Exception {
        Files.writeString(
                table.location().root().resolve("_delta_log/00000000000000000001.json"),
                "{\"commitInfo\":{\"operation\":\"UPGRADE PROTOCOL\"}}\n" + line + "\n");
    }

    private static List<Path> everything(LakeTable table) throws Exception {
        try (Stream<Path> all = Files.walk(table.location().root())) {
            return all.sorted().toList();
        }
    }

    /** How many files the kernel sees on its own, Hadoop-based engine: another reader than ours. */
    private static int filesByHadoop(LakeTable table) {
        DefaultEngine engine = DefaultEngine.create(new Configuration());
        int count = 0;
        try (CloseableIterator<FilteredColumnarBatch> batches = TableManager.loadSnapshot(
                        table.location().root().toString())
                .build(engine)
                .getScanBuilder()
                .build()
                .getScanFiles(engine)) {
            while (batches.hasNext()) {
                try (var rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        rows.next();
                        count++;
                    }
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return count;
    }

    private static void assertRefused(ErrorCode code, String word, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(word);
    }
}
