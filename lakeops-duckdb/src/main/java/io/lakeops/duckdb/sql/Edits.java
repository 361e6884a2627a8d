package io.lakeops.duckdb.sql;

import java.util.ArrayList;
import java.util.List;

/** Replacements of parts of a text, made in order from its start. */
final class Edits {
    private final String text;
    private final List<Edit> edits = new ArrayList<>();

    Edits(String text) {
        this.text = text;
    }

    void replace(int start, int end, String by) {
        edits.add(new Edit(start, end, by));
    }

    String apply() {
        if (edits.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 32);
        int done = 0;
        for (Edit edit : edits) {
            out.append(text, done, edit.start()).append(edit.by());
            done = edit.end();
        }
        return out.append(text, done, text.length()).toString();
    }

    private record Edit(int start, int end, String by) {}
}
