package io.lakeops.duckdb.lake;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.change.Delete;
import io.lakeops.change.Merge;
import io.lakeops.change.Update;
import io.lakeops.context.Cancellation;
import io.lakeops.context.Run;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.sql.TableRef;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.MaintenancePlan;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.maintenance.Vacuum;
import io.lakeops.provider.Providers;
import io.lakeops.recovery.Restore;
import io.lakeops.recovery.RestoreResult;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Runs the verbs: each is one of core's operations on a table, with the connection as its engine. */
final class Verbs {
    /** In what CREATE TABLE makes its tables. */
    private static final String FORMAT = "delta";

    private final LakeSession session;
    private final Lake lake;
    private final Providers<TableFormat> formats;
    private final Mounts mounts;
    private final Conditions conditions;
    private final Settings settings;
    private final DuckDBConnection connection;

    Verbs(
            LakeSession session,
            Lake lake,
            Providers<TableFormat> formats,
            Mounts mounts,
            ScanBinder binder,
            Settings settings,
            DuckDBConnection connection) {
        this.session = session;
        this.lake = lake;
        this.formats = formats;
        this.mounts = mounts;
        this.conditions = new Conditions(session, binder);
        this.settings = settings;
        this.connection = connection;
    }

    /** The verb's name as users write it. */
    static String name(Verb verb) {
        if (verb instanceof Verb.NotYet notYet) {
            return notYet.verb();
        }
        if (verb instanceof Verb.Insert) {
            return "INSERT INTO a Delta table";
        }
        if (verb instanceof Verb.Delete) {
            return "DELETE FROM a Delta table";
        }
        return verb instanceof Verb.Create
                ? "CREATE TABLE of Delta"
                : verb.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    VerbResult run(Verb verb, Cancellation cancellation) throws SQLException {
        Run run = Run.of(lake.context()).withCancellation(cancellation).withCommitTimeout(settings.commitTimeout());
        if (verb instanceof Verb.DescribeHistory history) {
            return VerbResult.rows(Descriptions.history(table(history.table()), history.limit()));
        }
        if (verb instanceof Verb.DescribeDetail detail) {
            return VerbResult.rows(Descriptions.detail(table(detail.table())));
        }
        if (verb instanceof Verb.Insert insert) {
            return insert(insert, run);
        }
        if (verb instanceof Verb.Delete delete) {
            return delete(delete, run);
        }
        if (verb instanceof Verb.Update update) {
            return update(update, run);
        }
        if (verb instanceof Verb.Merge merge) {
            return merge(merge, run);
        }
        if (verb instanceof Verb.Create create) {
            return create(create);
        }
        if (verb instanceof Verb.Optimize optimize) {
            return optimize(optimize, run);
        }
        if (verb instanceof Verb.Vacuum vacuum) {
            return vacuum(vacuum, run);
        }
        if (verb instanceof Verb.Restore restore) {
            return restore(restore, run);
        }
        throw new LakeException(ErrorCode.NOT_YET, name(verb) + " is not built yet");
    }

    private LakeTable table(TableRef ref) {
        return lake.open(location(ref));
    }

    private TableLocation location(TableRef ref) {
        if (ref instanceof TableRef.AtPath at) {
            return TablePaths.location(at.path());
        }
        TableRef.Named named = (TableRef.Named) ref;
        return mounts.mounted(named.parts())
                .map(TablePaths::location)
                .orElseThrow(() -> new LakeException(
                        ErrorCode.TABLE_NOT_FOUND,
                        "no table of the lake is named '" + named + "'",
                        Map.of("mounted", mounts.names())));
    }

    /** As SQL has it, values go to columns by their place: those named, else all of the table's. */
    private VerbResult insert(Verb.Insert insert, Run run) throws SQLException {
        LakeTable table = table(insert.table());
        Schema schema =
                table.snapshot(io.lakeops.table.SnapshotSelector.latest()).schema();
        List<String> columns = insert.columns().isEmpty()
                ? schema.names()
                : insert.columns().stream().map(c -> schema.require(c).name()).toList();
        if (session.mayReadLake(insert.query())) {
            session.probe(insert.query(), LakeSession.Parameters.NONE);
        }
        int given = columnsOf(insert.query());
        if (given != columns.size()) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the query gives " + given + " columns where " + columns.size() + " are expected",
                    Map.of("columns", columns));
        }
        String sql = "SELECT * FROM (" + insert.query() + "\n) AS inserted (" + SqlText.identifiers(columns) + ")";
        Append append = Append.of(new Relation.Query(new Expr(sql, "duckdb", io.lakeops.table.Predicate.always())));
        ChangeResult result;
        try (DuckDbSession engine = DuckDbSession.over(connection, lake.context())) {
            result = append.run(table, engine, run);
        }
        return VerbResult.changed(
                LiteralTable.of("num_affected_rows BIGINT", "num_inserted_rows BIGINT")
                        .with(result.affectedRows(), result.insertedRows()),
                result.affectedRows());
    }

    private VerbResult delete(Verb.Delete delete, Run run) throws SQLException {
        LakeTable table = table(delete.table());
        Delete operation = Delete.all();
        if (delete.condition().isPresent()) {
            operation = Delete.where(
                    conditions.implied(table.location(), delete.condition().get()));
        }
        try (DuckDbSession engine = DuckDbSession.over(connection, lake.context())) {
            return changed(operation.run(table, engine, run));
        }
    }

    private VerbResult update(Verb.Update update, Run run) throws SQLException {
        LakeTable table = table(update.table());
        Optional<Expr> condition = Optional.empty();
        if (update.condition().isPresent()) {
            condition = Optional.of(
                    conditions.implied(table.location(), update.condition().get()));
        }
        List<Assignment> set = update.set().entrySet().stream()
                .map(one -> new Assignment(one.getKey(), new Expr(one.getValue(), "duckdb", Predicate.always())))
                .toList();
        try (DuckDbSession engine = DuckDbSession.over(connection, lake.context())) {
            return changed(new Update(condition, set, Optional.empty(), Optional.empty()).run(table, engine, run));
        }
    }

    private VerbResult merge(Verb.Merge merge, Run run) throws SQLException {
        LakeTable table = table(merge.table());
        if (session.mayReadLake(merge.source())) {
            session.probe(merge.source(), LakeSession.Parameters.NONE);
        }
        // A source that reads the table itself saw one version: on another one the statement must not land.
        OptionalLong readAt = session.boundNewest(table.location());
        Merge operation = new Merge(
                new Relation.Query(new Expr(merge.source(), "duckdb", Predicate.always())),
                merge.targetAlias(),
                merge.sourceAlias(),
                new Expr(merge.on(), "duckdb", Predicate.always()),
                merge.clauses(),
                readAt,
                Optional.empty(),
                Optional.empty());
        try (DuckDbSession engine = DuckDbSession.over(connection, lake.context())) {
            return changed(operation.run(table, engine, readAt.isEmpty() ? run : run.withCommitTimeout(Duration.ZERO)));
        }
    }

    private static VerbResult changed(ChangeResult result) {
        return VerbResult.changed(
                LiteralTable.of(
                                "num_affected_rows BIGINT",
                                "num_updated_rows BIGINT",
                                "num_deleted_rows BIGINT",
                                "num_inserted_rows BIGINT")
                        .with(result.affectedRows(), result.updatedRows(), result.deletedRows(), result.insertedRows()),
                result.affectedRows());
    }

    private VerbResult optimize(Verb.Optimize optimize, Run run) throws SQLException {
        LakeTable table = table(optimize.table());
        Optimize.Request request = Optimize.Request.standard();
        if (optimize.condition().isPresent()) {
            request = request.withWhere(
                    conditions.exact(table.location(), optimize.condition().get()));
        }
        Optimize action = new Optimize();
        MaintenanceResult result;
        try (DuckDbSession engine = DuckDbSession.over(connection, lake.context())) {
            result = action.run(action.plan(table, request, run), table, engine, run);
        }
        return VerbResult.rows(LiteralTable.of(
                        "path VARCHAR",
                        "numFilesAdded BIGINT",
                        "numFilesRemoved BIGINT",
                        "bytesAdded BIGINT",
                        "bytesRemoved BIGINT",
                        "partitionsOptimized BIGINT",
                        "rowsRewritten BIGINT",
                        "version BIGINT")
                .with(
                        table.location().toString(),
                        result.filesAdded(),
                        result.filesRemoved(),
                        result.bytesAdded(),
                        result.bytesRemoved(),
                        result.partitions(),
                        result.rows(),
                        result.version()));
    }

    private VerbResult vacuum(Verb.Vacuum vacuum, Run run) {
        LakeTable table = table(vacuum.table());
        Optional<Duration> retain = vacuum.retainHours().isPresent()
                ? Optional.of(Duration.ofMillis(Math.round(vacuum.retainHours().getAsDouble() * 3_600_000)))
                : Optional.empty();
        Vacuum action = new Vacuum();
        MaintenancePlan plan = action.plan(table, new Vacuum.Request(retain, !settings.retentionCheck()), run);
        if (vacuum.dryRun()) {
            Path root = table.location().root();
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (MaintenancePlan.Item item : plan.files()) {
                rows.add(Arrays.asList(
                        root.resolve(item.path()).toString(),
                        item.fileBytes(),
                        Instant.ofEpochMilli(item.modificationTime()),
                        item.reason()));
            }
            return VerbResult.rows(
                    LiteralTable.of("path VARCHAR", "size BIGINT", "modificationTime TIMESTAMPTZ", "reason VARCHAR")
                            .withRows(rows));
        }
        MaintenanceResult result = action.run(plan, table, run);
        return VerbResult.rows(LiteralTable.of(
                        "path VARCHAR", "numFilesDeleted BIGINT", "bytesDeleted BIGINT", "filesKept BIGINT")
                .with(table.location().toString(), result.filesRemoved(), result.bytesRemoved(), result.filesKept()));
    }

    private VerbResult restore(Verb.Restore restore, Run run) throws SQLException {
        LakeTable table = table(restore.table());
        Restore operation = restore.version().isPresent()
                ? Restore.toVersion(restore.version().getAsLong())
                : Restore.toInstant(instant(restore.timestamp().orElseThrow()));
        RestoreResult result = operation.run(table, run);
        return VerbResult.rows(LiteralTable.of(
                        "table_size_after_restore BIGINT",
                        "num_of_files_after_restore BIGINT",
                        "num_removed_files BIGINT",
                        "num_restored_files BIGINT",
                        "removed_files_size BIGINT",
                        "restored_files_size BIGINT")
                .with(
                        result.tableBytes(),
                        result.files(),
                        result.filesRemoved(),
                        result.filesRestored(),
                        result.bytesRemoved(),
                        result.bytesRestored()));
    }

    private VerbResult create(Verb.Create create) throws SQLException {
        TableLocation location = TablePaths.location(create.path());
        if (create.ifNotExists() && mounts.isTable(create.path())) {
            return VerbResult.none();
        }
        TableSpec spec = new TableSpec(
                new Schema(fields(create.columns())),
                create.partitionedBy(),
                create.clusterBy(),
                create.properties(),
                create.comment());
        formats.require(FORMAT).create(TableId.of(location), location, spec, Optional.empty(), lake.context());
        session.refresh();
        session.learnNames();
        return VerbResult.none();
    }

    /** DuckDB reads the types, so that all its names for them are known. */
    private List<Field> fields(List<Verb.ColumnDefinition> columns) throws SQLException {
        String sql = columns.stream()
                .map(c -> "NULL::" + c.type() + " AS " + SqlText.identifier(c.name()))
                .collect(Collectors.joining(", ", "DESCRIBE SELECT ", ""));
        List<Field> fields = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet described = statement.executeQuery(sql)) {
            for (Verb.ColumnDefinition column : columns) {
                described.next();
                Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
                column.comment().ifPresent(c -> metadata.put("comment", c));
                fields.add(new Field(
                        column.name(),
                        DuckTypes.parse(described.getString("column_type")),
                        column.nullable(),
                        column.name(),
                        OptionalInt.empty(),
                        metadata));
            }
        }
        return fields;
    }

    private int columnsOf(String query) throws SQLException {
        int columns = 0;
        try (Statement statement = connection.createStatement();
                ResultSet described = statement.executeQuery("DESCRIBE (" + query + "\n)")) {
            while (described.next()) {
                columns++;
            }
        }
        return columns;
    }

    /** A text without a zone is in the session's. */
    private Instant instant(String text) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT epoch_us(" + SqlText.string(text) + "::TIMESTAMPTZ)")) {
            row.next();
            return Instant.EPOCH.plus(row.getLong(1), ChronoUnit.MICROS);
        }
    }
}
