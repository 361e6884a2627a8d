package io.lakeops.duckdb.sql;

import java.util.Locale;

/**
 * A piece of a statement that means something; blanks and comments are none.
 *
 * @param kind what it is
 * @param text as it stands in the statement
 * @param start its first character
 * @param end the character after its last
 */
record Token(Kind kind, String text, int start, int end) {
    enum Kind {
        /** A keyword or a plain name. */
        WORD,
        /** A name in double quotes. */
        QUOTED,
        /** A path, or a name, in backticks. */
        BACKTICK,
        /** A text literal: single quotes, {@code E'…'}, dollar quotes. */
        STRING,
        NUMBER,
        /** {@code ?}, {@code $1}, {@code $name}. */
        PARAMETER,
        SYMBOL,
        /** A quote or comment that never ends. */
        UNTERMINATED
    }

    boolean is(String word) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED || kind == Kind.BACKTICK;
    }

    /** What the token stands for: the name or the text without its quotes. */
    String value() {
        return switch (kind) {
            case QUOTED -> text.substring(1, text.length() - 1).replace("\"\"", "\"");
            case BACKTICK -> text.substring(1, text.length() - 1).replace("``", "`");
            case STRING -> literal();
            case WORD, NUMBER, PARAMETER, SYMBOL, UNTERMINATED -> text;
        };
    }

    String lower() {
        return text.toLowerCase(Locale.ROOT);
    }

    private String literal() {
        char first = text.charAt(0);
        if (first == '$') {
            int tag = text.indexOf('$', 1) + 1;
            return text.substring(tag, text.length() - tag);
        }
        if (first == '\'') {
            return text.substring(1, text.length() - 1).replace("''", "'");
        }
        return unescaped(text.substring(2, text.length() - 1).replace("''", "'"));
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            out.append(
                    switch (escaped) {
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        case 'r' -> '\r';
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        default -> escaped;
                    });
        }
        return out.toString();
    }
}
