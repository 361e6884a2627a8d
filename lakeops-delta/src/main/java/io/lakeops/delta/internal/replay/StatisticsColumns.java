package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.StatisticsJson;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file's statistics as the columns of {@code stats_parsed}, by physical name, and back to JSON.
 *
 * <p>A value that does not fit its column is left out: statistics only ever save work.
 *
 * <p>Source: Delta protocol, "Checkpoint Schema".
 */
public final class StatisticsColumns {
    private final DataType.Struct type;

    /**
     * The columns that a table keeps statistics of.
     *
     * @param vectors whether files may have deletion vectors, so that bounds need not be tight
     */
    public StatisticsColumns(Metadata metadata, List<List<String>> clustering, boolean vectors) {
        this(metadata, StatisticsJson.columns(metadata, clustering)::contains, vectors);
    }

    private StatisticsColumns(Metadata metadata, Predicate<List<String>> chosen, boolean vectors) {
        List<Field> fields = new ArrayList<>();
        fields.add(Field.of("numRecords", Primitive.LONG));
        List<Field> bounds = bounds(metadata.schema().fields(), List.of(), chosen);
        if (!bounds.isEmpty()) {
            fields.add(Field.of("minValues", new DataType.Struct(bounds)));
            fields.add(Field.of("maxValues", new DataType.Struct(bounds)));
        }
        List<Field> nulls = nulls(metadata.schema().fields(), List.of(), chosen);
        if (!nulls.isEmpty()) {
            fields.add(Field.of("nullCount", new DataType.Struct(nulls)));
        }
        if (vectors) {
            fields.add(Field.of("tightBounds", Primitive.BOOLEAN));
        }
        this.type = new DataType.Struct(fields);
    }

    /** The columns that a checkpoint may have statistics of, whoever wrote it. */
    static StatisticsColumns all(Metadata metadata) {
        return new StatisticsColumns(metadata, path -> true, true);
    }

    public Field column() {
        return Field.of("stats_parsed", type);
    }

    /** The row for a JSON text; null where the text is none. */
    public @Nullable Object parsed(String json) {
        try {
            return struct(type, Json.parseObject(json));
        } catch (LakeException notJson) {
            return null;
        }
    }

    /** The JSON text for a row. */
    public String text(@Nullable Object[] row) {
        return Json.write(json(type, row));
    }

    private static List<Field> bounds(List<Field> fields, List<String> parent, Predicate<List<String>> chosen) {
        List<Field> found = new ArrayList<>();
        for (Field field : fields) {
            List<String> path = child(parent, field);
            if (field.type() instanceof DataType.Struct struct) {
                List<Field> nested = bounds(struct.fields(), path, chosen);
                if (!nested.isEmpty()) {
                    found.add(Field.of(field.physicalName(), new DataType.Struct(nested)));
                }
            } else if (StatisticsJson.hasBounds(field.type()) && chosen.test(path)) {
                found.add(Field.of(field.physicalName(), field.type()));
            }
        }
        return found;
    }

    private static List<Field> nulls(List<Field> fields, List<String> parent, Predicate<List<String>> chosen) {
        List<Field> found = new ArrayList<>();
        for (Field field : fields) {
            List<String> path = child(parent, field);
            if (field.type() instanceof DataType.Struct struct) {
                List<Field> nested = nulls(struct.fields(), path, chosen);
                if (!nested.isEmpty()) {
                    found.add(Field.of(field.physicalName(), new DataType.Struct(nested)));
                }
            } else if (chosen.test(path)) {
                found.add(Field.of(field.physicalName(), Primitive.LONG));
            }
        }
        return found;
    }

    private static List<String> child(List<String> parent, Field field) {
        List<String> path = new ArrayList<>(parent);
        path.add(field.physicalName());
        return path;
    }

    private static @Nullable Object[] struct(DataType.Struct type, Map<?, ?> json) {
        @Nullable Object[] row = new @Nullable Object[type.fields().size()];
        for (int i = 0; i < row.length; i++) {
            Field field = type.fields().get(i);
            Object value = json.get(field.name());
            if (value instanceof Map<?, ?> map && field.type() instanceof DataType.Struct nested) {
                row[i] = struct(nested, map);
            } else if (value != null) {
                row[i] = value(field.type(), value).orElse(null);
            }
        }
        return row;
    }

    private static Optional<Object> value(DataType type, Object json) {
        try {
            if (type instanceof DataType.Decimal decimal) {
                return number(json)
                        .map(n -> n.setScale(decimal.scale()))
                        .filter(n -> n.precision() <= decimal.precision())
                        .map(n -> n);
            }
            if (!(type instanceof Primitive primitive)) {
                return Optional.empty();
            }
            return switch (primitive) {
                case BYTE -> number(json).map(BigDecimal::byteValueExact);
                case SHORT -> number(json).map(BigDecimal::shortValueExact);
                case INTEGER -> number(json).map(BigDecimal::intValueExact);
                case LONG -> number(json).map(BigDecimal::longValueExact);
                case FLOAT -> number(json).map(BigDecimal::floatValue);
                case DOUBLE -> number(json).map(BigDecimal::doubleValue);
                case BOOLEAN -> json instanceof Boolean ? Optional.of(json) : Optional.empty();
                case STRING -> json instanceof String ? Optional.of(json) : Optional.empty();
                case DATE -> json instanceof String text ? Optional.of(LocalDate.parse(text)) : Optional.empty();
                case TIMESTAMP ->
                    json instanceof String text
                            ? Optional.of(OffsetDateTime.parse(text).toInstant())
                            : Optional.empty();
                case TIMESTAMP_NTZ -> json instanceof String text ? Optional.of(local(text)) : Optional.empty();
                case BINARY, VARIANT -> Optional.empty();
            };
        } catch (DateTimeException | ArithmeticException | NumberFormatException unfit) {
            return Optional.empty();
        }
    }

    private static LocalDateTime local(String text) {
        // A column that was widened from date keeps the older files' bounds as dates.
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay()
                : LocalDateTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
    }

    private static Optional<BigDecimal> number(Object json) {
        if (json instanceof BigDecimal decimal) {
            return Optional.of(decimal);
        }
        if (json instanceof BigInteger big) {
            return Optional.of(new BigDecimal(big));
        }
        return json instanceof Long whole ? Optional.of(BigDecimal.valueOf(whole)) : Optional.empty();
    }

    private static Map<String, @Nullable Object> json(DataType.Struct type, @Nullable Object[] row) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int i = 0; i < row.length; i++) {
            Field field = type.fields().get(i);
            Object value = row[i];
            if (value instanceof @Nullable Object[] nested && field.type() instanceof DataType.Struct struct) {
                json.put(field.name(), json(struct, nested));
            } else if (value != null) {
                boolean time = value instanceof LocalDate || value instanceof Instant || value instanceof LocalDateTime;
                json.put(field.name(), time ? value.toString() : value);
            }
        }
        return json;
    }
}
