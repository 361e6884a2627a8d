/** The DuckDB engine, as hosts name it. */
@NullMarked
package io.lakeops.duckdb;

import org.jspecify.annotations.NullMarked;
