package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.scan.ChangeSelect;
import io.lakeops.duckdb.scan.ScanOptions;
import io.lakeops.duckdb.scan.SnapshotScans;
import io.lakeops.duckdb.scan.SnapshotSql;
import io.lakeops.duckdb.spark.SparkExpression;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Relations as DuckDB's SQL, for one request: what the texts refer to is held until it is closed.
 *
 * <p>Threads: one at a time.
 */
final class Relations implements AutoCloseable {
    /**
     * DuckDB 2.0.0 deadlocks now and then where a COPY to Parquet fails or is cancelled while its background threads
     * write: the abort waits for them and holds the lock that they need.
     */
    static final String WRITE_AT_ONCE = "SET GLOBAL async_threads = 0";

    private static final Set<String> DIALECTS = Set.of("common", "duckdb");
    /** What is known for certain, so that no file need be suspected. */
    private static final Set<ErrorCode> PLAIN = EnumSet.of(
            ErrorCode.CANCELLED,
            ErrorCode.DISK_FULL,
            ErrorCode.PERMISSION_DENIED,
            ErrorCode.MEMORY_EXCEEDED,
            ErrorCode.SQL_SYNTAX,
            ErrorCode.CONSTRAINT_VIOLATED);

    private final Statements statements;
    private final Supplier<SnapshotScans> scans;
    private final Cancellation cancellation;
    private final List<SnapshotSql> held = new ArrayList<>();
    private final List<StagedRows> staged = new ArrayList<>();

    Relations(Statements statements, Supplier<SnapshotScans> scans, Cancellation cancellation) {
        this.statements = statements;
        this.scans = scans;
        this.cancellation = cancellation;
    }

    /** A query that returns the relation's rows. */
    String sql(Relation relation) throws SQLException {
        if (relation instanceof Relation.TableRows table) {
            return table(table, ScanOptions.rows()).sql();
        }
        if (relation instanceof Relation.ParquetFiles parquet) {
            return parquet(parquet);
        }
        if (relation instanceof Relation.StoredRows stored) {
            return new StoredColumns(statements, cancellation).rows(stored.files());
        }
        if (relation instanceof Relation.Changes changes) {
            return ChangeSelect.sql(changes, this::select);
        }
        if (relation instanceof Relation.Query query) {
            return withoutEnd(text(query.sql()));
        }
        if (relation instanceof Relation.Filtered filtered) {
            String input = sql(filtered.input());
            return "SELECT * FROM (" + input + "\n) WHERE (" + condition(filtered.condition(), input) + "\n)";
        }
        if (relation instanceof Relation.Except except) {
            String input = sql(except.input());
            return "SELECT * FROM (" + input + "\n) WHERE (" + condition(except.condition(), input) + "\n) IS NOT TRUE";
        }
        if (relation instanceof Relation.Updated updated) {
            return updated(updated);
        }
        if (relation instanceof Relation.Derived derived) {
            return derived(derived);
        }
        return records((Relation.ChangeRecords) relation);
    }

    /** The text of a condition on the rows of a query; one in Spark's SQL is translated by their types. */
    private String condition(Expr condition, String rows) throws SQLException {
        if (!condition.dialect().equals("spark")) {
            return text(condition);
        }
        Schema schema = new Schema(columns(rows).stream()
                .map(c -> Field.of(c.name(), DuckTypes.parse(c.type())))
                .toList());
        return SparkExpression.condition(condition.text(), schema, f -> SqlText.identifier(f.name()))
                .sql();
    }

    private String updated(Relation.Updated updated) throws SQLException {
        Schema schema = updated.input().snapshot().schema();
        String input = sql(updated.input());
        requireKnownFields(schema, updated.set(), input);
        // The condition is computed once a row, so that all columns of a row are of one mind.
        List<String> replaced = new ArrayList<>();
        for (Field field : schema.fields()) {
            String name = SqlText.identifier(field.name());
            AssignedValue.of(schema, field, name, updated.set())
                    .ifPresent(value -> replaced.add((updated.others()
                                    ? "CASE WHEN lakeops_hit THEN " + value + " ELSE " + name + " END"
                                    : value)
                            + " AS " + name));
        }
        for (String column : updated.notGiven(TableRules.of(updated.input().snapshot()))) {
            String name = SqlText.identifier(column);
            replaced.add(
                    (updated.others() ? "CASE WHEN NOT lakeops_hit THEN " + name + " END" : "NULL") + " AS " + name);
        }
        updated.input().rowIds().ifPresent(ids -> {
            String name = SqlText.identifier(ids.version());
            replaced.add(
                    (updated.others() ? "CASE WHEN NOT lakeops_hit THEN " + name + " END" : "NULL") + " AS " + name);
        });
        String values = String.join(", ", replaced);
        if (!updated.others()) {
            return "SELECT * REPLACE (" + values + ") FROM (" + input + "\n) WHERE (" + text(updated.condition())
                    + "\n)";
        }
        return "SELECT * EXCLUDE (lakeops_hit) REPLACE (" + values + ") FROM (SELECT *, (" + text(updated.condition())
                + "\n) IS TRUE AS lakeops_hit FROM (" + input + "\n))";
    }

    /** SCHEMA_MISMATCH where a new value of a column with parts does not have the column's parts. */
    private void requireKnownFields(Schema schema, List<Assignment> set, String rows) throws SQLException {
        for (Assignment assignment : set) {
            Field field = schema.require(assignment.column());
            if (assignment.fields().isEmpty() && Projection.isNested(field.type())) {
                Column value = columns("SELECT (" + text(assignment.value()) + "\n) AS v FROM (" + rows + "\n)")
                        .get(0);
                Projection.requireSameFields(new Column(field.name(), value.type()), field.type());
            }
        }
    }

    private String records(Relation.ChangeRecords records) throws SQLException {
        List<String> images = new ArrayList<>();
        for (Relation.Image image : records.images()) {
            images.add("SELECT *, " + SqlText.string(image.type()) + " AS " + Relation.Changes.TYPE + " FROM ("
                    + sql(image.rows()) + "\n)");
        }
        return String.join(" UNION ALL ", images);
    }

    private String derived(Relation.Derived derived) throws SQLException {
        String query = "SELECT * FROM (" + withoutEnd(text(derived.sql())) + "\n)";
        if (derived.inputs().isEmpty()) {
            return query;
        }
        List<String> inputs = new ArrayList<>();
        for (Map.Entry<String, Relation> input : derived.inputs().entrySet()) {
            inputs.add(SqlText.identifier(input.getKey()) + " AS (" + sql(input.getValue()) + "\n)");
        }
        return "WITH " + String.join(", ", inputs) + " " + query;
    }

    /** The live rows of files of a snapshot. */
    SnapshotSql table(Relation.TableRows table, ScanOptions options) {
        return select(table.snapshot(), table.files(), options.withRowIds(table.rowIds()));
    }

    private SnapshotSql select(Snapshot snapshot, List<DataFile> files, ScanOptions options) {
        // Each use has its own names within, so that one text may hold several.
        SnapshotSql select =
                scans.get().select(snapshot, files, options.withPrefix(options.prefix() + "r" + held.size() + "_"));
        held.add(select);
        return select;
    }

    /** Keeps what a query returns until this is closed. */
    StagedRows stage(String sql, Work work) throws SQLException {
        StagedRows rows = StagedRows.of(statements, sql, work);
        staged.add(rows);
        return rows;
    }

    /** The columns that a query returns. */
    List<Column> columns(String sql) throws SQLException {
        return statements.queryRaw("DESCRIBE (" + sql + "\n)", Work.quiet(cancellation), result -> {
            List<Column> columns = new ArrayList<>();
            while (result.next()) {
                columns.add(new Column(result.getString("column_name"), result.getString("column_type")));
            }
            return columns;
        });
    }

    /** Whether a timestamp without zone is read as UTC by this session. */
    boolean isUtc() throws SQLException {
        return "UTC".equalsIgnoreCase(timeZone());
    }

    /** Sees to it that a COPY that fails ends, on a lent connection too. */
    void writeAtOnce() throws SQLException {
        statements.runRaw(WRITE_AT_ONCE, Work.quiet(cancellation));
    }

    /** The time zone of this session. */
    String timeZone() throws SQLException {
        return statements.queryRaw("SELECT current_setting('TimeZone')", Work.quiet(cancellation), result -> {
            result.next();
            return result.getString(1);
        });
    }

    /** The exception for a statement that failed on these relations; it names the file that is missing or damaged. */
    LakeException failure(SQLException e) {
        LakeException plain = Statements.failure(e, Work.quiet(cancellation));
        if (PLAIN.contains(plain.code()) || held.isEmpty()) {
            return plain;
        }
        List<DataFile> files = held.stream().flatMap(h -> h.files().stream()).toList();
        LakeException explained = scans.get().explain(e, files);
        return explained.code() == ErrorCode.ENGINE_FAILED ? plain : explained;
    }

    @Override
    public void close() {
        held.forEach(SnapshotSql::close);
        staged.forEach(StagedRows::close);
    }

    /** The text of an expression; FEATURE_UNSUPPORTED for a dialect that DuckDB doesn't read. */
    static String text(Expr expr) {
        if (!DIALECTS.contains(expr.dialect())) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "the engine duckdb can't run expressions of the dialect '" + expr.dialect() + "'",
                    Map.of(
                            "expression",
                            expr.text(),
                            "dialects",
                            DIALECTS.stream().sorted().toList()));
        }
        return expr.text();
    }

    /** A query may end as statements end; within another one it may not. */
    private static String withoutEnd(String sql) {
        String text = sql.strip();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        return text;
    }

    static String parquet(Relation.ParquetFiles relation) {
        if (relation.files().isEmpty()) {
            return noRows(relation.schema());
        }
        for (Path file : relation.files()) {
            if (!Files.isRegularFile(file)) {
                throw new LakeException(
                        ErrorCode.DATA_FILE_MISSING, "the Parquet file is not there", Map.of("path", file));
            }
        }
        String columns = relation.schema().fields().stream()
                .map(f -> SqlText.string(f.physicalName()) + ": {name: " + SqlText.string(f.name()) + ", type: "
                        + SqlText.string(DuckTypes.sql(f.type())) + ", default_value: NULL}")
                .collect(Collectors.joining(", ", "MAP {", "}"));
        return "SELECT " + SqlText.identifiers(relation.schema().names()) + " FROM read_parquet("
                + SqlText.fileList(relation.files()) + ", schema = " + columns + ")";
    }

    static String noRows(Schema schema) {
        return schema.fields().stream()
                .map(Relations::typedNull)
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }

    private static String typedNull(Field field) {
        return "NULL::" + DuckTypes.sql(field.type()) + " AS " + SqlText.identifier(field.name());
    }
}
