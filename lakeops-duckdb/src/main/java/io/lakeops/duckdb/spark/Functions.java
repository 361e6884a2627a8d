package io.lakeops.duckdb.spark;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** The functions of Spark that DuckDB computes alike; each that is not listed is refused by its name. */
final class Functions {
    private Functions() {}

    static Value call(String name, List<Value> arguments) {
        String function = name.toLowerCase(Locale.ROOT);
        return switch (function) {
            case "length", "char_length", "character_length" ->
                Value.of("CAST(length(" + text(name, arguments, 1, 0) + ") AS INTEGER)", Primitive.INTEGER);
            case "trim", "ltrim", "rtrim" ->
                Value.of(function + "(" + text(name, arguments, 1, 0) + ", ' ')", Primitive.STRING);
            case "startswith" ->
                Value.of(
                        "starts_with(" + text(name, arguments, 2, 0) + ", " + text(name, arguments, 2, 1) + ")",
                        Primitive.BOOLEAN);
            case "endswith" ->
                Value.of(
                        "ends_with(" + text(name, arguments, 2, 0) + ", " + text(name, arguments, 2, 1) + ")",
                        Primitive.BOOLEAN);
            case "contains" ->
                Value.of(
                        "contains(" + text(name, arguments, 2, 0) + ", " + text(name, arguments, 2, 1) + ")",
                        Primitive.BOOLEAN);
            case "concat" -> concat(name, arguments);
            case "substring", "substr" -> substring(name, arguments);
            case "abs" -> abs(name, arguments);
            case "coalesce", "ifnull", "nvl" -> coalesce(name, arguments);
            case "isnull" -> Value.of("(" + arity(name, arguments, 1).get(0).sql() + " IS NULL)", Primitive.BOOLEAN);
            case "isnotnull" ->
                Value.of("(" + arity(name, arguments, 1).get(0).sql() + " IS NOT NULL)", Primitive.BOOLEAN);
            case "year", "month", "day", "dayofmonth", "quarter" -> part(function, arguments);
            case "to_date" -> Casts.cast(timed(name, arity(name, arguments, 1).get(0)), Primitive.DATE);
            default -> throw Refusal.of("the function " + name);
        };
    }

    private static List<Value> arity(String name, List<Value> arguments, int count) {
        if (arguments.size() != count) {
            throw Refusal.of(name + " with " + arguments.size() + " arguments");
        }
        return arguments;
    }

    private static String text(String name, List<Value> arguments, int count, int index) {
        Value value = arity(name, arguments, count).get(index);
        if (value.type() != null && value.type() != Primitive.STRING) {
            throw Refusal.of(name + " of a value that is no text");
        }
        return value.as(Primitive.STRING);
    }

    private static Value concat(String name, List<Value> arguments) {
        if (arguments.isEmpty()) {
            throw Refusal.of(name + " of nothing");
        }
        // The operator is null where a part is null, as Spark's function is; DuckDB's function is not.
        return Value.of(
                java.util.stream.IntStream.range(0, arguments.size())
                        .mapToObj(i -> text(name, arguments, arguments.size(), i))
                        .collect(Collectors.joining(" || ", "(", ")")),
                Primitive.STRING);
    }

    private static Value substring(String name, List<Value> arguments) {
        if (arguments.size() != 3
                || !arguments.get(1).sql().matches("[1-9]\\d{0,8}")
                || !arguments.get(2).sql().matches("\\d{1,9}")) {
            throw Refusal.of(name + " without a first place, from 1, and a length as numbers");
        }
        return Value.of(
                "substring(" + text(name, arguments, 3, 0) + ", "
                        + arguments.get(1).sql() + ", " + arguments.get(2).sql() + ")",
                Primitive.STRING);
    }

    private static Value abs(String name, List<Value> arguments) {
        Value value = arity(name, arguments, 1).get(0);
        if (!Numbers.isNumber(value.type())) {
            throw Refusal.of(name + " of a value that is no number");
        }
        DataType type = Objects.requireNonNull(value.type());
        return Value.of(new Value("abs(" + value.sql() + ")", null, null).as(type), type);
    }

    private static Value coalesce(String name, List<Value> arguments) {
        if (arguments.isEmpty() || (!name.equalsIgnoreCase("coalesce") && arguments.size() != 2)) {
            throw Refusal.of(name + " with " + arguments.size() + " arguments");
        }
        DataType type = common(arguments);
        return Value.of(
                arguments.stream().map(v -> v.as(type)).collect(Collectors.joining(", ", "coalesce(", ")")), type);
    }

    /** The type that all of them are taken for. */
    static DataType common(List<Value> values) {
        Value all = Value.nothing();
        for (Value value : values) {
            if (value.type() != null) {
                all = new Value("", Numbers.common(all, value), null);
            }
        }
        return all.type() == null ? Primitive.BOOLEAN : all.type();
    }

    private static Value part(String function, List<Value> arguments) {
        Value time = timed(function, arity(function, arguments, 1).get(0));
        String local = time.type() == Primitive.TIMESTAMP ? "timezone('UTC', " + time.sql() + ")" : time.sql();
        String part = function.equals("dayofmonth") ? "day" : function;
        return Value.of("CAST(" + part + "(" + local + ") AS INTEGER)", Primitive.INTEGER);
    }

    private static Value timed(String name, Value value) {
        if (value.type() != Primitive.DATE
                && value.type() != Primitive.TIMESTAMP
                && value.type() != Primitive.TIMESTAMP_NTZ) {
            throw Refusal.of(name + " of a value that is no date or timestamp");
        }
        return value;
    }
}
