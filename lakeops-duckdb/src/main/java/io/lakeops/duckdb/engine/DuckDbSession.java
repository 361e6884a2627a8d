package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.raw.RawScan;
import io.lakeops.duckdb.scan.SnapshotScans;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.FoundRows;
import io.lakeops.engine.LoadRequest;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Merged;
import io.lakeops.engine.MultisetHash;
import io.lakeops.engine.Relation;
import io.lakeops.engine.RowMatch;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A session on a DuckDB: one of its own, or a connection that somebody lends.
 *
 * <p>Threads: one request at a time.
 */
public final class DuckDbSession implements Session {
    private final DuckDBConnection connection;
    private final Statements statements;
    private final Optional<SpillFolder> spill;
    private final Optional<SnapshotScans> lentScans;
    private @Nullable SnapshotScans ownScans;
    private @Nullable RawScan rawScan;

    private DuckDbSession(
            DuckDBConnection connection,
            LakeContext context,
            Optional<SnapshotScans> lentScans,
            Optional<SpillFolder> spill) {
        this.connection = connection;
        this.statements = new Statements(connection, context);
        this.lentScans = lentScans;
        this.spill = spill;
    }

    /** Opens a DuckDB in memory. */
    public static DuckDbSession open(EngineOptions options, LakeContext context) {
        SpillFolder spill = SpillFolder.below(options.spillDirectory());
        Properties settings = new Properties();
        settings.setProperty("memory_limit", (options.memoryBytes() >> 10) + "KiB");
        settings.setProperty("threads", String.valueOf(options.threads()));
        settings.setProperty("temp_directory", spill.path().toString());
        settings.setProperty("preserve_insertion_order", "true");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        try {
            DuckDBConnection connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TimeZone = 'UTC'");
                statement.execute(Relations.WRITE_AT_ONCE);
                // Only who shows progress counts it; nothing is printed.
                statement.execute("SET enable_progress_bar_print = false");
                statement.execute("SET enable_progress_bar = true");
            }
            return new DuckDbSession(connection, context, Optional.empty(), Optional.of(spill));
        } catch (SQLException e) {
            throw Failures.of(e, "opening an embedded DuckDB");
        }
    }

    /**
     * A session on a connection that stays its owner's: closing the session leaves the connection open. The session sees
     * the connection's views and temporary tables, its settings and its transaction.
     *
     * @param scans the owner's reader of tables on that database; it stays open too
     */
    public static DuckDbSession over(DuckDBConnection connection, SnapshotScans scans, LakeContext context) {
        return new DuckDbSession(connection, context, Optional.of(scans), Optional.empty());
    }

    /** {@link #over(DuckDBConnection, SnapshotScans, LakeContext)} for a database on which nobody reads tables yet. */
    public static DuckDbSession over(DuckDBConnection connection, LakeContext context) {
        return new DuckDbSession(connection, context, Optional.empty(), Optional.empty());
    }

    @Override
    public List<WrittenFile> write(WriteRequest request, Cancellation cancellation) {
        return on(cancellation, relations -> new Writer(statements, relations).write(request, cancellation));
    }

    @Override
    public Merged merge(MergeRequest request, Cancellation cancellation) {
        return on(cancellation, relations -> {
            ClauseMerging.Outcome outcome = new ClauseMerging(relations, statements, cancellation, request).run();
            return new MergeWriting(new Writer(statements, relations), relations, request, cancellation).write(outcome);
        });
    }

    @Override
    public Loaded load(LoadRequest request, Cancellation cancellation) {
        return on(cancellation, relations -> new Loader(statements, relations, this::raw).load(request, cancellation));
    }

    @Override
    public void find(Relation.TableRows rows, Expr condition, FoundRows found, Cancellation cancellation) {
        on(cancellation, relations -> {
            new RowPositions(relations, statements, cancellation).find(rows, condition, found);
            return Boolean.TRUE;
        });
    }

    @Override
    public List<FileHits> locate(Relation.TableRows rows, RowMatch match, Cancellation cancellation) {
        return on(cancellation, relations -> {
            Locating locating = new Locating(relations, statements, cancellation);
            return locating.byCondition(rows, ((RowMatch.ByCondition) match).condition());
        });
    }

    @Override
    public Rows measure(MeasureRequest request, Cancellation cancellation) {
        return on(cancellation, relations -> {
            String aggregates = request.aggregates().stream()
                    .map(a -> "(" + Relations.text(a.expression()) + "\n) AS " + SqlText.identifier(a.name()))
                    .collect(Collectors.joining(", "));
            String sql = "SELECT " + aggregates + " FROM (" + relations.sql(request.rows()) + "\n)";
            return statements.queryRaw(sql, new Work("measure", subject(request.rows()), cancellation), Values::rows);
        });
    }

    @Override
    public Rows rows(Relation relation, long limit, Cancellation cancellation) {
        return on(cancellation, relations -> {
            String sql = "SELECT * FROM (" + relations.sql(relation) + "\n) LIMIT " + limit;
            return statements.queryRaw(sql, new Work("read", subject(relation), cancellation), Values::rows);
        });
    }

    @Override
    public Schema schema(Relation relation) {
        if (relation instanceof Relation.TableRows table) {
            return table.snapshot().schema();
        }
        if (relation instanceof Relation.ParquetFiles parquet) {
            return parquet.schema();
        }
        if (relation instanceof Relation.StoredRows stored) {
            Cancellation none = new Cancellation();
            return on(none, relations -> new StoredColumns(statements, none).schema(stored.files()));
        }
        return on(
                new Cancellation(),
                relations -> new Schema(relations.columns(relations.sql(relation)).stream()
                        .map(c -> Field.of(c.name(), DuckTypes.parse(c.type())))
                        .toList()));
    }

    @Override
    public MultisetHash multisetHash(Relation relation, Cancellation cancellation) {
        return on(cancellation, relations -> {
            String rows = relations.sql(relation);
            String columns = relations.columns(rows).stream()
                    .map(c -> SqlText.identifier(c.name()))
                    .collect(Collectors.joining(", "));
            String sql = "SELECT count(*), sum((h & 4294967295)::HUGEINT), sum((h >> 32)::HUGEINT), bit_xor(h) FROM"
                    + " (SELECT hash(" + columns + ") AS h FROM (" + rows + "\n))";
            return statements.queryRaw(sql, new Work("hash", subject(relation), cancellation), result -> {
                result.next();
                return new MultisetHash(
                        result.getLong(1),
                        whole(result.getObject(2)),
                        whole(result.getObject(3)),
                        whole(result.getObject(4)));
            });
        });
    }

    private static @Nullable BigInteger whole(@Nullable Object number) {
        return number == null ? null : new BigDecimal(number.toString()).toBigIntegerExact();
    }

    private static String subject(Relation relation) {
        return relation instanceof Relation.TableRows table
                ? table.snapshot().table().toString()
                : relation.getClass().getSimpleName();
    }

    private interface Request<T> {
        T run(Relations relations) throws SQLException;
    }

    private <T> T on(Cancellation cancellation, Request<T> request) {
        try (Relations relations = new Relations(statements, this::scans, cancellation)) {
            try {
                return request.run(relations);
            } catch (SQLException e) {
                throw relations.failure(e);
            }
        }
    }

    private SnapshotScans scans() {
        if (lentScans.isPresent()) {
            return lentScans.get();
        }
        if (ownScans == null) {
            ownScans = SnapshotScans.on(connection);
        }
        return ownScans;
    }

    private RawScan raw() {
        if (rawScan == null) {
            try {
                rawScan = RawScan.on(connection);
            } catch (SQLException e) {
                throw Failures.of(e, "preparing DuckDB for raw files");
            }
        }
        return rawScan;
    }

    @Override
    public void close() {
        try {
            if (ownScans != null) {
                ownScans.close();
            }
        } finally {
            if (spill.isPresent()) {
                closeDatabase(spill.get());
            }
        }
    }

    private void closeDatabase(SpillFolder folder) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw Failures.of(e, "closing an embedded DuckDB");
        } finally {
            folder.delete();
        }
    }
}
