/** The text of statements: tokens, Delta's spellings rewritten for DuckDB, and the verbs that are ours. */
@NullMarked
package io.lakeops.duckdb.sql;

import org.jspecify.annotations.NullMarked;
