package io.lakeops.duckdb.spark;

import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.table.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A part of an expression.
 *
 * @param sql by which DuckDB computes it
 * @param type what Spark takes it for; none for NULL
 * @param literal the text, where it is one
 */
record Value(String sql, @Nullable DataType type, @Nullable String literal) {
    static Value of(String sql, DataType type) {
        return new Value(sql, type, null);
    }

    static Value nothing() {
        return new Value("NULL", null, null);
    }

    /** The same value in another type that holds it. */
    String as(DataType wanted) {
        return wanted.equals(type) ? sql : "CAST(" + sql + " AS " + DuckTypes.sql(wanted) + ")";
    }
}
