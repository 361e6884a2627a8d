package io.lakeops.formats;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * How records of an Avro schema are staged: the Avro schema that the Parquet file gets, and the columns that a table sees.
 *
 * <p>Types that tables don't have become text (times of day, uuids, decimals beyond 38 digits, decimals without a scale)
 * or lose what they can't keep (nanoseconds become microseconds, rounded down). A union of several types becomes a struct
 * of {@code member0}, {@code member1}, …, one of which is set. A field of the type null is left out.
 *
 * @param avro what is written
 * @param columns what it is to a table
 */
record StagedSchema(Schema avro, io.lakeops.table.Schema columns, Node root) {

    /** How one type is staged: the type written, the table's type, and how a value gets there. */
    record Node(Schema written, DataType type, Change change) {}

    /** Turns a value, never null, into the one that is written. */
    @FunctionalInterface
    interface Change {
        Object apply(Object value);
    }

    /** The change of what stays as it is: known by identity, so that records without changes are not copied. */
    private static final Change SAME = value -> value;

    static StagedSchema of(Schema source) {
        if (source.getType() != Schema.Type.RECORD) {
            throw new LakeException(
                    ErrorCode.SOURCE_UNREADABLE,
                    "the Avro schema is no record",
                    Map.of("type", source.getType().getName()));
        }
        Node root = record(source, new HashSet<>());
        List<Field> fields = ((DataType.Struct) root.type()).fields();
        return new StagedSchema(root.written(), new io.lakeops.table.Schema(fields), root);
    }

    GenericRecord stage(GenericRecord record) {
        return (GenericRecord) root.change().apply(record);
    }

    private static Node node(Schema schema, Set<String> above) {
        LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case BOOLEAN -> same(schema, DataType.Primitive.BOOLEAN);
            case INT ->
                logical instanceof LogicalTypes.Date
                        ? same(schema, DataType.Primitive.DATE)
                        : logical instanceof LogicalTypes.TimeMillis
                                ? AvroText.timeOfDay(1_000_000L)
                                : same(schema, DataType.Primitive.INTEGER);
            case LONG -> longNode(schema, logical);
            case FLOAT -> same(schema, DataType.Primitive.FLOAT);
            case DOUBLE -> same(schema, DataType.Primitive.DOUBLE);
            case STRING ->
                logical instanceof LogicalTypes.Uuid ? AvroText.text() : same(schema, DataType.Primitive.STRING);
            case ENUM -> same(schema, DataType.Primitive.STRING);
            case BYTES, FIXED -> binary(schema, logical);
            case ARRAY -> array(schema, above);
            case MAP -> map(schema, above);
            case RECORD -> record(schema, above);
            case UNION -> union(schema, above);
            case NULL -> throw unsupported("an element of the type null", schema);
        };
    }

    private static Node longNode(Schema schema, @Nullable LogicalType logical) {
        if (logical instanceof LogicalTypes.TimestampMillis || logical instanceof LogicalTypes.TimestampMicros) {
            return same(schema, DataType.Primitive.TIMESTAMP);
        }
        if (logical instanceof LogicalTypes.LocalTimestampMillis
                || logical instanceof LogicalTypes.LocalTimestampMicros) {
            return same(schema, DataType.Primitive.TIMESTAMP_NTZ);
        }
        if (logical instanceof LogicalTypes.TimestampNanos) {
            return micros(LogicalTypes.timestampMicros(), DataType.Primitive.TIMESTAMP);
        }
        if (logical instanceof LogicalTypes.LocalTimestampNanos) {
            return micros(LogicalTypes.localTimestampMicros(), DataType.Primitive.TIMESTAMP_NTZ);
        }
        if (logical instanceof LogicalTypes.TimeMicros) {
            return AvroText.timeOfDay(1_000L);
        }
        return same(schema, DataType.Primitive.LONG);
    }

    private static Node micros(LogicalType logical, DataType type) {
        Schema written = logical.addToSchema(Schema.create(Schema.Type.LONG));
        return new Node(
                written, type, value -> value instanceof Long nanos ? Math.floorDiv((long) nanos, 1_000L) : value);
    }

    private static Node binary(Schema schema, @Nullable LogicalType logical) {
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return decimal.getPrecision() <= 38
                    ? same(schema, new DataType.Decimal(decimal.getPrecision(), decimal.getScale()))
                    : AvroText.decimal(schema, decimal);
        }
        if (logical instanceof LogicalTypes.BigDecimal) {
            return AvroText.bigDecimal(schema, logical);
        }
        if (logical instanceof LogicalTypes.Uuid) {
            return AvroText.uuid(schema, logical);
        }
        return same(schema, DataType.Primitive.BINARY);
    }

    private static Node array(Schema schema, Set<String> above) {
        Node element = node(schema.getElementType(), above);
        DataType type =
                new DataType.Array(element.type(), schema.getElementType().isNullable());
        if (element.change() == SAME) {
            return same(schema, type);
        }
        Schema written = Schema.createArray(element.written());
        return new Node(written, type, value -> {
            List<@Nullable Object> items = new ArrayList<>();
            for (Object item : (Iterable<?>) value) {
                items.add(changed(element, item));
            }
            return items;
        });
    }

    private static Node map(Schema schema, Set<String> above) {
        Node item = node(schema.getValueType(), above);
        DataType type = new DataType.Mapping(
                DataType.Primitive.STRING, item.type(), schema.getValueType().isNullable());
        if (item.change() == SAME) {
            return same(schema, type);
        }
        return new Node(Schema.createMap(item.written()), type, value -> {
            Map<Object, @Nullable Object> entries = new java.util.LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((key, entry) -> entries.put(key, changed(item, entry)));
            return entries;
        });
    }

    private static Node record(Schema schema, Set<String> above) {
        if (!above.add(schema.getFullName())) {
            throw unsupported("a record that holds itself", schema);
        }
        List<Field> fields = new ArrayList<>();
        List<Schema.Field> written = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        boolean changes = false;
        for (Schema.Field field : schema.getFields()) {
            if (field.schema().getType() == Schema.Type.NULL) {
                changes = true;
                continue;
            }
            Node node = node(field.schema(), above);
            Field column = Field.of(field.name(), node.type());
            fields.add(field.schema().isNullable() ? column : column.required());
            written.add(new Schema.Field(field.name(), node.written(), field.doc()));
            nodes.add(node);
            positions.add(field.pos());
            changes |= node.change() != SAME;
        }
        above.remove(schema.getFullName());
        if (fields.isEmpty()) {
            throw unsupported("a record without fields", schema);
        }
        DataType type = new DataType.Struct(fields);
        if (!changes) {
            return same(schema, type);
        }
        Schema staged = Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, written);
        return new Node(staged, type, value -> {
            IndexedRecord from = (IndexedRecord) value;
            GenericData.Record to = new GenericData.Record(staged);
            for (int i = 0; i < nodes.size(); i++) {
                to.put(i, changed(nodes.get(i), from.get(positions.get(i))));
            }
            return to;
        });
    }

    private static Node union(Schema schema, Set<String> above) {
        List<Schema> branches = schema.getTypes().stream()
                .filter(s -> s.getType() != Schema.Type.NULL)
                .toList();
        if (branches.isEmpty()) {
            throw unsupported("a union of nothing but null", schema);
        }
        List<Node> nodes = branches.stream().map(s -> node(s, above)).toList();
        DataType type = nodes.size() == 1 ? nodes.get(0).type() : members(nodes);
        if (nodes.stream().allMatch(n -> n.change() == SAME)) {
            return same(schema, type);
        }
        if (nodes.size() > 1) {
            // Two branches that both become text would leave an invalid union; none but odd schemas have it.
            throw unsupported("a union of several types of which one has no counterpart", schema);
        }
        Schema written = schema.isNullable()
                ? Schema.createUnion(
                        Schema.create(Schema.Type.NULL), nodes.get(0).written())
                : nodes.get(0).written();
        return new Node(written, type, nodes.get(0).change());
    }

    private static DataType members(List<Node> nodes) {
        List<Field> members = new ArrayList<>();
        for (Node node : nodes) {
            members.add(Field.of("member" + members.size(), node.type()));
        }
        return new DataType.Struct(members);
    }

    private static Node same(Schema schema, DataType type) {
        return new Node(schema, type, SAME);
    }

    private static @Nullable Object changed(Node node, @Nullable Object value) {
        return value == null ? null : node.change().apply(value);
    }

    private static LakeException unsupported(String what, Schema schema) {
        return new LakeException(
                ErrorCode.SOURCE_UNREADABLE,
                what + " can't become a column",
                Map.of("schema", schema.getType() == Schema.Type.RECORD ? schema.getFullName() : schema.toString()));
    }
}
