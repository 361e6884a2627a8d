package io.lakeops.examples.drill;

import io.lakeops.engine.Rows;
import io.lakeops.report.Evidence;
import io.lakeops.report.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects the evidence of one scenario while it runs. */
final class Notebook {
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<Scenario.Expectation> expectations = new ArrayList<>();

    void add(Evidence one) {
        evidence.add(one);
    }

    void note(String text) {
        evidence.add(new Evidence.Note(text));
    }

    void beforeAfter(String title, Evidence.Change... changes) {
        evidence.add(new Evidence.BeforeAfter(title, List.of(changes)));
    }

    /** Something that must hold; the drill fails where it does not. */
    void expect(String text, boolean held, Object observed) {
        expectations.add(new Scenario.Expectation(text, held, String.valueOf(observed)));
    }

    void expectEqual(String text, Object expected, Object observed) {
        expect(text, expected.equals(observed), expected.equals(observed) ? observed : observed + ", not " + expected);
    }

    /** A listing of rows. */
    void list(String title, List<String> columns, List<List<Object>> rows) {
        evidence.add(new Evidence.Listing(title, new Rows(columns, new ArrayList<>(rows))));
    }

    /** Runs a scenario; an exception in it is an expectation that did not hold, and the drill goes on. */
    static Scenario run(String id, String title, String story, Consumer<Notebook> work) {
        Notebook notes = new Notebook();
        long start = System.nanoTime();
        try {
            work.accept(notes);
        } catch (RuntimeException e) {
            notes.expect("the scenario runs to its end", false, e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Scenario(id, title, List.of(story), notes.evidence, notes.expectations, took);
    }
}
