package io.lakeops.report;

import java.util.List;
import java.util.Objects;

/**
 * One part of the document.
 *
 * @param deliverable which
 * @param introduction in words, one text a paragraph
 * @param scenarios what was run
 * @param thin what this part does not show yet, said openly
 */
public record Section(Deliverable deliverable, List<String> introduction, List<Scenario> scenarios, List<String> thin) {
    public Section {
        Objects.requireNonNull(deliverable);
        introduction = List.copyOf(introduction);
        scenarios = List.copyOf(scenarios);
        thin = List.copyOf(thin);
    }
}
