package io.lakeops.table;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a data file's statistics say of one column. Absent means not known.
 *
 * @param nulls how many rows hold null
 * @param min no value is below this; for strings it may be a prefix of the smallest value
 * @param max no value is above this; for strings it may be rounded up
 */
public record ColumnStatistics(OptionalLong nulls, Optional<Literal> min, Optional<Literal> max) {
    public static final ColumnStatistics UNKNOWN =
            new ColumnStatistics(OptionalLong.empty(), Optional.empty(), Optional.empty());
}
