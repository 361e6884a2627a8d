package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Token.Kind;
import io.lakeops.table.IdentityColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads CREATE TABLE of Delta: columns, partitions, clustering, properties, query. */
final class CreateParser {
    private static final Set<String> COLUMN_WORDS = Set.of(
            "not",
            "null",
            "comment",
            "default",
            "generated",
            "primary",
            "unique",
            "check",
            "references",
            "collate",
            "as",
            "first",
            "after",
            "using",
            "constraint");

    private final VerbText text;
    private final Statement statement;
    private final Cursor cursor;

    CreateParser(VerbText text) {
        this.text = text;
        this.statement = text.statement();
        this.cursor = text.cursor();
    }

    /** The verb; empty where it creates something of DuckDB's. The word CREATE is taken already. */
    Optional<Verb> parse() {
        boolean replace = cursor.accept("or", "replace");
        if (!cursor.accept("table")) {
            return Optional.empty();
        }
        boolean ifNotExists = cursor.accept("if", "not", "exists");
        Optional<Verb> clone = clone(replace, ifNotExists);
        if (clone.isPresent()) {
            return clone;
        }
        Optional<TableRef> known = text.lakeTable();
        // Under a mounted name DuckDB's table would hide the lake's, which the user may want; it wins from then on.
        // What is
        // replaced is the lake's.
        boolean ours = known.isPresent() && (replace || known.get() instanceof TableRef.AtPath);
        if (!ours && !usesDelta()) {
            return Optional.empty();
        }
        TableRef table = known.orElseGet(cursor::requireTable);
        List<Verb.ColumnDefinition> columns = cursor.sees("(") && !cursor.sees(1, "select") ? columns() : List.of();
        List<String> partitionedBy = List.of();
        List<String> clusterBy = List.of();
        Map<String, String> properties = Map.of();
        Optional<String> comment = Optional.empty();
        Optional<String> query = Optional.empty();
        while (!cursor.atEnd()) {
            if (cursor.accept("partitioned", "by")) {
                partitionedBy = cursor.names();
            } else if (cursor.accept("cluster", "by")) {
                clusterBy = cursor.names();
            } else if (cursor.accept("tblproperties")) {
                properties = properties();
            } else if (cursor.accept("comment")) {
                comment = Optional.of(cursor.text());
            } else if (cursor.accept("using")) {
                cursor.expect("delta");
            } else if (cursor.sees("as") || cursor.sees("select") || cursor.sees("(")) {
                cursor.accept("as");
                if (!columns.isEmpty()) {
                    throw cursor.wrong("the columns of CREATE TABLE … AS are those of the query");
                }
                query = Optional.of(text.rewriter().rewrite(cursor.rest()));
            } else {
                throw cursor.wrong("expected PARTITIONED BY, CLUSTER BY, TBLPROPERTIES, COMMENT or AS");
            }
        }
        if (columns.isEmpty() && query.isEmpty()) {
            throw cursor.wrong("expected columns or AS and a query");
        }
        return Optional.of(new Verb.Create(
                table, ifNotExists, replace, columns, partitionedBy, clusterBy, properties, comment, query));
    }

    /** {@code table {SHALLOW | DEEP} CLONE table …}; nothing is taken where something else comes. */
    private Optional<Verb> clone(boolean replace, boolean ifNotExists) {
        int start = cursor.position();
        Optional<TableRef> table = cursor.table();
        boolean deep = table.isPresent() && cursor.accept("deep", "clone");
        if (table.isEmpty() || (!deep && !cursor.accept("shallow", "clone"))) {
            cursor.back(start);
            return Optional.empty();
        }
        TableRef source = cursor.requireTable();
        OptionalLong version = OptionalLong.empty();
        Optional<String> timestamp = Optional.empty();
        if (cursor.accept("version", "as", "of")) {
            version = OptionalLong.of(cursor.whole());
        } else if (cursor.accept("timestamp", "as", "of")) {
            timestamp = Optional.of(cursor.timestamp());
        }
        Map<String, String> properties = cursor.accept("tblproperties") ? properties() : Map.of();
        cursor.expectEnd();
        return Optional.of(
                new Verb.Clone(table.get(), deep, ifNotExists, replace, source, version, timestamp, properties));
    }

    /** Whether {@code USING delta} stands before the query. */
    private boolean usesDelta() {
        for (int i = cursor.position(); i < statement.tokens().size() && !statement.is(i, "select"); i++) {
            if (statement.is(i, "using") && statement.is(i + 1, "delta")) {
                return true;
            }
        }
        return false;
    }

    List<Verb.ColumnDefinition> columns() {
        List<Verb.ColumnDefinition> columns = new ArrayList<>();
        cursor.expect("(");
        do {
            String name = cursor.name();
            String type = type();
            boolean nullable = true;
            Optional<String> comment = Optional.empty();
            Optional<String> byDefault = Optional.empty();
            Optional<String> generated = Optional.empty();
            Optional<IdentityColumn> identity = Optional.empty();
            while (!cursor.sees(",") && !cursor.sees(")")) {
                if (cursor.accept("not", "null")) {
                    nullable = false;
                } else if (cursor.accept("default")) {
                    byDefault = Optional.of(cursor.until(",", ")", "comment", "not", "generated"));
                } else if (cursor.accept("generated", "always", "as", "(")) {
                    generated = Optional.of(cursor.until(")"));
                    cursor.expect(")");
                } else if (cursor.accept("generated", "always", "as", "identity")) {
                    identity = Optional.of(identity(name, false));
                } else if (cursor.accept("generated", "by", "default", "as", "identity")) {
                    identity = Optional.of(identity(name, true));
                } else if (cursor.accept("comment")) {
                    comment = Optional.of(cursor.text());
                } else if (!cursor.accept("null")) {
                    throw cursor.wrong(
                            "a column takes NOT NULL, COMMENT 'text', DEFAULT value, GENERATED ALWAYS AS (expression) and"
                                    + " GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY");
                }
            }
            columns.add(new Verb.ColumnDefinition(name, type, nullable, comment, byDefault, generated, identity));
        } while (cursor.accept(","));
        cursor.expect(")");
        return columns;
    }

    /** What follows AS IDENTITY: {@code [([START WITH n] [INCREMENT BY n])]}, in either order. */
    private IdentityColumn identity(String name, boolean explicit) {
        long start = 1;
        long step = 1;
        if (cursor.accept("(")) {
            while (!cursor.accept(")")) {
                if (cursor.accept("start", "with")) {
                    start = signed();
                } else if (cursor.accept("increment", "by")) {
                    step = signed();
                } else {
                    throw cursor.wrong("AS IDENTITY takes START WITH number and INCREMENT BY number");
                }
            }
        }
        return IdentityColumn.of(name, start, step, explicit);
    }

    private long signed() {
        boolean negative = cursor.accept("-");
        String digits = cursor.seesKind(Kind.NUMBER) ? cursor.next().text() : "";
        try {
            return Long.parseLong((negative ? "-" : "") + digits);
        } catch (NumberFormatException e) {
            throw cursor.wrong("expected a whole number of 64 bits");
        }
    }

    /** A type as DuckDB writes it; ARRAY, MAP and STRUCT in angle brackets, as Spark writes them, too. */
    String type() {
        Token first = cursor.next();
        if (!first.isName()) {
            cursor.back(cursor.position() - 1);
            throw cursor.wrong("expected a type");
        }
        StringBuilder type = new StringBuilder(spelled(first, cursor.sees("<")));
        if (first.is("array") && cursor.accept("<")) {
            type.setLength(0);
            type.append(type());
            closeAngle();
            type.append("[]");
        } else if (first.is("map") && cursor.accept("<")) {
            type.append('(').append(type());
            cursor.expect(",");
            type.append(", ").append(type()).append(')');
            closeAngle();
        } else if (first.is("struct") && cursor.accept("<")) {
            type.append('(');
            do {
                type.append(type.charAt(type.length() - 1) == '(' ? "" : ", ");
                type.append(io.lakeops.duckdb.type.SqlText.identifier(cursor.name()));
                cursor.accept(":");
                type.append(' ').append(type());
            } while (cursor.accept(","));
            closeAngle();
            type.append(')');
        } else {
            rest(type);
        }
        while (cursor.sees("[")) {
            type.append(cursor.next().text());
            if (cursor.seesKind(Kind.NUMBER)) {
                type.append(cursor.next().text());
            }
            cursor.expect("]");
            type.append(']');
        }
        return type.toString();
    }

    /** What may follow a type's first word: more words, or arguments in parentheses. */
    private void rest(StringBuilder type) {
        while (cursor.seesKind(Kind.WORD) && COLUMN_WORDS.stream().noneMatch(cursor::sees)) {
            type.append(' ').append(cursor.next().text());
        }
        if (!cursor.sees("(")) {
            return;
        }
        int depth = 0;
        do {
            Token token = cursor.next();
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            type.append(token.isName() && type.charAt(type.length() - 1) != '(' ? " " : "")
                    .append(token.text());
        } while (depth > 0);
        while (cursor.seesKind(Kind.WORD) && COLUMN_WORDS.stream().noneMatch(cursor::sees)) {
            type.append(' ').append(cursor.next().text());
        }
    }

    private void closeAngle() {
        cursor.expect(">");
    }

    private static String spelled(Token word, boolean nested) {
        if (nested || word.kind() == Kind.QUOTED) {
            return word.text();
        }
        return switch (word.lower()) {
            case "byte" -> "TINYINT";
            case "long" -> "BIGINT";
            case "timestamp_ntz" -> "TIMESTAMP";
            case "timestamp_ltz" -> "TIMESTAMPTZ";
            default -> word.text();
        };
    }

    /** {@code (key = value, …)}. */
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        cursor.expect("(");
        do {
            String key = key();
            if (!cursor.accept("=")) {
                throw cursor.wrong("expected = and the property's value");
            }
            Token value = cursor.next();
            if (properties.put(key, value.value()) != null) {
                cursor.back(cursor.position() - 1);
                throw cursor.wrong("the property '" + key + "' stands twice");
            }
        } while (cursor.accept(","));
        cursor.expect(")");
        return properties;
    }

    /** A property's name: a text, or words joined by dots. */
    String key() {
        if (cursor.seesKind(Kind.STRING)) {
            return cursor.text();
        }
        StringBuilder key = new StringBuilder(cursor.name());
        while (cursor.accept(".")) {
            key.append('.').append(cursor.name());
        }
        return key.toString();
    }
}
