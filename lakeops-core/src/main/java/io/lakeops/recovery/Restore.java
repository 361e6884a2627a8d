package io.lakeops.recovery;

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
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Restorability;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a table back to an earlier version, in a new version: its files with their deletion vectors, its schema, partition
 * columns, clustering, properties and description. The protocol is never lowered; ids that were given once, of columns, rows
 * and identity columns, are not given again.
 *
 * <p>All files that the version needs are looked for first; where one is gone, nothing is done. A restore to the version
 * that is the newest makes no version.
 *
 * <p>Errors: VERSION_NOT_FOUND, VERSION_NOT_RETAINED, TIMESTAMP_OUT_OF_RANGE, RESTORE_FILES_MISSING names the files,
 * COMMIT_CONFLICT, COMMIT_OUTCOME_UNKNOWN.
 *
 * @param to the version, or the instant at which it was the newest
 * @param userMetadata a free text for the history
 */
public record Restore(SnapshotSelector to, Optional<String> userMetadata) {
    private static final int NAMED_FILES = 20;
    /** The domain that says by which columns a table is clustered. */
    private static final String CLUSTERING = "delta.clustering";

    public Restore {
        Objects.requireNonNull(to);
        if (to instanceof SnapshotSelector.Latest) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a restore needs a version or an instant");
        }
    }

    public static Restore toVersion(long version) {
        return new Restore(SnapshotSelector.version(version), Optional.empty());
    }

    public static Restore toInstant(Instant instant) {
        return new Restore(SnapshotSelector.asOf(instant), Optional.empty());
    }

    public Restore withUserMetadata(String text) {
        return new Restore(to, Optional.of(text));
    }

    /** Looks for the files and commits. */
    public RestoreResult run(LakeTable table, Run run) {
        Snapshot target = table.snapshot(to);
        return Attempts.run(table, "RESTORE", run, attempt -> attempt(attempt, table, target));
    }

    private RestoreResult attempt(Attempts.Attempt attempt, LakeTable table, Snapshot target) {
        Snapshot base = attempt.base();
        List<DataFile> files = target.scan().files();
        if (base.version() == target.version()) {
            return new RestoreResult(false, base.version(), target.version(), bytes(files), files.size(), 0, 0, 0, 0);
        }
        requireFiles(table, target.version());
        VersionDiff diff = VersionDiff.between(base, target);
        List<DataFile> restored = new ArrayList<>(diff.added());
        List<DataFile> removed = new ArrayList<>(diff.removed());
        List<FileChange> changes = new ArrayList<>();
        diff.removed().forEach(f -> changes.add(new FileChange.Remove(f, true)));
        diff.added().forEach(f -> changes.add(new FileChange.Add(f, true)));
        for (FileChange.ReplaceVector replaced : diff.revectored()) {
            changes.add(replaced);
            restored.add(replaced.after());
            removed.add(replaced.before());
        }
        // Both stand there, as Spark has them: the one that was not given is null.
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        boolean byTime = to instanceof SnapshotSelector.AsOf;
        parameters.put("version", byTime ? null : Long.toString(target.version()));
        parameters.put(
                "timestamp",
                to instanceof SnapshotSelector.AsOf asOf ? asOf.instant().toString() : null);
        RestoreResult result = new RestoreResult(
                true,
                base.version(),
                target.version(),
                bytes(files),
                files.size(),
                removed.size(),
                restored.size(),
                bytes(removed),
                bytes(restored));
        CommitSpec spec = CommitSpec.of(
                        new Operation("RESTORE", parameters, metrics(result)), new Reads.WholeTable(), changes)
                .withIsolation(Isolation.SERIALIZABLE)
                // The files that come back were held to the rules that come back with them.
                .withRules(TableRules.of(target));
        if (diff.definitionChanged()) {
            spec = spec.withTable(new TableChange(
                    target.schema(),
                    target.partitionColumns(),
                    target.detail().properties(),
                    target.detail().description()));
        }
        Map<String, String> domains = domains(base, target);
        if (!domains.isEmpty()) {
            spec = spec.withDomains(domains);
        }
        if (userMetadata.isPresent()) {
            spec = spec.withUserMetadata(userMetadata.get());
        }
        CommitResult.Committed committed = (CommitResult.Committed) attempt.commit(spec);
        return new RestoreResult(
                true,
                committed.version(),
                result.restoredVersion(),
                result.tableBytes(),
                result.files(),
                result.filesRemoved(),
                result.filesRestored(),
                result.bytesRemoved(),
                result.bytesRestored());
    }

    /** Clustering belongs to the definition that comes back; other domains are their owners', as Spark has it. */
    private static Map<String, String> domains(Snapshot base, Snapshot target) {
        String now = base.coordination().domains().getOrDefault(CLUSTERING, "");
        String then = target.coordination().domains().getOrDefault(CLUSTERING, "");
        return now.equals(then) ? Map.of() : Map.of(CLUSTERING, then);
    }

    private static void requireFiles(LakeTable table, long version) {
        Restorability restorability = table.restorable(version);
        if (restorability instanceof Restorability.Partial partial) {
            List<String> missing = partial.missing();
            throw new LakeException(
                    ErrorCode.RESTORE_FILES_MISSING,
                    "version " + version + " of " + table.id() + " needs " + missing.size() + " files that are gone: "
                            + String.join(", ", missing.subList(0, Math.min(NAMED_FILES, missing.size())))
                            + (missing.size() > NAMED_FILES ? ", …" : ""));
        }
        if (restorability instanceof Restorability.Gone gone) {
            throw new LakeException(
                    ErrorCode.VERSION_NOT_RETAINED,
                    "version " + version + " of " + table.id() + " can't come back: " + gone.why());
        }
    }

    private static Map<String, String> metrics(RestoreResult result) {
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("tableSizeAfterRestore", Long.toString(result.tableBytes()));
        metrics.put("numOfFilesAfterRestore", Long.toString(result.files()));
        metrics.put("numRemovedFiles", Long.toString(result.filesRemoved()));
        metrics.put("numRestoredFiles", Long.toString(result.filesRestored()));
        metrics.put("removedFilesSize", Long.toString(result.bytesRemoved()));
        metrics.put("restoredFilesSize", Long.toString(result.bytesRestored()));
        return metrics;
    }

    private static long bytes(List<DataFile> files) {
        return files.stream().mapToLong(DataFile::fileBytes).sum();
    }
}
