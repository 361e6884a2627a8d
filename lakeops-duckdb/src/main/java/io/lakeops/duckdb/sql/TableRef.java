package io.lakeops.duckdb.sql;

import java.util.List;

/** A table as a statement names it. */
public sealed interface TableRef {
    /** {@code 'path'}, {@code delta.`path`} or {@code delta_scan('path')}. */
    record AtPath(String path) implements TableRef {}

    /** A name of one to three parts. */
    record Named(List<String> parts) implements TableRef {
        public Named {
            parts = List.copyOf(parts);
        }

        @Override
        public String toString() {
            return String.join(".", parts);
        }
    }
}
