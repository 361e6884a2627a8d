package io.lakeops.duckdb.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text of several statements at the semicolons that end one: not those in quotes, dollar quotes and comments.
 *
 * <p>Threads: safe; holds nothing.
 */
public final class StatementSplitter {
    private StatementSplitter() {}

    /** The statements in order, without their semicolons and outer blanks; what is only a comment is none. */
    public static List<String> split(String sql) {
        return statements(sql).stream().map(Statement::text).toList();
    }

    /** Whether the text ends within a statement: no semicolon after it, or a quote that is still open. */
    public static boolean isIncomplete(String sql) {
        List<Token> tokens = Lexer.tokens(sql);
        return !tokens.isEmpty() && !tokens.get(tokens.size() - 1).is(";");
    }

    static List<Statement> statements(String sql) {
        List<Statement> statements = new ArrayList<>();
        List<Token> tokens = Lexer.tokens(sql);
        int first = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size() || tokens.get(i).is(";")) {
                if (i > first) {
                    statements.add(statement(sql, tokens.subList(first, i)));
                }
                first = i + 1;
            }
        }
        return statements;
    }

    private static Statement statement(String sql, List<Token> tokens) {
        int start = tokens.get(0).start();
        String text = sql.substring(start, tokens.get(tokens.size() - 1).end());
        return new Statement(
                text,
                tokens.stream()
                        .map(t -> new Token(t.kind(), t.text(), t.start() - start, t.end() - start))
                        .toList());
    }
}
