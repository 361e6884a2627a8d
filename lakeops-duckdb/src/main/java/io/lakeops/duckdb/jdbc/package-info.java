/** The JDBC driver {@code jdbc:lakeops:}: DuckDB's own driver with the lake's verbs and mounted tables. */
@NullMarked
package io.lakeops.duckdb.jdbc;

import org.jspecify.annotations.NullMarked;
