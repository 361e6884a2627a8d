package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.MultisetHash;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.recovery.Restore;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.testkit.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations on the tables that Spark wrote: no row changes by OPTIMIZE, and RESTORE brings every version back. */
class FixtureOperationsTest {
    /** Damaged on purpose; what reading them answers is the scan's test. */
    private static final Set<String> DAMAGED = Set.of(
            "corrupt_bitflip_parquet",
            "corrupt_half_written_commit",
            "corrupt_missing_data_file",
            "hostile_path_escape",
            "hostile_unknown_reader_feature");

    /** Whose features are not written yet: refused by name, and nothing changes. */
    private static final Set<String> NOT_OPTIMIZED = Set.of("hostile_unknown_writer_feature", "iceberg_compat_on");

    /** Some of whose versions need a feature that is not written yet, or whose rows may not be taken away. */
    private static final Set<String> PARTLY_RESTORED =
            Set.of("append_only", "hostile_unknown_writer_feature", "iceberg_compat_on");

    @TempDir
    private static Path all;

    @SuppressWarnings("NullAway.Init")
    private static Fixtures fixtures;

    @TempDir
    private Path folder;

    @BeforeAll
    static void unpack() {
        fixtures = Fixtures.unpackInto(all);
    }

    static Stream<String> names() {
        return fixtures.names().stream().filter(n -> !DAMAGED.contains(n));
    }

    @ParameterizedTest
    @MethodSource("names")
    void optimize_changes_no_row_of_it(String name) {
        LakeTable table = table(name);
        Run run = Run.of(LakeContext.standard());
        try (Session session = session()) {
            Snapshot before = table.snapshot(SnapshotSelector.latest());
            MultisetHash was = hash(session, before);
            Optimize action = new Optimize();
            Optimize.Request request =
                    Optimize.Request.standard().withTargetFileBytes(1L << 30).withVerify();
            if (NOT_OPTIMIZED.contains(name)) {
                assertRefused(table, () -> action.run(action.plan(table, request, run), table, session, run));
                return;
            }

            MaintenanceResult result = action.run(action.plan(table, request, run), table, session, run);

            LakeTable again = table(name, table.location());
            Snapshot after = again.snapshot(SnapshotSelector.latest());
            assertThat(hash(session, after)).isEqualTo(was);
            assertThat(after.scan().files()).noneMatch(f -> f.deletionVector().isPresent());
            assertThat(result.after().files())
                    .isLessThanOrEqualTo(result.before().files());
            assertThat(action.run(action.plan(again, request, run), again, session, run)
                            .committed())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void restore_brings_back_every_version_whose_files_stand(String name) {
        LakeTable table = table(name);
        Run run = Run.of(LakeContext.standard());
        try (Session session = session()) {
            LakeTable.VersionRange range = table.versions();
            int refused = 0;
            for (long version = range.earliest(); version <= range.latest(); version++) {
                if (!(table.restorable(version) instanceof Restorability.Whole)) {
                    continue;
                }
                Snapshot target = table.snapshot(SnapshotSelector.version(version));
                MultisetHash was = hash(session, target);

                Restore restore = Restore.toVersion(version);
                if (PARTLY_RESTORED.contains(name)) {
                    long newest = table.versions().latest();
                    LakeException refusal = catchThrowableOfType(LakeException.class, () -> restore.run(table, run));
                    if (refusal != null) {
                        assertThat(refusal.code()).isIn(ErrorCode.FEATURE_UNSUPPORTED, ErrorCode.CONSTRAINT_VIOLATED);
                        assertThat(table.versions().latest()).isEqualTo(newest);
                        refused++;
                        continue;
                    }
                } else {
                    restore.run(table, run);
                }
                Snapshot now = table(name, table.location()).snapshot(SnapshotSelector.latest());
                assertThat(hash(session, now)).as("version %s", version).isEqualTo(was);
                assertThat(now.schema().names()).isEqualTo(target.schema().names());
            }
            assertThat(refused > 0).as(name).isEqualTo(PARTLY_RESTORED.contains(name));
        }
    }

    private static void assertRefused(LakeTable table, ThrowingCallable call) {
        long version = table.versions().latest();
        LakeException refusal = catchThrowableOfType(LakeException.class, call);
        assertThat(refusal.code()).isIn(ErrorCode.FEATURE_UNSUPPORTED, ErrorCode.CONSTRAINT_VIOLATED);
        assertThat(table.versions().latest()).isEqualTo(version);
    }

    private LakeTable table(String name) {
        Path original = fixtures.table(name);
        Path copy = folder.resolve(name);
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(
                        file, copy.resolve(original.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table(name, new TableLocation(copy));
    }

    private static LakeTable table(String name, TableLocation location) {
        return new DeltaFormat().open(new TableId("", name), location, Optional.empty(), LakeContext.standard());
    }

    private Session session() {
        return new DuckDbEngine()
                .open(new EngineOptions(256L << 20, 2, folder.resolve("spill")), LakeContext.standard());
    }

    private static MultisetHash hash(Session session, Snapshot snapshot) {
        return session.multisetHash(Relation.TableRows.all(snapshot), new Cancellation());
    }
}
