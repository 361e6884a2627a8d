package io.lakeops.delta;

import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.DeletionVectorReader;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableCommit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads commits as their writers wrote them; the kernel's own history drops most of what a commit says of itself. */
final class DeltaHistory {
    private DeltaHistory() {}

    /**
     * The commits of a range, oldest first, each read when the stream reaches it.
     *
     * @param metadataAt the table's definition at a version: only asked for where changes are, and once
     */
    static Stream<TableCommit> commits(
            LogListing listing, TablePaths paths, long from, long to, LongFunction<Metadata> metadataAt) {
        if (from < 0 || to > listing.latest() || from > to) {
            throw new LakeException(
                    ErrorCode.VERSION_NOT_FOUND,
                    "there are no versions " + from + " to " + to,
                    Map.of("earliest", listing.earliestCommit(), "latest", listing.latest()));
        }
        if (from < listing.earliestCommit()) {
            throw new LakeException(
                    ErrorCode.VERSION_NOT_RETAINED,
                    "the commit of version " + from + " was cleaned up",
                    Map.of("earliest", listing.earliestCommit(), "latest", listing.latest()));
        }
        CommitTimes times = new CommitTimes(listing);
        Definition[] running = {new Definition(() -> metadataAt.apply(from))};
        return LongStream.rangeClosed(from, to).mapToObj(version -> {
            CommitFile file = read(paths, listing, version);
            List<JsonObject> metadata = file.actions("metaData");
            Optional<Metadata> own = metadata.isEmpty() ? Optional.empty() : Optional.of(Metadata.of(metadata.get(0)));
            own.ifPresent(definition -> running[0] = new Definition(() -> definition));
            return new Commit(entry(version, file, times), file, own, running[0], paths);
        });
    }

    private static CommitFile read(TablePaths paths, LogListing listing, long version) {
        return CommitFile.readIfPresent(LogListing.commit(paths.root(), version))
                .orElseThrow(() -> new LakeException(
                        ErrorCode.VERSION_NOT_RETAINED,
                        "the commit of version " + version + " was cleaned up",
                        Map.of("log", listing.log())));
    }

    private static HistoryEntry entry(long version, CommitFile file, CommitTimes times) {
        JsonObject info = file.commitInfo().orElse(new JsonObject(Map.of(), "version " + version));
        Object blind = info.values().get("isBlindAppend");
        return new HistoryEntry(
                version,
                times.of(version),
                info.optionalText("userId"),
                info.optionalText("userName"),
                info.optionalText("operation").orElse("UNKNOWN"),
                info.presentTexts("operationParameters"),
                info.optionalNumber("readVersion"),
                info.optionalText("isolationLevel"),
                blind instanceof Boolean flag ? Optional.of(flag) : Optional.empty(),
                info.presentTexts("operationMetrics"),
                info.optionalText("userMetadata"),
                info.optionalText("engineInfo"));
    }

    /** What a commit did to files, in log order; a remove and an add of one path are a change of its vector. */
    static List<FileChange> changes(CommitFile file, Metadata metadata, TablePaths paths) {
        Map<String, DataFile> removed = new HashMap<>();
        Map<String, Boolean> added = new HashMap<>();
        List<JsonObject> actions = file.actions();
        for (JsonObject action : actions) {
            action.object("remove").ifPresent(remove -> {
                DataFile data = removed(remove, metadata, paths);
                removed.put(data.path(), data);
            });
            action.object("add").ifPresent(add -> added.put(TablePaths.decode(add.text("path")), true));
        }
        List<FileChange> changes = new ArrayList<>();
        for (JsonObject action : actions) {
            action.object("add").ifPresent(add -> {
                DataFile data = LoggedFile.add(add).dataFile(metadata, paths);
                DataFile before = removed.get(data.path());
                changes.add(
                        before == null
                                ? new FileChange.Add(data, add.flag("dataChange", true))
                                : new FileChange.ReplaceVector(before, data));
            });
            action.object("remove").ifPresent(remove -> {
                DataFile data = removed(remove, metadata, paths);
                if (!added.containsKey(data.path())) {
                    changes.add(new FileChange.Remove(data, remove.flag("dataChange", true)));
                }
            });
            action.object("cdc")
                    .ifPresent(cdc -> changes.add(new FileChange.ChangeFile(
                            TablePaths.decode(cdc.text("path")),
                            metadata.logicalPartition(cdc.texts("partitionValues")),
                            cdc.number("size"))));
        }
        return changes;
    }

    /** A remove need not say in which partition its file was: then it has no partition values, not null ones. */
    private static DataFile removed(JsonObject remove, Metadata metadata, TablePaths paths) {
        DataFile file = LoggedFile.remove(remove).dataFile(metadata, paths);
        return remove.has("partitionValues")
                ? file
                : new DataFile(
                        file.path(),
                        file.location(),
                        Map.of(),
                        file.fileBytes(),
                        file.modificationTime(),
                        file.statistics(),
                        file.deletionVector(),
                        file.tags(),
                        file.rowTracking());
    }

    private record Commit(
            HistoryEntry entry, CommitFile file, Optional<Metadata> metadata, Definition definition, TablePaths paths)
            implements TableCommit {
        @Override
        public List<FileChange> changes() {
            return DeltaHistory.changes(file, definition.get(), paths);
        }

        @Override
        public Path locate(String path) {
            return paths.confined(path);
        }

        @Override
        public List<String> paths(DataFile data) {
            List<String> all = new ArrayList<>(List.of(data.path()));
            data.deletionVector()
                    .map(DeletionVectorReader::file)
                    .filter(path -> !path.isEmpty())
                    .ifPresent(all::add);
            return all;
        }

        @Override
        public Optional<TableChange> tableChange() {
            return metadata.map(
                    m -> new TableChange(m.schema(), m.partitionColumns(), m.properties(), m.description()));
        }
    }

    /** A definition that is looked up once, and only where somebody asks for changes. */
    private static final class Definition implements Supplier<Metadata> {
        private final Supplier<Metadata> lookup;
        private volatile @Nullable Metadata known;

        Definition(Supplier<Metadata> lookup) {
            this.lookup = lookup;
        }

        @Override
        public Metadata get() {
            Metadata metadata = known;
            if (metadata == null) {
                metadata = lookup.get();
                known = metadata;
            }
            return metadata;
        }
    }
}
