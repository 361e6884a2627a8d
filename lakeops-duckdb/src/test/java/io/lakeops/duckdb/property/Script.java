package io.lakeops.duckdb.property;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is done to a table of the lake and to a plain table of DuckDB.
 *
 * @param lake statements in which {@code {t}} stands for the table
 * @param plain the same for DuckDB
 */
record Script(List<String> lake, List<String> plain, List<Step> steps) {
    sealed interface Step {
        /** Every step has its own; it stays when others are taken out. */
        int number();
    }

    /**
     * A statement, with its rows apart so that a failing case can be made smaller.
     *
     * @param rows stand for {@code {rows}}, by commas; a statement without them has none
     * @param reads a condition that the table is then asked for, the files left out by it among them
     */
    record Change(int number, List<String> lake, List<String> plain, List<String> rows, String reads) implements Step {
        List<String> onLake() {
            return filled(lake);
        }

        List<String> onPlain() {
            return filled(plain);
        }

        private List<String> filled(List<String> statements) {
            return statements.stream()
                    .map(sql -> sql.replace("{rows}", String.join(", ", rows)))
                    .toList();
        }
    }

    /** @param to the step after which the table was as it shall be again */
    record Restore(int number, int to) implements Step {}

    Script without(int from, int count) {
        List<Step> left = new ArrayList<>(steps);
        left.subList(from, from + count).clear();
        return new Script(lake, plain, left);
    }

    /** The same with other rows of a step. */
    Script withRows(int step, List<String> rows) {
        List<Step> changed = new ArrayList<>(steps);
        Change change = (Change) changed.get(step);
        changed.set(step, new Change(change.number(), change.lake(), change.plain(), rows, change.reads()));
        return new Script(lake, plain, changed);
    }

    /** As one runs it by hand. */
    @Override
    public String toString() {
        return String.join(";\n", lake) + ";\n"
                + steps.stream()
                        .map(step -> step instanceof Change change
                                ? String.join(";\n", change.onLake()) + ";\n-- then WHERE " + change.reads()
                                : "-- back to where it was after step " + ((Restore) step).to())
                        .collect(Collectors.joining("\n"));
    }
}
