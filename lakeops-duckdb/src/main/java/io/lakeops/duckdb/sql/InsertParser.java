package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Verb.InsertedRows;
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
        InsertedRows rows =
                new InsertedRows(partition, columns, byName, text.rewriter().rewrite(cursor.rest()));
        return Optional.of(
                overwrite || where.isPresent()
                        ? new Verb.Overwrite(table.get(), where, rows)
                        : new Verb.Insert(table.get(), rows));
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
