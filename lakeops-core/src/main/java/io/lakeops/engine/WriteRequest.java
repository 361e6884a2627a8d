package io.lakeops.engine;

import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.RowIdColumns;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import io.lakeops.table.TargetFileSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
 * @param rules what each row must keep to; a row that doesn't is CONSTRAINT_VIOLATED and shown
 * @param filled generated columns whose null means that the value is not given; a column that the rows lack is not given
 *     either
 */
public record WriteRequest(
        Relation rows,
        Schema schema,
        List<String> partitionColumns,
        Path root,
        long targetFileBytes,
        List<String> orderBy,
        TableRules rules,
        List<String> filled) {
    public WriteRequest {
        Objects.requireNonNull(rows);
        Objects.requireNonNull(schema);
        partitionColumns = List.copyOf(partitionColumns);
        Objects.requireNonNull(root);
        orderBy = List.copyOf(orderBy);
        Objects.requireNonNull(rules);
        filled = List.copyOf(filled);
    }

    /** Rows of which nothing but the schema is demanded. */
    public WriteRequest(
            Relation rows,
            Schema schema,
            List<String> partitionColumns,
            Path root,
            long targetFileBytes,
            List<String> orderBy) {
        this(rows, schema, partitionColumns, root, targetFileBytes, orderBy, TableRules.none(), List.of());
    }

    /** Rows that are new to a table, or have new values: whatever the table demands of its rows is demanded of them. */
    public static WriteRequest into(Snapshot base, Relation rows) {
        TableRules rules = TableRules.of(base);
        List<String> filled = rows instanceof Relation.Updated updated ? updated.notGiven(rules) : List.of();
        return of(base, rows, rules).withFilled(filled);
    }

    /** Rows that a table has already, to be written once more as they are. */
    public static WriteRequest again(Snapshot base, Relation rows) {
        return of(base, rows, TableRules.none());
    }

    /**
     * Rows as a change feed records them, {@link Relation.Changes#TYPE} behind the table's columns. They are what they
     * are: no rule for new rows is put to them.
     */
    public static WriteRequest ofChanges(Snapshot base, Path folder, Relation rows) {
        List<Field> fields = new ArrayList<>(base.schema().fields());
        fields.add(Field.of(Relation.Changes.TYPE, DataType.Primitive.STRING));
        return new WriteRequest(
                rows, new Schema(fields), base.partitionColumns(), folder, TargetFileSize.of(base), List.of());
    }

    private static WriteRequest of(Snapshot base, Relation rows, TableRules rules) {
        WriteRequest plain = new WriteRequest(
                rows,
                base.schema(),
                base.partitionColumns(),
                base.location().root(),
                TargetFileSize.of(base),
                List.of(),
                rules,
                List.of());
        return plain.withRowIds(Relation.rowIds(rows));
    }

    /** Rows that have their ids and versions in these columns, which the files keep. */
    public WriteRequest withRowIds(Optional<RowIdColumns> columns) {
        if (columns.isEmpty()) {
            return this;
        }
        List<Field> fields = new ArrayList<>(schema.fields());
        fields.addAll(columns.get().fields());
        return new WriteRequest(
                rows, new Schema(fields), partitionColumns, root, targetFileBytes, orderBy, rules, filled);
    }

    public WriteRequest withFilled(List<String> columns) {
        return new WriteRequest(rows, schema, partitionColumns, root, targetFileBytes, orderBy, rules, columns);
    }

    public WriteRequest withTargetFileBytes(long bytes) {
        return new WriteRequest(rows, schema, partitionColumns, root, bytes, orderBy, rules, filled);
    }

    public WriteRequest withOrderBy(List<String> columns) {
        return new WriteRequest(rows, schema, partitionColumns, root, targetFileBytes, columns, rules, filled);
    }
}
