package io.lakeops.testkit;

import io.lakeops.context.LakeContext;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.ConflictRules;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Sequence;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The versions of one in-memory table.
 *
 * <p>Threads: safe; one commit at a time.
 */
final class MemoryLog {
    /** A version, whole. */
    record Version(
            TableChange definition,
            List<String> clusteringColumns,
            Map<String, DataFile> files,
            Map<String, Long> sequences,
            Map<String, String> domains,
            Commit commit) {
        ConflictRules.Winner rules() {
            return new ConflictRules.Winner(
                    commit.entry().isBlindAppend().orElse(false),
                    commit.tableChange().isPresent(),
                    commit.changes(),
                    commit.applications(),
                    commit.domains());
        }
    }

    /** The commit that made a version. */
    record Commit(
            HistoryEntry entry,
            List<FileChange> changes,
            Optional<TableChange> tableChange,
            Set<String> applications,
            Set<String> domains,
            TableLocation location)
            implements TableCommit {
        @Override
        public Path locate(String path) {
            return confined(location, path);
        }

        @Override
        public List<String> paths(DataFile file) {
            return List.of(file.path());
        }
    }

    private final TableLocation location;
    private final Instant createdAt;
    private final List<Version> versions = new ArrayList<>();

    private MemoryLog(TableLocation location, Instant createdAt) {
        this.location = location;
        this.createdAt = createdAt;
    }

    static MemoryLog created(TableLocation location, TableSpec spec, LakeContext context) {
        Instant now = context.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        MemoryLog log = new MemoryLog(location, now);
        TableChange definition =
                new TableChange(spec.schema(), spec.partitionColumns(), spec.properties(), spec.description());
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("partitionBy", Json.write(spec.partitionColumns()));
        parameters.put("clusterBy", Json.write(spec.clusteringColumns()));
        parameters.put("properties", Json.write(spec.properties()));
        CommitSpec commit =
                CommitSpec.of(new Operation("CREATE TABLE", parameters, Map.of()), new Reads.Nothing(), List.of());
        HistoryEntry entry = log.entry(commit, 0, now, OptionalLong.empty(), true);
        log.versions.add(new Version(
                definition,
                spec.clusteringColumns(),
                Map.of(),
                Map.of(),
                Map.of(),
                new Commit(entry, List.of(), Optional.of(definition), Set.of(), Set.of(), location)));
        return log;
    }

    Instant createdAt() {
        return createdAt;
    }

    synchronized List<Version> versions() {
        return List.copyOf(versions);
    }

    synchronized CommitResult commit(long base, CommitSpec spec, LakeContext context) {
        if (base < 0 || base >= versions.size()) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "there is no version " + base + " to commit on");
        }
        Version newest = versions.get(versions.size() - 1);
        for (Sequence once : spec.once()) {
            Long reached = newest.sequences().get(once.application());
            if (reached != null && reached >= once.number()) {
                return new CommitResult.AlreadyDone(once, reached);
            }
        }
        boolean blind = spec.reads() instanceof Reads.Nothing
                && spec.table().isEmpty()
                && spec.domains().isEmpty()
                && spec.changes().stream().allMatch(c -> c instanceof FileChange.Add);
        long next = versions.size();
        ConflictRules rules = new ConflictRules(spec, versions.get((int) base).definition(), spec.isolation());
        for (Version winner : versions.subList((int) base + 1, versions.size())) {
            Optional<String> overlap = rules.overlap(winner.rules());
            if (overlap.isPresent()) {
                HistoryEntry entry = winner.commit().entry();
                throw new CommitConflictException(
                        new CommitConflictException.Winner(entry.version(), entry.operation(), overlap.get()),
                        Map.of("operation", spec.operation().name()));
            }
        }
        TableChange definition = spec.table().orElse(newest.definition());
        Map<String, DataFile> files = apply(newest.files(), spec.changes());
        validate(definition, files, spec.changes());
        Map<String, Long> sequences = new LinkedHashMap<>(newest.sequences());
        spec.once().forEach(s -> sequences.put(s.application(), s.number()));
        Map<String, String> domains = new LinkedHashMap<>(newest.domains());
        spec.domains().forEach((domain, text) -> {
            if (text.isEmpty()) {
                domains.remove(domain);
            } else {
                domains.put(domain, text);
            }
        });
        // Versions are told apart by their timestamps too, so a clock that stands still must not repeat one.
        Instant last = newest.commit().entry().timestamp();
        Instant now = context.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        Instant timestamp = now.isAfter(last) ? now : last.plusMillis(1);
        HistoryEntry entry = entry(spec, next, timestamp, OptionalLong.of(base), blind);
        versions.add(new Version(
                definition,
                spec.table().flatMap(TableChange::clusteringColumns).orElse(newest.clusteringColumns()),
                files,
                Map.copyOf(sequences),
                Map.copyOf(domains),
                new Commit(
                        entry,
                        spec.changes(),
                        spec.table(),
                        spec.once().stream().map(Sequence::application).collect(Collectors.toSet()),
                        spec.domains().keySet(),
                        location)));
        return new CommitResult.Committed(next, 1);
    }

    private Map<String, DataFile> apply(Map<String, DataFile> before, List<FileChange> changes) {
        Map<String, DataFile> files = new LinkedHashMap<>(before);
        Set<String> touched = new HashSet<>();
        for (FileChange change : changes) {
            if (change instanceof FileChange.ChangeFile) {
                continue;
            }
            DataFile file = change.dataFile().orElseThrow();
            if (!touched.add(file.path())) {
                throw refused("the commit names the file twice", file);
            }
            if (change instanceof FileChange.Add) {
                confined(location, file.path());
                if (files.putIfAbsent(file.path(), file) != null) {
                    throw refused("the added file is in the table already", file);
                }
            } else if (change instanceof FileChange.Remove) {
                if (files.remove(file.path()) == null) {
                    throw refused("the removed file is not in the table", file);
                }
            } else if (files.replace(file.path(), file) == null) {
                throw refused("the file is not in the table", file);
            }
        }
        return files;
    }

    private static Path confined(TableLocation location, String path) {
        Path real = location.root().resolve(path).normalize();
        if (!real.startsWith(location.root())) {
            throw new LakeException(
                    ErrorCode.PATH_OUTSIDE_TABLE, "the file is not below the table's folder", Map.of("path", path));
        }
        return real;
    }

    private static void validate(TableChange definition, Map<String, DataFile> files, List<FileChange> changes) {
        Set<String> partition = new LinkedHashSet<>(definition.partitionColumns());
        if (changes.isEmpty()) {
            return;
        }
        for (DataFile file : files.values()) {
            if (!file.partitionValues().keySet().equals(partition)) {
                throw new LakeException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "the file's partition columns are not those of the table",
                        Map.of(
                                "path",
                                file.path(),
                                "has",
                                file.partitionValues().keySet(),
                                "table",
                                partition));
            }
        }
        for (FileChange change : changes) {
            if (change instanceof FileChange.Add add) {
                for (Field field : definition.schema().fields()) {
                    if (!field.nullable() && holdsNull(field, add.file(), partition)) {
                        throw new LakeException(
                                ErrorCode.CONSTRAINT_VIOLATED,
                                "the column '" + field.name() + "' may not be null",
                                Map.of("path", add.file().path()));
                    }
                }
            }
        }
    }

    private static boolean holdsNull(Field field, DataFile file, Set<String> partition) {
        if (partition.contains(field.name())) {
            return file.partitionValues().get(field.name()) == null;
        }
        return file.statistics().isPresent()
                && file.statistics().get().column(List.of(field.name())).nulls().orElse(0) > 0;
    }

    private static LakeException refused(String problem, DataFile file) {
        return new LakeException(ErrorCode.INVALID_ARGUMENT, problem, Map.of("path", file.path()));
    }

    private HistoryEntry entry(
            CommitSpec spec, long version, Instant timestamp, OptionalLong readVersion, boolean blindAppend) {
        return new HistoryEntry(
                version,
                timestamp,
                Optional.empty(),
                Optional.empty(),
                spec.operation().name(),
                spec.operation().given(),
                readVersion,
                Optional.of(spec.isolation().label()),
                Optional.of(blindAppend),
                spec.operation().metrics(),
                spec.userMetadata(),
                Optional.of("LakeOps memory"));
    }
}
