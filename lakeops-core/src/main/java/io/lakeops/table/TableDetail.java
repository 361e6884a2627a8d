package io.lakeops.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a version says of the table itself.
 *
 * @param format the format's name, such as {@code delta}
 * @param id the table's unique id
 * @param name the name kept in the table, where there is one
 * @param description the description kept in the table
 * @param createdAt when the table was created
 * @param clusteringColumns the columns by which the table is clustered, by logical name, dotted where nested
 * @param properties the table's properties
 * @param minReaderVersion as the format's protocol numbers it
 * @param minWriterVersion as the format's protocol numbers it
 * @param features the table features in force, sorted
 */
public record TableDetail(
        String format,
        String id,
        Optional<String> name,
        Optional<String> description,
        Optional<Instant> createdAt,
        List<String> clusteringColumns,
        Map<String, String> properties,
        int minReaderVersion,
        int minWriterVersion,
        List<String> features) {
    public TableDetail {
        clusteringColumns = List.copyOf(clusteringColumns);
        properties = Map.copyOf(properties);
        features = List.copyOf(features);
    }
}
