package io.lakeops.delta;

import io.lakeops.delta.internal.log.Clustering;
import io.lakeops.delta.internal.log.DeletionVectorFile;
import io.lakeops.delta.internal.log.DeletionVectorReader;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.delta.internal.replay.FileSet;
import io.lakeops.delta.internal.replay.TableState;
import io.lakeops.delta.internal.write.BaseVersion;
import io.lakeops.delta.internal.write.ColumnPlaces;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVectorWriter;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableDetail;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableScan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A version of a Delta table; its files, time and domains are read when they are first asked for. */
final class DeltaSnapshot implements Snapshot, BaseVersion {
    private final DeltaTable table;
    private final TableState state;
    private final TablePaths paths;
    private volatile @Nullable List<DataFile> files;
    private volatile @Nullable Instant timestamp;

    DeltaSnapshot(DeltaTable table, TableState state, TablePaths paths) {
        this.table = table;
        this.state = state;
        this.paths = paths;
    }

    @Override
    public TableId table() {
        return table.id();
    }

    @Override
    public TableLocation location() {
        return table.location();
    }

    @Override
    public long version() {
        return state.version();
    }

    @Override
    public Instant timestamp() {
        Instant known = timestamp;
        if (known == null) {
            known = new CommitTimes(LogListing.require(paths.root())).of(version());
            timestamp = known;
        }
        return known;
    }

    @Override
    public Schema schema() {
        return metadata().schema();
    }

    @Override
    public List<String> partitionColumns() {
        return metadata().partitionFields().stream().map(f -> f.name()).toList();
    }

    @Override
    public TableDetail detail() {
        Metadata metadata = metadata();
        return new TableDetail(
                "delta",
                metadata.id(),
                metadata.name(),
                metadata.description(),
                metadata.createdTime().isPresent()
                        ? Optional.of(
                                Instant.ofEpochMilli(metadata.createdTime().getAsLong()))
                        : Optional.empty(),
                protocol().has("clustering") ? Clustering.logicalColumns(domains(), schema()) : List.of(),
                metadata.properties(),
                protocol().readerVersion(),
                protocol().writerVersion(),
                protocol().features());
    }

    @Override
    public TableScan scan() {
        return new DeltaScan(this, Predicate.always());
    }

    @Override
    public Coordination coordination() {
        return new Coordination() {
            @Override
            public OptionalLong sequence(String application) {
                return DeltaSnapshot.this.sequence(application);
            }

            @Override
            public Map<String, String> domains() {
                return DeltaSnapshot.this.domains();
            }

            @Override
            public boolean changeData() {
                return metadata().flag("delta.enableChangeDataFeed");
            }

            @Override
            public Schema placed(Schema wanted) {
                return ColumnPlaces.of(metadata(), wanted);
            }

            @Override
            public Optional<DeletionVectorWriter> deletionVectors() {
                return protocol().has("deletionVectors") && metadata().flag("delta.enableDeletionVectors")
                        ? Optional.of(new DeletionVectorFile(paths.root()))
                        : Optional.empty();
            }
        };
    }

    @Override
    public DeletedRows deletedRows(DataFile file) {
        if (file.deletionVector().isEmpty()) {
            return DeletedRows.of(new long[0]);
        }
        OptionalLong rows = file.statistics().map(FileStatistics::rows).orElse(OptionalLong.empty());
        return new DeletionVectorReader(paths).read(file.deletionVector().get(), rows);
    }

    @Override
    public Protocol protocol() {
        return state.protocol();
    }

    @Override
    public Metadata metadata() {
        return state.metadata();
    }

    @Override
    public OptionalLong sequence(String application) {
        Long reached = state.sequences().get(application);
        return reached == null ? OptionalLong.empty() : OptionalLong.of(reached);
    }

    @Override
    public TablePaths paths() {
        return paths;
    }

    @Override
    public Map<String, String> domains() {
        return state.domains();
    }

    /** The files of this version in the order of their paths. */
    List<DataFile> files() {
        List<DataFile> known = files;
        if (known == null) {
            FileSet logged = state.files();
            List<DataFile> data = new ArrayList<>(logged.size());
            logged.values().forEach(file -> data.add(file.dataFile(metadata(), paths)));
            known = List.copyOf(data);
            files = known;
        }
        return known;
    }

    TableState state() {
        return state;
    }

    /** The files as the log has them, by {@link io.lakeops.delta.internal.log.LoggedFile#key()}. */
    @Override
    public FileSet logged() {
        return state.files();
    }
}
