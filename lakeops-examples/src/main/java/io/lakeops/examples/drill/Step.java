package io.lakeops.examples.drill;

import io.lakeops.report.Deliverable;
import java.sql.SQLException;
import java.util.List;

/**
 * One scenario of the drill.
 *
 * @param id stable, such as {@code restore-after-delete}
 * @param part the section of the report that it stands in
 * @param story what is done and why, one text a paragraph
 */
record Step(String id, String title, Deliverable part, List<String> story, Play play) {
    Step {
        story = List.copyOf(story);
    }

    /** What is done. Whatever it throws is an expectation that did not hold, and the next step runs. */
    @FunctionalInterface
    interface Play {
        void on(Scene scene) throws SQLException;
    }
}
