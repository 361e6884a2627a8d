package io.lakeops.duckdb.type;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the text of one DuckDB type, such as {@code STRUCT(a INTEGER, "b c" DECIMAL(9,2)[])[]}. */
final class DuckTypeParser {
    private final String text;
    private int at;

    DuckTypeParser(String text) {
        this.text = text;
    }

    DataType parse() {
        DataType type = type();
        blanks();
        if (at != text.length()) {
            throw unreadable();
        }
        return type;
    }

    private DataType type() {
        blanks();
        int start = at;
        DataType type = base();
        while (at < text.length() && text.charAt(at) == '[') {
            // A fixed size, as in INTEGER[3], is no part of a table's type.
            int end = text.indexOf(']', at);
            if (end < 0 || !text.substring(at + 1, end).chars().allMatch(Character::isDigit)) {
                throw unreadable();
            }
            at = end + 1;
            type = new DataType.Array(type, true);
        }
        if (at == start) {
            throw unreadable();
        }
        return type;
    }

    private DataType base() {
        if (at < text.length() && text.charAt(at) == '"') {
            return DuckTypes.primitive(name(), text);
        }
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String name = text.substring(start, at).toUpperCase(Locale.ROOT);
        boolean parameters = at < text.length() && text.charAt(at) == '(';
        switch (name) {
            case "STRUCT" -> {
                if (!parameters) {
                    throw unreadable();
                }
                return struct();
            }
            case "MAP" -> {
                expect('(');
                DataType key = type();
                expect(',');
                DataType value = type();
                expect(')');
                return new DataType.Mapping(key, value, true);
            }
            case "DECIMAL", "NUMERIC" -> {
                return parameters ? decimal() : new DataType.Decimal(18, 3);
            }
            case "ENUM" -> {
                skipParameters();
                return Primitive.STRING;
            }
            case "TIMESTAMP", "TIME" -> {
                String zone = " WITH TIME ZONE";
                if (text.regionMatches(true, at, zone, 0, zone.length())) {
                    at += zone.length();
                    name += zone;
                }
                return DuckTypes.primitive(name, text);
            }
            case "TIMESTAMPTZ" -> {
                return Primitive.TIMESTAMP;
            }
            default -> {
                if (parameters) {
                    skipParameters();
                }
                return DuckTypes.primitive(name, text);
            }
        }
    }

    private DataType struct() {
        List<Field> fields = new ArrayList<>();
        do {
            at++;
            blanks();
            String name = name();
            fields.add(Field.of(name, type()));
            blanks();
        } while (at < text.length() && text.charAt(at) == ',');
        expect(')');
        return new DataType.Struct(fields);
    }

    private DataType decimal() {
        int end = text.indexOf(')', at);
        if (end < 0) {
            throw unreadable();
        }
        String[] numbers = text.substring(at + 1, end).split(",", -1);
        at = end + 1;
        try {
            return new DataType.Decimal(
                    Integer.parseInt(numbers[0].trim()), numbers.length > 1 ? Integer.parseInt(numbers[1].trim()) : 0);
        } catch (IllegalArgumentException e) {
            throw unreadable();
        }
    }

    private String name() {
        int start = at;
        if (at < text.length() && text.charAt(at) == '"') {
            StringBuilder name = new StringBuilder();
            at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c != '"') {
                    name.append(c);
                } else if (at < text.length() && text.charAt(at) == '"') {
                    name.append('"');
                    at++;
                } else {
                    return name.toString();
                }
            }
            throw unreadable();
        }
        while (at < text.length() && text.charAt(at) != ' ' && text.charAt(at) != ',' && text.charAt(at) != ')') {
            at++;
        }
        if (at == start) {
            throw unreadable();
        }
        return text.substring(start, at);
    }

    /** Passes over a parenthesis with texts in single quotes. */
    private void skipParameters() {
        boolean quoted = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == ')' && !quoted) {
                at++;
                return;
            }
        }
        throw unreadable();
    }

    private void expect(char c) {
        blanks();
        if (at >= text.length() || text.charAt(at) != c) {
            throw unreadable();
        }
        at++;
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private LakeException unreadable() {
        return new LakeException(ErrorCode.TYPE_UNSUPPORTED, "the type can't be read", Map.of("type", text, "at", at));
    }
}
