package io.lakeops.table;

import java.time.Instant;

/** Which version of a table is meant. */
public sealed interface SnapshotSelector {
    /** The newest. */
    record Latest() implements SnapshotSelector {}

    /** The version of that number. */
    record Version(long version) implements SnapshotSelector {}

    /** The newest version that was committed at or before an instant. */
    record AsOf(Instant instant) implements SnapshotSelector {}

    static SnapshotSelector latest() {
        return new Latest();
    }

    static SnapshotSelector version(long version) {
        return new Version(version);
    }

    static SnapshotSelector asOf(Instant instant) {
        return new AsOf(instant);
    }
}
