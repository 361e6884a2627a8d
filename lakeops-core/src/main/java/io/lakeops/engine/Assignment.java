package io.lakeops.engine;

import java.util.Objects;

/**
 * A column's new value.
 *
 * @param column its name
 * @param value computed from the row as it was
 */
public record Assignment(String column, Expr value) {
    public Assignment {
        Objects.requireNonNull(column);
        Objects.requireNonNull(value);
    }
}
