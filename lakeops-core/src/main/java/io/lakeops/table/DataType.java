package io.lakeops.table;

import java.util.List;
import java.util.Objects;

/** The type of a column, in the terms that table formats share. */
public sealed interface DataType {

    /** Types without parameters. */
    enum Primitive implements DataType {
        BOOLEAN,
        /** 8 bits, signed. */
        BYTE,
        /** 16 bits, signed. */
        SHORT,
        /** 32 bits, signed. */
        INTEGER,
        /** 64 bits, signed. */
        LONG,
        FLOAT,
        DOUBLE,
        STRING,
        BINARY,
        DATE,
        /** An instant, in microseconds. */
        TIMESTAMP,
        /** A local date and time, in microseconds, without a zone. */
        TIMESTAMP_NTZ,
        /** A semi-structured value. */
        VARIANT
    }

    /** An exact number with {@code precision} digits in all, {@code scale} of them after the point. */
    record Decimal(int precision, int scale) implements DataType {
        public Decimal {
            if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
                throw new IllegalArgumentException("decimal(" + precision + "," + scale + ")");
            }
        }
    }

    /** Named fields. */
    record Struct(List<Field> fields) implements DataType {
        public Struct {
            fields = List.copyOf(fields);
        }
    }

    /** A list of {@code element}s. */
    record Array(DataType element, boolean containsNull) implements DataType {
        public Array {
            Objects.requireNonNull(element);
        }
    }

    /** Pairs of key and value. */
    record Mapping(DataType key, DataType value, boolean valueContainsNull) implements DataType {
        public Mapping {
            Objects.requireNonNull(key);
            Objects.requireNonNull(value);
        }
    }
}
