package io.lakeops.table;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A new definition of the table, whole: what is not the same as before, is changed.
 *
 * @param schema the columns from now on
 * @param partitionColumns by logical name
 * @param properties all properties from now on
 * @param description from now on
 * @param like a version of another table whose columns these are, with their ids and names in files, and all of whose
 *     features the table has from now on
 * @param clusteringColumns by logical name, dotted where nested; absent where they stay
 */
public record TableChange(
        Schema schema,
        List<String> partitionColumns,
        Map<String, String> properties,
        Optional<String> description,
        Optional<Snapshot> like,
        Optional<List<String>> clusteringColumns) {
    public TableChange {
        Objects.requireNonNull(schema);
        partitionColumns = List.copyOf(partitionColumns);
        properties = Map.copyOf(properties);
        clusteringColumns = clusteringColumns.map(List::copyOf);
    }

    /** A definition of a table that is clustered as before. */
    public TableChange(
            Schema schema,
            List<String> partitionColumns,
            Map<String, String> properties,
            Optional<String> description,
            Optional<Snapshot> like) {
        this(schema, partitionColumns, properties, description, like, Optional.empty());
    }

    /** A definition that is like no other table's. */
    public TableChange(
            Schema schema,
            List<String> partitionColumns,
            Map<String, String> properties,
            Optional<String> description) {
        this(schema, partitionColumns, properties, description, Optional.empty());
    }

    /** Other columns, and all else as it is. */
    public static TableChange ofColumns(Snapshot base, Schema schema) {
        return new TableChange(
                schema,
                base.partitionColumns(),
                base.detail().properties(),
                base.detail().description());
    }

    /** The same, clustered by these columns, or by none. */
    public TableChange clusteredBy(List<String> columns) {
        return new TableChange(schema, partitionColumns, properties, description, like, Optional.of(columns));
    }

    /** Whether the table is to be clustered by columns from now on. */
    public boolean clusters() {
        return clusteringColumns.filter(columns -> !columns.isEmpty()).isPresent();
    }
}
