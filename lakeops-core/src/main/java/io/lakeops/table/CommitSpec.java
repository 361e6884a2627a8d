package io.lakeops.table;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that one commit is to do. It lands whole or not at all.
 *
 * @param operation what the history says
 * @param isolation what it tolerates of concurrent winners
 * @param reads what its plan looked at
 * @param changes the files that come and go
 * @param table the table's new definition, where it changes
 * @param once sequences that this commit carries; where one is already reached, nothing is committed
 * @param domains domain metadata to set; an empty text removes the domain
 * @param userMetadata a free text for the history
 * @param rules which rules of the table the rows that it brings were held to; a format refuses rows where one is missing
 */
public record CommitSpec(
        Operation operation,
        Isolation isolation,
        Reads reads,
        List<FileChange> changes,
        Optional<TableChange> table,
        List<Sequence> once,
        Map<String, String> domains,
        Optional<String> userMetadata,
        TableRules rules) {
    public CommitSpec {
        Objects.requireNonNull(operation);
        Objects.requireNonNull(isolation);
        Objects.requireNonNull(reads);
        changes = List.copyOf(changes);
        once = List.copyOf(once);
        domains = Map.copyOf(domains);
        Objects.requireNonNull(rules);
    }

    /** A commit whose rows were held to no rule. */
    public CommitSpec(
            Operation operation,
            Isolation isolation,
            Reads reads,
            List<FileChange> changes,
            Optional<TableChange> table,
            List<Sequence> once,
            Map<String, String> domains,
            Optional<String> userMetadata) {
        this(operation, isolation, reads, changes, table, once, domains, userMetadata, TableRules.none());
    }

    /** A blind append of files. */
    public static CommitSpec append(Operation operation, List<DataFile> files) {
        return of(
                operation,
                new Reads.Nothing(),
                files.stream()
                        .map(f -> (FileChange) new FileChange.Add(f, true))
                        .toList());
    }

    /** A commit of file changes at the default isolation. */
    public static CommitSpec of(Operation operation, Reads reads, List<FileChange> changes) {
        return new CommitSpec(
                operation,
                Isolation.WRITE_SERIALIZABLE,
                reads,
                changes,
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty());
    }

    public CommitSpec withIsolation(Isolation other) {
        return new CommitSpec(operation, other, reads, changes, table, once, domains, userMetadata, rules);
    }

    public CommitSpec withReads(Reads other) {
        return new CommitSpec(operation, isolation, other, changes, table, once, domains, userMetadata, rules);
    }

    public CommitSpec withTable(TableChange change) {
        return new CommitSpec(
                operation, isolation, reads, changes, Optional.of(change), once, domains, userMetadata, rules);
    }

    public CommitSpec withOnce(Sequence sequence) {
        return new CommitSpec(
                operation, isolation, reads, changes, table, List.of(sequence), domains, userMetadata, rules);
    }

    public CommitSpec withDomains(Map<String, String> texts) {
        return new CommitSpec(operation, isolation, reads, changes, table, once, texts, userMetadata, rules);
    }

    public CommitSpec withUserMetadata(String text) {
        return new CommitSpec(operation, isolation, reads, changes, table, once, domains, Optional.of(text), rules);
    }

    public CommitSpec withRules(TableRules held) {
        return new CommitSpec(operation, isolation, reads, changes, table, once, domains, userMetadata, held);
    }
}
