package io.lakeops.duckdb.sql;

import java.util.Optional;
import java.util.OptionalLong;

/** Reads DESCRIBE and SHOW, from the word after them on. */
final class DescribeParser {
    private final VerbText text;
    private final Cursor cursor;

    DescribeParser(VerbText text) {
        this.text = text;
        this.cursor = text.cursor();
    }

    Optional<Verb> describe() {
        if (cursor.accept("history")) {
            Optional<TableRef> table = text.table();
            if (table.isEmpty()) {
                return Optional.empty();
            }
            OptionalLong limit = cursor.accept("limit") ? OptionalLong.of(cursor.whole()) : OptionalLong.empty();
            cursor.expectEnd();
            return Optional.of(new Verb.DescribeHistory(table.get(), limit));
        }
        if (cursor.accept("detail")) {
            Optional<TableRef> table = text.table();
            if (table.isEmpty()) {
                return Optional.empty();
            }
            cursor.expectEnd();
            return Optional.of(new Verb.DescribeDetail(table.get()));
        }
        return Optional.empty();
    }

    Optional<Verb> show() {
        return cursor.accept("tblproperties") ? new AlterParser(text).showProperties() : Optional.empty();
    }
}
