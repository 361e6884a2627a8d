package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.type.SqlText;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a table's columns stand in its data files: without partition columns, by physical names, with field ids. */
final class PhysicalLayout {
    private final Schema schema;
    private final Set<String> partitions;

    PhysicalLayout(Schema schema, List<String> partitionColumns) {
        this.schema = schema;
        this.partitions =
                partitionColumns.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /** The select list over {@code c0, c1, …}. */
    String selectList() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < schema.fields().size(); i++) {
            Field field = schema.fields().get(i);
            if (isStored(field)) {
                list.append(list.isEmpty() ? "" : ", ")
                        .append(renamed("c" + i, field.type(), 0))
                        .append(" AS ")
                        .append(SqlText.identifier(field.physicalName()));
            }
        }
        return list.toString();
    }

    boolean isStored(Field field) {
        return !partitions.contains(field.name().toLowerCase(Locale.ROOT));
    }

    /** The option FIELD_IDS of a COPY; empty where no field has an id. */
    Optional<String> fieldIds() {
        String ids = fieldIds(schema.fields().stream().filter(this::isStored).toList());
        return ids.isEmpty() ? Optional.empty() : Optional.of("FIELD_IDS {" + ids + "}");
    }

    private static String fieldIds(List<Field> fields) {
        return fields.stream()
                .map(field -> named(
                        field.physicalName(),
                        field.fieldId().isPresent()
                                ? Optional.of(String.valueOf(field.fieldId().getAsInt()))
                                : Optional.empty(),
                        field.type()))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String named(String name, Optional<String> id, DataType type) {
        String children = "";
        if (type instanceof DataType.Struct struct) {
            children = fieldIds(struct.fields());
        } else if (type instanceof DataType.Array array) {
            children = named("element", Optional.empty(), array.element());
        } else if (type instanceof DataType.Mapping map) {
            String key = named("key", Optional.empty(), map.key());
            String value = named("value", Optional.empty(), map.value());
            children = key.isEmpty() || value.isEmpty() ? key + value : key + ", " + value;
        }
        if (children.isEmpty()) {
            return id.map(i -> SqlText.identifier(name) + ": " + i).orElse("");
        }
        String own = id.map(i -> "__duckdb_field_id: " + i + ", ").orElse("");
        return SqlText.identifier(name) + ": {" + own + children + "}";
    }

    /** The value with its nested fields renamed; the value itself where none has another name. */
    private static String renamed(String value, DataType type, int depth) {
        if (!differs(type)) {
            return value;
        }
        if (type instanceof DataType.Struct struct) {
            String fields = struct.fields().stream()
                    .map(f -> SqlText.identifier(f.physicalName()) + " := "
                            + renamed("(" + value + ")." + SqlText.identifier(f.name()), f.type(), depth))
                    .collect(Collectors.joining(", "));
            return "CASE WHEN (" + value + ") IS NULL THEN NULL ELSE struct_pack(" + fields + ") END";
        }
        String item = "x" + depth;
        if (type instanceof DataType.Array array) {
            return "list_transform(" + value + ", lambda " + item + ": " + renamed(item, array.element(), depth + 1)
                    + ")";
        }
        DataType.Mapping map = (DataType.Mapping) type;
        return "map_from_entries(list_transform(map_entries(" + value + "), lambda " + item + ": struct_pack(k := "
                + renamed(item + ".key", map.key(), depth + 1) + ", v := "
                + renamed(item + ".value", map.value(), depth + 1) + ")))";
    }

    private static boolean differs(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return struct.fields().stream().anyMatch(f -> !f.name().equals(f.physicalName()) || differs(f.type()));
        }
        if (type instanceof DataType.Array array) {
            return differs(array.element());
        }
        return type instanceof DataType.Mapping map && (differs(map.key()) || differs(map.value()));
    }
}
