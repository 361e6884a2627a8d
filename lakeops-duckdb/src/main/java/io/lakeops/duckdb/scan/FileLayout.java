package io.lakeops.duckdb.scan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The columns of one Parquet file, as its footer has them.
 *
 * @param columns the top-level columns, in order
 */
record FileLayout(List<Node> columns) {
    FileLayout {
        columns = List.copyOf(columns);
    }

    /**
     * A column, a group, or a part of one.
     *
     * @param duckdbType what DuckDB reads it as
     * @param repeated whether it is itself repeated
     */
    record Node(String name, OptionalInt fieldId, String duckdbType, boolean repeated, List<Node> children) {
        Node {
            children = List.copyOf(children);
        }

        boolean isVariant() {
            return duckdbType.equals("VARIANT");
        }

        /** The repeated part of a list or map, where there is one. */
        Optional<Node> repeatedPart() {
            return children.size() == 1 && children.get(0).repeated ? Optional.of(children.get(0)) : Optional.empty();
        }

        /** An element of a list: the one child of the repeated part, or the repeated part itself in old layouts. */
        Node element() {
            return repeatedPart()
                    .map(part -> part.children.size() == 1 ? part.children.get(0) : part)
                    .orElse(this);
        }
    }
}
