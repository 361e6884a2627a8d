package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableRules;
import io.lakeops.table.TableSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** A table's protocol and metadata together, as a commit is to make them. */
record Definition(Protocol protocol, Metadata metadata) {
    private static final String MODE = "delta.columnMapping.mode";
    private static final String MAX_ID = "delta.columnMapping.maxColumnId";
    private static final String ODD_IN_NAMES = " ,;{}()\n\t=";
    private static final String ROW_TRACKING = "delta.enableRowTracking";
    private static final String IN_COMMIT = "delta.enableInCommitTimestamps";

    /**
     * The definition of a new table.
     *
     * @param stored whether its files are there already, so that columns are called in them as in the definition; where other
     *     writers would refuse such names, column mapping is switched on
     */
    static Definition create(TableSpec spec, long now, boolean stored) {
        TableProperties.check(Map.of(), spec.properties(), false);
        Map<String, String> properties = new TreeMap<>(TableProperties.withOwn(Map.of(), spec.properties()));
        if (stored && spec.schema().fields().stream().anyMatch(Definition::needsMapping)) {
            properties.putIfAbsent(MODE, "name");
        }
        requirePartitions(spec.schema(), spec.partitionColumns());
        requirePartitionNames(spec.partitionColumns(), properties);
        if (!spec.partitionColumns().isEmpty() && !spec.clusteringColumns().isEmpty()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "a table is partitioned or clustered, not both", Map.of());
        }
        spec.clusteringColumns().forEach(spec.schema()::require);
        requireNumbers(spec.schema(), spec.partitionColumns());
        Schema schema = spec.schema();
        String mode = properties.getOrDefault(MODE, "none");
        if (!mode.equals("none")) {
            ColumnIds ids = new ColumnIds(0, true);
            schema = stored ? ids.keepNames(schema) : ids.assign(schema);
            properties.put(MAX_ID, Integer.toString(ids.last()));
        } else {
            requireUnmapped(schema);
        }
        nameRowIds(properties);
        Protocol protocol = Features.needed(
                Protocol.legacy(),
                schema,
                stored ? properties : spec.properties(),
                !spec.clusteringColumns().isEmpty());
        Features.requireRowsWritable(
                protocol.with(
                        List.of("generatedColumns", "identityColumns", "allowColumnDefaults"), Features.READER_WRITER),
                new Metadata(
                        "", Optional.empty(), spec.description(), schema, List.of(), Map.of(), OptionalLong.empty()),
                TableRules.of(schema, Map.of()));
        return new Definition(
                protocol,
                new Metadata(
                        UUID.randomUUID().toString(),
                        Optional.empty(),
                        spec.description(),
                        schema,
                        spec.partitionColumns().stream()
                                .map(name -> spec.schema().require(name).name())
                                .toList(),
                        properties,
                        OptionalLong.of(now)));
    }

    /** The definition of a new table that is like another's version; rows, timestamps and ids of rows begin anew. */
    static Definition like(BaseVersion source, Map<String, String> wanted, long now) {
        Features.requireWritable(source.protocol());
        Metadata model = source.metadata();
        requireLike(model, wanted);
        Map<String, String> properties = new TreeMap<>(TableProperties.withOwn(Map.of(), wanted));
        Optional.ofNullable(model.properties().get(MAX_ID)).ifPresent(id -> properties.put(MAX_ID, id));
        nameRowIds(properties);
        return new Definition(
                Features.needed(source.protocol(), model.schema(), wanted, false),
                new Metadata(
                        UUID.randomUUID().toString(),
                        Optional.empty(),
                        Optional.empty(),
                        model.schema(),
                        model.partitionColumns(),
                        properties,
                        OptionalLong.of(now)));
    }

    /** With the features of a table that this one becomes like. */
    Definition taking(BaseVersion source, Map<String, String> wanted) {
        Features.requireWritable(source.protocol());
        requireLike(source.metadata(), wanted);
        if (!metadata.columnMapping().equals(source.metadata().columnMapping())) {
            throw Features.unsupported(
                    "columnMapping",
                    "the mode can't change from '" + metadata.columnMapping() + "' to '"
                            + source.metadata().columnMapping() + "'; clone into a new table");
        }
        return new Definition(protocol.with(source.protocol().features(), Features.READER_WRITER), metadata);
    }

    /** Files are found in the table that is like another as they are in that one, and rows were held to its rules alone. */
    private static void requireLike(Metadata model, Map<String, String> wanted) {
        TableProperties.check(model.properties(), wanted, false);
        String mode = wanted.getOrDefault(MODE, "none");
        if (!mode.equals(model.columnMapping())) {
            throw Features.unsupported(
                    "columnMapping",
                    "a clone can't have the mode '" + mode + "' of a source with '" + model.columnMapping() + "'");
        }
    }

    private static void nameRowIds(Map<String, String> properties) {
        if (Boolean.parseBoolean(properties.get(ROW_TRACKING))) {
            properties.put("delta.rowTracking.materializedRowIdColumnName", "_row-id-col-" + UUID.randomUUID());
            properties.put(
                    "delta.rowTracking.materializedRowCommitVersionColumnName",
                    "_row-commit-version-col-" + UUID.randomUUID());
        }
    }

    /**
     * This definition after a change.
     *
     * @param empty whether the table has no files
     * @param looked whether whoever changes it looked at every row
     * @param restore whether an earlier definition comes back together with its files, so that columns may go
     * @param replaces whether it takes the place of the earlier one, none of whose files stay
     */
    Definition change(TableChange change, boolean empty, boolean looked, boolean restore, boolean replaces) {
        TableProperties.check(metadata.properties(), change.properties(), looked || restore);
        Map<String, String> properties =
                new TreeMap<>(TableProperties.withOwn(metadata.properties(), change.properties()));
        if (replaces) {
            // What a reader of the log relies on from the version on at which it began.
            for (String lasting : List.of(MODE, IN_COMMIT)) {
                Optional.ofNullable(metadata.properties().get(lasting))
                        .ifPresent(value -> properties.putIfAbsent(lasting, value));
            }
        }
        Schema schema = mapped(change.schema(), properties, restore);
        if (!restore && !replaces) {
            boolean mapped = !properties.getOrDefault(MODE, "none").equals("none");
            boolean widening = Boolean.parseBoolean(properties.get(TypeWidening.PROPERTY))
                    && !protocol.has("typeWidening-preview");
            new SchemaChange(mapped, empty, looked, widening).check(metadata.schema(), schema);
            schema = TypeWidening.noted(metadata.schema(), schema);
        }
        if (restore) {
            schema = IdentityMarks.kept(metadata.schema(), schema);
        }
        Schema columns = schema;
        requirePartitions(columns, change.partitionColumns());
        requireNumbers(columns, change.partitionColumns());
        List<String> partitions = change.partitionColumns().stream()
                .map(name -> columns.require(name).name())
                .toList();
        List<String> before =
                metadata.partitionFields().stream().map(Field::physicalName).toList();
        if (!before.equals(partitions.stream()
                        .map(name -> columns.require(name).physicalName())
                        .toList())
                && !empty
                && !restore
                && !replaces) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the partition columns of a table with files can't change",
                    Map.of("before", metadata.partitionColumns(), "after", partitions));
        }
        if (!partitions.equals(metadata.partitionColumns()) && !restore) {
            requirePartitionNames(partitions, properties);
        }
        if (Boolean.parseBoolean(properties.get(ROW_TRACKING)) && !metadata.flag(ROW_TRACKING)) {
            throw Features.unsupported("rowTracking", "it can be switched on only when a table is created");
        }
        if (!Boolean.parseBoolean(properties.get(IN_COMMIT))) {
            properties.remove("delta.inCommitTimestampEnablementVersion");
            properties.remove("delta.inCommitTimestampEnablementTimestamp");
        }
        return new Definition(
                Features.needed(protocol, schema, change.properties(), change.clusters()),
                new Metadata(
                        metadata.id(),
                        metadata.name(),
                        change.description(),
                        schema,
                        partitions,
                        properties,
                        metadata.createdTime()));
    }

    /** Whether in-commit timestamps begin with this definition, on a table that had none. */
    boolean startsInCommitTimestamps(Definition before) {
        return metadata.flag(IN_COMMIT) && !before.metadata.flag(IN_COMMIT);
    }

    /** With the mark of where in-commit timestamps begin. */
    Definition withInCommitTimestampsFrom(long version, long timestamp) {
        Map<String, String> properties = new TreeMap<>(metadata.properties());
        properties.put("delta.inCommitTimestampEnablementVersion", Long.toString(version));
        properties.put("delta.inCommitTimestampEnablementTimestamp", Long.toString(timestamp));
        return new Definition(
                protocol,
                new Metadata(
                        metadata.id(),
                        metadata.name(),
                        metadata.description(),
                        metadata.schema(),
                        metadata.partitionColumns(),
                        properties,
                        metadata.createdTime()));
    }

    private Schema mapped(Schema schema, Map<String, String> properties, boolean restore) {
        String before = metadata.columnMapping();
        String after = properties.getOrDefault(MODE, "none");
        boolean same = before.equals(after);
        boolean starts = before.equals("none") && after.equals("name");
        if (!same && !starts) {
            if (!restore) {
                throw Features.unsupported(
                        "columnMapping", "the mode can't change from '" + before + "' to '" + after + "'");
            }
            // Files of both times are found by physical names only while the mapping stays.
            properties.put(MODE, before);
            after = before;
        }
        if (after.equals("none")) {
            requireUnmapped(schema);
            return schema;
        }
        ColumnIds ids = ids(metadata, schema);
        Schema mapped;
        if (starts) {
            mapped = ids.keepNames(schema);
        } else if (restore) {
            mapped = ids.assignByStoredName(metadata.schema(), schema);
        } else {
            mapped = ids.assignLike(metadata.schema(), schema);
        }
        ColumnIds.requireDistinct(mapped);
        properties.put(MAX_ID, Integer.toString(ids.last()));
        return mapped;
    }

    /** Gives ids beyond all that the table ever had, and that the columns have already. */
    static ColumnIds ids(Metadata metadata, Schema schema) {
        int max = Integer.parseInt(metadata.properties().getOrDefault(MAX_ID, "0"));
        return new ColumnIds(Math.max(max, ColumnIds.greatest(schema)), false);
    }

    private static void requireUnmapped(Schema schema) {
        schema.fields().forEach(Definition::requireUnmapped);
    }

    private static void requireUnmapped(Field field) {
        if (field.fieldId().isPresent()) {
            throw Features.unsupported("columnMapping", "the column " + field.name() + " has an id of its own");
        }
        if (!field.physicalName().equals(field.name())) {
            throw Features.unsupported(
                    "columnMapping",
                    "the column " + field.name() + " can't be called other than in the files, '" + field.physicalName()
                            + "'; SET TBLPROPERTIES ('" + MODE + "' = 'name') switches it on");
        }
        if (field.type() instanceof DataType.Struct struct) {
            struct.fields().forEach(Definition::requireUnmapped);
        }
    }

    /** What a table can number. */
    private static void requireNumbers(Schema schema, List<String> partitionColumns) {
        for (IdentityColumn column : IdentityColumn.all(schema)) {
            Field field = schema.require(column.column());
            String why = field.type() != DataType.Primitive.LONG
                    ? "is of the type BIGINT"
                    : partitionColumns.stream().anyMatch(field.name()::equalsIgnoreCase)
                            ? "does not partition the table"
                            : field.metadata().containsKey(TableRules.GENERATION)
                                            || field.metadata().containsKey(TableRules.DEFAULT)
                                    ? "is not computed and has no default"
                                    : "";
            if (!why.isEmpty()) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "an identity column " + why,
                        Map.of("column", column.toString(), "type", field.type()));
            }
        }
    }

    /** Without column mapping Spark lets nobody alter a table that is partitioned by a column of such a name. */
    private static void requirePartitionNames(List<String> columns, Map<String, String> properties) {
        if (!properties.getOrDefault(MODE, "none").equals("none")) {
            return;
        }
        for (String column : columns) {
            if (isOdd(column)) {
                throw Features.unsupported(
                        "columnMapping",
                        "the name of the partition column '" + column
                                + "' holds one of \" ,;{}()\\n\\t=\"; TBLPROPERTIES ('" + MODE
                                + "' = 'name') allows it");
            }
        }
    }

    private static boolean isOdd(String name) {
        return name.chars().anyMatch(c -> ODD_IN_NAMES.indexOf(c) >= 0);
    }

    private static boolean needsMapping(Field field) {
        return isOdd(field.name()) || needsMapping(field.type());
    }

    private static boolean needsMapping(DataType type) {
        if (type instanceof DataType.Array array) {
            return needsMapping(array.element());
        }
        if (type instanceof DataType.Mapping map) {
            return needsMapping(map.key()) || needsMapping(map.value());
        }
        return type instanceof DataType.Struct struct
                && struct.fields().stream().anyMatch(Definition::needsMapping);
    }

    private static void requirePartitions(Schema schema, List<String> columns) {
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            Field field = schema.require(column);
            if (!seen.add(field.name())) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT, "a partition column stands twice", Map.of("column", column));
            }
            boolean simple = field.type() instanceof DataType.Decimal
                    || (field.type() instanceof DataType.Primitive && field.type() != DataType.Primitive.VARIANT);
            if (!simple) {
                throw new LakeException(
                        ErrorCode.TYPE_UNSUPPORTED,
                        "a column of that type can't partition a table",
                        Map.of("column", column));
            }
        }
        if (!columns.isEmpty() && columns.size() == schema.fields().size()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a table needs a column that is no partition column",
                    Map.of("columns", columns));
        }
    }
}
