package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.scan.FileLayout.Node;
import io.lakeops.table.Field;
import java.util.List;
import java.util.Optional;

/** How a field is found among the columns of a file. */
enum Matching {
    /** By its physical name, whatever the case. */
    BY_NAME {
        @Override
        Optional<Node> find(List<Node> nodes, Field field) {
            for (Node node : nodes) {
                if (node.name().equals(field.physicalName())) {
                    return Optional.of(node);
                }
            }
            return nodes.stream()
                    .filter(node -> node.name().equalsIgnoreCase(field.physicalName()))
                    .findFirst();
        }
    },

    /** By its id; by name where the file has none. A column without an id in a file with ids is another one. */
    BY_ID {
        @Override
        Optional<Node> find(List<Node> nodes, Field field) {
            if (field.fieldId().isEmpty()
                    || nodes.stream().noneMatch(node -> node.fieldId().isPresent())) {
                return BY_NAME.find(nodes, field);
            }
            return nodes.stream()
                    .filter(node -> node.fieldId().equals(field.fieldId()))
                    .findFirst();
        }
    };

    abstract Optional<Node> find(List<Node> nodes, Field field);

    /** What to ask for where the file has no such field: a name that it doesn't have. */
    static String absentName(List<Node> nodes, Field field, int index) {
        boolean taken = nodes.stream().anyMatch(node -> node.name().equalsIgnoreCase(field.physicalName()));
        return taken ? "lakeops absent " + index : field.physicalName();
    }
}
