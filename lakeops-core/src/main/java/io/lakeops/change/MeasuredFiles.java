package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Literal;
import io.lakeops.table.Snapshot;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of files that nobody measured when they were written. The engine reads them, because footers have no bounds for
 * some types, shortened ones for texts, and such as pass over NaN.
 */
final class MeasuredFiles {
    private final Snapshot snapshot;
    private final Session session;
    private final Run run;
    private final List<Column> columns = new ArrayList<>();
    private final List<MeasureRequest.Aggregate> aggregates = new ArrayList<>();

    private record Column(List<String> path, DataType type, int number) {}

    /** Files as {@code snapshot} reads them, each with all rows. */
    MeasuredFiles(Snapshot snapshot, Session session, Run run) {
        this.snapshot = snapshot;
        this.session = session;
        this.run = run;
        aggregates.add(new MeasureRequest.Aggregate("n", Expr.of("count(*)")));
        for (Field field : snapshot.schema().fields()) {
            if (!snapshot.partitionColumns().contains(field.name())) {
                ask(List.of(), "", field);
            }
        }
    }

    private void ask(List<String> above, String prefix, Field field) {
        List<String> path = new ArrayList<>(above);
        path.add(field.name());
        String name = prefix + '"' + field.name().replace("\"", "\"\"") + '"';
        if (field.type() instanceof DataType.Struct struct) {
            struct.fields().forEach(child -> ask(path, name + ".", child));
            return;
        }
        int number = columns.size();
        columns.add(new Column(List.copyOf(path), field.type(), number));
        add("c" + number, "count(" + name + ")");
        if (hasBounds(field.type())) {
            add("l" + number, "min(" + name + ")");
            add("h" + number, "max(" + name + ")");
        }
        if (isFloating(field.type())) {
            add("f" + number, "count_if(isnan(" + name + "))");
        }
    }

    private void add(String name, String expression) {
        aggregates.add(new MeasureRequest.Aggregate(name, Expr.of(expression)));
    }

    private static boolean hasBounds(DataType type) {
        return type instanceof DataType.Decimal
                || (type instanceof Primitive
                        && type != Primitive.BOOLEAN
                        && type != Primitive.BINARY
                        && type != Primitive.VARIANT);
    }

    private static boolean isFloating(DataType type) {
        return type == Primitive.FLOAT || type == Primitive.DOUBLE;
    }

    FileStatistics of(DataFile file) {
        run.cancellation().check();
        Rows row = session.measure(
                new MeasureRequest(new Relation.TableRows(snapshot, List.of(file)), aggregates), run.cancellation());
        long rows = number(row.value(0, "n"));
        Map<List<String>, ColumnStatistics> known = new HashMap<>();
        for (Column column : columns) {
            long nulls = rows - number(row.value(0, "c" + column.number()));
            boolean bounds = hasBounds(column.type())
                    && !(isFloating(column.type()) && number(row.value(0, "f" + column.number())) > 0);
            known.put(
                    column.path(),
                    new ColumnStatistics(
                            OptionalLong.of(nulls),
                            bounds ? literal(row.value(0, "l" + column.number())) : Optional.empty(),
                            bounds ? literal(row.value(0, "h" + column.number())) : Optional.empty()));
        }
        return new FileStatistics.Measured(rows, known);
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    /** Infinities, and what the engine has no value of Java's for, are no bounds. */
    private static Optional<Literal> literal(@Nullable Object value) {
        if (value instanceof Integer number) {
            return Optional.of(new Literal(number.longValue()));
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? Optional.of(new Literal(number)) : Optional.empty();
        }
        boolean plain = value instanceof Long
                || value instanceof BigDecimal
                || value instanceof String
                || value instanceof LocalDate
                || value instanceof Instant
                || value instanceof LocalDateTime;
        return plain && value != null ? Optional.of(new Literal(value)) : Optional.empty();
    }
}
