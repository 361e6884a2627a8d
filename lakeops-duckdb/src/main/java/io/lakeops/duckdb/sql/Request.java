package io.lakeops.duckdb.sql;

/** One statement, and who runs it. */
public sealed interface Request {
    /** The statement as it was written. */
    String sql();

    /** A statement for DuckDB, with Delta's spellings made its own. */
    record Engine(String sql, EngineStatement kind) implements Request {}

    /** A verb of ours. */
    record Ours(String sql, Verb verb) implements Request {}
}
