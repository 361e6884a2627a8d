package io.lakeops.delta.internal.kernel;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.replay.ActionsIterator;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.SchemaJson;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.LogParquet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads versions of one table through Delta Kernel, from commits and checkpoints.
 *
 * <p>Errors: LOG_CORRUPT naming the file, FEATURE_UNSUPPORTED naming the feature.
 *
 * <p>Threads: safe.
 */
public final class KernelLog {
    private final Path root;
    private final Engine engine;
    private final Consumer<String> warning;

    /**
     * @param log who reads checkpoints; the kernel's own Parquet reader where absent
     * @param warning who hears of what is left out
     */
    public KernelLog(Path root, Optional<LogParquet> log, Consumer<String> warning) {
        this.root = root;
        this.warning = warning;
        Engine defaults = DefaultEngine.create(new LocalFiles());
        this.engine = log.<Engine>map(parquet -> new LogEngine(defaults, new LogParquetHandler(parquet)))
                .orElse(defaults);
    }

    /** Loads a version that {@code listing} showed to be there. */
    public Loaded load(long version, LogListing listing) {
        return guarded(version, listing, () -> {
            SnapshotImpl snapshot = (SnapshotImpl) TableManager.loadSnapshot(LocalFiles.text(root))
                    .atVersion(version)
                    .build(engine);
            requireContent(snapshot);
            return new Loaded(
                    snapshot, listing, protocol(snapshot), metadata(snapshot, LogListing.commit(root, version)));
        });
    }

    /** The kernel takes an empty commit for one without actions; it is a torn write. */
    private static void requireContent(Snapshot snapshot) {
        for (FileStatus delta : snapshot.getLogSegment().getDeltas()) {
            if (delta.getSize() == 0) {
                throw new LakeException(
                        ErrorCode.LOG_CORRUPT, "a commit of the log is empty", Map.of("file", delta.getPath()));
            }
        }
    }

    private static Protocol protocol(Snapshot snapshot) {
        io.delta.kernel.internal.actions.Protocol protocol = snapshot.getProtocol();
        return new Protocol(
                protocol.getMinReaderVersion(),
                protocol.getMinWriterVersion(),
                protocol.getReaderFeatures(),
                protocol.getWriterFeatures());
    }

    private static Metadata metadata(Snapshot snapshot, Path where) {
        io.delta.kernel.internal.actions.Metadata metadata = snapshot.getMetadata();
        return new Metadata(
                metadata.getId(),
                metadata.getName(),
                metadata.getDescription(),
                SchemaJson.read(metadata.getSchemaString(), where.toString()),
                VectorUtils.toJavaList(metadata.getPartitionColumns()),
                metadata.getConfiguration(),
                metadata.getCreatedTime().map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private <T> T guarded(long version, LogListing listing, Supplier<T> work) {
        try {
            return work.get();
        } catch (LakeException known) {
            throw known;
        } catch (UnsupportedTableFeatureException e) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "reading needs the table feature " + String.join(", ", new TreeSet<>(e.getUnsupportedFeatures())),
                    Map.of("table", root, "version", version),
                    e);
        } catch (UnsupportedProtocolVersionException e) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "reading needs protocol version " + e.getVersion(),
                    Map.of("table", root, "version", version),
                    e);
        } catch (RuntimeException e) {
            throw explained(version, listing, e);
        }
    }

    /** The kernel's messages rarely name the file: look for it, so that whoever repairs knows where. */
    private LakeException explained(long version, LogListing listing, RuntimeException cause) {
        boolean defined = false;
        for (long v = version; listing.commits().containsKey(v); v--) {
            Optional<CommitFile> commit = CommitFile.readIfPresent(LogListing.commit(root, v));
            commit.map(CommitFile::actions).orElse(List.of()).forEach(action -> {
                action.object("add").ifPresent(LoggedFile::add);
                action.object("remove").ifPresent(LoggedFile::remove);
                action.object("protocol").ifPresent(Protocol::of);
            });
            List<JsonObject> metadata =
                    commit.map(file -> file.actions("metaData")).orElse(List.of());
            if (!defined && !metadata.isEmpty()) {
                // A column of a type that nobody knows is named here, and not by the kernel.
                Metadata.of(metadata.get(0));
                defined = true;
            }
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof LakeException known) {
                return known;
            }
        }
        return new LakeException(
                ErrorCode.LOG_CORRUPT,
                "the log can't be read: " + cause.getMessage(),
                Map.of("table", root, "version", version),
                cause);
    }

    /** One loaded version. Threads: safe. */
    public final class Loaded {
        private final SnapshotImpl snapshot;
        private final LogListing listing;
        private final Protocol protocol;
        private final Metadata metadata;

        private Loaded(SnapshotImpl snapshot, LogListing listing, Protocol protocol, Metadata metadata) {
            this.snapshot = snapshot;
            this.listing = listing;
            this.protocol = protocol;
            this.metadata = metadata;
        }

        public long version() {
            return snapshot.getVersion();
        }

        public Protocol protocol() {
            return protocol;
        }

        public Metadata metadata() {
            return metadata;
        }

        /** The newest number that was committed for an application. */
        public OptionalLong sequence(String application) {
            return guarded(
                    version(),
                    listing,
                    () -> snapshot.getLatestTransactionVersion(engine, application)
                            .map(OptionalLong::of)
                            .orElse(OptionalLong.empty()));
        }

        /** Domain metadata in force. */
        public Map<String, String> domains() {
            return guarded(version(), listing, () -> {
                Map<String, String> domains = new HashMap<>();
                snapshot.getActiveDomainMetadataMap()
                        .forEach((domain, action) -> domains.put(domain, action.getConfiguration()));
                return domains;
            });
        }

        /** The files of this version, in the log's order. */
        public List<LoggedFile> files() {
            return guarded(version(), listing, () -> {
                List<LoggedFile> files = files(engine);
                boolean complete =
                        files.stream().allMatch(file -> file.statistics().isPresent());
                if (complete || snapshot.getLogSegment().getCheckpoints().isEmpty()) {
                    return files;
                }
                return filesWithParsedStatistics(files);
            });
        }

        /** A checkpoint may keep statistics as columns, which the kernel does not look at. They only ever save work. */
        private List<LoggedFile> filesWithParsedStatistics(List<LoggedFile> without) {
            try {
                return files(
                        new LogEngine(engine, new ParsedStatistics(engine.getParquetHandler(), metadata.schema())));
            } catch (RuntimeException e) {
                warning.accept("the statistics columns of the checkpoint before version " + version()
                        + " can't be read, so files without others are not pruned: " + e.getMessage());
                return without;
            }
        }

        private List<LoggedFile> files(Engine engine) {
            List<LoggedFile> files = new ArrayList<>();
            try (CloseableIterator<FilteredColumnarBatch> batches =
                    snapshot.getScanBuilder().build().getScanFiles(engine, true)) {
                while (batches.hasNext()) {
                    try (CloseableIterator<Row> rows = batches.next().getRows()) {
                        while (rows.hasNext()) {
                            Row row = rows.next();
                            files.add(file(
                                    new AddFile(row.getStruct(row.getSchema().indexOf("add")))));
                        }
                    }
                }
            } catch (IOException e) {
                throw LogErrors.io("the log can't be read", listing.log(), e);
            }
            return files;
        }
    }

    /**
     * Every file that a checkpoint names, active or removed, as far as its paths go.
     *
     * @param version a version that has a checkpoint
     */
    public List<LoggedFile> checkpointFiles(long version, LogListing listing) {
        return guarded(version, listing, () -> {
            Snapshot snapshot = TableManager.loadSnapshot(LocalFiles.text(root))
                    .atVersion(version)
                    .build(engine);
            List<LoggedFile> files = new ArrayList<>();
            try (ActionsIterator actions = new ActionsIterator(
                    engine, snapshot.getLogSegment().getCheckpoints(), CheckpointPaths.SCHEMA, Optional.empty())) {
                while (actions.hasNext()) {
                    CheckpointPaths.read(actions.next().getColumnarBatch(), files);
                }
            } catch (IOException e) {
                throw LogErrors.io("a checkpoint can't be read", listing.log(), e);
            }
            return files;
        });
    }

    private static LoggedFile file(AddFile add) {
        Map<String, @Nullable String> partition = VectorUtils.toJavaMap(add.getPartitionValues());
        Map<String, String> tags = new HashMap<>();
        add.getTags()
                .<Map<String, @Nullable String>>map(VectorUtils::toJavaMap)
                .ifPresent(map -> map.forEach((key, value) -> {
                    if (value != null) {
                        tags.put(key, value);
                    }
                }));
        return new LoggedFile(
                add.getPath(),
                partition,
                add.getSize(),
                add.getModificationTime(),
                add.getStatsJson(),
                add.getDeletionVector()
                        .map(v -> new DeletionVector(
                                v.getStorageType(),
                                v.getPathOrInlineDv(),
                                v.getOffset().map(OptionalInt::of).orElse(OptionalInt.empty()),
                                v.getSizeInBytes(),
                                v.getCardinality())),
                tags,
                add.getBaseRowId()
                        .flatMap(id ->
                                add.getDefaultRowCommitVersion().map(commit -> new DataFile.RowTracking(id, commit))));
    }

    private record LogEngine(Engine defaults, ParquetHandler parquet) implements Engine {
        @Override
        public ExpressionHandler getExpressionHandler() {
            return defaults.getExpressionHandler();
        }

        @Override
        public JsonHandler getJsonHandler() {
            return defaults.getJsonHandler();
        }

        @Override
        public FileSystemClient getFileSystemClient() {
            return defaults.getFileSystemClient();
        }

        @Override
        public ParquetHandler getParquetHandler() {
            return parquet;
        }
    }
}
