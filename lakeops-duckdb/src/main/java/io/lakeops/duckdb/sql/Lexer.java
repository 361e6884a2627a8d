package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts SQL into tokens, by DuckDB's rules of quotes and comments. Never fails: what has no end takes the rest. */
final class Lexer {
    /** Symbols of more than one character that matter to us; the longest first. */
    private static final List<String> LONG_SYMBOLS =
            List.of("->>", ":=", "=>", "::", "<=", ">=", "<>", "!=", "==", "->", "||");

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String sql) {
        this.sql = sql;
    }

    static List<Token> tokens(String sql) {
        return new Lexer(sql).run();
    }

    private List<Token> run() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (isBlank(c)) {
                at++;
            } else if (sql.startsWith("--", at)) {
                lineComment();
            } else if (sql.startsWith("/*", at)) {
                blockComment();
            } else {
                token(c);
            }
        }
        return List.copyOf(tokens);
    }

    /** DuckDB ends it at a carriage return too: what stands behind one is not a comment. */
    private void lineComment() {
        while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
            at++;
        }
    }

    private void token(char c) {
        if (c == '\'') {
            quoted(Kind.STRING, at, '\'', false);
        } else if ((c == 'e' || c == 'E') && sql.startsWith("'", at + 1)) {
            quoted(Kind.STRING, at + 1, '\'', true);
        } else if (c == '"') {
            quoted(Kind.QUOTED, at, '"', false);
        } else if (c == '`') {
            quoted(Kind.BACKTICK, at, '`', false);
        } else if (c == '$') {
            dollar();
        } else if (c == '?') {
            int end = at + 1;
            while (end < sql.length() && isDigit(sql.charAt(end))) {
                end++;
            }
            add(Kind.PARAMETER, end);
        } else if (isDigit(c) || (c == '.' && at + 1 < sql.length() && isDigit(sql.charAt(at + 1)) && !afterName())) {
            number();
        } else if (isNameStart(c)) {
            add(Kind.WORD, nameEnd(at));
        } else {
            int length = LONG_SYMBOLS.stream()
                    .filter(symbol -> sql.startsWith(symbol, at))
                    .findFirst()
                    .map(String::length)
                    .orElse(1);
            add(Kind.SYMBOL, at + length);
        }
    }

    private void blockComment() {
        int depth = 1;
        int i = at + 2;
        while (i < sql.length() && depth > 0) {
            if (sql.startsWith("/*", i)) {
                depth++;
                i += 2;
            } else if (sql.startsWith("*/", i)) {
                depth--;
                i += 2;
            } else {
                i++;
            }
        }
        if (depth > 0) {
            add(Kind.UNTERMINATED, sql.length());
        } else {
            at = i;
        }
    }

    private void quoted(Kind kind, int opening, char quote, boolean escapes) {
        int i = opening + 1;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            if (escapes && c == '\\') {
                i += 2;
            } else if (c != quote) {
                i++;
            } else if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
                i += 2;
            } else {
                add(kind, i + 1);
                return;
            }
        }
        add(Kind.UNTERMINATED, sql.length());
    }

    private void dollar() {
        int end = at + 1;
        if (end < sql.length() && isNameStart(sql.charAt(end))) {
            end = nameEnd(end);
        }
        boolean tag = end < sql.length() && sql.charAt(end) == '$';
        if (!tag) {
            end = at + 1;
            while (end < sql.length() && isNamePart(sql.charAt(end))) {
                end++;
            }
            add(end == at + 1 ? Kind.SYMBOL : Kind.PARAMETER, end);
            return;
        }
        String fence = sql.substring(at, end + 1);
        int close = sql.indexOf(fence, end + 1);
        if (close < 0) {
            add(Kind.UNTERMINATED, sql.length());
        } else {
            add(Kind.STRING, close + fence.length());
        }
    }

    private void number() {
        int i = at;
        if (sql.startsWith("0x", i) || sql.startsWith("0X", i)) {
            i += 2;
            while (i < sql.length() && (Character.digit(sql.charAt(i), 16) >= 0 || sql.charAt(i) == '_')) {
                i++;
            }
            add(Kind.NUMBER, i);
            return;
        }
        i = digits(i);
        if (i < sql.length() && sql.charAt(i) == '.') {
            i = digits(i + 1);
        }
        if (i < sql.length() && (sql.charAt(i) == 'e' || sql.charAt(i) == 'E')) {
            int exponent = i + 1;
            if (exponent < sql.length() && (sql.charAt(exponent) == '+' || sql.charAt(exponent) == '-')) {
                exponent++;
            }
            if (exponent < sql.length() && isDigit(sql.charAt(exponent))) {
                i = digits(exponent);
            }
        }
        add(Kind.NUMBER, i);
    }

    private int digits(int from) {
        int i = from;
        while (i < sql.length() && (isDigit(sql.charAt(i)) || sql.charAt(i) == '_')) {
            i++;
        }
        return i;
    }

    /** Whether a point here joins names, as in {@code t.1}. */
    private boolean afterName() {
        if (tokens.isEmpty()) {
            return false;
        }
        Token last = tokens.get(tokens.size() - 1);
        return last.end() == at && (last.isName() || last.is(")") || last.is("]"));
    }

    private void add(Kind kind, int end) {
        tokens.add(new Token(kind, sql.substring(at, end), at, end));
        at = end;
    }

    private int nameEnd(int from) {
        int end = from;
        while (end < sql.length() && isNamePart(sql.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isNameStart(char c) {
        return Character.isLetter(c) || c == '_' || (c >= 0x80 && !isBlank(c));
    }

    /** A dollar sign may stand within a name, but not a dollar quote: there it ends the name. */
    private static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
