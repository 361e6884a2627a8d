package io.lakeops.engine;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Rows of a source to be put into a table by clauses, as SQL's MERGE has it.
 *
 * <p>Expressions name the table's columns by {@code targetAlias} and the source's by {@code sourceAlias}. Of the clauses of
 * one kind the first whose condition is true acts. Two source rows that match one row of the table are AMBIGUOUS_MATCH, whether
 * or not a clause acts on them, unless the only clause for matched rows is an unconditional delete, or all clauses insert.
 *
 * @param target the rows that may be matched: all live rows of the table
 * @param source read once
 * @param on which rows match
 * @param lacking whether {@code *} passes over columns that the source lacks: they stay as they are, or are null in a new
 *     row; else such a column is COLUMN_NOT_FOUND
 * @param targetFileBytes near which size a file ends
 * @param taken takes the rows that are updated or deleted, where the other rows of their files stay in place and are not
 *     written; empty where such files are written again. Their positions are held as {@link Session#find} says
 * @param changeData the folder for what a change feed records of the merge; empty where nothing is to be recorded. A merge
 *     that only inserts records nothing
 * @param key by what rows match in place of {@code on}, see {@link #byKey}
 */
public record MergeRequest(
        Relation.TableRows target,
        String targetAlias,
        Relation source,
        String sourceAlias,
        Expr on,
        List<Clause> clauses,
        boolean lacking,
        long targetFileBytes,
        Optional<FoundRows> taken,
        Optional<Path> changeData,
        Optional<Key> key) {
    /** The column of a source row, within a merge by key, that says whether it deletes. */
    public static final String DELETES = "lakeops_deletes";

    public MergeRequest {
        Objects.requireNonNull(target);
        Objects.requireNonNull(on);
        clauses = List.copyOf(clauses);
        if (clauses.isEmpty()) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a merge needs at least one WHEN clause");
        }
        if (targetAlias.equalsIgnoreCase(sourceAlias)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "table and source have one name, '" + targetAlias + "': give one of them another by AS");
        }
    }

    /** A merge that writes files with an updated or deleted row again, and records nothing. */
    public MergeRequest(
            Relation.TableRows target,
            String targetAlias,
            Relation source,
            String sourceAlias,
            Expr on,
            List<Clause> clauses,
            boolean lacking,
            long targetFileBytes) {
        this(
                target,
                targetAlias,
                source,
                sourceAlias,
                on,
                clauses,
                lacking,
                targetFileBytes,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Rows of a source to be put in by key: one replaces the table's rows of its key, as far as it has their columns, or is
     * added; one that {@code delete} accepts deletes them instead. Keys match only where none is null, the source's cast to
     * the table's types.
     *
     * <p>Errors: AMBIGUOUS_MATCH where two source rows have one key.
     *
     * @param given the source's columns that the table has
     */
    public static MergeRequest byKey(
            Relation.TableRows target, Relation source, Key key, List<String> given, long targetFileBytes) {
        Expr deletes = Expr.of("s." + DELETES);
        List<Assignment> set = given.stream()
                .map(c -> new Assignment(c, Expr.of("s.\"" + c.replace("\"", "\"\"") + "\"")))
                .toList();
        return new MergeRequest(
                target,
                "t",
                source,
                "s",
                Expr.of("true"),
                List.of(
                        new Clause(When.MATCHED, Optional.of(deletes), new Delete()),
                        new Clause(When.MATCHED, Optional.empty(), new Set(set)),
                        new Clause(When.NOT_MATCHED, Optional.of(Expr.of("NOT s." + DELETES)), new InsertAll())),
                true,
                targetFileBytes,
                Optional.empty(),
                Optional.empty(),
                Optional.of(key));
    }

    /** What names a row, in the table and in the source, and which source rows delete: a condition on the source alone. */
    public record Key(List<String> columns, Expr delete) {
        public Key {
            columns = List.copyOf(columns);
            Objects.requireNonNull(delete);
        }
    }

    public MergeRequest withTaken(FoundRows found) {
        return new MergeRequest(
                target,
                targetAlias,
                source,
                sourceAlias,
                on,
                clauses,
                lacking,
                targetFileBytes,
                Optional.of(found),
                changeData,
                key);
    }

    public MergeRequest withChangeData(Path folder) {
        return new MergeRequest(
                target,
                targetAlias,
                source,
                sourceAlias,
                on,
                clauses,
                lacking,
                targetFileBytes,
                taken,
                Optional.of(folder),
                key);
    }

    /** The clauses of one kind, in order. */
    public List<Clause> of(When when) {
        return clauses.stream().filter(c -> c.when() == when).toList();
    }

    /** Which rows a clause is about. */
    public enum When {
        /** Pairs of a row of the table and one of the source. */
        MATCHED,
        /** Rows of the source that match none of the table. */
        NOT_MATCHED,
        /** Rows of the table that no row of the source matches. */
        NOT_MATCHED_BY_SOURCE
    }

    /** What becomes of rows, where the condition is true. */
    public record Clause(When when, Optional<Expr> condition, Action action) {
        public Clause {
            boolean inserts = action instanceof Insert || action instanceof InsertAll;
            if (inserts != (when == When.NOT_MATCHED)
                    || (when == When.NOT_MATCHED_BY_SOURCE && action instanceof SetAll)) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        switch (when) {
                            case MATCHED -> "WHEN MATCHED takes UPDATE or DELETE, not INSERT";
                            case NOT_MATCHED -> "WHEN NOT MATCHED takes INSERT, not UPDATE or DELETE";
                            case NOT_MATCHED_BY_SOURCE ->
                                "WHEN NOT MATCHED BY SOURCE takes DELETE or UPDATE with values of its own, not INSERT or UPDATE SET *";
                        });
            }
        }
    }

    /** What a clause does. */
    public sealed interface Action {
        /** The columns that it gives values one by one; none where it takes them by name, or gives none. */
        default List<Assignment> assignments() {
            return List.of();
        }
    }

    /** The table's row goes. */
    public record Delete() implements Action {}

    /** Columns of the table's row get values. */
    public record Set(List<Assignment> assignments) implements Action {
        public Set {
            assignments = List.copyOf(assignments);
        }
    }

    /** Every column of the table's row gets the value of the source's column of its name. */
    public record SetAll() implements Action {}

    /** A row comes with these values; other columns are null. */
    public record Insert(List<Assignment> assignments) implements Action {
        public Insert {
            assignments = List.copyOf(assignments);
        }
    }

    /** A row comes with the values of the source's columns of the same names. */
    public record InsertAll() implements Action {}
}
