package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values that the clauses of a merge give to columns, as SQL over a row that is called by the merge's two aliases.
 *
 * <p>Shape: a clause is known by its number among those of its kind, from 1; those for rows that no source row matches by the
 * negative of it.
 */
final class ClauseValues {
    private final MergeRequest request;
    private final Schema schema;
    private final List<Column> columns;
    private final TableRules rules;
    private final List<String> notGiven = new ArrayList<>();

    /**
     * Errors: COLUMN_NOT_FOUND for what a clause names, whether or not it comes to act; INVALID_ARGUMENT where a column gets
     * two values.
     *
     * @param columns the source's
     */
    ClauseValues(MergeRequest request, List<Column> columns) {
        this.request = request;
        this.schema = request.target().snapshot().schema();
        this.columns = List.copyOf(columns);
        this.rules = TableRules.of(request.target().snapshot());
        for (Clause clause : request.clauses()) {
            schema.fields().forEach(field -> value(clause.action(), field, ""));
        }
        learnNotGiven();
    }

    /** Generated columns that no clause gives a value: they are null in rows that a clause makes, and are computed. */
    List<String> notGiven() {
        return notGiven;
    }

    /** Identity columns that a clause inserts no value into: they are null in rows that it inserts, and are numbered. */
    List<String> numbered() {
        return rules.identities().stream()
                .map(IdentityColumn::column)
                .filter(column -> request.of(When.NOT_MATCHED).stream()
                        .anyMatch(c ->
                                value(c.action(), schema.require(column), "").isEmpty()))
                .toList();
    }

    private void learnNotGiven() {
        List<MergeRequest.Action> makers = request.clauses().stream()
                .map(Clause::action)
                .filter(a -> !(a instanceof MergeRequest.Delete))
                .toList();
        for (TableRules.Computed generated : rules.generated()) {
            Field field = schema.require(generated.column());
            long given =
                    makers.stream().filter(a -> value(a, field, "").isPresent()).count();
            if (given == 0) {
                notGiven.add(field.name());
            } else if (given < makers.size()) {
                throw new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "a generated column is given by some clauses and left to be computed by others: name it in all, or"
                                + " in none",
                        Map.of("feature", "generatedColumns", "column", field.name()));
            }
        }
    }

    /** The number of the first clause whose condition is true; 0 where there is none. */
    String clause(When when) {
        List<Clause> clauses = request.of(when);
        if (clauses.isEmpty()) {
            return "0";
        }
        int sign = when == When.NOT_MATCHED_BY_SOURCE ? -1 : 1;
        StringBuilder sql = new StringBuilder("(CASE");
        for (int i = 0; i < clauses.size(); i++) {
            String condition = clauses.get(i).condition().map(Relations::text).orElse("true");
            sql.append(" WHEN (").append(condition).append("\n) THEN ").append(sign * (i + 1));
        }
        return sql.append(" ELSE 0 END)").toString();
    }

    /** The numbers of the clauses that delete, by commas; never empty. */
    String deletes() {
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

    /** All columns of a row of the table; {@code clause} says which clause updates it, null that none does. */
    String updated(String clause) {
        List<String> select = new ArrayList<>();
        for (Field field : schema.fields()) {
            String name = SqlText.identifier(field.name());
            String before = SqlText.identifier(request.targetAlias()) + "." + name;
            if (notGiven.contains(field.name())) {
                select.add("CASE WHEN " + clause + " IS NULL THEN " + before + " END AS " + name);
                continue;
            }
            String values = values(request.of(When.MATCHED), 1, field, before)
                    + values(request.of(When.NOT_MATCHED_BY_SOURCE), -1, field, before);
            select.add((values.isEmpty() ? before : "CASE " + clause + values + " ELSE " + before + " END") + " AS "
                    + name);
        }
        // An updated row keeps its id, and its version is that of the commit.
        request.target().rowIds().ifPresent(ids -> {
            String before = SqlText.identifier(request.targetAlias()) + ".";
            String version = SqlText.identifier(ids.version());
            select.add(before + SqlText.identifier(ids.id()));
            select.add("CASE WHEN " + clause + " IS NULL THEN " + before + version + " END AS " + version);
        });
        return String.join(", ", select);
    }

    /** All columns of a row that the clause of that number inserts. */
    String inserted(String clause) {
        List<String> select = new ArrayList<>();
        for (Field field : schema.fields()) {
            String nothing = Projection.missing(rules, field);
            String values = values(request.of(When.NOT_MATCHED), 1, field, nothing);
            select.add((values.isEmpty() ? nothing : "CASE " + clause + values + " ELSE " + nothing + " END") + " AS "
                    + SqlText.identifier(field.name()));
        }
        request.target()
                .rowIds()
                .ifPresent(ids ->
                        ids.fields().forEach(f -> select.add("NULL::BIGINT AS " + SqlText.identifier(f.name()))));
        return String.join(", ", select);
    }

    private String values(List<Clause> clauses, int sign, Field field, String before) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < clauses.size(); i++) {
            Optional<String> value = value(clauses.get(i).action(), field, before);
            if (value.isPresent()) {
                sql.append(" WHEN ").append(sign * (i + 1)).append(" THEN ").append(value.get());
            }
        }
        return sql.toString();
    }

    /** A column's value after an action; empty where it stays, or is null in a new row. */
    private Optional<String> value(MergeRequest.Action action, Field field, String before) {
        if (action instanceof MergeRequest.SetAll || action instanceof MergeRequest.InsertAll) {
            Optional<Column> column = columns.stream()
                    .filter(c -> c.name().equalsIgnoreCase(field.name()))
                    .findFirst();
            boolean computed = TableRules.find(rules.generated(), field.name()).isPresent()
                    || rules.identities().stream().anyMatch(c -> c.column().equals(field.name()));
            if (column.isEmpty() && !request.lacking() && !computed) {
                throw new LakeException(
                        ErrorCode.COLUMN_NOT_FOUND,
                        "the source lacks the column '" + field.name() + "' that * stands for",
                        Map.of("columns", columns.stream().map(Column::name).toList()));
            }
            boolean update = action instanceof MergeRequest.SetAll && !before.isEmpty();
            return column.map(c -> {
                String value = SqlText.identifier(request.sourceAlias()) + "." + SqlText.identifier(c.name());
                return update
                        ? PartialValue.of(value, c.type(), field.type(), before)
                        : "CAST(" + value + " AS " + DuckTypes.sql(field.type()) + ")";
            });
        }
        return AssignedValue.of(schema, field, before, action.assignments());
    }
}
