package io.lakeops.engine;

import io.lakeops.table.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Rows to be written as data files of a table.
 *
 * @param rows what to write; its columns are matched to {@code schema} by name, cast to its types; a missing column is
 *     null; a column too many is SCHEMA_MISMATCH; a null in a column that is not nullable is CONSTRAINT_VIOLATED
 * @param schema logical columns, with the physical names and field ids that the files carry
 * @param partitionColumns by logical name; one folder each, path-safe, and not stored in the file
 * @param root the table's folder
 * @param targetFileBytes near which size a file ends
 * @param orderBy columns by which the rows are sorted; none keeps the input's order
 */
public record WriteRequest(
        Relation rows,
        Schema schema,
        List<String> partitionColumns,
        Path root,
        long targetFileBytes,
        List<String> orderBy) {
    public WriteRequest {
        Objects.requireNonNull(rows);
        Objects.requireNonNull(schema);
        partitionColumns = List.copyOf(partitionColumns);
        Objects.requireNonNull(root);
        orderBy = List.copyOf(orderBy);
    }
}
