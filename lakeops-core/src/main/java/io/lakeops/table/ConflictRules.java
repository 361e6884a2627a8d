package io.lakeops.table;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a commit may stand on top of one that landed since it was planned. Shared by all formats.
 *
 * <p>A commit is refused where the winner redefined the table, used the same application or domain, brought rows that the
 * commit's plan would have read, or took a file that the plan read or changes. What is not proven to be apart, overlaps.
 *
 * <p>Threads: immutable and safe.
 *
 * <p>Source: Delta protocol, "Appendix: Delta transaction log conflicts" as Spark's conflict checker reads it; beyond it, a
 * winner's files are compared with the predicate by statistics too, and a rewrite that changed no row disturbs nobody who
 * only read its files.
 */
public final class ConflictRules {
    private final CommitSpec spec;
    private final Isolation isolation;
    private final Pruning pruning;
    private final boolean redefines;
    private final Set<String> read = new HashSet<>();
    private final Set<String> removed = new HashSet<>();
    private final Set<String> added = new HashSet<>();

    /**
     * @param spec what is to be committed
     * @param base the schema and partition columns that it was planned on, which no winner so far has changed
     * @param isolation the level in force, where the table's own is stricter than the commit's
     */
    public ConflictRules(CommitSpec spec, TableChange base, Isolation isolation) {
        this.spec = Objects.requireNonNull(spec);
        this.isolation = Objects.requireNonNull(isolation);
        this.pruning = new Pruning(base.schema(), base.partitionColumns());
        this.redefines = spec.table()
                .filter(now -> !now.schema().equals(base.schema())
                        || !now.partitionColumns().equals(base.partitionColumns()))
                .isPresent();
        if (spec.reads() instanceof Reads.Matching matching) {
            matching.files().forEach(file -> read.add(file.path()));
        }
        for (FileChange change : spec.changes()) {
            if (change instanceof FileChange.Add add) {
                added.add(add.file().path());
            } else if (change instanceof FileChange.Remove remove) {
                removed.add(remove.file().path());
            } else if (change instanceof FileChange.ReplaceVector replace) {
                removed.add(replace.before().path());
            }
        }
    }

    /**
     * A commit that landed first.
     *
     * @param blindAppend whether it looked at nothing and brought files only; false where it does not say
     * @param redefined whether it changed the protocol, the schema, the partitioning or properties
     * @param applications whose sequences it moved
     * @param domains that it set or removed
     */
    public record Winner(
            boolean blindAppend,
            boolean redefined,
            List<FileChange> changes,
            Set<String> applications,
            Set<String> domains) {
        public Winner {
            changes = List.copyOf(changes);
            applications = Set.copyOf(applications);
            domains = Set.copyOf(domains);
        }
    }

    /** What of the winner stands against the commit, in words; empty where the commit may stand on top of it. */
    public Optional<String> overlap(Winner winner) {
        if (winner.redefined()) {
            return Optional.of("it changed the table's definition");
        }
        for (Sequence sequence : spec.once()) {
            if (winner.applications().contains(sequence.application())) {
                return Optional.of("it is of the same application " + sequence.application());
            }
        }
        for (String domain : spec.domains().keySet()) {
            if (winner.domains().contains(domain)) {
                return Optional.of("it changed the same domain " + domain);
            }
        }
        for (FileChange change : winner.changes()) {
            Optional<String> found = change instanceof FileChange.Add add
                    ? brought(winner, add.file(), add.dataChange())
                    : change instanceof FileChange.Remove remove
                            ? taken(remove.file().path(), remove.dataChange())
                            : change instanceof FileChange.ReplaceVector replace
                                    ? taken(replace.before().path(), true)
                                            .or(() -> brought(winner, replace.after(), true))
                                    : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<String> brought(Winner winner, DataFile file, boolean dataChange) {
        if (added.contains(file.path())) {
            return Optional.of("it added the same file " + file.path());
        }
        if (redefines) {
            return Optional.of("it added the file " + file.path() + " in the old schema");
        }
        // Rows that were only moved were there before: whoever had to read them read the file that they came from.
        if (!dataChange || isolation == Isolation.SNAPSHOT || spec.reads() instanceof Reads.Nothing) {
            return Optional.empty();
        }
        if (winner.blindAppend() && isolation == Isolation.WRITE_SERIALIZABLE) {
            return Optional.empty();
        }
        if (spec.reads() instanceof Reads.Matching matching
                && pruning.decide(matching.predicate(), file) != Pruning.Reason.NONE) {
            return Optional.empty();
        }
        return Optional.of("it added the file " + file.path() + partition(file)
                + ", which may hold rows that should have been read");
    }

    private Optional<String> taken(String path, boolean dataChange) {
        if (removed.contains(path)) {
            return Optional.of("it changed or removed the same file " + path);
        }
        if (!dataChange || isolation == Isolation.SNAPSHOT) {
            return Optional.empty();
        }
        boolean wasRead = spec.reads() instanceof Reads.WholeTable || read.contains(path);
        return wasRead ? Optional.of("it changed or removed the file " + path + " that was read") : Optional.empty();
    }

    private static String partition(DataFile file) {
        return file.partitionValues().isEmpty() ? "" : " of partition " + file.partitionValues();
    }
}
