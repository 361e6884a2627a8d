package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.table.CharLengths;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How many rows a source has, and between which bounds its keys lie: what lets files be left out by their statistics.
 *
 * @param predicate true for every target row that a source row can match
 */
record KeyRange(long rows, Predicate predicate) {
    static KeyRange measure(
            Session session, Relation source, Schema sourceSchema, Schema tableSchema, List<String> key, Run run) {
        List<MeasureRequest.Aggregate> aggregates = new ArrayList<>();
        aggregates.add(new MeasureRequest.Aggregate("n", Expr.of("count(*)")));
        for (int i = 0; i < key.size(); i++) {
            Field field = tableSchema.require(key.get(i));
            DataType type = field.type();
            if (ordersAlike(sourceSchema.require(key.get(i)).type(), type)) {
                String column = "\"" + key.get(i).replace("\"", "\"\"") + "\"";
                // An enumeration is a text that has an order of its own.
                String value = type == DataType.Primitive.STRING
                        ? shown("CAST(" + column + " AS VARCHAR)", CharLengths.of(field))
                        : column;
                aggregates.add(new MeasureRequest.Aggregate("min" + i, Expr.of("min(" + value + ")")));
                aggregates.add(new MeasureRequest.Aggregate("max" + i, Expr.of("max(" + value + ")")));
            }
        }
        Rows measured = session.measure(new MeasureRequest(source, aggregates), run.cancellation());
        Predicate predicate = Predicate.always();
        for (int i = 0; i < key.size(); i++) {
            if (measured.columns().contains("min" + i)) {
                predicate = predicate
                        .and(Predicate.bound(
                                List.of(key.get(i)), Predicate.Operator.GREATER_OR_EQUAL, measured.value(0, "min" + i)))
                        .and(Predicate.bound(
                                List.of(key.get(i)), Predicate.Operator.LESS_OR_EQUAL, measured.value(0, "max" + i)));
            }
        }
        return new KeyRange(((Number) Objects.requireNonNull(measured.value(0, "n"))).longValue(), predicate);
    }

    /** A text as the table will show it. */
    private static String shown(String text, CharLengths lengths) {
        return lengths.padTo()
                .map(n -> "CASE WHEN length(" + text + ") < " + n + " THEN " + text + " || repeat(' ', " + n
                        + " - length(" + text + ")) ELSE " + text + " END")
                .orElse(text);
    }

    /**
     * Whether the bounds of the source's values, cast to the table's type, are the casts of their bounds. Keys of floating
     * point are left out: they are compared after rounding.
     */
    private static boolean ordersAlike(DataType source, DataType table) {
        if (exact(source) && exact(table)) {
            return true;
        }
        return source.equals(table)
                && (table == DataType.Primitive.STRING
                        || table == DataType.Primitive.DATE
                        || table == DataType.Primitive.TIMESTAMP
                        || table == DataType.Primitive.TIMESTAMP_NTZ);
    }

    private static boolean exact(DataType type) {
        return type instanceof DataType.Decimal
                || type == DataType.Primitive.BYTE
                || type == DataType.Primitive.SHORT
                || type == DataType.Primitive.INTEGER
                || type == DataType.Primitive.LONG;
    }
}
