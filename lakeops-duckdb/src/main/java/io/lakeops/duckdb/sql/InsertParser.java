package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Verb.InsertedRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads INSERT INTO and INSERT OVERWRITE, from the word after INSERT on. */
final class InsertParser {
    private final VerbText text;
    private final Cursor cursor;
    private List<String> columns = List.of();
    private boolean byName;

    InsertParser(VerbText text) {
        this.text = text;
        this.cursor = text.cursor();
    }

    Optional<Verb> parse() {
        boolean overwrite = cursor.accept("overwrite");
        if (!overwrite && !cursor.accept("into")) {
            return Optional.empty();
        }
        Optional<TableRef> table = text.lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Optional<String>> partition = cursor.accept("partition") ? partition() : Map.of();
        columns();
        Optional<String> where = Optional.empty();
        if (!overwrite && partition.isEmpty() && cursor.accept("replace", "where")) {
            where = Optional.of(condition());
        }
        if (!isQuery(0) && !cursor.sees("(")) {
            throw cursor.wrong("expected SELECT or VALUES");
        }
        Map<Integer, List<Integer>> defaults = new LinkedHashMap<>();
        String query = cursor.sees("values") ? values(defaults) : cursor.rest();
        InsertedRows rows =
                new InsertedRows(partition, columns, byName, text.rewriter().rewrite(query), defaults);
        return Optional.of(
                overwrite || where.isPresent()
                        ? new Verb.Overwrite(table.get(), where, rows)
                        : new Verb.Insert(table.get(), rows));
    }

    /** VALUES to the statement's end, with NULL in place of each DEFAULT that is a whole value. */
    private String values(Map<Integer, List<Integer>> defaults) {
        int first = cursor.position();
        String rest = cursor.rest();
        List<Token> tokens = text.statement().tokens();
        StringBuilder query = new StringBuilder(rest);
        int offset = tokens.get(first).start();
        int moved = 0;
        int depth = 0;
        int row = 0;
        int place = 0;
        for (int i = first; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("(") || token.is("[") || token.is("{")) {
                depth++;
                if (depth == 1) {
                    row++;
                    place = 0;
                }
            } else if (token.is(")") || token.is("]") || token.is("}")) {
                depth--;
            } else if (token.is(",") && depth == 1) {
                place++;
            } else if (token.is("default") && depth == 1 && endsValue(i + 1) && beginsValue(i - 1)) {
                defaults.computeIfAbsent(place, p -> new ArrayList<>()).add(row);
                query.replace(token.start() - offset + moved, token.end() - offset + moved, "NULL");
                moved += "NULL".length() - token.text().length();
            }
        }
        return query.toString();
    }

    private boolean beginsValue(int at) {
        return text.statement().is(at, "(") || text.statement().is(at, ",");
    }

    private boolean endsValue(int at) {
        return text.statement().is(at, ")") || text.statement().is(at, ",");
    }

    /** {@code (columns)}, {@code BY NAME}, {@code BY POSITION} or nothing. */
    private void columns() {
        if (cursor.accept("by", "name")) {
            byName = true;
        } else if (!cursor.accept("by", "position") && cursor.sees("(") && !isQuery(1) && !cursor.sees(1, "(")) {
            columns = cursor.names();
            if (cursor.sees("by") && cursor.sees(1, "name")) {
                throw cursor.wrong("columns are named in a list or by the query, not both");
            }
        }
    }

    private Map<String, Optional<String>> partition() {
        Map<String, Optional<String>> partition = new LinkedHashMap<>();
        cursor.expect("(");
        do {
            String column = cursor.name();
            Optional<String> value = cursor.accept("=")
                    ? Optional.of(text.rewriter().rewrite(cursor.until(",", ")")))
                    : Optional.empty();
            if (partition.put(column, value) != null) {
                throw cursor.wrong("the partition column '" + column + "' stands twice");
            }
        } while (cursor.accept(","));
        cursor.expect(")");
        return partition;
    }

    /** The condition before the query; FROM can be part of it ({@code IS DISTINCT FROM}), so no query begins with it. */
    private String condition() {
        int first = cursor.position();
        cursor.until("select", "values", "with", "table");
        while (cursor.sees("with") && cursor.sees(1, "time")) {
            cursor.next();
            cursor.until("select", "values", "with", "table");
        }
        if (cursor.atEnd()) {
            throw cursor.wrong("expected SELECT, VALUES, WITH or TABLE after the condition");
        }
        return text.rewriter().rewrite(text.statement().text(first, cursor.position() - 1));
    }

    private boolean isQuery(int ahead) {
        return Stream.of("select", "values", "with", "from", "table").anyMatch(w -> cursor.sees(ahead, w));
    }
}
