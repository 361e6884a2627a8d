package io.lakeops.duckdb.ingest;

import io.lakeops.context.LakeContext;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** A format that dies at its n-th commit or creation, before or after it landed, as a killed process does. */
final class FailingFormat implements TableFormat {
    private final TableFormat real;
    private final int dieAt;
    private final boolean afterwards;
    private int steps;

    FailingFormat(TableFormat real, int dieAt, boolean afterwards) {
        this.real = real;
        this.dieAt = dieAt;
        this.afterwards = afterwards;
    }

    /** What a kill looks like to the code that it hits: nothing may catch it and go on. */
    static final class Killed extends Error {
        Killed(int step) {
            super("killed at step " + step);
        }
    }

    private <T> T step(java.util.function.Supplier<T> work) {
        int step = ++steps;
        if (step == dieAt && !afterwards) {
            throw new Killed(step);
        }
        T result = work.get();
        if (step == dieAt) {
            throw new Killed(step);
        }
        return result;
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public boolean recognizes(TableLocation location) {
        return real.recognizes(location);
    }

    @Override
    public LakeTable open(TableId id, TableLocation location, Optional<LogParquet> log, LakeContext context) {
        return new Table(real.open(id, location, log, context));
    }

    @Override
    public LakeTable create(
            TableId id, TableLocation location, TableSpec spec, Optional<LogParquet> log, LakeContext context) {
        return step(() -> new Table(real.create(id, location, spec, log, context)));
    }

    private final class Table implements LakeTable {
        private final LakeTable table;

        Table(LakeTable table) {
            this.table = table;
        }

        @Override
        public TableId id() {
            return table.id();
        }

        @Override
        public TableLocation location() {
            return table.location();
        }

        @Override
        public Snapshot snapshot(SnapshotSelector which) {
            return table.snapshot(which);
        }

        @Override
        public Stream<TableCommit> commits(long from, long to) {
            return table.commits(from, to);
        }

        @Override
        public VersionRange versions() {
            return table.versions();
        }

        @Override
        public CommitResult commit(Snapshot base, CommitSpec spec) {
            return step(() -> table.commit(base, spec));
        }

        @Override
        public Restorability restorable(long version) {
            return table.restorable(version);
        }

        @Override
        public References referencedSince(Instant cutoff) {
            return table.referencedSince(cutoff);
        }
    }
}
