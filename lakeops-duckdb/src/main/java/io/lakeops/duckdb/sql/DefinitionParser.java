package io.lakeops.duckdb.sql;

import java.util.List;
import java.util.Optional;

/** Reads ALTER, DROP, UNDROP and CONVERT, from the word after them on; CREATE has a parser of its own. */
final class DefinitionParser {
    private final VerbText text;
    private final Cursor cursor;

    DefinitionParser(VerbText text) {
        this.text = text;
        this.cursor = text.cursor();
    }

    Optional<Verb> alter() {
        return cursor.accept("table") ? new AlterParser(text).alter() : Optional.empty();
    }

    Optional<Verb> drop() {
        if (!cursor.accept("table")) {
            return Optional.empty();
        }
        cursor.accept("if", "exists");
        return text.notYetOnLakeTable("DROP TABLE");
    }

    Optional<Verb> undrop() {
        return VerbText.notYet("UNDROP TABLE");
    }

    Optional<Verb> convert() {
        if (!cursor.accept("to", "delta")) {
            return Optional.empty();
        }
        Optional<String> quoted = cursor.quotedPath("parquet").or(cursor::deltaPath);
        String path = quoted.isPresent() ? quoted.get() : cursor.text();
        boolean statistics = !cursor.accept("no", "statistics");
        List<Verb.ColumnDefinition> partitionedBy =
                cursor.accept("partitioned", "by") ? new CreateParser(text).columns() : List.of();
        statistics = !cursor.accept("no", "statistics") && statistics;
        cursor.expectEnd();
        return Optional.of(new Verb.Convert(path, partitionedBy, statistics));
    }
}
