/** The DuckDB engine and the SQL front. */
module io.lakeops.duckdb {
    requires transitive io.lakeops.core;
    requires transitive java.sql;
    requires duckdb.jdbc;
    requires com.fasterxml.jackson.core;
    requires static com.google.auto.service;

    exports io.lakeops.duckdb;
    exports io.lakeops.duckdb.jdbc;
    exports io.lakeops.duckdb.sql;

    uses io.lakeops.engine.ComputeEngine;
    uses io.lakeops.table.TableFormat;

    provides io.lakeops.engine.ComputeEngine with
            io.lakeops.duckdb.DuckDbEngine;
}
