package io.lakeops.engine;

import java.util.List;
import java.util.Objects;

/**
 * A new value of a column, or of a field in it.
 *
 * @param column its name
 * @param fields the names from there down to the field of a struct that gets the value; none gives the column the value. The
 *     struct's other fields stay, and are null where the struct was null
 * @param value computed from the row as it was
 */
public record Assignment(String column, List<String> fields, Expr value) {
    public Assignment {
        Objects.requireNonNull(column);
        fields = List.copyOf(fields);
        Objects.requireNonNull(value);
    }

    /** A new value of a whole column. */
    public Assignment(String column, Expr value) {
        this(column, List.of(), value);
    }
}
