package io.lakeops.examples.extending;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Isolation;
import io.lakeops.table.Literal;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableSpec;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a journal file says, as JSON and back. */
final class JournalText {
    private JournalText() {}

    static String ofTable(Snapshot created, TableSpec spec) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("timestamp", created.timestamp().toString());
        json.put("table", table(spec.schema(), spec.partitionColumns(), spec.properties(), spec.description()));
        json.put("clusterBy", spec.clusteringColumns());
        return Json.write(json);
    }

    static String ofCommit(Snapshot made, long base, CommitSpec spec) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("timestamp", made.timestamp().toString());
        json.put("base", base);
        json.put("operation", spec.operation().name());
        json.put("parameters", spec.operation().given());
        json.put("metrics", spec.operation().metrics());
        json.put("isolation", spec.isolation().name());
        json.put("readsNothing", spec.reads() instanceof Reads.Nothing);
        json.put("changes", spec.changes().stream().map(JournalText::change).toList());
        spec.table()
                .ifPresent(t ->
                        json.put("table", table(t.schema(), t.partitionColumns(), t.properties(), t.description())));
        Map<String, Long> once = new LinkedHashMap<>();
        spec.once().forEach(s -> once.put(s.application(), s.number()));
        json.put("once", once);
        json.put("domains", spec.domains());
        spec.userMetadata().ifPresent(m -> json.put("userMetadata", m));
        return Json.write(json);
    }

    static Instant time(String text) {
        return Instant.parse(string(Json.parseObject(text).get("timestamp")));
    }

    static long base(String text) {
        return number(Json.parseObject(text).get("base"));
    }

    static TableSpec spec(String text) {
        Map<String, @Nullable Object> json = Json.parseObject(text);
        TableChange table = table(object(json.get("table")));
        return new TableSpec(
                table.schema(),
                table.partitionColumns(),
                strings(json.get("clusterBy")),
                table.properties(),
                table.description());
    }

    static CommitSpec commit(String text, Path root) {
        Map<String, @Nullable Object> json = Json.parseObject(text);
        List<Sequence> once = new ArrayList<>();
        object(json.get("once")).forEach((application, n) -> once.add(new Sequence(application, number(n))));
        return new CommitSpec(
                new Operation(string(json.get("operation")), texts(json.get("parameters")), texts(json.get("metrics"))),
                Isolation.valueOf(string(json.get("isolation"))),
                // Whether it conflicts was decided when it was made; told again, it stands.
                Boolean.TRUE.equals(json.get("readsNothing"))
                        ? new Reads.Nothing()
                        : new Reads.Matching(Predicate.never(), List.of()),
                list(json.get("changes")).stream()
                        .map(c -> change(object(c), root))
                        .toList(),
                Optional.ofNullable(json.get("table")).map(t -> table(object(t))),
                once,
                texts(json.get("domains")),
                Optional.ofNullable(json.get("userMetadata")).map(JournalText::string));
    }

    private static Map<String, @Nullable Object> change(FileChange change) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        if (change instanceof FileChange.Add add) {
            json.put("add", file(add.file()));
            json.put("dataChange", add.dataChange());
        } else if (change instanceof FileChange.Remove remove) {
            json.put("remove", file(remove.file()));
            json.put("dataChange", remove.dataChange());
        } else {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED, "a journal has neither deletion vectors nor change data");
        }
        return json;
    }

    private static FileChange change(Map<String, @Nullable Object> json, Path root) {
        boolean dataChange = Boolean.TRUE.equals(json.get("dataChange"));
        return json.containsKey("add")
                ? new FileChange.Add(file(object(json.get("add")), root), dataChange)
                : new FileChange.Remove(file(object(json.get("remove")), root), dataChange);
    }

    private static Map<String, @Nullable Object> file(DataFile file) {
        if (file.deletionVector().isPresent() || file.rowTracking().isPresent()) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED, "a journal has neither deletion vectors nor row ids");
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("path", file.path());
        json.put("partition", file.partitionValues());
        json.put("fileBytes", file.fileBytes());
        json.put("modificationTime", file.modificationTime());
        json.put("tags", file.tags());
        // Statistics of any other kind are not known by column; without them nothing is pruned, which is never wrong.
        if (file.statistics().orElse(null) instanceof FileStatistics.Measured measured) {
            json.put("rows", measured.rowCount());
            List<Object> columns = new ArrayList<>();
            measured.columns().forEach((path, column) -> {
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                one.put("path", path);
                column.nulls().ifPresent(n -> one.put("nulls", n));
                column.min().ifPresent(l -> one.put("min", literal(l)));
                column.max().ifPresent(l -> one.put("max", literal(l)));
                columns.add(one);
            });
            json.put("columns", columns);
        }
        return json;
    }

    private static DataFile file(Map<String, @Nullable Object> json, Path root) {
        Map<String, @Nullable String> partition = new LinkedHashMap<>();
        object(json.get("partition")).forEach((k, v) -> partition.put(k, v == null ? null : string(v)));
        Optional<FileStatistics> statistics = Optional.empty();
        if (json.containsKey("rows")) {
            Map<List<String>, ColumnStatistics> columns = new LinkedHashMap<>();
            for (Object item : list(json.get("columns"))) {
                Map<String, @Nullable Object> column = object(item);
                columns.put(
                        strings(column.get("path")),
                        new ColumnStatistics(
                                column.containsKey("nulls")
                                        ? OptionalLong.of(number(column.get("nulls")))
                                        : OptionalLong.empty(),
                                Optional.ofNullable(column.get("min")).map(JournalText::literal),
                                Optional.ofNullable(column.get("max")).map(JournalText::literal)));
            }
            statistics = Optional.of(new FileStatistics.Measured(number(json.get("rows")), columns));
        }
        String path = string(json.get("path"));
        return new DataFile(
                path,
                root.resolve(path),
                partition,
                number(json.get("fileBytes")),
                number(json.get("modificationTime")),
                statistics,
                Optional.empty(),
                texts(json.get("tags")),
                Optional.empty());
    }

    private static List<String> literal(Literal literal) {
        return List.of(
                literal.value().getClass().getSimpleName(), literal.value().toString());
    }

    private static Literal literal(Object json) {
        String text = strings(json).get(1);
        return new Literal(
                switch (strings(json).get(0)) {
                    case "Boolean" -> Boolean.parseBoolean(text);
                    case "Long" -> Long.parseLong(text);
                    case "Double" -> Double.parseDouble(text);
                    case "BigDecimal" -> new BigDecimal(text);
                    case "LocalDate" -> LocalDate.parse(text);
                    case "Instant" -> Instant.parse(text);
                    case "LocalDateTime" -> LocalDateTime.parse(text);
                    default -> text;
                });
    }

    private static Map<String, @Nullable Object> table(
            Schema schema, List<String> partition, Map<String, String> properties, Optional<String> description) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("columns", fields(schema.fields()));
        json.put("partitionBy", partition);
        json.put("properties", properties);
        description.ifPresent(d -> json.put("description", d));
        return json;
    }

    private static TableChange table(Map<String, @Nullable Object> json) {
        return new TableChange(
                new Schema(readFields(list(json.get("columns")))),
                strings(json.get("partitionBy")),
                texts(json.get("properties")),
                Optional.ofNullable(json.get("description")).map(JournalText::string));
    }

    private static List<Object> fields(List<Field> fields) {
        List<Object> json = new ArrayList<>();
        for (Field field : fields) {
            json.add(List.of(field.name(), type(field.type()), field.nullable(), field.metadata()));
        }
        return json;
    }

    private static List<Field> readFields(List<?> json) {
        List<Field> fields = new ArrayList<>();
        for (Object item : json) {
            List<?> field = list(item);
            String name = string(field.get(0));
            fields.add(new Field(
                    name,
                    type(field.get(1)),
                    Boolean.TRUE.equals(field.get(2)),
                    name,
                    OptionalInt.empty(),
                    object(field.get(3))));
        }
        return fields;
    }

    private static Object type(DataType type) {
        if (type instanceof DataType.Decimal d) {
            return List.of("DECIMAL", d.precision(), d.scale());
        } else if (type instanceof DataType.Struct struct) {
            return List.of("STRUCT", fields(struct.fields()));
        } else if (type instanceof DataType.Array array) {
            return List.of("ARRAY", type(array.element()), array.containsNull());
        } else if (type instanceof DataType.Mapping map) {
            return List.of("MAP", type(map.key()), type(map.value()), map.valueContainsNull());
        }
        return type.toString();
    }

    private static DataType type(@Nullable Object json) {
        if (json instanceof String name) {
            return DataType.Primitive.valueOf(name);
        }
        List<?> parts = list(json);
        return switch (string(parts.get(0))) {
            case "DECIMAL" -> new DataType.Decimal((int) number(parts.get(1)), (int) number(parts.get(2)));
            case "STRUCT" -> new DataType.Struct(readFields(list(parts.get(1))));
            case "ARRAY" -> new DataType.Array(type(parts.get(1)), Boolean.TRUE.equals(parts.get(2)));
            case "MAP" ->
                new DataType.Mapping(type(parts.get(1)), type(parts.get(2)), Boolean.TRUE.equals(parts.get(3)));
            default -> throw new IllegalArgumentException("no type: " + parts);
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object json) {
        return (Map<String, @Nullable Object>) present(json);
    }

    private static List<?> list(@Nullable Object json) {
        return (List<?>) present(json);
    }

    private static String string(@Nullable Object json) {
        return (String) present(json);
    }

    private static long number(@Nullable Object json) {
        return (Long) present(json);
    }

    private static List<String> strings(@Nullable Object json) {
        List<String> texts = new ArrayList<>();
        list(json).forEach(t -> texts.add(string(t)));
        return texts;
    }

    private static Map<String, String> texts(@Nullable Object json) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(json).forEach((k, v) -> texts.put(k, string(v)));
        return texts;
    }

    private static Object present(@Nullable Object json) {
        if (json == null) {
            throw new IllegalArgumentException("the journal lacks a value");
        }
        return json;
    }
}
