package io.lakeops.duckdb.sql;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.LinkedHashMap;
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
        Map<String, String> set = new LinkedHashMap<>();
        do {
            String column = cursor.name();
            if (cursor.sees(".") || cursor.sees("[")) {
                throw new LakeException(
                        ErrorCode.NOT_YET, "UPDATE of a field within the column '" + column + "' is not built yet");
            }
            cursor.expect("=");
            if (set.put(column, text.rewriter().rewrite(cursor.until(",", "where"))) != null) {
                throw cursor.wrong("the column '" + column + "' is given two values");
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
