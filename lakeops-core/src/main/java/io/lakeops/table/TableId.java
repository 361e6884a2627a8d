package io.lakeops.table;

import java.util.Objects;

/**
 * What people call a table: a layer and a name, such as {@code bronze.orders}.
 *
 * @param layer the layer, or an empty string for a table that is known by its path alone
 * @param name the table's name
 */
public record TableId(String layer, String name) {
    public TableId {
        Objects.requireNonNull(layer);
        Objects.requireNonNull(name);
    }

    /** A table known by its path alone, named after its last folder. */
    public static TableId of(TableLocation location) {
        return new TableId("", String.valueOf(location.root().getFileName()));
    }

    @Override
    public String toString() {
        return layer.isEmpty() ? name : layer + "." + name;
    }
}
