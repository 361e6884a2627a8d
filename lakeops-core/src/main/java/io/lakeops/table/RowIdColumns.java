package io.lakeops.table;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of data files in which rows that are written again keep the id that they had, and the version that brought or
 * last changed them. They are no columns of the table; a row that has null there goes by its file and place.
 *
 * <p>Source: Delta protocol, "Row Tracking", "Materialized Row IDs".
 *
 * @param id the column for a row's id, a LONG
 * @param version the column for the version that brought the row or last changed it, a LONG
 */
public record RowIdColumns(String id, String version) {
    private static final String ENABLED = "delta.enableRowTracking";
    private static final String ID = "delta.rowTracking.materializedRowIdColumnName";
    private static final String VERSION = "delta.rowTracking.materializedRowCommitVersionColumnName";

    /** Those of a table that keeps its rows' ids, by its properties. */
    public static Optional<RowIdColumns> of(Map<String, String> properties) {
        String id = properties.get(ID);
        String version = properties.get(VERSION);
        return Boolean.parseBoolean(properties.get(ENABLED)) && id != null && version != null
                ? Optional.of(new RowIdColumns(id, version))
                : Optional.empty();
    }

    /** Both, as files have them. */
    public List<Field> fields() {
        return List.of(Field.of(id, DataType.Primitive.LONG), Field.of(version, DataType.Primitive.LONG));
    }
}
