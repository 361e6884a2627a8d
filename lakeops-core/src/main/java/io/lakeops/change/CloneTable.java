package io.lakeops.change;

import io.lakeops.context.FileRoots;
import io.lakeops.context.Run;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableCloning;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes a table that has the rows and the definition of a version of another: columns with their ids, partitioning,
 * clustering, constraints, properties and features. Ids of rows, transaction ids and history are its own.
 *
 * <p>A shallow clone names the source's files where they stand. Whatever is done to it later writes into its own folder; the
 * source's files are never written or deleted by it, and it loses rows once the source's VACUUM takes them. Where its files
 * may be is noted in {@link io.lakeops.context.LakeContext#roots}. A deep clone has copies of the files; made again, it copies
 * only those that it lacks.
 *
 * <p>Errors: TABLE_ALREADY_EXISTS; INVALID_ARGUMENT where one table stands in the other's folder; FEATURE_UNSUPPORTED where
 * the format has no clones, or for what can't be taken over; DATA_FILE_MISSING where the version has lost files;
 * PATH_OUTSIDE_TABLE; COMMIT_CONFLICT; COMMIT_OUTCOME_UNKNOWN.
 *
 * @param source the version
 * @param deep whether the files are copied
 * @param replace whether a table that stands there becomes the clone, in a version of its own
 * @param properties in place of the source's, or beside them
 * @param userMetadata a free text for the history
 */
public record CloneTable(
        Snapshot source, boolean deep, boolean replace, Map<String, String> properties, Optional<String> userMetadata) {
    private static final String NAME = "CLONE";
    /** The domain that says by which columns a table is clustered. */
    private static final String CLUSTERING = "delta.clustering";

    public CloneTable {
        Objects.requireNonNull(source);
        properties = Map.copyOf(properties);
        Objects.requireNonNull(userMetadata);
    }

    /** A clone that names the source's files. */
    public static CloneTable shallow(Snapshot source) {
        return new CloneTable(source, false, false, Map.of(), Optional.empty());
    }

    /** A clone that has copies of the source's files. */
    public static CloneTable deep(Snapshot source) {
        return new CloneTable(source, true, false, Map.of(), Optional.empty());
    }

    public CloneTable orReplace() {
        return new CloneTable(source, deep, true, properties, userMetadata);
    }

    public CloneTable withProperties(Map<String, String> others) {
        return new CloneTable(source, deep, replace, others, userMetadata);
    }

    public CloneTable withUserMetadata(String text) {
        return new CloneTable(source, deep, replace, properties, Optional.of(text));
    }

    /** Commits the clone. */
    public CloneResult run(TableFormat format, TableId id, TableLocation location, Optional<LogParquet> log, Run run) {
        TableCloning cloning = format.cloning()
                .orElseThrow(() -> new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "the format can't make clones",
                        Map.of("format", format.name(), "table", id)));
        requireApart(location.root());
        boolean there = format.recognizes(location);
        if (there && !replace) {
            throw new LakeException(
                    ErrorCode.TABLE_ALREADY_EXISTS, "a table stands there already", Map.of("path", location));
        }
        FileCopies copies = new FileCopies(source, cloning, location, run);
        Function<Attempts.Attempt, CloneResult> body;
        if (deep) {
            body = attempt -> attempt(attempt, copies.onto(attempt), copies);
        } else {
            List<DataFile> files = source.scan().files();
            // Before the clone: it must never stand where nothing says that its files may be read.
            run.context().roots().record(location.root(), roots(files, run));
            List<DataFile> shared =
                    files.stream().map(file -> cloning.shared(source, file)).toList();
            body = attempt -> attempt(attempt, shared, copies);
        }
        if (!there) {
            LakeTable unborn = cloning.unborn(id, location, source, merged(), run.context());
            try {
                return Attempts.run(unborn, NAME, run, body);
            } catch (LakeException e) {
                // Another writer made it meanwhile.
                if (!replace || e.code() != ErrorCode.TABLE_ALREADY_EXISTS) {
                    throw e;
                }
            }
        }
        LakeTable table = format.open(id, location, log, run.context());
        return Attempts.run(table, NAME, run, body);
    }

    private CloneResult attempt(Attempts.Attempt attempt, List<DataFile> files, FileCopies copies) {
        Snapshot base = attempt.base();
        boolean fresh = base.version() < 0;
        List<FileChange> changes = changes(base.scan().files(), files);
        List<DataFile> removed = removed(changes);
        CloneResult result = new CloneResult(
                source.version(),
                -1,
                Rewriting.bytes(source.scan().files()),
                source.scan().files().size(),
                removed.size(),
                copies.files(),
                Rewriting.bytes(removed),
                copies.bytes());
        CommitSpec spec = CommitSpec.of(operation(result), new Reads.WholeTable(), changes)
                .withIsolation(Isolation.SERIALIZABLE)
                // The files were held to the rules that come with them.
                .withRules(TableRules.of(source.schema(), merged()));
        if (!fresh) {
            spec = spec.withTable(new TableChange(
                    source.schema(),
                    source.partitionColumns(),
                    merged(),
                    base.detail().description(),
                    Optional.of(source)));
            String before = base.coordination().domains().getOrDefault(CLUSTERING, "");
            String after = source.coordination().domains().getOrDefault(CLUSTERING, "");
            spec = before.equals(after) ? spec : spec.withDomains(Map.of(CLUSTERING, after));
        }
        if (userMetadata.isPresent()) {
            spec = spec.withUserMetadata(userMetadata.get());
        }
        return result.at(((CommitResult.Committed) attempt.commit(spec)).version());
    }

    /** What makes {@code before} into {@code after}; a file that is in both with the same vector stays. */
    private static List<FileChange> changes(List<DataFile> before, List<DataFile> after) {
        Map<String, DataFile> old = new LinkedHashMap<>();
        before.forEach(file -> old.put(file.path(), file));
        List<FileChange> changes = new ArrayList<>();
        for (DataFile file : after) {
            DataFile same = old.remove(file.path());
            if (same == null) {
                changes.add(new FileChange.Add(file, true));
            } else if (!same.deletionVector().equals(file.deletionVector())) {
                changes.add(new FileChange.ReplaceVector(same, file));
            }
        }
        old.values().forEach(file -> changes.add(new FileChange.Remove(file, true)));
        return changes;
    }

    private static List<DataFile> removed(List<FileChange> changes) {
        List<DataFile> removed = new ArrayList<>();
        for (FileChange change : changes) {
            if (change instanceof FileChange.Remove remove) {
                removed.add(remove.file());
            } else if (change instanceof FileChange.ReplaceVector replaced) {
                removed.add(replaced.before());
            }
        }
        return removed;
    }

    private Map<String, String> merged() {
        Map<String, String> merged = new LinkedHashMap<>(source.detail().properties());
        merged.putAll(properties);
        return merged;
    }

    /** The source's folder, and of the roots that it reads from itself those that its files are in. */
    private Set<Path> roots(List<DataFile> files, Run run) {
        Path own = FileRoots.real(source.location().root());
        Set<Path> roots = new LinkedHashSet<>(Set.of(own));
        List<Path> others = run.context().roots().of(source.location().root()).stream()
                .map(FileRoots::real)
                .toList();
        if (!others.isEmpty()) {
            for (DataFile file : files) {
                Path real = FileRoots.real(file.location());
                if (!real.startsWith(own)) {
                    others.stream().filter(real::startsWith).forEach(roots::add);
                }
            }
        }
        return roots;
    }

    private void requireApart(Path target) {
        Path clone = FileRoots.real(target);
        Path own = FileRoots.real(source.location().root());
        if (clone.startsWith(own) || own.startsWith(clone)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    clone.equals(own)
                            ? "a table can't be cloned onto itself; RESTORE takes it back to a version"
                            : "a clone can't stand in its source's folder, nor the source in the clone's",
                    Map.of("source", source.location(), "clone", target));
        }
    }

    private Operation operation(CloneResult result) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("source", source.detail().format() + ".`" + source.location() + "`");
        parameters.put("sourceVersion", Long.toString(source.version()));
        parameters.put("isShallow", Boolean.toString(!deep));
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("sourceTableSize", Long.toString(result.sourceBytes()));
        metrics.put("sourceNumOfFiles", Long.toString(result.sourceFiles()));
        metrics.put("numRemovedFiles", Long.toString(result.filesRemoved()));
        metrics.put("numCopiedFiles", Long.toString(result.filesCopied()));
        metrics.put("removedFilesSize", Long.toString(result.bytesRemoved()));
        metrics.put("copiedFilesSize", Long.toString(result.bytesCopied()));
        return new Operation(NAME, parameters, metrics);
    }
}
