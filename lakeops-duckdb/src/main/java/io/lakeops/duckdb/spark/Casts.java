package io.lakeops.duckdb.spark;

import io.lakeops.duckdb.spark.SparkTokens.Kind;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import java.util.Locale;

/** Casts that give the same in Spark and in DuckDB; what rounds, trims or guesses is refused. */
final class Casts {
    private Casts() {}

    /** Reads a type's name. */
    static DataType type(SparkTokens tokens) {
        String name = tokens.next().text().toUpperCase(Locale.ROOT);
        return switch (name) {
            case "BOOLEAN" -> Primitive.BOOLEAN;
            case "TINYINT", "BYTE" -> Primitive.BYTE;
            case "SMALLINT", "SHORT" -> Primitive.SHORT;
            case "INT", "INTEGER" -> Primitive.INTEGER;
            case "BIGINT", "LONG" -> Primitive.LONG;
            case "FLOAT", "REAL" -> Primitive.FLOAT;
            case "DOUBLE" -> Primitive.DOUBLE;
            case "STRING" -> Primitive.STRING;
            case "DATE" -> Primitive.DATE;
            case "TIMESTAMP_NTZ" -> Primitive.TIMESTAMP_NTZ;
            case "DECIMAL", "DEC", "NUMERIC" -> decimal(tokens);
            default -> throw Refusal.of("a cast to " + name);
        };
    }

    private static DataType decimal(SparkTokens tokens) {
        int precision = 10;
        int scale = 0;
        if (tokens.accept("(")) {
            precision = digits(tokens);
            scale = tokens.accept(",") ? digits(tokens) : 0;
            tokens.expect(")");
        }
        if (precision < 1 || precision > 38 || scale > precision) {
            throw Refusal.of("a cast to DECIMAL(" + precision + "," + scale + ")");
        }
        return new DataType.Decimal(precision, scale);
    }

    private static int digits(SparkTokens tokens) {
        if (tokens.peek().kind() == Kind.NUMBER && tokens.peek().text().matches("\\d{1,2}")) {
            return Integer.parseInt(tokens.next().text());
        }
        throw Refusal.of(
                "a number of digits was expected before '" + tokens.peek().text() + "'");
    }

    static Value cast(Value value, DataType to) {
        DataType from = value.type();
        if (from == null || from.equals(to)) {
            return Value.of(value.as(to), to);
        }
        if (from == Primitive.TIMESTAMP && to == Primitive.DATE) {
            // Of which zone a day is, Spark's session decides; LakeOps takes UTC, as for any text without a zone.
            return Value.of("CAST(timezone('UTC', " + value.sql() + ") AS DATE)", to);
        }
        if (!same(from, to)) {
            throw Refusal.of("a cast from " + from + " to " + to);
        }
        return Value.of(value.as(to), to);
    }

    private static boolean same(DataType from, DataType to) {
        if (Numbers.isWhole(from)) {
            return Numbers.isWhole(to)
                    || Numbers.isFloating(to)
                    || to == Primitive.STRING
                    || (to instanceof DataType.Decimal decimal
                            && decimal.precision() - decimal.scale() >= Numbers.digits(from));
        }
        if (from instanceof DataType.Decimal before) {
            return to == Primitive.DOUBLE || (to instanceof DataType.Decimal after && after.scale() >= before.scale());
        }
        return (from == Primitive.FLOAT && to == Primitive.DOUBLE)
                || (from == Primitive.BOOLEAN && to == Primitive.STRING)
                || (from == Primitive.DATE && to == Primitive.TIMESTAMP_NTZ)
                || (from == Primitive.TIMESTAMP_NTZ && to == Primitive.DATE);
    }
}
