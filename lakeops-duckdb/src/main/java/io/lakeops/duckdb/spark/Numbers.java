package io.lakeops.duckdb.spark;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The types that Spark gives to results, and in which it compares. */
final class Numbers {
    private static final List<Primitive> WHOLE =
            List.of(Primitive.BYTE, Primitive.SHORT, Primitive.INTEGER, Primitive.LONG);
    private static final List<Integer> DIGITS = List.of(3, 5, 10, 20);

    private Numbers() {}

    static boolean isWhole(@Nullable DataType type) {
        return type instanceof Primitive primitive && WHOLE.contains(primitive);
    }

    static boolean isFloating(@Nullable DataType type) {
        return type == Primitive.FLOAT || type == Primitive.DOUBLE;
    }

    static boolean isNumber(@Nullable DataType type) {
        return isWhole(type) || isFloating(type) || type instanceof DataType.Decimal;
    }

    static int digits(DataType whole) {
        return DIGITS.get(WHOLE.indexOf(whole));
    }

    static DataType.Decimal decimal(DataType type) {
        return type instanceof DataType.Decimal decimal ? decimal : new DataType.Decimal(digits(type), 0);
    }

    /** The type in which two values are compared or chosen from; refused where Spark would cast one by its text. */
    static DataType common(Value a, Value b) {
        if (a.type() == null || b.type() == null) {
            DataType known = a.type() == null ? b.type() : a.type();
            return known == null ? Primitive.BOOLEAN : known;
        }
        DataType left = a.type();
        DataType right = b.type();
        if (left.equals(right)) {
            if (left instanceof Primitive primitive && primitive != Primitive.VARIANT) {
                return left;
            }
            if (left instanceof DataType.Decimal) {
                return left;
            }
            throw Refusal.of("lists, maps, structs and variants are not compared");
        }
        if (!isNumber(left) || !isNumber(right)) {
            throw Refusal.of("values of types " + left + " and " + right + " stand together");
        }
        if (isWhole(left) && isWhole(right)) {
            return WHOLE.get(Math.max(WHOLE.indexOf(left), WHOLE.indexOf(right)));
        }
        if (isFloating(left) || isFloating(right)) {
            boolean narrow = left != Primitive.DOUBLE
                    && right != Primitive.DOUBLE
                    && !(left instanceof DataType.Decimal)
                    && !(right instanceof DataType.Decimal);
            return narrow ? Primitive.FLOAT : Primitive.DOUBLE;
        }
        DataType.Decimal one = decimal(left);
        DataType.Decimal two = decimal(right);
        int scale = Math.max(one.scale(), two.scale());
        return bounded(Math.max(one.precision() - one.scale(), two.precision() - two.scale()) + scale, scale);
    }

    /** A text beside a date is taken for a date, as Spark does; only where nobody can read it otherwise. */
    static Value beside(Value value, Value other) {
        String text = value.literal();
        if (text == null || other.type() != Primitive.DATE) {
            return value;
        }
        return date(text);
    }

    static Value date(String text) {
        if (!text.matches("\\d{4}-\\d{2}-\\d{2}")) {
            throw Refusal.of("'" + text + "' is no date such as 2024-01-31");
        }
        try {
            return Value.of("DATE '" + LocalDate.parse(text) + "'", Primitive.DATE);
        } catch (DateTimeException e) {
            throw Refusal.of("'" + text + "' is no date");
        }
    }

    static Value arithmetic(String operator, Value a, Value b) {
        if ((a.type() != null && !isNumber(a.type())) || (b.type() != null && !isNumber(b.type()))) {
            throw Refusal.of("'" + operator + "' is computed for numbers only");
        }
        if (a.type() == null || b.type() == null) {
            throw Refusal.of("'" + operator + "' with NULL");
        }
        if (operator.equals("/")) {
            if (a.type() instanceof DataType.Decimal || b.type() instanceof DataType.Decimal) {
                throw Refusal.of("decimals are divided with digits of Spark's own");
            }
            return Value.of(divided("/", a.as(Primitive.DOUBLE), b.as(Primitive.DOUBLE)), Primitive.DOUBLE);
        }
        DataType common = common(a, b);
        if (operator.equals("%")) {
            if (!isWhole(common)) {
                throw Refusal.of("'%' is computed for whole numbers only");
            }
            return Value.of(divided("%", a.as(common), b.as(common)), common);
        }
        if (common instanceof DataType.Decimal) {
            return decimals(operator, a, b);
        }
        String sql = "(" + a.as(common) + " " + operator + " " + b.as(common) + ")";
        return new Value(new Value(sql, null, null).as(common), common, null);
    }

    private static String divided(String operator, String a, String b) {
        return "(CASE WHEN " + b + " = 0 THEN error('division by zero') ELSE " + a + " " + operator + " " + b + " END)";
    }

    private static Value decimals(String operator, Value a, Value b) {
        DataType.Decimal one = decimal(Objects.requireNonNull(a.type()));
        DataType.Decimal two = decimal(Objects.requireNonNull(b.type()));
        if (operator.equals("*")) {
            DataType result = bounded(one.precision() + two.precision() + 1, one.scale() + two.scale());
            return Value.of(new Value("(" + a.as(one) + " * " + b.as(two) + ")", null, null).as(result), result);
        }
        int scale = Math.max(one.scale(), two.scale());
        int whole = Math.max(one.precision() - one.scale(), two.precision() - two.scale());
        DataType result = bounded(whole + scale + 1, scale);
        return Value.of(
                new Value("(" + a.as(result) + " " + operator + " " + b.as(result) + ")", null, null).as(result),
                result);
    }

    private static DataType.Decimal bounded(int precision, int scale) {
        if (precision > 38 || scale > precision) {
            throw Refusal.of("a decimal of more than 38 digits is rounded by rules of Spark's own");
        }
        return new DataType.Decimal(precision, scale);
    }
}
