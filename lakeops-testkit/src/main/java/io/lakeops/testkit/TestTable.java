package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MultisetHash;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A table with an open session, and what a test asks of it in few words. Close it. */
public final class TestTable implements AutoCloseable {
    /** Orders by day: {@code id} LONG, {@code name} STRING, {@code day} STRING. */
    public static final Schema ORDERS = Schema.of(
            Field.of("id", DataType.Primitive.LONG),
            Field.of("name", DataType.Primitive.STRING),
            Field.of("day", DataType.Primitive.STRING));

    private final OperationsSubject subject;
    private final LakeContext context;
    private final LakeTable table;
    private final ComputeEngine engine;
    private final Session session;
    private final List<LakeEvent> events = new CopyOnWriteArrayList<>();

    private TestTable(OperationsSubject subject, Path folder, TableSpec spec) {
        this.subject = subject;
        this.context = subject.context().withListener(events::add);
        this.engine = subject.engine();
        TableLocation location = new TableLocation(folder.resolve("my lake").resolve("50% orders"));
        this.table =
                subject.format().create(new TableId("bronze", "orders"), location, spec, Optional.empty(), context);
        this.session = engine.open(new EngineOptions(256L << 20, 2, folder.resolve("spill")), context);
    }

    public static TestTable create(OperationsSubject subject, Path folder, TableSpec spec) {
        return new TestTable(subject, folder, spec);
    }

    public static TestTable plain(OperationsSubject subject, Path folder) {
        return create(subject, folder, TableSpec.of(ORDERS));
    }

    public static TestTable byDay(OperationsSubject subject, Path folder) {
        return create(subject, folder, TableSpec.of(ORDERS, "day"));
    }

    public LakeTable table() {
        return table;
    }

    /** Another handle, as another process would have it. */
    public LakeTable reopened() {
        return subject.format().open(table.id(), table.location(), Optional.empty(), context);
    }

    public Session session() {
        return session;
    }

    public Run run() {
        return Run.of(context);
    }

    /** A run some time from now. */
    public Run runAfter(Duration time) {
        return Run.of(context.withClock(Clock.offset(context.clock(), time)));
    }

    public List<LakeEvent> events() {
        return events;
    }

    public Path root() {
        return table.location().root();
    }

    /** Rows {@code (id, name, day), …} as SQL values. */
    public static Relation values(String rows) {
        return new Relation.Query(Expr.of("SELECT * FROM (VALUES " + rows + ") AS v(id, name, day)"));
    }

    public static Relation query(String sql) {
        return new Relation.Query(Expr.of(sql));
    }

    public ChangeResult append(String rows) {
        return Append.of(values(rows)).run(table, session, run());
    }

    /** Appends rows that go into one file, and returns it. */
    public DataFile appendFile(String rows) {
        Set<String> before = paths();
        append(rows);
        List<DataFile> added =
                files().stream().filter(f -> !before.contains(f.path())).toList();
        assertThat(added).hasSize(1);
        return added.get(0);
    }

    public Snapshot latest() {
        return reopened().snapshot(SnapshotSelector.latest());
    }

    public Snapshot at(long version) {
        return reopened().snapshot(SnapshotSelector.version(version));
    }

    public long version() {
        return latest().version();
    }

    public List<DataFile> files() {
        return latest().scan().files();
    }

    public Set<String> paths() {
        return files().stream().map(DataFile::path).collect(Collectors.toSet());
    }

    /** The newest rows as {@code 1|a|d1}, sorted. */
    public List<String> rows() {
        return rows(latest());
    }

    public List<String> rows(Snapshot snapshot) {
        return inOrder(snapshot).stream().sorted().toList();
    }

    /** The rows as they lie in the files, file by file. */
    public List<String> inOrder(Snapshot snapshot) {
        Rows rows = session.rows(Relation.TableRows.all(snapshot), 1_000_000, new Cancellation());
        List<String> texts = new ArrayList<>();
        for (List<?> row : rows.rows()) {
            texts.add(row.stream().map(String::valueOf).collect(Collectors.joining("|")));
        }
        return texts;
    }

    public MultisetHash hash() {
        return session.multisetHash(Relation.TableRows.all(latest()), new Cancellation());
    }

    public HistoryEntry lastEntry() {
        return history().get(history().size() - 1);
    }

    public List<HistoryEntry> history() {
        LakeTable again = reopened();
        LakeTable.VersionRange range = again.versions();
        try (Stream<TableCommit> commits = again.commits(range.earliest(), range.latest())) {
            return commits.map(TableCommit::entry).toList();
        }
    }

    /** The Parquet files that lie below the table's folder, whether the table names them or not. */
    public Set<String> filesOnDisk() {
        Path root = root();
        if (!Files.exists(root)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(p -> root.relativize(p).toString().replace('\\', '/'))
                    .filter(p -> p.endsWith(".parquet") && !p.startsWith("_"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file below the table's folder but those of the log. */
    public Set<String> everything() {
        Path root = root();
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(p -> root.relativize(p).toString().replace('\\', '/'))
                    .filter(p -> !p.startsWith("_delta_log"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It fails with that code, and neither the table nor its folder is another than before. */
    public void assertRefused(ErrorCode code, ThrowingCallable call) {
        long version = version();
        Set<String> files = filesOnDisk();
        assertFails(code, call);
        assertThat(version()).isEqualTo(version);
        assertThat(filesOnDisk()).isEqualTo(files);
    }

    public static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Override
    public void close() {
        session.close();
    }
}
