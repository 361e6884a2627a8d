package io.lakeops.table;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The definition of a table that is to be created.
 *
 * @param partitionColumns by name, in order
 * @param clusteringColumns by name; a table is partitioned or clustered, not both
 * @param properties in the format's words
 */
public record TableSpec(
        Schema schema,
        List<String> partitionColumns,
        List<String> clusteringColumns,
        Map<String, String> properties,
        Optional<String> description) {
    public TableSpec {
        Objects.requireNonNull(schema);
        partitionColumns = List.copyOf(partitionColumns);
        clusteringColumns = List.copyOf(clusteringColumns);
        properties = Map.copyOf(properties);
    }

    /** A table with those columns and nothing else. */
    public static TableSpec of(Schema schema, String... partitionColumns) {
        return new TableSpec(schema, List.of(partitionColumns), List.of(), Map.of(), Optional.empty());
    }
}
