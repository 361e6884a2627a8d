package io.lakeops.duckdb.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of an expression in Spark's SQL, and a place among them. */
final class SparkTokens {
    enum Kind {
        WORD,
        /** A name in backticks. */
        NAME,
        /** A text, in single or double quotes. */
        TEXT,
        NUMBER,
        SYMBOL,
        END
    }

    record Token(Kind kind, String text) {}

    private static final List<String> LONG_SYMBOLS = List.of("<=>", "<=", ">=", "<>", "!=", "==", "||");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    SparkTokens(String text) {
        this.text = text;
        read();
    }

    private void read() {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '\'' || c == '"' || c == '`') {
                i = quoted(i, c);
            } else if (isDigit(c) || (c == '.' && i + 1 < text.length() && isDigit(text.charAt(i + 1)))) {
                i = number(i);
            } else if (isWordStart(c)) {
                int end = i;
                while (end < text.length() && (isWordStart(text.charAt(end)) || isDigit(text.charAt(end)))) {
                    end++;
                }
                tokens.add(new Token(Kind.WORD, text.substring(i, end)));
                i = end;
            } else {
                i = symbol(i);
            }
        }
        tokens.add(new Token(Kind.END, "the end"));
    }

    private int quoted(int start, char quote) {
        StringBuilder value = new StringBuilder();
        for (int i = start + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '`') {
                throw Refusal.of("a text with a backslash is read by settings of Spark's session");
            }
            if (c != quote) {
                value.append(c);
                continue;
            }
            if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                if (quote != '`') {
                    throw Refusal.of("a text with a doubled quote is read differently by versions of Spark");
                }
                value.append(quote);
                i++;
                continue;
            }
            tokens.add(new Token(quote == '`' ? Kind.NAME : Kind.TEXT, value.toString()));
            return i + 1;
        }
        throw Refusal.of("a quote is not closed");
    }

    private int number(int start) {
        int i = start;
        while (i < text.length() && (isDigit(text.charAt(i)) || text.charAt(i) == '.')) {
            i++;
        }
        if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
            i++;
            if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
                i++;
            }
            while (i < text.length() && isDigit(text.charAt(i))) {
                i++;
            }
        }
        while (i < text.length() && isWordStart(text.charAt(i))) {
            i++;
        }
        tokens.add(new Token(Kind.NUMBER, text.substring(start, i)));
        return i;
    }

    private int symbol(int start) {
        if (text.startsWith("->", start)) {
            throw Refusal.of("a function of the expression's own (->) is not run here");
        }
        for (String symbol : LONG_SYMBOLS) {
            if (text.startsWith(symbol, start)) {
                tokens.add(new Token(Kind.SYMBOL, symbol));
                return start + symbol.length();
            }
        }
        if (text.startsWith("--", start) || text.startsWith("/*", start)) {
            throw Refusal.of("a comment stands within it");
        }
        tokens.add(new Token(Kind.SYMBOL, text.substring(start, start + 1)));
        return start + 1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    Token peek() {
        return tokens.get(at);
    }

    Token next() {
        return peek().kind() == Kind.END ? peek() : tokens.get(at++);
    }

    /** Whether that word or symbol comes so far ahead. */
    boolean sees(int ahead, String word) {
        int place = at + ahead;
        if (place >= tokens.size()) {
            return false;
        }
        Token token = tokens.get(place);
        return (token.kind() == Kind.WORD || token.kind() == Kind.SYMBOL)
                && token.text().equalsIgnoreCase(word);
    }

    boolean accept(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (!sees(i, words[i])) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    void expect(String word) {
        if (!accept(word)) {
            throw Refusal.of("'" + word.toLowerCase(Locale.ROOT) + "' was expected before '" + peek().text() + "'");
        }
    }
}
