package io.lakeops.duckdb.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads DELETE, UPDATE, MERGE and TRUNCATE, from the word after them on. */
final class ChangeParser {
    private final VerbText text;
    private final Cursor cursor;

    ChangeParser(VerbText text) {
        this.text = text;
        this.cursor = text.cursor();
    }

    Optional<Verb> delete() {
        if (!cursor.accept("from")) {
            return Optional.empty();
        }
        Optional<TableRef> table = text.lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        if (cursor.sees("using")) {
            return VerbText.notYet("DELETE … USING");
        }
        return Optional.of(new Verb.Delete(table.get(), text.condition()));
    }

    Optional<Verb> update() {
        Optional<TableRef> table = text.lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        cursor.expect("set");
        Map<List<String>, String> set = new LinkedHashMap<>();
        do {
            List<String> path = cursor.path();
            cursor.expect("=");
            if (set.put(path, text.rewriter().rewrite(cursor.until(",", "where"))) != null) {
                throw cursor.wrong("'" + String.join(".", path) + "' is given two values");
            }
        } while (cursor.accept(","));
        return Optional.of(new Verb.Update(table.get(), set, text.condition()));
    }

    Optional<Verb> truncate() {
        Optional<TableRef> table = text.lakeTable();
        table.ifPresent(t -> cursor.expectEnd());
        return table.map(t -> new Verb.Delete(t, Optional.empty()));
    }

    Optional<Verb> merge() {
        boolean evolves = cursor.accept("with", "schema", "evolution");
        if (!cursor.accept("into")) {
            return Optional.empty();
        }
        return text.lakeTable().map(table -> new MergeParser(text, table, evolves).parse());
    }
}
