package io.lakeops.duckdb.lake;

import io.lakeops.engine.Relation;

/** Writes the query that reads files of a snapshot. */
@FunctionalInterface
interface SnapshotSql {
    /** The query; it may read footers, on a connection of its own. */
    String of(Relation.TableRows rows);
}
