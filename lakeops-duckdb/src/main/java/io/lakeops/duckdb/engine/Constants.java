package io.lakeops.duckdb.engine;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Constants of a syntax tree as literals that compare with a column as DuckDB compares them; none where DuckDB would
 * round or convert one side in a way that isn't followed here.
 */
final class Constants {
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");
    private static final Pattern PLAIN = Pattern.compile("[+-]?(?=[0-9.]{1,18}$)[0-9]*\\.?[0-9]*");
    private static final Pattern MOMENT =
            Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,6})?)?)"
                    + "(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?");

    private final boolean utc;

    /**
     * Reads constants.
     *
     * @param utc whether a timestamp without a zone is one in UTC
     */
    Constants(boolean utc) {
        this.utc = utc;
    }

    /** A column, or a field in it. */
    record Column(List<String> path, Field field) {
        Column {
            path = List.copyOf(path);
        }

        DataType type() {
            return field.type();
        }

        boolean isFloating() {
            return type() == Primitive.FLOAT || type() == Primitive.DOUBLE;
        }
    }

    /** What a node says: a text, of a kind. */
    private record Constant(String kind, String text) {}

    static boolean isNull(Map<?, ?> node) {
        return node.get("literal") instanceof Map<?, ?> literal && "NULL_LITERAL".equals(literal.get("kind"));
    }

    Optional<Literal> literal(Map<?, ?> node, Column column) {
        try {
            return constant(node).flatMap(c -> literal(c, column));
        } catch (DateTimeException | NumberFormatException e) {
            // DuckDB will say what is wrong with it.
            return Optional.empty();
        }
    }

    private static Optional<Constant> constant(Map<?, ?> node) {
        if ("VALUE_CONSTANT".equals(node.get("type")) && node.get("literal") instanceof Map<?, ?> literal) {
            return Optional.of(new Constant(String.valueOf(literal.get("kind")), String.valueOf(literal.get("text"))));
        }
        if (!"OPERATOR_CAST".equals(node.get("type"))
                || !Boolean.FALSE.equals(node.get("try_cast"))
                || !(node.get("child") instanceof Map<?, ?> child)
                || !(node.get("type_expr") instanceof Map<?, ?> type)
                || !(type.get("children") instanceof List<?> parameters)
                || !parameters.isEmpty()) {
            return Optional.empty();
        }
        String name = String.valueOf(type.get("type_name")).toUpperCase(Locale.ROOT);
        return constant(child).flatMap(inner -> cast(inner, name));
    }

    private static Optional<Constant> cast(Constant inner, String type) {
        return switch (type) {
            case "DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE" ->
                inner.kind().equals("STRING")
                        ? Optional.of(new Constant(
                                type.startsWith("TIMESTAMP ") ? "TIMESTAMPTZ" : type,
                                inner.text().strip()))
                        : Optional.empty();
            case "VARCHAR" -> inner.kind().equals("STRING") ? Optional.of(inner) : Optional.empty();
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT" ->
                inner.kind().equals("INTEGER") ? Optional.of(inner) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<Literal> literal(Constant constant, Column column) {
        if (column.type() instanceof DataType.Decimal decimal) {
            return decimal(constant, decimal);
        }
        if (!(column.type() instanceof Primitive primitive)) {
            return Optional.empty();
        }
        return switch (primitive) {
            case BYTE, SHORT, INTEGER, LONG -> whole(constant);
            case FLOAT, DOUBLE -> floating(constant, primitive);
            case STRING ->
                constant.kind().equals("STRING") ? Optional.of(new Literal(constant.text())) : Optional.empty();
            case BOOLEAN ->
                constant.kind().equals("BOOLEAN")
                        ? Optional.of(new Literal(Boolean.parseBoolean(constant.text())))
                        : Optional.empty();
            case DATE -> date(constant);
            case TIMESTAMP -> instant(constant);
            case TIMESTAMP_NTZ -> local(constant);
            case BINARY, VARIANT -> Optional.empty();
        };
    }

    private static Optional<Literal> whole(Constant constant) {
        return switch (constant.kind()) {
            case "INTEGER" -> {
                BigInteger value = new BigInteger(constant.text());
                yield Optional.of(
                        value.bitLength() < 64 ? new Literal(value.longValue()) : new Literal(new BigDecimal(value)));
            }
            case "NUMERIC" ->
                PLAIN.matcher(constant.text()).matches()
                        ? Optional.of(new Literal(new BigDecimal(constant.text())))
                        : Optional.empty();
            case "STRING" ->
                WHOLE.matcher(constant.text()).matches()
                        ? Optional.of(new Literal(Long.parseLong(constant.text())))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Literal> decimal(Constant constant, DataType.Decimal type) {
        boolean number = constant.kind().equals("INTEGER")
                || constant.kind().equals("NUMERIC")
                || constant.kind().equals("STRING");
        if (!number || !PLAIN.matcher(constant.text()).matches()) {
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(constant.text());
        int wholeDigits = Math.max(type.precision() - type.scale(), value.precision() - value.scale());
        boolean exact = wholeDigits + Math.max(type.scale(), value.scale()) <= 38
                && (!constant.kind().equals("STRING") || value.scale() <= type.scale());
        return exact ? Optional.of(new Literal(value)) : Optional.empty();
    }

    private static Optional<Literal> floating(Constant constant, Primitive type) {
        if (!constant.kind().equals("INTEGER") && !constant.kind().equals("NUMERIC")) {
            return Optional.empty();
        }
        double value = Double.parseDouble(constant.text());
        // A float is compared as a float: a constant that is none would be rounded first.
        boolean same = type == Primitive.DOUBLE || (float) value == value;
        return same && Double.isFinite(value) ? Optional.of(new Literal(value)) : Optional.empty();
    }

    private static Optional<Literal> date(Constant constant) {
        Optional<Moment> moment = moment(constant);
        boolean midnight = moment.isPresent()
                && moment.get().zone().isEmpty()
                && moment.get().local().toLocalTime().equals(LocalTime.MIDNIGHT)
                && !constant.kind().equals("TIMESTAMPTZ");
        return midnight ? Optional.of(new Literal(moment.get().local().toLocalDate())) : Optional.empty();
    }

    private Optional<Literal> instant(Constant constant) {
        Optional<Moment> moment = moment(constant);
        if (moment.isEmpty()) {
            return Optional.empty();
        }
        Optional<ZoneOffset> zone = moment.get().zone();
        if (zone.isPresent()
                && (constant.kind().equals("TIMESTAMP") || constant.kind().equals("DATE"))) {
            return Optional.empty();
        }
        return zone.isPresent() || utc
                ? Optional.of(new Literal(moment.get().local().toInstant(zone.orElse(ZoneOffset.UTC))))
                : Optional.empty();
    }

    private static Optional<Literal> local(Constant constant) {
        return constant.kind().equals("TIMESTAMPTZ")
                ? Optional.empty()
                : moment(constant).filter(m -> m.zone().isEmpty()).map(m -> new Literal(m.local()));
    }

    private record Moment(LocalDateTime local, Optional<ZoneOffset> zone) {}

    /** A date, or a date and time, written out. */
    private static Optional<Moment> moment(Constant constant) {
        boolean text = constant.kind().equals("STRING")
                || constant.kind().equals("DATE")
                || constant.kind().startsWith("TIMESTAMP");
        Matcher matcher = MOMENT.matcher(constant.text());
        if (!text || !matcher.matches()) {
            return Optional.empty();
        }
        String time = matcher.group(2);
        if (constant.kind().equals("DATE") && time != null) {
            return Optional.empty();
        }
        LocalDateTime local =
                LocalDate.parse(matcher.group(1)).atTime(time == null ? LocalTime.MIDNIGHT : LocalTime.parse(time));
        return Optional.of(
                new Moment(local, Optional.ofNullable(matcher.group(3)).map(ZoneOffset::of)));
    }
}
