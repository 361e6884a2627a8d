package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Token.Kind;
import io.lakeops.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads SET and RESET of the {@code lakeops_…} options, from the word after them on. */
final class OptionParser {
    private final Cursor cursor;

    OptionParser(VerbText text) {
        this.cursor = text.cursor();
    }

    Optional<Verb> set() {
        Optional<String> name = name();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        if (!cursor.accept("=")) {
            cursor.expect("to");
        }
        if (cursor.sees("[")) {
            return Optional.of(new Verb.SetOption(name.get(), Optional.of(Json.write(texts()))));
        }
        StringBuilder value = new StringBuilder();
        int first = cursor.position();
        while (!cursor.atEnd()) {
            Token token = cursor.next();
            value.append(cursor.position() > first + 1 && token.kind() == Kind.WORD ? " " : "")
                    .append(token.value());
        }
        if (value.isEmpty()) {
            throw cursor.wrong("expected a value for " + name.get());
        }
        return Optional.of(new Verb.SetOption(name.get(), Optional.of(value.toString())));
    }

    /** {@code ['a', 'b', …]}. */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        cursor.expect("[");
        while (!cursor.sees("]")) {
            texts.add(cursor.text());
            if (!cursor.accept(",")) {
                break;
            }
        }
        cursor.expect("]");
        cursor.expectEnd();
        return texts;
    }

    Optional<Verb> reset() {
        Optional<String> name = name();
        name.ifPresent(n -> cursor.expectEnd());
        return name.map(n -> new Verb.SetOption(n, Optional.empty()));
    }

    /** The option's name; empty where it is DuckDB's. */
    private Optional<String> name() {
        while (cursor.accept("session") || cursor.accept("global") || cursor.accept("local")) {
            // The word changes nothing: these options belong to the connection.
        }
        if (cursor.atEnd() || !cursor.seesKind(Kind.WORD)) {
            return Optional.empty();
        }
        return Optional.of(cursor.next().lower()).filter(name -> name.startsWith("lakeops_"));
    }
}
