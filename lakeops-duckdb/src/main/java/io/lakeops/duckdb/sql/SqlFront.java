package io.lakeops.duckdb.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Tells the statements that are ours from DuckDB's, and makes DuckDB's ready for it.
 *
 * <p>Threads: safe; holds nothing but the names.
 */
public final class SqlFront {
    private final TableNames names;

    public SqlFront(TableNames names) {
        this.names = names;
    }

    /**
     * What a text of statements asks for, in order.
     *
     * @param shape whether parameters may stand where a text or a number belongs, since they are not known yet
     */
    public List<Request> read(String sql, boolean shape) {
        List<Request> requests = new ArrayList<>();
        for (Statement statement : StatementSplitter.statements(sql)) {
            requests.add(request(statement, shape));
        }
        return requests;
    }

    private Request request(Statement statement, boolean shape) {
        Optional<Verb> verb = new VerbParser(statement, names, shape).parse();
        if (verb.isPresent()) {
            return new Request.Ours(statement.text(), verb.get());
        }
        String sql = new Rewriter(names).rewrite(statement);
        return new Request.Engine(sql, EngineStatement.of(statement, sql));
    }

    /** A statement with its parameters replaced by literals; {@code literal} takes an index from 1. */
    public static String withLiterals(String sql, IntFunction<String> literal) {
        Edits edits = new Edits(sql);
        int sequence = 0;
        for (Token token : Lexer.tokens(sql)) {
            if (token.kind() == Token.Kind.PARAMETER) {
                int index = token.text().length() == 1 ? ++sequence : number(token);
                edits.replace(token.start(), token.end(), apart(literal.apply(index)));
            }
        }
        return edits.apply();
    }

    /** A literal must not join what stands beside it: a minus before a negative number would begin a comment. */
    private static String apart(String literal) {
        return literal.startsWith("-") ? " (" + literal + ") " : " " + literal + " ";
    }

    /** How many parameters a statement has. */
    public static int parameters(String sql) {
        int sequence = 0;
        int highest = 0;
        for (Token token : Lexer.tokens(sql)) {
            if (token.kind() == Token.Kind.PARAMETER) {
                highest = Math.max(highest, token.text().length() == 1 ? ++sequence : number(token));
            }
        }
        return highest;
    }

    /** Every name that a statement mentions, in lower case. */
    public static List<String> mentions(String sql) {
        return Lexer.tokens(sql).stream()
                .filter(Token::isName)
                .map(t -> t.value().toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    private static int number(Token parameter) {
        try {
            return Integer.parseInt(parameter.text().substring(1));
        } catch (NumberFormatException e) {
            throw new io.lakeops.error.LakeException(
                    io.lakeops.error.ErrorCode.SQL_SYNTAX,
                    "a verb takes parameters as ? or $1, not " + parameter.text());
        }
    }
}
