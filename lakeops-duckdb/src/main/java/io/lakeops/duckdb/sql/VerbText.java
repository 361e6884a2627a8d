package io.lakeops.duckdb.sql;

import java.util.Optional;

/**
 * The text of a statement that may be a verb of ours, at the place up to which it was read; with what verbs have in
 * common: their table, their condition.
 *
 * @param shape whether a parameter stands for whatever is expected
 */
record VerbText(Statement statement, Cursor cursor, TableNames names, Rewriter rewriter, boolean shape) {
    static VerbText of(Statement statement, TableNames names, boolean shape) {
        return new VerbText(statement, new Cursor(statement, shape), names, new Rewriter(names), shape);
    }

    static Optional<Verb> notYet(String verb) {
        return Optional.of(new Verb.NotYet(verb));
    }

    /** A verb on a table of the lake that is not built; empty where the table is DuckDB's. */
    Optional<Verb> notYetOnLakeTable(String verb) {
        cursor.accept("if", "exists");
        return lakeTable().isPresent() ? notYet(verb) : Optional.empty();
    }

    Optional<TableRef> table() {
        // TABLE in the contract's grammar stands for a table; as a word before one it is allowed, as Spark allows it.
        cursor.accept("table");
        return cursor.table();
    }

    /** The table, where it is one of the lake; nothing is taken otherwise. */
    Optional<TableRef> lakeTable() {
        int start = cursor.position();
        Optional<TableRef> table = table();
        if (table.isPresent()) {
            if (table.get() instanceof TableRef.AtPath) {
                return table;
            }
            TableRef.Named named = (TableRef.Named) table.get();
            if (names.mounted(named.parts()).isPresent()) {
                return table;
            }
        }
        cursor.back(start);
        return Optional.empty();
    }

    /** The rest, as WHERE condition. */
    Optional<String> condition() {
        if (cursor.atEnd()) {
            return Optional.empty();
        }
        cursor.expect("where");
        return Optional.of(rewriter.rewrite(cursor.rest()));
    }

    boolean has(String first, String second) {
        int at = find(first);
        return at > 0 && statement.is(at + 1, second);
    }

    /** The last place of a word, or a negative number. */
    int find(String word) {
        for (int i = statement.tokens().size() - 1; i >= 0; i--) {
            if (statement.is(i, word)) {
                return i;
            }
        }
        return -1;
    }
}
