package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.scan.ScanOptions;
import io.lakeops.duckdb.scan.SnapshotSql;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One MERGE as SQL: the source is staged, then which clause acts on which row, each once, so that what is counted is what is
 * written. The files with such rows are written again, or only their positions are told.
 *
 * <p>Staged are the source and, for each match, two addresses and a clause; both spill. The table's rows are read once to be
 * matched, only the columns that conditions name, and once in the files that are written again. Files that no source row can
 * match are not read.
 */
final class ClauseMerging {
    private static final String FILE = "lakeops_file";
    private static final String POSITION = "lakeops_position";
    private static final String SOURCE_ROW = "lakeops_source_row";

    private final Relations relations;
    private final Statements statements;
    private final Cancellation cancellation;
    private final MergeRequest request;
    private final Work work;
    private final String target;
    private final String source;

    ClauseMerging(Relations relations, Statements statements, Cancellation cancellation, MergeRequest request) {
        this.relations = relations;
        this.statements = statements;
        this.cancellation = cancellation;
        this.request = request;
        this.work = new Work("merge", request.target().snapshot().table().toString(), cancellation);
        this.target = SqlText.identifier(request.targetAlias());
        this.source = SqlText.identifier(request.sourceAlias());
    }

    /**
     * What is to be written.
     *
     * @param predicate true for every row of the table that was looked for
     * @param read the files that were read for them
     * @param rewritten the files that hold a row that is updated or deleted
     */
    record Outcome(
            Predicate predicate,
            List<DataFile> read,
            List<DataFile> rewritten,
            Rows rows,
            List<String> notGiven,
            List<String> numbered,
            long sourceRows,
            long updated,
            long deleted,
            long inserted,
            long copied) {}

    /**
     * Queries, each for rows of one kind; none where there is no such row.
     *
     * @param changed the updated rows; where files are written again and nothing is recorded, those that stay among them
     * @param copied rows that stay, of files that are written again, where they are apart
     * @param before the updated and deleted rows as they were, as a change feed records them
     */
    record Rows(List<String> changed, List<String> copied, List<String> inserted, List<String> before) {}

    Outcome run() throws SQLException {
        String given = relations.sql(request.source());
        List<Column> columns = relations.columns(given);
        ClauseValues values = new ClauseValues(request, columns);
        StagedRows rows = relations.stage(
                "SELECT row_number() OVER () AS " + SOURCE_ROW + ", *" + keys(columns) + " FROM (" + given + "\n) AS s",
                work);
        if (request.key().isPresent()) {
            new Merging(statements, cancellation)
                    .requireUnique(rows, schema(), request.key().get().columns());
        }
        // A row that no source row matches may be anywhere; who merges by key has looked where keys are.
        Predicate predicate = bySource() || request.key().isPresent()
                ? Predicate.always()
                : new MergePruning(statements, request, columns).predicate(rows, work);
        SnapshotSql all = addressed(
                MergePruning.files(request.target().snapshot(), request.target().files(), predicate));
        requireKnownFields(columns, all, rows);
        StagedRows matches = relations.stage(matches(all, rows, values), work);
        requireUnambiguous(matches);
        StagedRows acts = relations.stage(
                "SELECT " + FILE + ", " + POSITION + ", min(" + SOURCE_ROW + ") AS " + SOURCE_ROW
                        + ", min(clause) AS clause FROM " + matches.table() + " WHERE clause <> 0 GROUP BY " + FILE
                        + ", " + POSITION,
                work);
        StagedRows inserts = relations.stage(
                "SELECT * FROM (SELECT " + source + "." + SOURCE_ROW + ", " + values.clause(When.NOT_MATCHED)
                        + " AS clause FROM " + rows.table() + " AS " + source + " WHERE NOT EXISTS (FROM "
                        + matches.table() + " AS m WHERE m." + SOURCE_ROW + " = " + source + "." + SOURCE_ROW
                        + ")) WHERE clause <> 0",
                work);
        Map<Integer, DataFile> touched = touched(all, acts);
        List<DataFile> files = List.copyOf(touched.values());
        long deleted = number("SELECT count(*) FROM " + acts.table() + " WHERE clause IN (" + values.deletes() + ")");
        long updated = number("SELECT count(*) FROM " + acts.table()) - deleted;
        long inserted = number("SELECT count(*) FROM " + inserts.table());
        boolean again = request.taken().isEmpty();
        long copied = files.isEmpty() || !again ? 0 : liveRows(files) - updated - deleted;
        Outcome outcome = new Outcome(
                predicate,
                all.files(),
                files,
                queries(touched, acts, inserts, rows, values, copied),
                values.notGiven(),
                values.numbered(),
                number("SELECT count(*) FROM " + rows.table()),
                updated,
                deleted,
                inserted,
                copied);
        if (!again) {
            new RowPositions(relations, statements, cancellation)
                    .staged(
                            all,
                            acts.table(),
                            FILE,
                            POSITION,
                            work,
                            request.taken().orElseThrow());
        }
        return outcome;
    }

    private Schema schema() {
        return request.target().snapshot().schema();
    }

    /** What a merge by key adds to the source's columns. */
    private String keys(List<Column> columns) throws SQLException {
        if (request.key().isEmpty()) {
            return "";
        }
        MergeRequest.Key key = request.key().get();
        return ", " + Merging.keys(columns, schema(), key.columns(), relations.isUtc()) + ", (("
                + Relations.text(key.delete()) + "\n) IS TRUE) AS " + MergeRequest.DELETES;
    }

    /** SCHEMA_MISMATCH where a clause gives a column with parts a value with other parts. */
    private void requireKnownFields(List<Column> columns, SnapshotSql all, StagedRows rows) throws SQLException {
        String both = " FROM (" + all.sql() + "\n) AS " + target + ", " + rows.table() + " AS " + source;
        for (Clause clause : request.clauses()) {
            if (clause.action() instanceof MergeRequest.SetAll || clause.action() instanceof MergeRequest.InsertAll) {
                for (Column column : columns) {
                    schema().find(column.name()).ifPresent(field -> requireFields(column, field.type()));
                }
            }
            List<Assignment> given = clause.action().assignments();
            for (Assignment assignment : given) {
                Field field = schema().require(assignment.column());
                if (assignment.fields().isEmpty() && Projection.isNested(field.type())) {
                    Column value = relations
                            .columns("SELECT (" + Relations.text(assignment.value()) + "\n) AS v" + both)
                            .get(0);
                    requireFields(new Column(field.name(), value.type()), field.type());
                }
            }
        }
    }

    /** Where a source may lack columns it may lack fields too: they stay as they are. */
    private void requireFields(Column column, DataType type) {
        if (request.lacking()) {
            Projection.requireKnownFields(column, type);
        } else {
            Projection.requireSameFields(column, type);
        }
    }

    private long liveRows(List<DataFile> files) throws SQLException {
        // No column is needed for it, so that the files' footers answer where no row is deleted.
        return number("SELECT count(*) FROM ("
                + relations
                        .table(new Relation.TableRows(request.target().snapshot(), files), ScanOptions.rows())
                        .sql()
                + "\n)");
    }

    private Rows queries(
            Map<Integer, DataFile> touched,
            StagedRows acts,
            StagedRows inserts,
            StagedRows rows,
            ClauseValues values,
            long copied)
            throws SQLException {
        List<String> inserted = number("SELECT count(*) FROM " + inserts.table()) == 0
                ? List.of()
                : List.of("SELECT " + values.inserted("lakeops_inserts.clause") + " FROM " + inserts.table()
                        + " AS lakeops_inserts JOIN " + rows.table() + " AS " + source + " ON " + source + "."
                        + SOURCE_ROW + " = lakeops_inserts." + SOURCE_ROW);
        if (touched.isEmpty()) {
            return new Rows(List.of(), List.of(), inserted, List.of());
        }
        String goes = "lakeops_acts.clause IN (" + values.deletes() + ")";
        String by = " LEFT JOIN " + rows.table() + " AS " + source + " ON " + source + "." + SOURCE_ROW
                + " = lakeops_acts." + SOURCE_ROW;
        String updated = "SELECT " + values.updated("lakeops_acts.clause");
        if (request.changeData().isEmpty() && request.taken().isEmpty()) {
            // The files are read once, and the rows that stay are packed with the others.
            String all = updated + from(touched, "LEFT JOIN", acts) + by + " WHERE (" + goes + ") IS NOT TRUE";
            return new Rows(List.of(all), List.of(), inserted, List.of());
        }
        List<String> changed = List.of(updated + from(touched, "JOIN", acts) + by + " WHERE NOT " + goes);
        List<String> kept = new ArrayList<>();
        if (copied > 0) {
            kept.add("SELECT " + kept() + from(touched, "LEFT JOIN", acts) + " WHERE lakeops_acts.clause IS NULL");
        }
        List<String> before = new ArrayList<>();
        if (request.changeData().isPresent()) {
            before.add("SELECT " + before() + ", CASE WHEN " + goes + " THEN 'delete' ELSE 'update_preimage' END AS "
                    + Relation.Changes.TYPE + from(touched, "JOIN", acts));
        }
        return new Rows(changed, kept, inserted, before);
    }

    /** A row that stays, with its id and version. */
    private String kept() {
        return before()
                + request.target()
                        .rowIds()
                        .map(ids -> ", " + target + "." + SqlText.identifier(ids.id()) + ", " + target + "."
                                + SqlText.identifier(ids.version()))
                        .orElse("");
    }

    private String before() {
        List<String> columns = new ArrayList<>();
        request.target()
                .snapshot()
                .schema()
                .fields()
                .forEach(f -> columns.add(target + "." + SqlText.identifier(f.name())));
        return String.join(", ", columns);
    }

    /** The rows of the touched files, with what acts on them as {@code lakeops_acts}. */
    private String from(Map<Integer, DataFile> touched, String join, StagedRows acts) {
        SnapshotSql again = addressed(List.copyOf(touched.values()));
        // The files are numbered anew in each scan.
        List<String> numbers = new ArrayList<>();
        for (Map.Entry<Integer, DataFile> one : touched.entrySet()) {
            numbers.add("(" + again.files().indexOf(one.getValue()) + ", " + one.getKey() + ")");
        }
        return " FROM (" + again.sql() + "\n) AS " + target + " JOIN (VALUES " + String.join(", ", numbers)
                + ") AS lakeops_files(now, was) ON " + target + "." + FILE + " = lakeops_files.now " + join + " "
                + acts.table() + " AS lakeops_acts ON lakeops_acts." + FILE + " = lakeops_files.was AND lakeops_acts."
                + POSITION + " = " + target + "." + POSITION;
    }

    private boolean bySource() {
        return !request.of(When.NOT_MATCHED_BY_SOURCE).isEmpty();
    }

    /** Every match with the clause that acts, and the rows without a match for which a clause acts. */
    private String matches(SnapshotSql all, StagedRows rows, ClauseValues values) {
        String matched = values.clause(When.MATCHED);
        String clause = bySource()
                ? "CASE WHEN " + source + "." + SOURCE_ROW + " IS NULL THEN "
                        + values.clause(When.NOT_MATCHED_BY_SOURCE) + " ELSE " + matched + " END"
                : matched;
        String join = "SELECT " + target + "." + FILE + ", " + target + "." + POSITION + ", " + source + "."
                + SOURCE_ROW + ", " + clause + " AS clause FROM (" + all.sql() + "\n) AS " + target
                + (bySource() ? " LEFT JOIN " : " JOIN ") + rows.table() + " AS " + source + " ON ("
                + request.key()
                        .map(key -> Merging.on(schema(), key.columns()))
                        .orElseGet(() -> Relations.text(request.on()))
                + "\n)";
        return bySource() ? "SELECT * FROM (" + join + ") WHERE clause <> 0 OR " + SOURCE_ROW + " IS NOT NULL" : join;
    }

    private SnapshotSql addressed(List<DataFile> files) {
        Relation.TableRows target = request.target();
        return relations.table(
                new Relation.TableRows(target.snapshot(), files, target.rowIds()),
                ScanOptions.addressed(FILE, POSITION));
    }

    private void requireUnambiguous(StagedRows matches) throws SQLException {
        List<Clause> matched = request.of(When.MATCHED);
        boolean deletesAll = matched.size() == 1
                && matched.get(0).condition().isEmpty()
                && matched.get(0).action() instanceof MergeRequest.Delete;
        if (deletesAll || (matched.isEmpty() && !bySource())) {
            return;
        }
        long twice = number("SELECT count(*) FROM (SELECT 1 FROM " + matches.table() + " GROUP BY " + FILE + ", "
                + POSITION + " HAVING count(*) > 1)");
        if (twice > 0) {
            throw new LakeException(
                    ErrorCode.AMBIGUOUS_MATCH,
                    "several source rows match one row of the table",
                    Map.of("rows", twice, "on", request.on().text()));
        }
    }

    private Map<Integer, DataFile> touched(SnapshotSql all, StagedRows acts) throws SQLException {
        return statements.queryRaw(
                "SELECT DISTINCT " + FILE + " FROM " + acts.table() + " ORDER BY 1",
                Work.quiet(cancellation),
                result -> {
                    Map<Integer, DataFile> files = new LinkedHashMap<>();
                    while (result.next()) {
                        files.put(result.getInt(1), all.files().get(result.getInt(1)));
                    }
                    return files;
                });
    }

    private long number(String sql) throws SQLException {
        return statements.queryRaw(sql, work, result -> {
            result.next();
            return result.getLong(1);
        });
    }
}
