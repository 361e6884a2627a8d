/** Expressions that tables keep in Spark's SQL, as SQL by which DuckDB computes the same. */
@NullMarked
package io.lakeops.duckdb.spark;

import org.jspecify.annotations.NullMarked;
