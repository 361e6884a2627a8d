package io.lakeops.delta.internal.replay;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * The actions of a log as columns of a checkpoint.
 *
 * <p>Source: Delta protocol, "Checkpoint Schema".
 */
public final class ActionSchema {
    private static final DataType TEXTS = new DataType.Mapping(Primitive.STRING, Primitive.STRING, true);
    private static final DataType NAMES = new DataType.Array(Primitive.STRING, true);

    static final Field VECTOR = struct(
            "deletionVector",
            Field.of("storageType", Primitive.STRING),
            Field.of("pathOrInlineDv", Primitive.STRING),
            Field.of("offset", Primitive.INTEGER),
            Field.of("sizeInBytes", Primitive.INTEGER),
            Field.of("cardinality", Primitive.LONG),
            Field.of("maxRowIndex", Primitive.LONG));

    public static final Field TXN = struct(
            "txn",
            Field.of("appId", Primitive.STRING),
            Field.of("version", Primitive.LONG),
            Field.of("lastUpdated", Primitive.LONG));

    public static final Field REMOVE = struct(
            "remove",
            Field.of("path", Primitive.STRING),
            Field.of("deletionTimestamp", Primitive.LONG),
            Field.of("dataChange", Primitive.BOOLEAN),
            Field.of("extendedFileMetadata", Primitive.BOOLEAN),
            Field.of("partitionValues", TEXTS),
            Field.of("size", Primitive.LONG),
            Field.of("tags", TEXTS),
            VECTOR,
            Field.of("baseRowId", Primitive.LONG),
            Field.of("defaultRowCommitVersion", Primitive.LONG));

    public static final Field METADATA = struct(
            "metaData",
            Field.of("id", Primitive.STRING),
            Field.of("name", Primitive.STRING),
            Field.of("description", Primitive.STRING),
            struct("format", Field.of("provider", Primitive.STRING), Field.of("options", TEXTS)),
            Field.of("schemaString", Primitive.STRING),
            Field.of("partitionColumns", NAMES),
            Field.of("configuration", TEXTS),
            Field.of("createdTime", Primitive.LONG));

    public static final Field PROTOCOL = struct(
            "protocol",
            Field.of("minReaderVersion", Primitive.INTEGER),
            Field.of("minWriterVersion", Primitive.INTEGER),
            Field.of("readerFeatures", NAMES),
            Field.of("writerFeatures", NAMES));

    public static final Field DOMAIN = struct(
            "domainMetadata",
            Field.of("domain", Primitive.STRING),
            Field.of("configuration", Primitive.STRING),
            Field.of("removed", Primitive.BOOLEAN));

    /** Added files as commits have them. */
    public static final Field ADD = add(List.of());

    static final Field SIDECAR = struct("sidecar", Field.of("path", Primitive.STRING));

    private ActionSchema() {}

    /** The column of added files, with further fields at its end. */
    public static Field add(List<Field> further) {
        List<Field> fields = new ArrayList<>(List.of(
                Field.of("path", Primitive.STRING),
                Field.of("partitionValues", TEXTS),
                Field.of("size", Primitive.LONG),
                Field.of("modificationTime", Primitive.LONG),
                Field.of("dataChange", Primitive.BOOLEAN),
                Field.of("tags", TEXTS),
                VECTOR,
                Field.of("baseRowId", Primitive.LONG),
                Field.of("defaultRowCommitVersion", Primitive.LONG),
                Field.of("clusteringProvider", Primitive.STRING),
                Field.of("stats", Primitive.STRING)));
        fields.addAll(further);
        return Field.of("add", new DataType.Struct(fields));
    }

    public static Field struct(String name, Field... fields) {
        return Field.of(name, new DataType.Struct(List.of(fields)));
    }

    /** Where a field of a struct column stands in its row. */
    public static int ordinal(Field column, String field) {
        List<Field> fields = ((DataType.Struct) column.type()).fields();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(field)) {
                return i;
            }
        }
        throw new IllegalArgumentException(column.name() + " has no " + field);
    }
}
