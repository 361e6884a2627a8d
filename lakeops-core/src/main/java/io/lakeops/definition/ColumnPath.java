package io.lakeops.definition;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A column, or a field within one: the names from the column down. What a list holds is called {@code element}, what a map
 * holds {@code key} and {@code value}.
 *
 * <p>Errors: INVALID_ARGUMENT for a path without a name.
 */
public record ColumnPath(List<String> parts) {
    public ColumnPath {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || parts.stream().anyMatch(String::isEmpty)) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a column's path needs names: " + parts);
        }
    }

    public static ColumnPath of(String... parts) {
        return new ColumnPath(List.of(parts));
    }

    /** The column's or field's own name. */
    public String name() {
        return parts.get(parts.size() - 1);
    }

    /** The names above it. */
    List<String> above() {
        return parts.subList(0, parts.size() - 1);
    }

    ColumnPath renamed(String name) {
        return new ColumnPath(java.util.stream.Stream.concat(above().stream(), java.util.stream.Stream.of(name))
                .toList());
    }

    /** Joined by dots; a name that is no plain word stands in backticks. */
    @Override
    public String toString() {
        return parts.stream()
                .map(part -> part.matches("[A-Za-z0-9_]+") ? part : '`' + part.replace("`", "``") + '`')
                .collect(Collectors.joining("."));
    }
}
