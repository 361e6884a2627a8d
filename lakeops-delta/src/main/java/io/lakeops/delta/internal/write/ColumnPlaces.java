package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.table.Schema;

/**
 * Where new columns will stand in the files of a table, for those who write files before the commit that brings the columns.
 *
 * <p>Source: Delta protocol, "Column Mapping".
 */
public final class ColumnPlaces {
    private ColumnPlaces() {}

    /** The columns with ids and physical names, where the table maps its columns: those of the table keep theirs. */
    public static Schema of(Metadata metadata, Schema wanted) {
        if (metadata.columnMapping().equals("none")) {
            return wanted;
        }
        return Definition.ids(metadata, wanted).assignLike(metadata.schema(), wanted);
    }
}
