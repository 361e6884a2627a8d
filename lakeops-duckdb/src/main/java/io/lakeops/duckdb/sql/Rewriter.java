package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Token.Kind;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns Delta's ways to name a table and a version into calls of the macro {@code delta_scan}, which DuckDB binds. What
 * needs no change is left as it stands, byte for byte.
 */
final class Rewriter {
    /** Words after a table that are no alias of it. */
    private static final Set<String> NO_ALIAS = Set.of(
            "where",
            "group",
            "order",
            "having",
            "limit",
            "offset",
            "join",
            "left",
            "right",
            "full",
            "inner",
            "outer",
            "cross",
            "natural",
            "asof",
            "positional",
            "semi",
            "anti",
            "on",
            "using",
            "union",
            "except",
            "intersect",
            "window",
            "qualify",
            "tablesample",
            "sample",
            "fetch",
            "for",
            "select",
            "pivot",
            "unpivot",
            "set",
            "returning",
            "when",
            "at",
            "with");

    private static final Set<String> SCAN_ARGUMENTS = Set.of("version", "timestamp");
    private static final Set<String> CHANGES_ARGUMENTS = Set.of("key");
    /** What stands before a table's name. */
    private static final Set<String> BEFORE_TABLE = Set.of(
            "from",
            "join",
            "using",
            "table",
            "describe",
            "summarize",
            "show",
            "pivot",
            "unpivot",
            "into",
            "update",
            ",",
            "(");

    private final TableNames names;

    Rewriter(TableNames names) {
        this.names = names;
    }

    String rewrite(String sql) {
        return rewrite(Statement.of(sql));
    }

    String rewrite(Statement statement) {
        Edits edits = new Edits(statement.text());
        List<Token> tokens = statement.tokens();
        int i = 0;
        while (i < tokens.size()) {
            Token token = tokens.get(i);
            if (token.is("delta_scan") && statement.is(i + 1, "(")) {
                namedArguments(statement, i + 1, SCAN_ARGUMENTS, edits);
                i += 2;
            } else if (token.is("table_changes") && statement.is(i + 1, "(")) {
                int next = tableInside(statement, i + 2, edits);
                namedArguments(statement, i + 1, CHANGES_ARGUMENTS, edits);
                i = next;
            } else if (token.is("restorable") && statement.is(i + 1, "(")) {
                i = tableInside(statement, i + 2, edits);
            } else {
                i = table(statement, i, edits);
            }
        }
        return edits.apply();
    }

    /** A {@code =} after a name that is an argument of its own becomes {@code :=}. */
    private static void namedArguments(Statement statement, int opening, Set<String> names, Edits edits) {
        List<Token> tokens = statement.tokens();
        int depth = 0;
        for (int i = opening; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("(") || token.is("[") || token.is("{")) {
                depth++;
            } else if (token.is(")") || token.is("]") || token.is("}")) {
                depth--;
                if (depth == 0) {
                    return;
                }
            } else if (depth == 1 && token.is("=") && (statement.is(i - 2, ",") || statement.is(i - 2, "("))) {
                if (!names.contains(tokens.get(i - 1).lower())) {
                    throw new LakeException(
                            ErrorCode.UNKNOWN_OPTION,
                            tokens.get(opening - 1).text() + " has no argument '"
                                    + tokens.get(i - 1).text() + "'",
                            Map.of("arguments", names.stream().sorted().toList()));
                }
                edits.replace(token.start(), token.end(), ":=");
            }
        }
    }

    /** Makes the table that a function is asked about a path; returns the token to go on with. */
    private int tableInside(Statement statement, int i, Edits edits) {
        boolean path = statement.is(i, "delta") && statement.is(i + 1, ".") && isKind(statement, i + 2, Kind.BACKTICK);
        boolean scan = statement.is(i, "delta_scan")
                && statement.is(i + 1, "(")
                && isKind(statement, i + 2, Kind.STRING)
                && statement.is(i + 3, ")");
        if (path || scan) {
            int last = path ? i + 2 : i + 3;
            edits.replace(
                    statement.tokens().get(i).start(),
                    statement.tokens().get(last).end(),
                    SqlText.string(statement.tokens().get(i + 2).value()));
            return last + 1;
        }
        boolean text = isKind(statement, i, Kind.STRING);
        if (!text && !isName(statement, i)) {
            return i;
        }
        List<String> parts = new ArrayList<>();
        int last = i;
        if (text) {
            String name = statement.tokens().get(i).value();
            if (names.isTable(name)) {
                return i + 1;
            }
            parts.addAll(List.of(name.split("\\.", -1)));
        } else {
            parts.add(statement.tokens().get(i).value());
            while (statement.is(last + 1, ".") && isName(statement, last + 2)) {
                parts.add(statement.tokens().get(last + 2).value());
                last += 2;
            }
        }
        Optional<String> mounted = names.mounted(parts);
        if (mounted.isPresent()) {
            edits.replace(
                    statement.tokens().get(i).start(),
                    statement.tokens().get(last).end(),
                    SqlText.string(mounted.get()));
        } else if (!text && parts.size() > 1) {
            throw noVersions(parts, statement);
        }
        return last + 1;
    }

    /** Rewrites the table that begins at {@code i}, if one does; returns the token to go on with. */
    private int table(Statement statement, int i, Edits edits) {
        Token first = statement.tokens().get(i);
        if (first.is("delta") && statement.is(i + 1, ".") && isKind(statement, i + 2, Kind.BACKTICK)) {
            String path = statement.tokens().get(i + 2).value();
            Suffix suffix = suffix(statement, i + 3);
            replace(statement, edits, i, suffix, call(path, suffix));
            return suffix.next();
        }
        if (first.kind() == Kind.STRING) {
            Suffix suffix = suffix(statement, i + 1);
            boolean fromTable = (statement.is(i - 1, "from") || statement.is(i - 1, "join"))
                    && !statement.is(0, "copy")
                    && names.isTable(first.value());
            if (suffix.isVersion() || fromTable) {
                replace(statement, edits, i, suffix, call(first.value(), suffix));
            }
            return suffix.next();
        }
        if (!first.isName() || statement.is(i - 1, ".")) {
            return i + 1;
        }
        List<String> parts = new ArrayList<>(List.of(first.value()));
        int after = i + 1;
        while (statement.is(after, ".") && isName(statement, after + 1)) {
            parts.add(statement.tokens().get(after + 1).value());
            after += 2;
        }
        Suffix suffix = suffix(statement, after);
        if (!suffix.isVersion()) {
            return after;
        }
        boolean isTable =
                i > 0 && BEFORE_TABLE.contains(statement.tokens().get(i - 1).lower());
        if (!isTable || (parts.size() == 1 && isExpression(statement, parts.get(0)))) {
            if (suffix.at() && !isTable) {
                return after;
            }
            throw new LakeException(
                    ErrorCode.SQL_SYNTAX,
                    isTable
                            ? "'" + parts.get(0)
                                    + "' is what this statement's WITH calls a query, which has no versions;"
                                    + " a table of that name is meant by its layer and name, or by its path"
                            : "a version stands right after a table, before its alias",
                    Map.of("statement", statement.text()));
        }
        Optional<String> path = names.mounted(parts);
        if (path.isEmpty()) {
            if (suffix.at()) {
                return after;
            }
            throw noVersions(parts, statement);
        }
        String alias =
                hasAlias(statement, suffix.next()) ? "" : " AS " + SqlText.identifier(parts.get(parts.size() - 1));
        replace(statement, edits, i, suffix, call(path.get(), suffix) + alias);
        return suffix.next();
    }

    private static LakeException noVersions(List<String> parts, Statement statement) {
        return new LakeException(
                ErrorCode.TABLE_NOT_FOUND,
                "no mounted table is named " + String.join(".", parts) + ", so it has no versions",
                Map.of("statement", statement.text()));
    }

    /** Whether the statement's WITH gives a query that name: {@code name [(columns)] AS [[NOT] MATERIALIZED] (}. */
    private static boolean isExpression(Statement statement, String name) {
        List<Token> tokens = statement.tokens();
        for (int i = 1; i < tokens.size(); i++) {
            boolean begins =
                    statement.is(i - 1, "with") || statement.is(i - 1, "recursive") || statement.is(i - 1, ",");
            if (!begins || !tokens.get(i).isName() || !tokens.get(i).value().equalsIgnoreCase(name)) {
                continue;
            }
            int next = i + 1;
            if (statement.is(next, "(")) {
                while (next < tokens.size() && !statement.is(next, ")")) {
                    next++;
                }
                next++;
            }
            if (statement.is(next, "using") && statement.is(next + 1, "key")) {
                return true;
            }
            if (statement.is(next, "as")) {
                next += statement.is(next + 1, "not") ? 2 : 1;
                next += statement.is(next, "materialized") ? 1 : 0;
                if (statement.is(next, "(")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasAlias(Statement statement, int next) {
        if (next >= statement.tokens().size()) {
            return false;
        }
        Token token = statement.tokens().get(next);
        return token.kind() == Kind.QUOTED || (token.kind() == Kind.WORD && !NO_ALIAS.contains(token.lower()));
    }

    /** {@code VERSION AS OF n}, {@code TIMESTAMP AS OF 'T'} or {@code @vN} at a token, if one stands there. */
    private static Suffix suffix(Statement statement, int i) {
        boolean version = statement.is(i, "version");
        if ((version || statement.is(i, "timestamp")) && statement.is(i + 1, "as") && statement.is(i + 2, "of")) {
            int value = i + 3;
            if (!version && isTypeOfText(statement, value) && isKind(statement, value + 1, Kind.STRING)) {
                String typed = statement.text(value, value + 1);
                return new Suffix(value + 2, "timestamp", typed, false);
            }
            if (!isKind(statement, value, version ? Kind.NUMBER : Kind.STRING)
                    && !isKind(statement, value, Kind.PARAMETER)) {
                throw new LakeException(
                        ErrorCode.SQL_SYNTAX,
                        version
                                ? "VERSION AS OF takes a whole number"
                                : "TIMESTAMP AS OF takes a text such as '2024-04-02 10:00:00'",
                        Map.of("statement", statement.text()));
            }
            String text = statement.tokens().get(value).text();
            return new Suffix(value + 1, version ? "version" : "timestamp", text, false);
        }
        if (statement.is(i, "@") && isKind(statement, i + 1, Kind.WORD)) {
            Token at = statement.tokens().get(i);
            Token word = statement.tokens().get(i + 1);
            boolean adjacent = statement.tokens().get(i - 1).end() == at.start() && at.end() == word.start();
            if (adjacent && word.text().matches("[vV][0-9]+")) {
                return new Suffix(i + 2, "version", word.text().substring(1), true);
            }
        }
        return new Suffix(i, "", "", false);
    }

    private static boolean isTypeOfText(Statement statement, int i) {
        return statement.is(i, "timestamp") || statement.is(i, "timestamptz") || statement.is(i, "date");
    }

    private static String call(String path, Suffix suffix) {
        String argument = suffix.isVersion() ? ", " + suffix.argument() + " := " + suffix.value() : "";
        return "delta_scan(" + SqlText.string(path) + argument + ")";
    }

    private static void replace(Statement statement, Edits edits, int first, Suffix suffix, String by) {
        edits.replace(
                statement.tokens().get(first).start(),
                statement.tokens().get(suffix.next() - 1).end(),
                by);
    }

    private static boolean isKind(Statement statement, int i, Kind kind) {
        return i < statement.tokens().size() && statement.tokens().get(i).kind() == kind;
    }

    private static boolean isName(Statement statement, int i) {
        return i < statement.tokens().size() && statement.tokens().get(i).isName();
    }

    static LakeException notYet(String verb) {
        return new LakeException(ErrorCode.NOT_YET, verb + " is not built yet");
    }

    /**
     * A version asked for after a table.
     *
     * @param next the token after it
     * @param argument of delta_scan; empty where no version stands here
     * @param value its SQL text
     * @param at whether it is {@code @vN}
     */
    private record Suffix(int next, String argument, String value, boolean at) {
        boolean isVersion() {
            return !argument.isEmpty();
        }
    }
}
