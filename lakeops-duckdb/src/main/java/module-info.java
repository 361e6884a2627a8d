/** The DuckDB engine and the SQL front. */
module io.lakeops.duckdb {
    requires transitive io.lakeops.core;
    requires transitive java.sql;
    requires duckdb.jdbc;
    requires static com.google.auto.service;
}
