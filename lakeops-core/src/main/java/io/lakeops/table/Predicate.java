package io.lakeops.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A condition on columns, as far as pruning and conflict checks understand it.
 *
 * <p>Columns are named by their logical path. What can't be expressed here is {@link #always()}: nothing is pruned by it.
 */
public sealed interface Predicate {
    /** Accepts every row: what stands for a condition of which nothing is understood. */
    static Predicate always() {
        return new Constant(true);
    }

    /** Accepts no row. */
    static Predicate never() {
        return new Constant(false);
    }

    /** Always, or never. */
    record Constant(boolean value) implements Predicate {}

    /** {@code column operator literal}; never true where the column is null. */
    record Comparison(List<String> column, Operator operator, Literal literal) implements Predicate {
        public Comparison {
            column = List.copyOf(column);
            Objects.requireNonNull(operator);
            Objects.requireNonNull(literal);
        }
    }

    /** The column is one of the literals. */
    record In(List<String> column, List<Literal> literals) implements Predicate {
        public In {
            column = List.copyOf(column);
            literals = List.copyOf(literals);
        }
    }

    /** The column is null, or is not. */
    record IsNull(List<String> column, boolean isNull) implements Predicate {
        public IsNull {
            column = List.copyOf(column);
        }
    }

    /** All of them; none is true. */
    record And(List<Predicate> parts) implements Predicate {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** At least one of them; none is false. */
    record Or(List<Predicate> parts) implements Predicate {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** How a column is compared. */
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** {@code column operator value}, for a column that is not nested. */
    static Predicate compare(String column, Operator operator, Object value) {
        return new Comparison(List.of(column), operator, new Literal(value));
    }

    /**
     * {@code column operator value}, for the least or greatest of values that an engine measured: instants with a
     * microsecond to spare, since files hold finer ones. {@link #always()} where the value says nothing of the column.
     */
    static Predicate bound(List<String> column, Operator operator, @Nullable Object value) {
        long micros = operator == Operator.LESS_OR_EQUAL ? 1 : -1;
        Object literal = value;
        if (value instanceof Integer whole) {
            literal = whole.longValue();
        } else if (value instanceof Instant instant) {
            literal = instant.plus(micros, ChronoUnit.MICROS);
        } else if (value instanceof LocalDateTime local) {
            literal = local.plus(micros, ChronoUnit.MICROS);
        }
        boolean known = literal instanceof Long
                || literal instanceof BigDecimal
                || literal instanceof String
                || literal instanceof LocalDate
                || literal instanceof Instant
                || literal instanceof LocalDateTime;
        return known && literal != null ? new Comparison(column, operator, new Literal(literal)) : always();
    }

    /** This and that. */
    default Predicate and(Predicate other) {
        return this.equals(always()) ? other : other.equals(always()) ? this : new And(List.of(this, other));
    }
}
