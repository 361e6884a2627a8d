package io.lakeops.quality;

import io.lakeops.engine.Relation;
import io.lakeops.table.Snapshot;

/** What is checked. */
public sealed interface CheckTarget {
    /** A table at a version. */
    record AtVersion(Snapshot snapshot) implements CheckTarget {}

    /** Rows without versions, such as a table of the engine's own warehouse. */
    record Unversioned(Relation rows) implements CheckTarget {}

    /** Finds targets by name, for suites and for checks that read a second table. */
    @FunctionalInterface
    interface Targets {
        /** The target of a name as suites have it; asked once a run, so that a run sees one version of each table. */
        CheckTarget find(String table);
    }
}
