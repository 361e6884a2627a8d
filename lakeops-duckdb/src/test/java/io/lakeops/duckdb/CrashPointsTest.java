package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.change.CloneTable;
import io.lakeops.change.ConvertFolder;
import io.lakeops.change.CreateTable;
import io.lakeops.change.Delete;
import io.lakeops.change.Merge;
import io.lakeops.change.Overwrite;
import io.lakeops.change.Update;
import io.lakeops.change.Upsert;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.definition.AlterTable;
import io.lakeops.definition.ColumnPath;
import io.lakeops.definition.Edit;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.Optimize;
import io.lakeops.maintenance.Vacuum;
import io.lakeops.provider.Providers;
import io.lakeops.recovery.Restore;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.TestTable;
import io.lakeops.testkit.fault.CrashPoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation on Delta with DuckDB, with every fault at every step. */
class CrashPointsTest {
    private static final TableId ID = new TableId("bronze", "orders");
    private static final LakeContext CONTEXT = LakeContext.standard();

    private static final AtomicInteger TRIED = new AtomicInteger();

    @TempDir
    Path folder;

    /** An operation on a table, and whether a second run changes nothing. */
    record Case(String name, boolean repeatable, Change change) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Changes a table. */
    @FunctionalInterface
    interface Change {
        void run(LakeTable table, Session session, Run run);
    }

    /** To put a further operation under every fault, add it here. */
    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "append",
                        false,
                        (t, s, run) -> Append.of(values("(9, 'new', 'd1'), (10, 'new', 'd3')"))
                                .run(t, s, run)),
                new Case(
                        "append once",
                        true,
                        (t, s, run) -> Append.of(values("(9, 'new', 'd1')"))
                                .withOnce(new Sequence("loader", 7))
                                .run(t, s, run)),
                new Case(
                        "delete",
                        true,
                        (t, s, run) -> Delete.where(Expr.of("id = 1")).run(t, s, run)),
                new Case(
                        "delete of whole files",
                        true,
                        (t, s, run) -> Delete.where(Expr.of("day = 'd1'")).run(t, s, run)),
                new Case(
                        "update",
                        true,
                        (t, s, run) -> Update.where(
                                        Expr.of("id <= 2"),
                                        new Assignment("name", Expr.of("'put'")),
                                        new Assignment("day", Expr.of("'d9'")))
                                .run(t, s, run)),
                new Case(
                        "upsert",
                        true,
                        (t, s, run) -> Upsert.of(values("(1, 'put', 'd1'), (11, 'put', 'd3')"), "id")
                                .run(t, s, run)),
                new Case(
                        "merge",
                        true,
                        (t, s, run) -> Merge.of(
                                        values("(1, 'put', 'd1'), (2, 'gone', 'd1'), (12, 'new', 'd4')"),
                                        Expr.of("t.id = s.id"),
                                        new Clause(
                                                When.MATCHED,
                                                Optional.of(Expr.of("s.name = 'gone'")),
                                                new MergeRequest.Delete()),
                                        new Clause(When.MATCHED, Optional.empty(), new MergeRequest.SetAll()),
                                        new Clause(
                                                When.NOT_MATCHED,
                                                Optional.of(Expr.of("s.name = 'new'")),
                                                new MergeRequest.InsertAll()))
                                .run(t, s, run)),
                new Case(
                        "upsert with a new column",
                        true,
                        (t, s, run) -> Upsert.of(
                                        new Relation.Query(
                                                Expr.of("SELECT 1 AS id, 'put' AS name, 'd1' AS day, 'why' AS reason")),
                                        "id")
                                .withNewColumns()
                                .run(t, s, run)),
                new Case("alter: a constraint", true, (t, s, run) -> {
                    try {
                        AlterTable.of(new Edit.AddConstraint("positive", "id > 0"))
                                .run(t, s, run);
                    } catch (LakeException e) {
                        // What a second run must find where the first one had landed.
                        if (e.code() != ErrorCode.INVALID_ARGUMENT) {
                            throw e;
                        }
                    }
                }),
                new Case(
                        "alter: a required column",
                        true,
                        (t, s, run) -> AlterTable.of(new Edit.ChangeNullability(ColumnPath.of("name"), false))
                                .run(t, s, run)),
                new Case(
                        "merge with a new column",
                        true,
                        (t, s, run) -> Merge.of(
                                        new Relation.Query(Expr.of("SELECT 1 AS id, 'why' AS reason")),
                                        Expr.of("t.id = s.id"),
                                        new Clause(When.MATCHED, Optional.empty(), new MergeRequest.SetAll()))
                                .withNewColumns()
                                .run(t, s, run)),
                new Case(
                        "overwrite of partitions",
                        true,
                        (t, s, run) -> Overwrite.partitions(values("(1, 'put', 'd1'), (9, 'new', 'd9')"))
                                .run(t, s, run)),
                new Case(
                        "overwrite of a condition",
                        true,
                        (t, s, run) -> Overwrite.where(Expr.of("id < 2 OR day IS NULL"), values("(0, 'put', 'd1')"))
                                .run(t, s, run)),
                new Case(
                        "create or replace as select",
                        true,
                        (t, s, run) -> CreateTable.asSelect(
                                        TableSpec.of(TestTable.ORDERS, "name"), values("(1, 'new', 'd1')"))
                                .orReplace()
                                .run(new DeltaFormat(), t.id(), t.location(), Optional.empty(), s, run)),
                new Case("optimize", true, (t, s, run) -> {
                    Optimize optimize = new Optimize();
                    optimize.run(optimize.plan(t, Optimize.Request.standard(), run), t, s, run);
                }),
                new Case(
                        "checkpoint",
                        true,
                        (t, s, run) -> t.upkeep().orElseThrow().checkpoint()),
                new Case("restore", true, (t, s, run) -> Restore.toVersion(2).run(t, run)),
                new Case("vacuum", true, (t, s, run) -> {
                    Run later = new Run(
                            CONTEXT.withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(30))),
                            run.cancellation(),
                            run.commitTimeout());
                    Vacuum vacuum = new Vacuum();
                    vacuum.run(vacuum.plan(t, Vacuum.Request.standard(), later), t, s, later);
                }));
    }

    @AfterAll
    static void sum() {
        System.out.println("crash points (operation, fault, step) tried in all: " + TRIED);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatever_happens_the_table_is_as_before_or_as_after(Case one, TestReporter reporter) throws IOException {
        try (Session session = session()) {
            int tried = new CrashPoints(folder, session).attack(one.name(), new OnTable(one, Map.of()));
            assertThat(tried).isGreaterThan(20);
            TRIED.addAndGet(tried);
            reporter.publishEntry("crash points of " + one.name(), Integer.toString(tried));
        }
    }

    /** The same on a table that asks for deletion vectors, has some, and records its changes. */
    static Stream<Case> casesByVector() {
        Set<String> byVector = Set.of("delete", "update", "merge");
        return cases().filter(one -> byVector.contains(one.name()));
    }

    @ParameterizedTest
    @MethodSource("casesByVector")
    void whatever_happens_to_a_table_with_vectors_it_is_as_before_or_as_after(Case one, TestReporter reporter)
            throws IOException {
        try (Session session = session()) {
            int tried = new CrashPoints(folder, session)
                    .attack(
                            one.name(),
                            new OnTable(
                                    one,
                                    Map.of(
                                            "delta.enableDeletionVectors",
                                            "true",
                                            "delta.enableChangeDataFeed",
                                            "true")));
            assertThat(tried).isGreaterThan(20);
            TRIED.addAndGet(tried);
            reporter.publishEntry("crash points of " + one.name() + " by vector", Integer.toString(tried));
        }
    }

    @Test
    void a_table_is_created_whole_or_not_at_all(TestReporter reporter) throws IOException {
        try (Session session = session()) {
            int tried = new CrashPoints(folder, session).attack("create", new Creation());
            assertThat(tried).isGreaterThan(20);
            TRIED.addAndGet(tried);
            reporter.publishEntry("crash points of create", Integer.toString(tried));
        }
    }

    @Test
    void a_table_is_made_with_all_its_rows_or_not_at_all(TestReporter reporter) throws IOException {
        try (Session session = session()) {
            int tried = new CrashPoints(folder, session).attack("create as select", new CreationWithRows());
            assertThat(tried).isGreaterThan(20);
            reporter.publishEntry("crash points of create as select", Integer.toString(tried));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_clone_is_made_whole_or_not_at_all(boolean deep, TestReporter reporter) throws IOException {
        String name = (deep ? "deep" : "shallow") + " clone";
        try (Session session = session()) {
            int tried = new CrashPoints(folder, session).attack(name, new Cloning(deep));
            assertThat(tried).isGreaterThan(20);
            TRIED.addAndGet(tried);
            reporter.publishEntry("crash points of " + name, Integer.toString(tried));
        }
    }

    @Test
    void a_folder_is_converted_whole_or_not_at_all(TestReporter reporter) throws IOException {
        try (Session session = session()) {
            int tried = new CrashPoints(folder, session).attack("convert", new Conversion());
            assertThat(tried).isGreaterThan(20);
            TRIED.addAndGet(tried);
            reporter.publishEntry("crash points of convert", Integer.toString(tried));
        }
    }

    private Session session() {
        return new DuckDbEngine().open(new EngineOptions(256L << 20, 2, folder.resolve("spill")), CONTEXT);
    }

    private static Relation values(String rows) {
        return TestTable.values(rows);
    }

    private static TableLocation at(Path lake) {
        return new TableLocation(lake.resolve("50% orders"));
    }

    private static LakeTable open(Path lake) {
        return new DeltaFormat().open(ID, at(lake), Optional.empty(), CONTEXT);
    }

    private static LakeTable create(Path lake, Map<String, String> properties) {
        TableSpec spec = new TableSpec(TestTable.ORDERS, List.of("day"), List.of(), properties, Optional.empty());
        return new DeltaFormat().create(ID, at(lake), spec, Optional.empty(), CONTEXT);
    }

    private static List<String> rows(Path lake, Session session) {
        return rows(open(lake), session);
    }

    private static List<String> rows(LakeTable table, Session session) {
        Relation rows = Relation.TableRows.all(table.snapshot(SnapshotSelector.latest()));
        return session.rows(rows, 1_000, new Cancellation()).rows().stream()
                .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                .sorted()
                .toList();
    }

    private record OnTable(Case one, Map<String, String> properties) implements CrashPoints.Subject {
        @Override
        public void prepare(Path lake, Session session) {
            LakeTable table = create(lake, properties);
            Run run = Run.of(CONTEXT);
            Append.of(values("(1, 'a', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd2')")).run(table, session, run);
            Append.of(values("(4, 'd', 'd1'), (5, 'e', NULL)")).run(table, session, run);
            Delete.where(Expr.of("id = 3")).run(table, session, run);
            Append.of(values("(6, 'f', 'd1')")).run(table, session, run);
        }

        @Override
        public void run(Path lake, Session session) {
            one.change().run(open(lake), session, Run.of(CONTEXT));
        }

        @Override
        public List<String> state(Path lake, Session session) {
            return rows(lake, session);
        }

        @Override
        public boolean repeatable() {
            return one.repeatable();
        }
    }

    /** A table in the place of another, of whose files it keeps none; the lake alone says where a shallow clone's may be. */
    private record Cloning(boolean deep) implements CrashPoints.Subject {
        @Override
        public void prepare(Path lake, Session session) {
            new OnTable(new Case("", true, (t, s, run) -> {}), Map.of("delta.enableDeletionVectors", "true"))
                    .prepare(lake, session);
            LakeTable other = new DeltaFormat()
                    .create(ID, target(lake), TableSpec.of(TestTable.ORDERS), Optional.empty(), CONTEXT);
            Append.of(values("(7, 'old', 'd7')")).run(other, session, Run.of(CONTEXT));
        }

        @Override
        public void run(Path lake, Session session) {
            try (Lake opened = open(lake)) {
                Snapshot source = opened.open(at(lake)).snapshot(SnapshotSelector.latest());
                (deep ? CloneTable.deep(source) : CloneTable.shallow(source))
                        .orReplace()
                        .run(new DeltaFormat(), ID, target(lake), Optional.empty(), Run.of(opened.context()));
            }
        }

        @Override
        public List<String> state(Path lake, Session session) {
            try (Lake opened = open(lake)) {
                return rows(opened.open(target(lake)), session);
            }
        }

        @Override
        public boolean repeatable() {
            return true;
        }

        private static Lake open(Path lake) {
            return Lake.open(
                    lake,
                    Providers.of(TableFormat.class, List.of(new DeltaFormat())),
                    Providers.of(ComputeEngine.class, List.of()),
                    LakeContext.standard());
        }

        private static TableLocation target(Path lake) {
            return new TableLocation(lake.resolve("a clone"));
        }
    }

    /** A folder with partitions, whose files stay whatever happens. */
    private static final class Conversion implements CrashPoints.Subject {
        @Override
        public void prepare(Path lake, Session session) {
            session.write(
                    new WriteRequest(
                            values("(1, 'a', 'd1'), (2, 'b', 'd 2'), (3, NULL, NULL)"),
                            TestTable.ORDERS,
                            List.of("day"),
                            at(lake).root(),
                            1L << 30,
                            List.of()),
                    new Cancellation());
        }

        @Override
        public void run(Path lake, Session session) {
            ConvertFolder.partitionedBy(Field.of("day", DataType.Primitive.STRING))
                    .run(new DeltaFormat(), ID, at(lake), session, Run.of(CONTEXT));
        }

        @Override
        public List<String> state(Path lake, Session session) {
            return new DeltaFormat().recognizes(at(lake)) ? rows(lake, session) : List.of();
        }

        @Override
        public boolean repeatable() {
            return true;
        }
    }

    private static final class Creation implements CrashPoints.Subject {
        @Override
        public void prepare(Path lake, Session session) {
            assertThat(lake.toFile().mkdirs()).isTrue();
        }

        @Override
        public void run(Path lake, Session session) {
            try {
                create(lake, Map.of());
            } catch (LakeException e) {
                // What a second run must find where the first one had landed.
                if (e.code() != ErrorCode.TABLE_ALREADY_EXISTS) {
                    throw e;
                }
            }
        }

        @Override
        public List<String> state(Path lake, Session session) {
            return new DeltaFormat().recognizes(at(lake))
                    ? List.of(open(lake)
                            .snapshot(SnapshotSelector.latest())
                            .schema()
                            .names()
                            .toString())
                    : List.of();
        }

        @Override
        public boolean repeatable() {
            return true;
        }
    }

    private static final class CreationWithRows implements CrashPoints.Subject {
        @Override
        public void prepare(Path lake, Session session) {
            assertThat(lake.toFile().mkdirs()).isTrue();
        }

        @Override
        public void run(Path lake, Session session) {
            try {
                CreateTable.asSelect(TableSpec.of(TestTable.ORDERS, "day"), values("(1, 'a', 'd1'), (2, 'b', NULL)"))
                        .run(new DeltaFormat(), ID, at(lake), Optional.empty(), session, Run.of(CONTEXT));
            } catch (LakeException e) {
                // What a second run must find where the first one had landed.
                if (e.code() != ErrorCode.TABLE_ALREADY_EXISTS) {
                    throw e;
                }
            }
        }

        @Override
        public List<String> state(Path lake, Session session) {
            return new DeltaFormat().recognizes(at(lake)) ? rows(lake, session) : List.of();
        }

        @Override
        public boolean repeatable() {
            return true;
        }
    }
}
