package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The columns by which a table is clustered, as their domain metadata has them.
 *
 * <p>Source: Delta protocol, "Clustered Table".
 */
public final class Clustering {
    public static final String DOMAIN = "delta.clustering";

    private Clustering() {}

    /** The physical paths of the clustering columns. */
    public static List<List<String>> physicalColumns(Map<String, String> domains) {
        List<List<String>> columns = new ArrayList<>();
        String configuration = domains.get(DOMAIN);
        if (configuration == null) {
            return columns;
        }
        if (!(Json.parseObject(configuration).get("clusteringColumns") instanceof List<?> items)) {
            throw corrupt(configuration);
        }
        for (Object item : items) {
            if (!(item instanceof List<?> names)) {
                throw corrupt(configuration);
            }
            columns.add(names.stream().map(String::valueOf).toList());
        }
        return columns;
    }

    /** The same by logical name, dotted where nested. */
    public static List<String> logicalColumns(Map<String, String> domains, Schema schema) {
        return physicalColumns(domains).stream()
                .map(path -> logical(path, schema))
                .toList();
    }

    /** The domain's text for columns given by logical name, dotted where nested. */
    public static String configuration(List<String> columns, Schema schema) {
        return Json.write(Map.of(
                "clusteringColumns",
                columns.stream().map(name -> physical(name, schema)).toList()));
    }

    private static List<String> physical(String name, Schema schema) {
        int dot = name.indexOf('.');
        if (schema.find(name).isPresent() || dot < 0) {
            return List.of(schema.require(name).physicalName());
        }
        Field above = schema.require(name.substring(0, dot));
        List<Field> fields = above.type() instanceof DataType.Struct struct ? struct.fields() : List.of();
        List<String> path = new ArrayList<>(List.of(above.physicalName()));
        path.addAll(physical(name.substring(dot + 1), new Schema(fields)));
        return path;
    }

    private static String logical(List<String> path, Schema schema) {
        List<String> names = new ArrayList<>();
        DataType type = new DataType.Struct(schema.fields());
        for (String physical : path) {
            if (!(type instanceof DataType.Struct struct)) {
                throw corrupt(path.toString());
            }
            Field field = struct.fields().stream()
                    .filter(f -> f.physicalName().equals(physical))
                    .findFirst()
                    .orElseThrow(() -> corrupt(path.toString()));
            names.add(field.name());
            type = field.type();
        }
        return String.join(".", names);
    }

    private static LakeException corrupt(String what) {
        return new LakeException(
                ErrorCode.LOG_CORRUPT, "the clustering columns can't be understood", Map.of("clustering", what));
    }
}
