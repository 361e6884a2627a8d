package io.lakeops.table;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A column, or a field of a struct.
 *
 * @param name the name that users see
 * @param type its type
 * @param nullable whether it may hold nulls
 * @param physicalName the name in the data files; the same as {@code name} without column mapping
 * @param fieldId the id in the data files, where the table has column mapping
 * @param metadata what the format keeps beside the field, as plain JSON values (see {@link io.lakeops.json.Json})
 */
public record Field(
        String name,
        DataType type,
        boolean nullable,
        String physicalName,
        OptionalInt fieldId,
        Map<String, @Nullable Object> metadata) {
    public Field {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        Objects.requireNonNull(physicalName);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** A nullable column without column mapping. */
    public static Field of(String name, DataType type) {
        return new Field(name, type, true, name, OptionalInt.empty(), Map.of());
    }

    /** The same column, never null. */
    public Field required() {
        return new Field(name, type, false, physicalName, fieldId, metadata);
    }
}
