package io.lakeops.report;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Something that was done, with its evidence.
 *
 * @param id stable, lower-case, such as {@code restore-after-delete}: pages link to it
 * @param title in words
 * @param story what was done and why, one text a paragraph
 * @param evidence in the order in which it was collected
 * @param expectations what had to hold
 * @param duration how long it took
 */
public record Scenario(
        String id,
        String title,
        List<String> story,
        List<Evidence> evidence,
        List<Expectation> expectations,
        Duration duration) {
    public Scenario {
        if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("an id is lower-case words joined by '-': " + id);
        }
        Objects.requireNonNull(title);
        story = List.copyOf(story);
        evidence = List.copyOf(evidence);
        expectations = List.copyOf(expectations);
        Objects.requireNonNull(duration);
    }

    /** Whether all its expectations held. */
    public boolean holds() {
        return expectations.stream().allMatch(Expectation::held);
    }

    /**
     * What had to hold.
     *
     * @param text in words, such as {@code a second load makes no new version}
     * @param held whether it did
     * @param observed what was seen, with figures
     */
    public record Expectation(String text, boolean held, String observed) {
        public Expectation {
            Objects.requireNonNull(text);
            Objects.requireNonNull(observed);
        }
    }
}
