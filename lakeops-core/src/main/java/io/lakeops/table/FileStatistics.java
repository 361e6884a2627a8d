package io.lakeops.table;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The statistics of one data file. A format may parse them only when they are asked for.
 *
 * <p>Threads: immutable and safe.
 */
public interface FileStatistics {
    /** The rows of the file, those that a deletion vector hides included. */
    OptionalLong rows();

    /** Whether the bounds are those of the rows that are left; false once a deletion vector made them wide. */
    boolean tightBounds();

    /** What is known of a column. {@code path}: the logical names from the column down to a nested field. */
    ColumnStatistics column(List<String> path);

    /** Statistics that were measured: the engine's answer for a file that it wrote. */
    record Measured(long rowCount, Map<List<String>, ColumnStatistics> columns) implements FileStatistics {
        public Measured {
            columns = Map.copyOf(columns);
        }

        @Override
        public OptionalLong rows() {
            return OptionalLong.of(rowCount);
        }

        @Override
        public boolean tightBounds() {
            return true;
        }

        @Override
        public ColumnStatistics column(List<String> path) {
            return columns.getOrDefault(path, ColumnStatistics.UNKNOWN);
        }
    }
}
