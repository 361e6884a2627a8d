package io.lakeops.duckdb.sql;

import java.util.List;

/** One statement: its text and the tokens in it. */
record Statement(String text, List<Token> tokens) {
    Statement {
        tokens = List.copyOf(tokens);
    }

    /** A statement alone, or the first of several; a text without any has no token. */
    static Statement of(String sql) {
        List<Statement> all = StatementSplitter.statements(sql);
        return all.isEmpty() ? new Statement("", List.of()) : all.get(0);
    }

    /** The text from one token to the end of another, both included. */
    String text(int first, int last) {
        return text.substring(tokens.get(first).start(), tokens.get(last).end());
    }

    boolean is(int index, String word) {
        return index >= 0 && index < tokens.size() && tokens.get(index).is(word);
    }
}
