package io.lakeops.duckdb.engine;

/**
 * A column of what a query returns.
 *
 * @param type DuckDB's name of its type
 */
record Column(String name, String type) {}
