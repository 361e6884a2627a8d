package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.context.Run;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.recovery.Restore;
import io.lakeops.recovery.RestorePoint;
import io.lakeops.recovery.RestorePoints;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RESTORE of tables that Spark wrote, with what Spark put into them. */
class RestoreOfSparkTablesTest {
    private static final LakeContext CONTEXT = LakeContext.standard().withListener(LakeListener.silent());

    @TempDir
    Path folder;

    @Test
    void every_version_is_told_as_it_is_when_looked_at_alone() {
        Fixtures fixtures = Fixtures.unpackInto(folder);
        int compared = 0;
        for (String name : fixtures.names()) {
            LakeTable table = open(fixtures.table(name));
            List<RestorePoint> points;
            try {
                points = RestorePoints.of(table);
            } catch (LakeException e) {
                assertThat(name)
                        .as(e.getMessage())
                        .isIn("corrupt_half_written_commit", "hostile_unknown_reader_feature");
                continue;
            }
            assertThat(points.get(points.size() - 1).version())
                    .isEqualTo(table.versions().latest());
            for (RestorePoint point : points) {
                Restorability alone = table.restorable(point.version());
                List<String> missing = alone instanceof Restorability.Partial partial ? partial.missing() : List.of();
                assertThat(point.missing())
                        .as(name + " at " + point.version())
                        .isEqualTo(missing.subList(0, Math.min(RestorePoint.NAMED, missing.size())));
                assertThat(point.missingFiles()).isEqualTo(missing.size());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(200);
    }

    @Test
    void the_history_has_both_parameters_as_spark_does() throws IOException {
        LakeTable table = open(Fixtures.unpackOne("basic", folder));
        Restore.toVersion(1).run(table, Run.of(CONTEXT));
        assertThat(newest(table)).contains("\"operationParameters\":{\"version\":\"1\",\"timestamp\":null}");
        Instant then = table.snapshot(SnapshotSelector.version(0)).timestamp();
        Restore.toInstant(then).run(table, Run.of(CONTEXT));
        assertThat(newest(table)).contains("\"operationParameters\":{\"version\":null,\"timestamp\":\"" + then + "\"}");
    }

    private static String newest(LakeTable table) throws IOException {
        String name = String.format(
                Locale.ROOT, "_delta_log/%020d.json", table.versions().latest());
        return Files.readString(table.location().root().resolve(name));
    }

    @Test
    void clustering_comes_back_with_the_definition() {
        LakeTable table = open(Fixtures.unpackOne("clustering_liquid", folder));
        long newest = table.versions().latest();
        for (long version = newest; version >= 0; version--) {
            Snapshot target = table.snapshot(SnapshotSelector.version(version));
            Restore.toVersion(version).run(table, Run.of(CONTEXT));
            Snapshot restored = table.snapshot(SnapshotSelector.latest());
            assertThat(restored.detail().clusteringColumns())
                    .isEqualTo(target.detail().clusteringColumns());
            assertThat(restored.scan().files()).hasSameSizeAs(target.scan().files());
        }
    }

    @Test
    void identity_columns_and_rows_never_count_back() {
        LakeTable table = open(Fixtures.unpackOne("generated_identity", folder));
        Object before = mark(table);
        Restore.toVersion(1).run(table, Run.of(CONTEXT));
        assertThat(mark(table)).isNotNull().isEqualTo(before);

        LakeTable tracked = open(Fixtures.unpackOne("row_tracking", folder));
        String rows = tracked.snapshot(SnapshotSelector.latest())
                .coordination()
                .domains()
                .get("delta.rowTracking");
        Restore.toVersion(1).run(tracked, Run.of(CONTEXT));
        assertThat(tracked.snapshot(SnapshotSelector.latest())
                        .coordination()
                        .domains()
                        .get("delta.rowTracking"))
                .isNotNull()
                .isEqualTo(rows);
    }

    @Test
    void an_append_only_table_gives_no_row_back() {
        LakeTable table = open(Fixtures.unpackOne("append_only", folder));
        assertThatThrownBy(() -> Restore.toVersion(0).run(table, Run.of(CONTEXT)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONSTRAINT_VIOLATED));
    }

    @Test
    void thousands_of_versions_are_told_in_one_pass() throws IOException {
        LakeTable table = open(Fixtures.unpackOne("basic", folder));
        Path root = table.location().root();
        long first = table.versions().latest();
        long last = first + 3_000;
        for (long version = first + 1; version <= last; version++) {
            String add = "{\"add\":{\"path\":\"" + version
                    + ".parquet\",\"partitionValues\":{},\"size\":1,\"modificationTime\":1,\"dataChange\":true}}\n";
            String remove = version == first + 1
                    ? ""
                    : "{\"remove\":{\"path\":\"" + (version - 1)
                            + ".parquet\",\"deletionTimestamp\":1,\"dataChange\":true,\"partitionValues\":{}}}\n";
            Files.writeString(root.resolve("_delta_log").resolve(String.format("%020d.json", version)), add + remove);
        }
        Files.createFile(root.resolve(last + ".parquet"));
        Files.createFile(root.resolve((first + 1_500) + ".parquet"));

        List<RestorePoint> points = RestorePoints.of(table);

        assertThat(points).hasSize((int) last + 1);
        assertThat(points.stream()
                        .filter(p -> p.version() > first && p.isWhole())
                        .map(RestorePoint::version))
                .containsExactly(first + 1_500, last);
        assertThat(points.get((int) first + 7).missing()).containsExactly((first + 7) + ".parquet");
    }

    private static Object mark(LakeTable table) {
        return table.snapshot(SnapshotSelector.latest()).schema().fields().stream()
                .map(field -> field.metadata().get("delta.identity.highWaterMark"))
                .filter(mark -> mark != null)
                .findFirst()
                .orElse("none");
    }

    private static LakeTable open(Path root) {
        TableLocation location = new TableLocation(root);
        return new DeltaFormat().open(TableId.of(location), location, Optional.empty(), CONTEXT);
    }
}
