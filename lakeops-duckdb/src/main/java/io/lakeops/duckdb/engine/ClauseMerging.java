package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.scan.ScanOptions;
import io.lakeops.duckdb.scan.SnapshotSql;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One MERGE as SQL: the source is staged, then which clause acts on which row, each once, so that what is counted is what is
 * written; the files with such rows are written again, with the new rows behind them.
 *
 * <p>Staged are the source and, for each match, two addresses and a clause; both spill.
 */
final class ClauseMerging {
    private static final String FILE = "lakeops_file";
    private static final String POSITION = "lakeops_position";
    private static final String SOURCE_ROW = "lakeops_source_row";

    private final Relations relations;
    private final Statements statements;
    private final Cancellation cancellation;
    private final MergeRequest request;
    private final Schema schema;
    private final Work work;
    private final String target;
    private final String source;

    ClauseMerging(Relations relations, Statements statements, Cancellation cancellation, MergeRequest request) {
        this.relations = relations;
        this.statements = statements;
        this.cancellation = cancellation;
        this.request = request;
        this.schema = request.target().snapshot().schema();
        this.work = new Work("merge", request.target().snapshot().table().toString(), cancellation);
        this.target = SqlText.identifier(request.targetAlias());
        this.source = SqlText.identifier(request.sourceAlias());
    }

    /**
     * What is to be written.
     *
     * @param sql the rows of the files that are written again, and the new ones
     */
    record Outcome(
            List<DataFile> rewritten,
            String sql,
            long sourceRows,
            long updated,
            long deleted,
            long inserted,
            long copied) {}

    Outcome run() throws SQLException {
        List<String> columns = relations.columns(relations.sql(request.source())).stream()
                .map(Column::name)
                .toList();
        requireColumns(columns);
        StagedRows rows = relations.stage(
                "SELECT row_number() OVER () AS " + SOURCE_ROW + ", * FROM (" + relations.sql(request.source()) + "\n)",
                work);
        SnapshotSql all = addressed(request.target().files());
        StagedRows matches = relations.stage(
                "SELECT " + target + "." + FILE + ", " + target + "." + POSITION + ", " + source + "." + SOURCE_ROW
                        + ", " + clause(request.of(When.MATCHED)) + " AS clause FROM (" + all.sql() + "\n) AS "
                        + target + " JOIN " + rows.table() + " AS " + source + " ON (" + Relations.text(request.on())
                        + "\n)",
                work);
        requireUnambiguous(matches);
        String lone = request.of(When.NOT_MATCHED_BY_SOURCE).isEmpty()
                ? ""
                : " UNION ALL SELECT * FROM (SELECT " + target + "." + FILE + ", " + target + "." + POSITION
                        + ", NULL::BIGINT AS " + SOURCE_ROW + ", -" + clause(request.of(When.NOT_MATCHED_BY_SOURCE))
                        + " AS clause FROM ("
                        + addressed(request.target().files()).sql() + "\n) AS " + target
                        + " WHERE NOT EXISTS (FROM " + matches.table() + " AS m WHERE m." + FILE + " = " + target + "."
                        + FILE + " AND m." + POSITION + " = " + target + "." + POSITION + ")) WHERE clause <> 0";
        StagedRows acts = relations.stage(
                "SELECT " + FILE + ", " + POSITION + ", min(" + SOURCE_ROW + ") AS " + SOURCE_ROW
                        + ", min(clause) AS clause FROM " + matches.table() + " WHERE clause <> 0 GROUP BY " + FILE
                        + ", " + POSITION + lone,
                work);
        StagedRows inserts = relations.stage(
                "SELECT * FROM (SELECT " + source + "." + SOURCE_ROW + ", " + clause(request.of(When.NOT_MATCHED))
                        + " AS clause FROM " + rows.table() + " AS " + source + " WHERE NOT EXISTS (FROM "
                        + matches.table() + " AS m WHERE m." + SOURCE_ROW + " = " + source + "." + SOURCE_ROW
                        + ")) WHERE clause <> 0",
                work);
        Map<Integer, DataFile> touched = touched(all, acts);
        List<DataFile> files = List.copyOf(touched.values());
        String deletes = deletes();
        long deleted = number("SELECT count(*) FROM " + acts.table() + " WHERE clause IN (" + deletes + ")");
        long updated = number("SELECT count(*) FROM " + acts.table()) - deleted;
        long inserted = number("SELECT count(*) FROM " + inserts.table());
        List<String> parts = new ArrayList<>();
        long copied = 0;
        if (!files.isEmpty()) {
            SnapshotSql again = addressed(files);
            copied = number("SELECT count(*) FROM (" + again.sql() + "\n)") - updated - deleted;
            parts.add(rewritten(again, touched, acts, rows, columns, deletes));
        }
        if (inserted > 0) {
            parts.add(inserted(inserts, rows, columns));
        }
        return new Outcome(
                files,
                String.join(" UNION ALL ", parts),
                number("SELECT count(*) FROM " + rows.table()),
                updated,
                deleted,
                inserted,
                copied);
    }

    /** Whether or not a clause comes to act, it must be one that could. */
    private void requireColumns(List<String> columns) {
        for (Clause clause : request.clauses()) {
            schema.fields().forEach(field -> value(clause.action(), field, columns));
            Set<String> named = new HashSet<>();
            for (Assignment assignment : assignments(clause.action())) {
                if (!named.add(schema.require(assignment.column()).name())) {
                    throw new LakeException(
                            ErrorCode.INVALID_ARGUMENT,
                            "a column is given two values",
                            Map.of("column", assignment.column()));
                }
            }
        }
    }

    private static List<Assignment> assignments(MergeRequest.Action action) {
        if (action instanceof MergeRequest.Set set) {
            return set.assignments();
        }
        return action instanceof MergeRequest.Insert insert ? insert.assignments() : List.of();
    }

    private SnapshotSql addressed(List<DataFile> files) {
        return relations.table(
                new Relation.TableRows(request.target().snapshot(), files), ScanOptions.addressed(FILE, POSITION));
    }

    /** The number of the first clause whose condition is true, from 1; 0 where there is none. */
    private static String clause(List<Clause> clauses) {
        if (clauses.isEmpty()) {
            return "0";
        }
        StringBuilder sql = new StringBuilder("(CASE");
        for (int i = 0; i < clauses.size(); i++) {
            String condition = clauses.get(i).condition().map(Relations::text).orElse("true");
            sql.append(" WHEN (").append(condition).append("\n) THEN ").append(i + 1);
        }
        return sql.append(" ELSE 0 END)").toString();
    }

    private void requireUnambiguous(StagedRows matches) throws SQLException {
        List<Clause> matched = request.of(When.MATCHED);
        if (matched.size() == 1
                && matched.get(0).condition().isEmpty()
                && matched.get(0).action() instanceof MergeRequest.Delete) {
            return;
        }
        long twice = number("SELECT count(*) FROM (SELECT 1 FROM " + matches.table() + " WHERE clause <> 0 GROUP BY "
                + FILE + ", " + POSITION + " HAVING count(*) > 1)");
        if (twice > 0) {
            throw new LakeException(
                    ErrorCode.AMBIGUOUS_MATCH,
                    "several source rows act on one row of the table",
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

    private String deletes() {
        List<String> numbers = new ArrayList<>(List.of("0"));
        addDeletes(request.of(When.MATCHED), 1, numbers);
        addDeletes(request.of(When.NOT_MATCHED_BY_SOURCE), -1, numbers);
        return String.join(", ", numbers);
    }

    private static void addDeletes(List<Clause> clauses, int sign, List<String> numbers) {
        for (int i = 0; i < clauses.size(); i++) {
            if (clauses.get(i).action() instanceof MergeRequest.Delete) {
                numbers.add(Integer.toString(sign * (i + 1)));
            }
        }
    }

    private String rewritten(
            SnapshotSql again,
            Map<Integer, DataFile> touched,
            StagedRows acts,
            StagedRows rows,
            List<String> columns,
            String deletes) {
        // The files are numbered anew in each scan.
        List<String> numbers = new ArrayList<>();
        for (Map.Entry<Integer, DataFile> one : touched.entrySet()) {
            numbers.add("(" + again.files().indexOf(one.getValue()) + ", " + one.getKey() + ")");
        }
        List<String> select = new ArrayList<>();
        for (Field field : schema.fields()) {
            String name = SqlText.identifier(field.name());
            StringBuilder value = new StringBuilder("CASE lakeops_acts.clause");
            values(request.of(When.MATCHED), 1, field, columns, value);
            values(request.of(When.NOT_MATCHED_BY_SOURCE), -1, field, columns, value);
            boolean kept = value.indexOf(" WHEN ") < 0;
            select.add((kept ? target + "." + name : value + " ELSE " + target + "." + name + " END") + " AS " + name);
        }
        return "SELECT " + String.join(", ", select) + " FROM (" + again.sql() + "\n) AS " + target
                + " JOIN (VALUES " + String.join(", ", numbers) + ") AS lakeops_files(now, was) ON " + target + "."
                + FILE + " = lakeops_files.now LEFT JOIN " + acts.table() + " AS lakeops_acts ON lakeops_acts." + FILE
                + " = lakeops_files.was AND lakeops_acts." + POSITION + " = " + target + "." + POSITION + " LEFT JOIN "
                + rows.table() + " AS " + source + " ON " + source + "." + SOURCE_ROW + " = lakeops_acts." + SOURCE_ROW
                + " WHERE coalesce(lakeops_acts.clause, 1000000) NOT IN (" + deletes + ")";
    }

    private void values(List<Clause> clauses, int sign, Field field, List<String> columns, StringBuilder sql) {
        for (int i = 0; i < clauses.size(); i++) {
            Optional<String> value = value(clauses.get(i).action(), field, columns);
            if (value.isPresent()) {
                sql.append(" WHEN ").append(sign * (i + 1)).append(" THEN ").append(cast(value.get(), field));
            }
        }
    }

    private String inserted(StagedRows inserts, StagedRows rows, List<String> columns) {
        List<Clause> clauses = request.of(When.NOT_MATCHED);
        List<String> select = new ArrayList<>();
        for (Field field : schema.fields()) {
            StringBuilder value = new StringBuilder("CASE lakeops_inserts.clause");
            values(clauses, 1, field, columns, value);
            String type = DuckTypes.sql(field.type());
            select.add((value.indexOf(" WHEN ") < 0 ? "NULL::" + type : value + " ELSE NULL::" + type + " END") + " AS "
                    + SqlText.identifier(field.name()));
        }
        return "SELECT " + String.join(", ", select) + " FROM " + inserts.table() + " AS lakeops_inserts JOIN "
                + rows.table() + " AS " + source + " ON " + source + "." + SOURCE_ROW + " = lakeops_inserts."
                + SOURCE_ROW;
    }

    /** A column's value after an action; empty where it stays, or is null in a new row. */
    private Optional<String> value(MergeRequest.Action action, Field field, List<String> columns) {
        if (action instanceof MergeRequest.SetAll || action instanceof MergeRequest.InsertAll) {
            String column = columns.stream()
                    .filter(field.name()::equalsIgnoreCase)
                    .findFirst()
                    .orElseThrow(() -> new LakeException(
                            ErrorCode.COLUMN_NOT_FOUND,
                            "the source lacks the column '" + field.name() + "' that * stands for",
                            Map.of("columns", columns)));
            return Optional.of(source + "." + SqlText.identifier(column));
        }
        return assignments(action).stream()
                .filter(a -> schema.require(a.column()).name().equals(field.name()))
                .map(Assignment::value)
                .map(Expr::text)
                .findFirst();
    }

    private static String cast(String value, Field field) {
        return "CAST((" + value + "\n) AS " + DuckTypes.sql(field.type()) + ")";
    }

    private long number(String sql) throws SQLException {
        return statements.queryRaw(sql, work, result -> {
            result.next();
            return result.getLong(1);
        });
    }
}
