package io.lakeops.delta;

import io.lakeops.delta.internal.kernel.KernelLog;
import io.lakeops.delta.internal.log.Clustering;
import io.lakeops.delta.internal.log.DeletionVectorFile;
import io.lakeops.delta.internal.log.DeletionVectorReader;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.delta.internal.write.BaseVersion;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A version of a Delta table; its files, time and domains are read when they are first asked for. */
final class DeltaSnapshot implements Snapshot, BaseVersion {
    private final DeltaTable table;
    private final KernelLog.Loaded loaded;
    private final LogListing listing;
    private final TablePaths paths;
    private volatile @Nullable Files files;
    private volatile @Nullable Instant timestamp;
    private volatile @Nullable Map<String, String> domains;

    private DeltaSnapshot(DeltaTable table, KernelLog.Loaded loaded, LogListing listing, TablePaths paths) {
        this.table = table;
        this.loaded = loaded;
        this.listing = listing;
        this.paths = paths;
    }

    static DeltaSnapshot of(DeltaTable table, KernelLog.Loaded loaded, LogListing listing, TablePaths paths) {
        ReadGate.check(loaded.protocol(), loaded.metadata(), table.location(), loaded.version());
        return new DeltaSnapshot(table, loaded, listing, paths);
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
        return loaded.version();
    }

    @Override
    public Instant timestamp() {
        Instant known = timestamp;
        if (known == null) {
            known = new CommitTimes(listing).of(version());
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
        return loaded.protocol();
    }

    @Override
    public Metadata metadata() {
        return loaded.metadata();
    }

    @Override
    public OptionalLong sequence(String application) {
        return loaded.sequence(application);
    }

    @Override
    public TablePaths paths() {
        return paths;
    }

    @Override
    public Map<String, String> domains() {
        Map<String, String> known = domains;
        if (known == null) {
            known = Map.copyOf(loaded.domains());
            domains = known;
        }
        return known;
    }

    /** The files of this version in the order of their paths. */
    List<DataFile> files() {
        return read().files();
    }

    /** The files as the log has them, by {@link LoggedFile#key()}. */
    @Override
    public Map<String, LoggedFile> logged() {
        return read().logged();
    }

    private Files read() {
        Files known = files;
        if (known == null) {
            Map<String, LoggedFile> logged = new HashMap<>();
            List<DataFile> data = new ArrayList<>();
            for (LoggedFile file : loaded.files()) {
                if (logged.put(file.key(), file) != null) {
                    throw new LakeException(
                            ErrorCode.LOG_CORRUPT,
                            "a file stands twice in one version",
                            Map.of("table", location(), "version", version(), "path", file.logPath()));
                }
                data.add(file.dataFile(metadata(), paths));
            }
            data.sort(Comparator.comparing(DataFile::path));
            known = new Files(List.copyOf(data), logged);
            files = known;
        }
        return known;
    }

    private record Files(List<DataFile> files, Map<String, LoggedFile> logged) {}
}
