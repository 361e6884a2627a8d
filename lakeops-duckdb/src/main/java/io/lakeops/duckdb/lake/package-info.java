/** The lake as one DuckDB connection sees it: mounted tables, snapshots bound to a statement, files pruned by its plan. */
@NullMarked
package io.lakeops.duckdb.lake;

import org.jspecify.annotations.NullMarked;
