package io.lakeops.delta.internal.kernel;

import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.utils.CloseableIterator;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.SchemaJson;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What Delta Kernel itself reads of a version: the judge of our own replay. */
public final class KernelLog {
    private final Path root;
    private final Engine engine = DefaultEngine.create(new LocalFiles());

    public KernelLog(Path root) {
        this.root = root;
    }

    /** Loads a version. */
    public Loaded load(long version) {
        return new Loaded((SnapshotImpl) TableManager.loadSnapshot(LocalFiles.text(root))
                .atVersion(version)
                .build(engine));
    }

    /** One loaded version. */
    public final class Loaded {
        private final SnapshotImpl snapshot;

        private Loaded(SnapshotImpl snapshot) {
            this.snapshot = snapshot;
        }

        public Protocol protocol() {
            io.delta.kernel.internal.actions.Protocol protocol = snapshot.getProtocol();
            return new Protocol(
                    protocol.getMinReaderVersion(),
                    protocol.getMinWriterVersion(),
                    protocol.getReaderFeatures(),
                    protocol.getWriterFeatures());
        }

        public Metadata metadata() {
            io.delta.kernel.internal.actions.Metadata metadata = snapshot.getMetadata();
            return new Metadata(
                    metadata.getId(),
                    metadata.getName(),
                    metadata.getDescription(),
                    SchemaJson.read(metadata.getSchemaString(), root.toString()),
                    VectorUtils.toJavaList(metadata.getPartitionColumns()),
                    metadata.getConfiguration(),
                    metadata.getCreatedTime().map(OptionalLong::of).orElse(OptionalLong.empty()));
        }

        /** The newest number that was committed for an application. */
        public OptionalLong sequence(String application) {
            return snapshot.getLatestTransactionVersion(engine, application)
                    .map(OptionalLong::of)
                    .orElse(OptionalLong.empty());
        }

        /** Domain metadata in force. */
        public Map<String, String> domains() {
            Map<String, String> domains = new HashMap<>();
            snapshot.getActiveDomainMetadataMap()
                    .forEach((domain, action) -> domains.put(domain, action.getConfiguration()));
            return domains;
        }

        /** The files of this version; statistics that are kept as columns alone are not seen. */
        public List<LoggedFile> files() {
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
                throw new UncheckedIOException(e);
            }
            return files;
        }
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
}
