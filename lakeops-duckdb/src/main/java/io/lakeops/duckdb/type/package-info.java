/** How types, names and values are written in DuckDB's SQL. */
@NullMarked
package io.lakeops.duckdb.type;

import org.jspecify.annotations.NullMarked;
