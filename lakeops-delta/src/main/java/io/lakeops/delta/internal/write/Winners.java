package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.error.CommitConflictException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.Sequence;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at the commits that landed since a commit was planned, and decides whether it may stand on top of them. */
final class Winners {
    private final Path root;
    private final Draft draft;
    private final Set<String> ourPaths = new HashSet<>();

    Winners(Path root, Draft draft) {
        this.root = root;
        this.draft = draft;
        draft.files().added().forEach(file -> ourPaths.add(file.path()));
    }

    /**
     * Looks at one winner.
     *
     * @return that the commit was done before, where the winner says so
     */
    Optional<CommitResult> look(long version, RowIds ids) {
        CommitFile winner = CommitFile.readIfPresent(LogListing.commit(root, version))
                .orElseThrow(() -> conflict(version, "its commit is no longer in the log"));
        ids.follow(winner);
        for (JsonObject txn : winner.actions("txn")) {
            for (Sequence sequence : draft.spec().once()) {
                if (txn.text("appId").equals(sequence.application()) && txn.number("version") >= sequence.number()) {
                    return Optional.of(new CommitResult.AlreadyDone(sequence, txn.number("version")));
                }
            }
        }
        String operation = winner.commitInfo()
                .flatMap(info -> info.optionalText("operation"))
                .orElse("an unnamed operation");
        if (!draft.rebases()) {
            throw conflict(version, operation);
        }
        if (!winner.actions("protocol").isEmpty()) {
            throw conflict(version, operation + ", which changed the protocol");
        }
        if (!winner.actions("metaData").isEmpty()) {
            throw conflict(version, operation + ", which changed the table's definition");
        }
        for (JsonObject txn : winner.actions("txn")) {
            if (draft.spec().once().stream().anyMatch(s -> s.application().equals(txn.text("appId")))) {
                throw conflict(version, operation + ", of the same application");
            }
        }
        for (JsonObject domain : winner.actions("domainMetadata")) {
            if (draft.spec().domains().containsKey(domain.text("domain"))) {
                throw conflict(version, operation + ", which changed the domain " + domain.text("domain"));
            }
        }
        for (JsonObject add : winner.actions("add")) {
            if (ourPaths.contains(TablePaths.decode(add.text("path")))) {
                throw conflict(version, operation + ", which added the same file");
            }
        }
        return Optional.empty();
    }

    private CommitConflictException conflict(long version, String operation) {
        return new CommitConflictException(
                "version " + version + " landed first: " + operation,
                version,
                Map.of("table", root, "operation", draft.spec().operation().name()));
    }
}
