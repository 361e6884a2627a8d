package io.lakeops.duckdb.sql;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads INSERT, from the word after it on. */
final class InsertParser {
    private final VerbText text;
    private final Cursor cursor;

    InsertParser(VerbText text) {
        this.text = text;
        this.cursor = text.cursor();
    }

    Optional<Verb> parse() {
        if (cursor.accept("overwrite")) {
            return VerbText.notYet("INSERT OVERWRITE");
        }
        if (!cursor.accept("into")) {
            return Optional.empty();
        }
        Optional<TableRef> table = text.lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        if (cursor.accept("replace", "where")) {
            return VerbText.notYet("INSERT INTO … REPLACE WHERE");
        }
        boolean columns = cursor.sees("(") && !isQuery(1) && !cursor.sees(1, "(");
        List<String> named = columns ? cursor.names() : List.of();
        if (cursor.accept("by", "name") || cursor.accept("by", "position")) {
            return VerbText.notYet("INSERT INTO … BY NAME");
        }
        if (!isQuery(0) && !cursor.sees("(")) {
            throw cursor.wrong("expected SELECT or VALUES");
        }
        String query = text.rewriter().rewrite(cursor.rest());
        return Optional.of(new Verb.Insert(table.get(), named, query));
    }

    private boolean isQuery(int ahead) {
        return Stream.of("select", "values", "with", "from", "table").anyMatch(w -> cursor.sees(ahead, w));
    }
}
