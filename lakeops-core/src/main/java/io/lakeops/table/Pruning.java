package io.lakeops.table;

import io.lakeops.table.Predicate.Operator;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Decides from metadata alone whether a data file can hold a row that a predicate accepts.
 *
 * <p>Shared by all formats. A file is pruned only where that is proven; whatever is not known keeps it.
 */
public final class Pruning {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .toFormatter(java.util.Locale.ROOT);

    private final Schema schema;
    private final List<String> partitionColumns;

    public Pruning(Schema schema, List<String> partitionColumns) {
        this.schema = schema;
        this.partitionColumns = List.copyOf(partitionColumns);
    }

    /** Why a file is read or not. */
    public enum Reason {
        /** It is read. */
        NONE,
        /** Its partition values rule it out. */
        PARTITION,
        /** Its statistics rule it out. */
        STATISTICS
    }

    /** Whether, and by what, the predicate rules the file out. */
    public Reason decide(Predicate predicate, DataFile file) {
        if (predicate instanceof Predicate.Constant constant) {
            return constant.value() ? Reason.NONE : Reason.STATISTICS;
        }
        if (predicate instanceof Predicate.And and) {
            Reason found = Reason.NONE;
            for (Predicate part : and.parts()) {
                Reason reason = decide(part, file);
                if (reason == Reason.PARTITION) {
                    return reason;
                }
                if (reason == Reason.STATISTICS) {
                    found = reason;
                }
            }
            return found;
        }
        if (predicate instanceof Predicate.Or or) {
            Reason found = Reason.PARTITION;
            for (Predicate part : or.parts()) {
                Reason reason = decide(part, file);
                if (reason == Reason.NONE) {
                    return Reason.NONE;
                }
                if (reason == Reason.STATISTICS) {
                    found = Reason.STATISTICS;
                }
            }
            return or.parts().isEmpty() ? Reason.STATISTICS : found;
        }
        if (predicate instanceof Predicate.Comparison comparison) {
            return onColumn(comparison.column(), file, bounds -> comparison(comparison, bounds));
        }
        if (predicate instanceof Predicate.In in) {
            return onColumn(
                    in.column(),
                    file,
                    bounds -> in.literals().stream()
                            .allMatch(literal -> comparison(
                                    new Predicate.Comparison(in.column(), Operator.EQUAL, literal), bounds)));
        }
        Predicate.IsNull isNull = (Predicate.IsNull) predicate;
        return onColumn(isNull.column(), file, bounds -> {
            if (bounds.rows() < 0 || bounds.nulls() < 0) {
                return false;
            }
            return isNull.isNull() ? bounds.nulls() == 0 : bounds.nulls() == bounds.rows();
        });
    }

    /** The value of a partition column as queries see it; empty where it is null or its type can't be compared. */
    public static Optional<Literal> partitionLiteral(Field column, @Nullable String text) {
        return text != null && column.type() == DataType.Primitive.STRING
                ? Optional.of(new Literal(CharLengths.of(column).shown(text)))
                : partitionLiteral(column.type(), text);
    }

    /** The value as the log has it. */
    public static Optional<Literal> partitionLiteral(DataType type, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            if (type instanceof DataType.Decimal) {
                return Optional.of(new Literal(new BigDecimal(text)));
            }
            if (!(type instanceof DataType.Primitive primitive)) {
                return Optional.empty();
            }
            return switch (primitive) {
                case BOOLEAN ->
                    text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                            ? Optional.of(new Literal(Boolean.parseBoolean(text)))
                            : Optional.empty();
                case BYTE, SHORT, INTEGER, LONG -> Optional.of(new Literal(Long.parseLong(text)));
                case FLOAT -> Optional.of(new Literal((double) Float.parseFloat(text)));
                case DOUBLE -> Optional.of(new Literal(Double.parseDouble(text)));
                case STRING -> Optional.of(new Literal(text));
                case DATE -> Optional.of(new Literal(LocalDate.parse(text)));
                case TIMESTAMP ->
                    Optional.of(new Literal(
                            text.endsWith("Z") && text.contains("T")
                                    ? java.time.Instant.parse(text)
                                    : LocalDateTime.parse(text, TIMESTAMP).toInstant(ZoneOffset.UTC)));
                case TIMESTAMP_NTZ -> Optional.of(new Literal(LocalDateTime.parse(text, TIMESTAMP)));
                case BINARY, VARIANT -> Optional.empty();
            };
        } catch (DateTimeException | NumberFormatException e) {
            // A value that can't be read can't rule a file out; the engine names it when it reads the file.
            return Optional.empty();
        }
    }

    private Reason onColumn(List<String> path, DataFile file, java.util.function.Predicate<Bounds> rulesOut) {
        String first = path.get(0);
        Optional<Field> field = schema.find(first);
        if (field.isEmpty()) {
            return Reason.NONE;
        }
        String name = field.get().name();
        if (path.size() == 1 && partitionColumns.contains(name)) {
            String text = file.partitionValues().get(name);
            boolean isNull = text == null || (text.isEmpty() && field.get().type() != DataType.Primitive.BINARY);
            Optional<Literal> value = isNull ? Optional.empty() : partitionLiteral(field.get(), text);
            if (!isNull && value.isEmpty()) {
                return Reason.NONE;
            }
            boolean single = field.get().type() == DataType.Primitive.FLOAT;
            return rulesOut.test(new Bounds(1, isNull ? 1 : 0, value, value, single, false))
                    ? Reason.PARTITION
                    : Reason.NONE;
        }
        if (file.statistics().isEmpty()) {
            return Reason.NONE;
        }
        FileStatistics statistics = file.statistics().get();
        ColumnStatistics column = statistics.column(path.size() == 1 ? List.of(name) : path);
        // Under a deletion vector counts are those of the whole file, so they prove nothing about what is left
        // except that a column without any null has none.
        boolean tight = statistics.tightBounds() || file.deletionVector().isEmpty();
        long nulls = column.nulls().orElse(-1);
        long rows = tight || nulls == 0 ? statistics.rows().orElse(-1) : -1;
        DataType type = leaf(field.get(), path);
        boolean floating = type == DataType.Primitive.FLOAT || type == DataType.Primitive.DOUBLE;
        CharLengths lengths = CharLengths.of(field.get());
        boolean known = path.size() == 1 || lengths instanceof CharLengths.None;
        Bounds bounds = new Bounds(
                rows,
                tight || nulls == 0 ? nulls : -1,
                known ? column.min() : Optional.empty(),
                known ? column.max().flatMap(max -> shown(max, lengths)) : Optional.empty(),
                type == DataType.Primitive.FLOAT,
                floating);
        return rulesOut.test(bounds) ? Reason.STATISTICS : Reason.NONE;
    }

    /**
     * The upper bound of values that are shown padded, given that of the values as they are stored. A blank is the least
     * of all printed characters, so padding keeps the order of texts without control characters; and a lower bound of the
     * stored values is one of the longer ones that are shown.
     */
    private static Optional<Literal> shown(Literal max, CharLengths lengths) {
        if (lengths instanceof CharLengths.None || !(max.value() instanceof String text)) {
            return Optional.of(max);
        }
        return text.chars().allMatch(c -> c >= ' ') ? Optional.of(new Literal(lengths.shown(text))) : Optional.empty();
    }

    private static boolean comparison(Predicate.Comparison comparison, Bounds bounds) {
        if (bounds.rows() >= 0 && bounds.nulls() == bounds.rows()) {
            return true;
        }
        Literal literal = comparison.literal();
        OptionalInt toMin = bounds.min().map(m -> order(literal, m, bounds)).orElse(OptionalInt.empty());
        OptionalInt toMax = bounds.max().map(m -> order(literal, m, bounds)).orElse(OptionalInt.empty());
        return switch (comparison.operator()) {
            case EQUAL -> below(toMin) || above(toMax);
            case LESS -> below(toMin) || equal(toMin);
            case LESS_OR_EQUAL -> below(toMin);
            // NaN is above every number, and some writers leave it out of their bounds.
            case GREATER -> !bounds.mayHaveNaN() && (above(toMax) || equal(toMax));
            case GREATER_OR_EQUAL -> !bounds.mayHaveNaN() && above(toMax);
            // A truncated string bound may equal the literal though no row does; only exact kinds can prove this.
            case NOT_EQUAL ->
                equal(toMin)
                        && equal(toMax)
                        && !(literal.value() instanceof String)
                        && !(literal.value() instanceof Double);
        };
    }

    /**
     * The order of the literal to a bound. Engines compare a 32-bit column at single or at double precision, after the
     * type of the literal: where the two don't agree, nothing is known.
     */
    private static OptionalInt order(Literal literal, Literal bound, Bounds bounds) {
        OptionalInt order = literal.compare(bound);
        if (bounds.single() && literal.value() instanceof Number a && bound.value() instanceof Number b) {
            int single = Float.compare(a.floatValue() + 0.0f, b.floatValue() + 0.0f);
            return order.isPresent() && Integer.signum(single) == Integer.signum(order.getAsInt())
                    ? order
                    : OptionalInt.empty();
        }
        return order;
    }

    private static @Nullable DataType leaf(Field column, List<String> path) {
        DataType type = column.type();
        for (String name : path.subList(1, path.size())) {
            if (!(type instanceof DataType.Struct struct)) {
                return null;
            }
            Optional<Field> field = struct.fields().stream()
                    .filter(f -> f.name().equalsIgnoreCase(name))
                    .findFirst();
            if (field.isEmpty()) {
                return null;
            }
            type = field.get().type();
        }
        return type;
    }

    private static boolean below(OptionalInt order) {
        return order.isPresent() && order.getAsInt() < 0;
    }

    private static boolean above(OptionalInt order) {
        return order.isPresent() && order.getAsInt() > 0;
    }

    private static boolean equal(OptionalInt order) {
        return order.isPresent() && order.getAsInt() == 0;
    }

    /**
     * What is known of a column's values.
     *
     * @param single whether they are 32-bit floating-point numbers
     * @param mayHaveNaN whether a NaN may be among them that the bounds don't tell of
     */
    private record Bounds(
            long rows, long nulls, Optional<Literal> min, Optional<Literal> max, boolean single, boolean mayHaveNaN) {}
}
