package io.lakeops.table;

import java.util.Objects;

/**
 * A number that an application commits at most once: the same or a smaller one is known to be done.
 *
 * <p>Source: Delta protocol, "Transaction Identifiers".
 */
public record Sequence(String application, long number) {
    public Sequence {
        Objects.requireNonNull(application);
    }
}
