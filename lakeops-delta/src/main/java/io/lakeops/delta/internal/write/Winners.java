package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.error.CommitConflictException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.ConflictRules;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at the commits that landed since a commit was planned, and decides whether it may stand on top of them. */
final class Winners {
    private final Path root;
    private final BaseVersion base;
    private final Draft draft;
    private final ConflictRules rules;

    Winners(Path root, BaseVersion base, Draft draft) {
        this.root = root;
        this.base = base;
        this.draft = draft;
        this.rules = draft.conflictRules();
    }

    /**
     * Looks at one winner.
     *
     * @return that the commit was done before, where the winner says so
     */
    Optional<CommitResult> look(long version, RowIds ids) {
        CommitFile winner = CommitFile.readIfPresent(LogListing.commit(root, version))
                .orElseThrow(() -> conflict(version, "unknown", "its commit is no longer in the log"));
        ids.follow(winner);
        for (JsonObject txn : winner.actions("txn")) {
            for (Sequence sequence : draft.spec().once()) {
                if (txn.text("appId").equals(sequence.application()) && txn.number("version") >= sequence.number()) {
                    return Optional.of(new CommitResult.AlreadyDone(sequence, txn.number("version")));
                }
            }
        }
        Optional<JsonObject> info = winner.commitInfo();
        Optional<String> overlap = rules.overlap(new ConflictRules.Winner(
                info.map(i -> i.flag("isBlindAppend", false)).orElse(false),
                !winner.actions("protocol").isEmpty()
                        || !winner.actions("metaData").isEmpty(),
                changes(winner),
                texts(winner, "txn", "appId"),
                texts(winner, "domainMetadata", "domain")));
        if (overlap.isPresent()) {
            String operation = info.flatMap(i -> i.optionalText("operation")).orElse("unnamed");
            throw conflict(version, operation, overlap.get());
        }
        return Optional.empty();
    }

    private List<FileChange> changes(CommitFile winner) {
        List<FileChange> changes = new ArrayList<>();
        for (JsonObject action : winner.actions("remove")) {
            changes.add(new FileChange.Remove(file(LoggedFile.remove(action)), action.flag("dataChange", true)));
        }
        for (JsonObject action : winner.actions("add")) {
            changes.add(new FileChange.Add(file(LoggedFile.add(action)), action.flag("dataChange", true)));
        }
        return changes;
    }

    private DataFile file(LoggedFile logged) {
        return logged.dataFile(base.metadata(), base.paths());
    }

    private static Set<String> texts(CommitFile winner, String kind, String field) {
        return winner.actions(kind).stream().map(a -> a.text(field)).collect(Collectors.toSet());
    }

    private CommitConflictException conflict(long version, String operation, String overlap) {
        return new CommitConflictException(
                new CommitConflictException.Winner(version, operation, overlap),
                Map.of("table", root, "operation", draft.spec().operation().name()));
    }
}
