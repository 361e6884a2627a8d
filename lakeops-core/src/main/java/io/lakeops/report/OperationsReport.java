package io.lakeops.report;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * An operations document as data; lakeops-report makes pages of it.
 *
 * @param title of the whole
 * @param summary in words, one text a paragraph
 * @param generatedAt when the evidence was collected
 * @param facts about the run, such as its scale and its versions
 * @param sections in the order of {@link Deliverable}
 */
public record OperationsReport(
        String title, List<String> summary, Instant generatedAt, List<Fact> facts, List<Section> sections) {
    public OperationsReport {
        Objects.requireNonNull(title);
        summary = List.copyOf(summary);
        Objects.requireNonNull(generatedAt);
        facts = List.copyOf(facts);
        sections = List.copyOf(sections);
    }

    /** Something worth knowing about the run, such as {@code scale} and {@code 0.02}. */
    public record Fact(String label, String value) {}

    /** Whether every expectation of every scenario held. */
    public boolean holds() {
        return sections.stream().flatMap(s -> s.scenarios().stream()).allMatch(Scenario::holds);
    }

    /** All expectations. */
    public List<Scenario.Expectation> expectations() {
        return sections.stream()
                .flatMap(s -> s.scenarios().stream())
                .flatMap(s -> s.expectations().stream())
                .toList();
    }
}
