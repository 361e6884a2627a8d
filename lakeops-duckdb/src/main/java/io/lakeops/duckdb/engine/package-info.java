/** The compute engine on DuckDB: reads, writes, measures and loads rows; commits nothing. */
@NullMarked
package io.lakeops.duckdb.engine;

import org.jspecify.annotations.NullMarked;
