package io.lakeops.duckdb.lake;

import io.lakeops.Lake;
import io.lakeops.check.QualityTables;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.duckdb.lake.StatementScope.Mode;
import io.lakeops.duckdb.scan.SnapshotScans;
import io.lakeops.duckdb.sql.EngineStatement;
import io.lakeops.duckdb.sql.EngineStatement.Effect;
import io.lakeops.duckdb.sql.Request;
import io.lakeops.duckdb.sql.SqlFront;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.ingest.LedgerTable;
import io.lakeops.provider.Providers;
import io.lakeops.table.TableFormat;
import io.lakeops.view.LakeView;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;

/**
 * The lake within one DuckDB connection: its mounted tables, its verbs, and DuckDB's statements over them.
 *
 * <p>Errors: LakeException for what LakeOps finds; DuckDB's own failures come as {@link LakeException} by what they say.
 *
 * <p>Threads: safe; statements of one connection run one after another.
 */
public final class LakeSession implements AutoCloseable {
    private final DuckDBConnection connection;
    private final DuckDBConnection beside;
    private final boolean readOnly;
    private final Lake lake;
    private final Database database;
    private final Mounts mounts;
    private final SnapshotScans scans;
    private final ScanBinder binder;
    private final BindFunctions functions;
    private final SqlFront front;
    private final Verbs verbs;
    private final Settings settings = new Settings();
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> lakeNames = ConcurrentHashMap.newKeySet();
    private List<FileUse> lastUses = List.of();
    private boolean inTransaction;

    private LakeSession(DuckDBConnection connection, Optional<Path> root, boolean readOnly, LakeContext context)
            throws SQLException {
        this.connection = connection;
        this.readOnly = readOnly;
        this.beside = connection.duplicate();
        this.database = new Database(connection, beside);
        Providers<TableFormat> formats = Providers.load(TableFormat.class, ServiceLoader.load(TableFormat.class));
        Providers<ComputeEngine> engines = Providers.load(ComputeEngine.class, ServiceLoader.load(ComputeEngine.class));
        LakeContext own = context.withRoots(new SessionRoots(context.roots(), settings));
        this.lake =
                root.isPresent() ? Lake.open(root.get(), formats, engines, own) : Lake.ofPaths(formats, engines, own);
        this.scans = SnapshotScans.on(connection);
        this.binder = new ScanBinder(lake, scans);
        List<LakeView> views = new ArrayList<>(QualityTables.views());
        views.add(LedgerTable.MANIFEST_PROCESSED_FILES);
        this.mounts = new Mounts(lake, root, database, views, formats, binder::refuse);
        Relations relations = new Relations(lake, root, mounts::isTable, views, settings, () -> lastUses);
        this.functions = new BindFunctions(binder, relations);
        this.front = new SqlFront(mounts);
        this.verbs = new Verbs(this, lake, formats, mounts, binder, settings, connection);
    }

    /**
     * Makes a connection see the lake.
     *
     * @param root the folder whose tables are mounted, if any
     */
    public static LakeSession open(
            DuckDBConnection connection, Optional<Path> root, boolean readOnly, LakeContext context)
            throws SQLException {
        LakeSession session = new LakeSession(connection, root, readOnly, context);
        try {
            session.functions.register(session.database);
            session.binder.begin(Mode.COLUMNS);
            session.mounts.open(readOnly);
            session.learnNames();
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    public DuckDBConnection connection() {
        return connection;
    }

    /** Whether a statement of the connection is being run. */
    public boolean isBusy() {
        return lock.isLocked();
    }

    public boolean isReadOnly() {
        return readOnly;
    }

    /** What a text of statements asks for; see {@link SqlFront#read}. */
    public List<Request> read(String sql, boolean shape) {
        lock.lock();
        try {
            return front.read(sql, shape);
        } finally {
            lock.unlock();
        }
    }

    /** Mounts tables that came since the connection was opened. */
    public void refresh() throws SQLException {
        lock.lock();
        try {
            binder.begin(Mode.COLUMNS);
            mounts.refresh();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a statement may read a table of the lake, so that a plan made for it earlier can be out of date. */
    public boolean mayReadLake(String sql) {
        return SqlFront.mentions(sql).stream().anyMatch(lakeNames::contains);
    }

    /** Work on the connection that binds tables of the lake. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Gives a prepared statement its parameters. */
    @FunctionalInterface
    public interface Parameters {
        Parameters NONE = statement -> {};

        void set(PreparedStatement statement) throws SQLException;
    }

    /** Runs DuckDB's statement: each table of the lake at one version, without the files that the plan rules out. */
    public <T> T run(Request.Engine request, Parameters parameters, Work<T> work) {
        EngineStatement kind = request.kind();
        if (readOnly && kind.effect() == Effect.WRITES) {
            throw new LakeException(ErrorCode.READ_ONLY, "a read-only connection can't run: " + request.sql());
        }
        lock.lock();
        try {
            noteNames(request.sql());
            T result;
            try {
                result = attempt(request, parameters, work);
            } catch (SQLException e) {
                LakeException failure = failure(e);
                if (!maybeNotMountedYet(e)) {
                    throw failure;
                }
                result = attempt(request, parameters, work);
            }
            after(kind);
            return result;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            lock.unlock();
        }
    }

    /** Binds a statement without running it. */
    public <T> T bind(Work<T> work) {
        lock.lock();
        try {
            binder.begin(Mode.READ);
            return work.run();
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the last statement bound a table of the lake. */
    public boolean boundLake() {
        return binder.scope().touched();
    }

    /** Runs a verb. */
    public VerbResult run(Verb verb, Cancellation cancellation) {
        lock.lock();
        try {
            if (verb instanceof Verb.SetOption option) {
                settings.set(option.name(), option.value(), readOnly);
                return VerbResult.none();
            }
            boolean dryRun = verb instanceof Verb.Vacuum vacuum && vacuum.dryRun();
            if (verb.writes() && !dryRun) {
                requireWritable(verb);
            }
            binder.begin(Mode.READ);
            return verbs.run(verb, cancellation);
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            lock.unlock();
        }
    }

    /** What a failure of DuckDB means. */
    public LakeException failure(SQLException e) {
        return Failure.of(e, binder.scope(), scans);
    }

    @Override
    public void close() {
        functions.close();
        binder.scope().release();
        scans.close();
        lake.close();
        try {
            beside.close();
        } catch (SQLException e) {
            throw new LakeException(ErrorCode.ENGINE_FAILED, "the connection can't be closed: " + e.getMessage(), e);
        }
    }

    /** Asks for the plan of a statement and keeps what it filters tables by. Only within a statement. */
    void probe(String sql, Parameters parameters) throws SQLException {
        StatementScope scope = binder.scope();
        scope.mode(Mode.PROBE);
        try {
            scope.planned(explain(sql, parameters));
        } finally {
            scope.mode(Mode.READ);
        }
    }

    /** Parts of a statement that were not probed: where they may read the lake, filters of the others say nothing of it. */
    void unprobed(List<String> texts) {
        if (texts.stream().anyMatch(this::mayReadLake)) {
            binder.scope().pruneNothing();
        }
    }

    /** The plan of a statement, as JSON. */
    String explain(String sql, Parameters parameters) throws SQLException {
        // DuckDB binds when it prepares, and where it must, again when it executes: the last bind's plan is printed.
        binder.scope().beginBind();
        try (PreparedStatement explain = connection.prepareStatement("EXPLAIN (FORMAT json) " + sql)) {
            parameters.set(explain);
            binder.scope().beginBind();
            try (ResultSet rows = explain.executeQuery()) {
                return rows.next() ? rows.getString(2) : "[]";
            }
        }
    }

    private <T> T attempt(Request.Engine request, Parameters parameters, Work<T> work) throws SQLException {
        binder.begin(Mode.READ);
        if (request.kind().explained().isPresent() && mayReadLake(request.sql())) {
            try {
                probe(request.kind().explained().get(), parameters);
            } catch (SQLException e) {
                // Within a transaction this failure has ended it, so it is the statement's. Outside, the statement
                // itself is run: it says what is wrong, or reads every file.
                if (isInTransaction()) {
                    throw e;
                }
                System.getLogger(LakeSession.class.getName())
                        .log(System.Logger.Level.DEBUG, "this statement has no plan to prune by", e);
            }
        }
        T result = work.run();
        if (request.kind().reads() && !binder.scope().uses().isEmpty()) {
            lastUses = binder.scope().uses();
        }
        return result;
    }

    /** A table may have come into the lake since it was mounted. */
    private boolean maybeNotMountedYet(SQLException e) throws SQLException {
        if (isInTransaction() || !String.valueOf(e.getMessage()).startsWith("Catalog Error")) {
            return false;
        }
        binder.begin(Mode.COLUMNS);
        boolean changed = mounts.refresh();
        learnNames();
        return changed;
    }

    private void after(EngineStatement kind) throws SQLException {
        switch (kind.effect()) {
            case BEGINS -> inTransaction = true;
            case ENDS -> inTransaction = false;
            case SEARCH_PATH -> mounts.searchPath();
            case READS, WRITES -> {}
        }
    }

    private void requireWritable(Verb verb) throws SQLException {
        String name = Verbs.name(verb);
        if (readOnly) {
            throw new LakeException(ErrorCode.READ_ONLY, "a read-only connection can't run " + name);
        }
        if (isInTransaction()) {
            throw new LakeException(
                    ErrorCode.TRANSACTION_NOT_SUPPORTED,
                    name + " commits by itself, so it can't be part of a transaction");
        }
    }

    boolean isInTransaction() throws SQLException {
        return inTransaction || !connection.getAutoCommit();
    }

    /** Names that may lead to a table of the lake: mounts, and every view and macro, whatever it reads. */
    void learnNames() throws SQLException {
        lakeNames.add("delta_scan");
        lakeNames.add("table_changes");
        lakeNames.addAll(mounts.names());
        String stored = database.text("SELECT string_agg(lower(n), chr(10)) FROM (SELECT view_name AS n FROM"
                + " duckdb_views() WHERE NOT internal UNION SELECT function_name FROM duckdb_functions() WHERE NOT"
                + " internal AND function_type LIKE '%macro')");
        lakeNames.addAll(new ArrayList<>(stored.lines().toList()));
    }

    /** A view or macro that is made here may lead to a table of the lake. */
    private void noteNames(String sql) {
        List<String> names = SqlFront.mentions(sql);
        if (names.contains("create") && (names.contains("view") || names.contains("macro"))) {
            names.stream().map(n -> n.toLowerCase(Locale.ROOT)).forEach(lakeNames::add);
        }
    }
}
