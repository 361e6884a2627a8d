package io.lakeops.delta;

import io.lakeops.delta.internal.write.TableCreation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Predicate;
import io.lakeops.table.References;
import io.lakeops.table.Restorability;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableDetail;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableScan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** A Delta table that its first commit makes. Until then it is an empty version below the first. */
record UnbornTable(TableId id, TableLocation location, TableCreation creation) implements LakeTable {
    @Override
    public Snapshot snapshot(SnapshotSelector which) {
        if (!which.equals(SnapshotSelector.latest())) {
            throw new LakeException(
                    ErrorCode.VERSION_NOT_FOUND, "the table is not there yet", Map.of("table", id, "asked", which));
        }
        return new Nothing(id, location, creation);
    }

    @Override
    public CommitResult commit(Snapshot base, CommitSpec spec) {
        if (!(base instanceof Nothing nothing) || nothing.creation() != creation) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the commit's base is no version of this table", Map.of("table", id));
        }
        creation.commit(spec);
        return new CommitResult.Committed(0, 1);
    }

    @Override
    public Stream<TableCommit> commits(long from, long to) {
        return Stream.empty();
    }

    @Override
    public VersionRange versions() {
        return new VersionRange(0, -1);
    }

    @Override
    public Restorability restorable(long version) {
        return new Restorability.Gone("the table is not there yet");
    }

    @Override
    public References referencedSince(Instant cutoff) {
        return new References(Set.of(), true, -1);
    }

    /** What its first commit builds on. */
    private record Nothing(TableId table, TableLocation location, TableCreation creation) implements Snapshot {
        @Override
        public long version() {
            return creation.version();
        }

        @Override
        public Instant timestamp() {
            return creation.timestamp();
        }

        @Override
        public Schema schema() {
            return creation.metadata().schema();
        }

        @Override
        public List<String> partitionColumns() {
            return creation.metadata().partitionColumns();
        }

        @Override
        public TableDetail detail() {
            return new TableDetail(
                    "delta",
                    creation.metadata().id(),
                    creation.metadata().name(),
                    creation.metadata().description(),
                    Optional.of(creation.timestamp()),
                    List.of(),
                    creation.metadata().properties(),
                    creation.protocol().readerVersion(),
                    creation.protocol().writerVersion(),
                    creation.protocol().features());
        }

        @Override
        public TableScan scan() {
            return new NoFiles(creation, Predicate.always());
        }

        @Override
        public Coordination coordination() {
            return new Coordination() {
                @Override
                public OptionalLong sequence(String application) {
                    return OptionalLong.empty();
                }

                @Override
                public Map<String, String> domains() {
                    return creation.domains();
                }
            };
        }

        @Override
        public DeletedRows deletedRows(DataFile file) {
            if (file.deletionVector().isPresent()) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the table has no file with a deletion vector yet",
                        Map.of("path", file.path()));
            }
            return DeletedRows.of(new long[0]);
        }
    }

    private record NoFiles(TableCreation creation, Predicate predicate) implements TableScan {
        @Override
        public TableScan where(Predicate more) {
            return new NoFiles(creation, predicate.and(more));
        }

        @Override
        public List<DataFile> files() {
            return List.of();
        }

        @Override
        public Path locate(DataFile file) {
            return creation.paths().confined(file.path());
        }

        @Override
        public List<PrunedFile> pruned() {
            return List.of();
        }
    }
}
