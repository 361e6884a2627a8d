package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.scan.FileLayout.Node;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CharLengths;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one type are read from a file, and what makes them the table's values afterwards.
 *
 * @param type the DuckDB type to read as
 * @param children what {@code read_parquet} calls {@code children}: names in the file and out of it; null where the names
 *     are the same
 * @param finish turns an expression over what was read into the table's value; null where it is that already
 */
record Reading(
        String type, @Nullable String children, @Nullable UnaryOperator<String> finish) {
    private static final String ZONED = "TIMESTAMP WITH TIME ZONE";

    /** The name of a field that is read only to see whether its struct is null. */
    private static final String PRESENCE = "lakeops present";

    String finished(String expression) {
        return finish == null ? expression : finish.apply(expression);
    }

    /** An entry of {@code schema} or {@code children}. */
    String entry(String fileName, String name) {
        return SqlText.string(fileName) + ": {name: " + SqlText.string(name) + ", type: " + SqlText.string(type)
                + ", default_value: NULL" + (children == null ? "" : ", children: " + children) + "}";
    }

    /**
     * The reading of a column.
     *
     * @param node what the file has for it; null where that isn't known, or where the file lacks it
     */
    static Reading column(Field field, @Nullable Node node, Matching matching) {
        Reading reading = of(field.type(), node, matching, CharLengths.of(field), true);
        boolean other = node != null
                && field.type() instanceof DataType.Struct struct
                && !hasPlaces(struct, node.children(), matching);
        if (!other) {
            return reading;
        }
        // DuckDB 2.0.0 looks for one field of a struct by its place alone: in a file that has fewer fields, or in
        // another
        // order, it takes another one or ends the database. So the struct is read whole.
        return new Reading(reading.type(), reading.children(), e -> reading.finished("coalesce(" + e + ", NULL)"));
    }

    /** Whether a file has a struct's fields, and no others, in the table's order. */
    private static boolean hasPlaces(DataType.Struct struct, List<Node> nodes, Matching matching) {
        if (struct.fields().size() != nodes.size()) {
            return false;
        }
        for (int i = 0; i < nodes.size(); i++) {
            Field field = struct.fields().get(i);
            Node node = nodes.get(i);
            boolean there = matching.find(nodes, field).filter(node::equals).isPresent()
                    && !(field.type() instanceof DataType.Struct inner && !hasPlaces(inner, node.children(), matching));
            if (!there) {
                return false;
            }
        }
        return true;
    }

    private static Reading of(DataType type, @Nullable Node node, Matching matching, CharLengths lengths, boolean top) {
        if (type instanceof DataType.Struct struct) {
            return struct(struct, node, matching, lengths, top);
        }
        if (type instanceof DataType.Array array) {
            return list(array, node, matching, lengths);
        }
        if (type instanceof DataType.Mapping map) {
            return map(map, node, matching, lengths);
        }
        if (type == Primitive.TIMESTAMP && node != null && isZoneless(node)) {
            return new Reading("TIMESTAMP", null, e -> "make_timestamptz(epoch_us(" + e + "))");
        }
        if (type == Primitive.TIMESTAMP_NTZ && node != null && node.duckdbType().equals(ZONED)) {
            return new Reading(ZONED, null, e -> "make_timestamp(epoch_us(" + e + "))");
        }
        String sql = DuckTypes.sql(type);
        Optional<Integer> length = type == Primitive.STRING ? lengths.padTo() : Optional.empty();
        if (length.isEmpty()) {
            return new Reading(sql, null, null);
        }
        return new Reading(sql, null, e -> SqlText.padded(e, length.get()));
    }

    private static boolean isNested(DataType type) {
        return !(type instanceof Primitive || type instanceof DataType.Decimal);
    }

    /** INT96, and whatever else holds UTC without saying so. */
    private static boolean isZoneless(Node node) {
        return node.duckdbType().startsWith("TIMESTAMP") && !node.duckdbType().equals(ZONED);
    }

    private static Reading struct(
            DataType.Struct struct, @Nullable Node node, Matching matching, CharLengths lengths, boolean top) {
        DuckTypes.sql(struct);
        List<@Nullable Reading> readings = new ArrayList<>();
        StringJoiner type = new StringJoiner(", ", "STRUCT(", ")");
        StringJoiner children = new StringJoiner(", ", "MAP {", "}");
        boolean named = false;
        boolean matched = node == null;
        boolean finished = false;
        List<Node> nodes = node == null ? List.of() : node.children();
        boolean any = struct.fields().stream()
                .anyMatch(field -> matching.find(nodes, field).isPresent());
        for (Field field : struct.fields()) {
            int index = readings.size();
            Optional<Node> child = matching.find(nodes, field);
            if (any && child.isEmpty() && isNested(field.type())) {
                // DuckDB fails where a query asks for a nested field that a file's struct lacks: it is not read at all.
                readings.add(null);
                finished = true;
                continue;
            }
            Reading reading = of(field.type(), child.orElse(null), matching, lengths.part(index), false);
            String fileName = child.map(Node::name).orElseGet(() -> Matching.absentName(nodes, field, index));
            readings.add(reading);
            type.add(SqlText.identifier(field.name()) + " " + reading.type());
            children.add(reading.entry(fileName, field.name()));
            named |= reading.children() != null || !fileName.equals(field.name());
            matched |= child.isPresent();
            finished |= reading.finish() != null;
        }
        if (!matched) {
            named = true;
            if (!top && node != null && !node.children().isEmpty()) {
                // Below the top, DuckDB makes a null struct one of nulls unless it reads something of it.
                Node witness = node.children().stream()
                        .filter(child -> child.children().isEmpty())
                        .findFirst()
                        .orElse(node.children().get(0));
                Reading read = new Reading(witness.duckdbType(), null, null);
                type.add(SqlText.identifier(PRESENCE) + " " + read.type());
                children.add(read.entry(witness.name(), PRESENCE));
                finished = true;
            }
        }
        UnaryOperator<String> finish = !finished
                ? null
                : e -> {
                    StringJoiner parts = new StringJoiner(", ", "struct_pack(", ")");
                    for (int i = 0; i < readings.size(); i++) {
                        Field field = struct.fields().get(i);
                        Reading reading = readings.get(i);
                        parts.add(SqlText.identifier(field.name()) + " := "
                                + (reading == null
                                        ? "CAST(NULL AS " + DuckTypes.sql(field.type()) + ")"
                                        : reading.finished(
                                                "struct_extract(" + e + ", " + SqlText.string(field.name()) + ")")));
                    }
                    return "CASE WHEN " + e + " IS NULL THEN NULL ELSE " + parts + " END";
                };
        return new Reading(type.toString(), named ? children.toString() : null, finish);
    }

    private static Reading list(DataType.Array array, @Nullable Node node, Matching matching, CharLengths lengths) {
        Reading element = of(array.element(), node == null ? null : node.element(), matching, lengths.part(0), false);
        String children = null;
        if (element.children() != null) {
            String part = "list";
            if (node != null) {
                part = node.repeatedPart()
                        .map(Node::name)
                        .orElseThrow(() -> unmappable(node, "a list without its group"));
            }
            children = "MAP {" + element.entry(part, "element") + "}";
        }
        return new Reading(
                element.type() + "[]",
                children,
                element.finish() == null
                        ? null
                        : e -> "list_transform(" + e + ", lambda x: " + element.finished("x") + ")");
    }

    private static Reading map(DataType.Mapping map, @Nullable Node node, Matching matching, CharLengths lengths) {
        Node keyNode = null;
        Node valueNode = null;
        if (node != null) {
            Node part = node.repeatedPart().orElse(node);
            if (part.children().size() == 2) {
                keyNode = part.children().get(0);
                valueNode = part.children().get(1);
            }
        }
        Reading key = of(map.key(), keyNode, matching, lengths.part(0), false);
        Reading value = of(map.value(), valueNode, matching, lengths.part(1), false);
        String children = null;
        if (key.children() != null || value.children() != null) {
            if (node != null
                    && (keyNode == null
                            || valueNode == null
                            || !keyNode.name().equals("key")
                            || !valueNode.name().equals("value"))) {
                throw unmappable(node, "a map whose parts are not named key and value");
            }
            children = "MAP {" + key.entry("key", "key") + ", " + value.entry("value", "value") + "}";
        }
        boolean finished = key.finish() != null || value.finish() != null;
        return new Reading(
                "MAP(" + key.type() + ", " + value.type() + ")",
                children,
                !finished
                        ? null
                        : e -> "map_from_entries(list_transform(map_entries(" + e
                                + "), lambda x: struct_pack(\"key\" := "
                                + key.finished("struct_extract(x, 'key')")
                                + ", \"value\" := " + value.finished("struct_extract(x, 'value')") + ")))");
    }

    private static LakeException unmappable(Node node, String what) {
        return new LakeException(
                ErrorCode.FEATURE_UNSUPPORTED,
                "a data file has " + what + ", and fields below it were renamed, which can't be read together",
                Map.of("column", node.name(), "type", node.duckdbType()));
    }
}
