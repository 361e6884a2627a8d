package io.lakeops.delta.internal.log;

import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A table's definition as the log's {@code metaData} action has it.
 *
 * <p>Source: Delta protocol, "Change Metadata".
 *
 * @param partitionColumns by logical name
 * @param properties the action's {@code configuration}
 * @param createdTime in milliseconds since the epoch
 */
public record Metadata(
        String id,
        Optional<String> name,
        Optional<String> description,
        Schema schema,
        List<String> partitionColumns,
        Map<String, String> properties,
        OptionalLong createdTime) {
    public Metadata {
        partitionColumns = List.copyOf(partitionColumns);
        properties = Map.copyOf(properties);
    }

    public static Metadata of(JsonObject action) {
        return new Metadata(
                action.text("id"),
                action.optionalText("name"),
                action.optionalText("description"),
                SchemaJson.read(action.text("schemaString"), action.where()),
                action.list("partitionColumns"),
                action.presentTexts("configuration"),
                action.optionalNumber("createdTime"));
    }

    /** How logical columns find theirs in the data files: {@code none}, {@code name} or {@code id}. */
    public String columnMapping() {
        return properties.getOrDefault("delta.columnMapping.mode", "none");
    }

    public Metadata withSchema(Schema other) {
        return new Metadata(id, name, description, other, partitionColumns, properties, createdTime);
    }

    public boolean flag(String property) {
        return Boolean.parseBoolean(properties.get(property));
    }

    /** The partition columns' fields, in order. */
    public List<Field> partitionFields() {
        return partitionColumns.stream().map(schema::require).toList();
    }

    /** Partition values by logical name; an empty text means null in every type. */
    public Map<String, @Nullable String> logicalPartition(Map<String, @Nullable String> physical) {
        if (partitionColumns.isEmpty()) {
            return Map.of();
        }
        Map<String, @Nullable String> logical = new LinkedHashMap<>();
        for (Field field : partitionFields()) {
            String text = physical.get(field.physicalName());
            logical.put(field.name(), text == null || text.isEmpty() ? null : text);
        }
        return logical;
    }

    /** Partition values as the log keys them. */
    public Map<String, @Nullable String> physicalPartition(Map<String, @Nullable String> logical) {
        Map<String, @Nullable String> physical = new LinkedHashMap<>();
        for (Field field : partitionFields()) {
            String text = logical.get(field.name());
            physical.put(field.physicalName(), text == null || text.isEmpty() ? null : text);
        }
        return physical;
    }

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", id);
        name.ifPresent(text -> json.put("name", text));
        description.ifPresent(text -> json.put("description", text));
        json.put("format", Map.of("provider", "parquet", "options", Map.of()));
        json.put("schemaString", SchemaJson.write(schema));
        json.put("partitionColumns", new ArrayList<>(partitionColumns));
        json.put("configuration", new TreeMap<>(properties));
        createdTime.ifPresent(millis -> json.put("createdTime", millis));
        return json;
    }
}
