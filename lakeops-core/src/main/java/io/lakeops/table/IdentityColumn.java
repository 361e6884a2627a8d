package io.lakeops.table;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A column that the table numbers: each new row gets a number beyond all that were given, and none comes twice. Numbers may be
 * left out.
 *
 * <p>Shape: kept in the field's metadata in the words of Delta, {@code delta.identity.*}.
 *
 * <p>Errors: LOG_CORRUPT for metadata that can't be understood.
 *
 * <p>Threads: immutable and safe.
 *
 * <p>Source: Delta protocol, "Identity Columns".
 *
 * @param start the first number
 * @param step what the next one is more by, or less; not zero
 * @param explicit whether a row may bring a number of its own, of which the count takes no notice
 * @param highWaterMark the last number that was given
 */
public record IdentityColumn(String column, long start, long step, boolean explicit, OptionalLong highWaterMark) {
    private static final String PREFIX = "delta.identity.";
    private static final String START = PREFIX + "start";
    private static final String STEP = PREFIX + "step";
    private static final String EXPLICIT = PREFIX + "allowExplicitInsert";
    private static final String MARK = PREFIX + "highWaterMark";

    /** What a new column is to be. Errors: INVALID_ARGUMENT for a step of zero. */
    public static IdentityColumn of(String column, long start, long step, boolean explicit) {
        if (step == 0) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "an identity column can't count by zero", Map.of("column", column));
        }
        return new IdentityColumn(column, start, step, explicit, OptionalLong.empty());
    }

    /** What a field's metadata says, where it says something. */
    public static Optional<IdentityColumn> of(Field field) {
        if (field.metadata().keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
            return Optional.empty();
        }
        Object mark = field.metadata().get(MARK);
        if (field.metadata().get(START) instanceof Long start
                && field.metadata().get(STEP) instanceof Long step
                && step != 0
                && field.metadata().get(EXPLICIT) instanceof Boolean explicit
                && (mark == null || mark instanceof Long)) {
            return Optional.of(new IdentityColumn(
                    field.name(),
                    start,
                    step,
                    explicit,
                    mark instanceof Long reached ? OptionalLong.of(reached) : OptionalLong.empty()));
        }
        throw new LakeException(
                ErrorCode.LOG_CORRUPT,
                "an identity column can't be understood",
                Map.of("column", field.name(), "metadata", field.metadata()));
    }

    /** The columns of a table that it numbers. */
    public static List<IdentityColumn> all(Schema schema) {
        List<IdentityColumn> all = new ArrayList<>();
        schema.fields().forEach(field -> of(field).ifPresent(all::add));
        return List.copyOf(all);
    }

    /** The column as a new table has it; {@code nullable} and what else is said of it, the caller's. */
    public Field field() {
        return marked(Field.of(column, DataType.Primitive.LONG));
    }

    /** The field with this in its metadata. */
    public Field marked(Field field) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>(field.metadata());
        metadata.put(START, start);
        metadata.put(STEP, step);
        metadata.put(EXPLICIT, explicit);
        highWaterMark.ifPresent(mark -> metadata.put(MARK, mark));
        return new Field(field.name(), field.type(), field.nullable(), field.physicalName(), field.fieldId(), metadata);
    }

    /** The next number to be given; beyond the 64 bits where none is left. */
    public BigInteger next() {
        return highWaterMark.isPresent()
                ? BigInteger.valueOf(highWaterMark.getAsLong()).add(BigInteger.valueOf(step))
                : BigInteger.valueOf(start);
    }

    /**
     * The column once it gave numbers to so many rows.
     *
     * <p>Errors: CONSTRAINT_VIOLATED where there are not so many.
     */
    public IdentityColumn after(long rows) {
        if (rows == 0) {
            return this;
        }
        BigInteger last = next().add(BigInteger.valueOf(step).multiply(BigInteger.valueOf(rows - 1)));
        if (last.bitLength() >= Long.SIZE) {
            throw new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    "the identity column has no numbers left for so many rows",
                    Map.of("column", column, "rows", rows, "next", next(), "step", step));
        }
        return new IdentityColumn(column, start, step, explicit, OptionalLong.of(last.longValueExact()));
    }

    /**
     * The column once it has noticed a number that stands in the table: the mark moves to the first of its own numbers that is
     * not before it, and never back.
     */
    public IdentityColumn noticing(long value) {
        BigInteger steps = BigInteger.valueOf(value).subtract(BigInteger.valueOf(start));
        BigInteger by = BigInteger.valueOf(step);
        if (steps.signum() * by.signum() < 0) {
            return this;
        }
        BigInteger[] whole = steps.divideAndRemainder(by);
        BigInteger count = whole[1].signum() == 0 ? whole[0] : whole[0].add(BigInteger.ONE);
        BigInteger reached = BigInteger.valueOf(start).add(count.multiply(by));
        BigInteger mark = highWaterMark.isPresent() ? BigInteger.valueOf(highWaterMark.getAsLong()) : null;
        if (mark != null && reached.subtract(mark).signum() * by.signum() <= 0) {
            return this;
        }
        if (reached.bitLength() >= Long.SIZE) {
            throw new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    "the identity column has no number beyond those in the table",
                    Map.of("column", column, "value", value, "step", step));
        }
        return new IdentityColumn(column, start, step, explicit, OptionalLong.of(reached.longValueExact()));
    }

    /** A schema in which these columns stand as they are here. */
    public static Schema in(Schema schema, List<IdentityColumn> columns) {
        return new Schema(schema.fields().stream()
                .map(field -> columns.stream()
                        .filter(c -> c.column().equals(field.name()))
                        .findFirst()
                        .map(c -> c.marked(field))
                        .orElse(field))
                .toList());
    }

    /** Whether a field that the table can't number says that it is to be. */
    public static boolean isSaidOf(Field field) {
        return field.metadata().keySet().stream().anyMatch(key -> key.startsWith(PREFIX));
    }

    /** {@code column GENERATED … AS IDENTITY}, for messages. */
    @Override
    public String toString() {
        return column + " GENERATED " + (explicit ? "BY DEFAULT" : "ALWAYS") + " AS IDENTITY (START WITH " + start
                + " INCREMENT BY " + step + ")";
    }
}
