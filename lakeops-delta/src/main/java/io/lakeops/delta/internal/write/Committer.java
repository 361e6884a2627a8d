package io.lakeops.delta.internal.write;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.CommitPut;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.CommitOutcomeUnknownException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.Sequence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes commits: the next version is whoever puts its file first.
 *
 * <p>A commit is put on top of whatever landed in between, where {@link io.lakeops.table.ConflictRules} allows it; else it
 * conflicts. Killed at any point, the table is at the old version or at the new one.
 *
 * <p>Threads: safe; several processes may commit to one table.
 */
public final class Committer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long FIRST_PAUSE_NANOS = 2_000_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;

    private final Path root;
    private final String table;
    private final LakeContext context;
    private final Put put;

    public Committer(Path root, String table, LakeContext context) {
        this(root, table, context, CommitPut::put);
    }

    Committer(Path root, String table, LakeContext context, Put put) {
        this.root = root;
        this.table = table;
        this.context = context;
        this.put = put;
    }

    /** Puts a commit's file; see {@link CommitPut#put}. */
    @FunctionalInterface
    interface Put {
        boolean put(Path target, byte[] content, Instant time) throws IOException;
    }

    /** Commits, or throws and leaves the table as it was. */
    public CommitResult commit(BaseVersion base, CommitSpec spec) {
        for (Sequence sequence : spec.once()) {
            OptionalLong reached = base.sequence(sequence.application());
            if (reached.isPresent() && reached.getAsLong() >= sequence.number()) {
                return new CommitResult.AlreadyDone(sequence, reached.getAsLong());
            }
        }
        Draft draft = Draft.of(base, spec, context.clock().millis());
        force(root, draft);
        return new Race(base, draft).run();
    }

    /** Data must be on the disk for good before the log names it. */
    static void force(Path root, Draft draft) {
        Set<Path> folders = new LinkedHashSet<>();
        for (Path file : draft.files().files()) {
            force(file);
            for (Path folder = file.getParent();
                    folder != null && folder.startsWith(root);
                    folder = folder.getParent()) {
                folders.add(folder);
            }
        }
        folders.forEach(Committer::force);
    }

    private static void force(Path path) {
        try {
            CommitPut.force(path);
        } catch (IOException e) {
            throw LogErrors.io("the data can't be forced to the disk", path, e);
        }
    }

    /** One commit's attempts to become the next version. */
    private final class Race {
        private final BaseVersion base;
        private final Draft draft;
        private final Winners winners;
        private final RowIds ids;
        private final long deadline = System.nanoTime() + PATIENCE.toNanos();
        private long newest;
        private int attempts;

        Race(BaseVersion base, Draft draft) {
            this.base = base;
            this.draft = draft;
            this.winners = new Winners(root, base, draft);
            this.ids = new RowIds(draft.tracksRows() ? base.domains() : Map.of());
            this.newest = base.version();
        }

        CommitResult run() {
            while (true) {
                // The next version's file may be gone because the log was cleaned: only a listing knows what is newest.
                long latest = LogListing.newest(root);
                while (newest < latest) {
                    Optional<CommitResult> done = winners.look(newest + 1, ids);
                    if (done.isPresent()) {
                        return done.get();
                    }
                    newest++;
                }
                attempts++;
                long version = newest + 1;
                if (attempt(version)) {
                    context.listener()
                            .on(new LakeEvent.Committed(
                                    table, version, draft.spec().operation().name()));
                    return new CommitResult.Committed(version, attempts);
                }
                context.listener()
                        .on(new LakeEvent.Retrying(
                                table, draft.spec().operation().name(), attempts, version));
                pause(version);
            }
        }

        private boolean attempt(long version) {
            long now = context.clock().millis();
            OptionalLong own = draft.hasInCommitTimestamps()
                    ? OptionalLong.of(Math.max(now, previousTimestamp() + 1))
                    : OptionalLong.empty();
            byte[] lines = draft.lines(version, now, own, ids.copy());
            Path target = LogListing.commit(root, version);
            try {
                return put.put(target, lines, Instant.ofEpochMilli(own.orElse(now))) || isOurs(target);
            } catch (IOException e) {
                return landed(target, version, e);
            }
        }

        private long previousTimestamp() {
            OptionalLong own = CommitFile.inCommitTimestamp(LogListing.commit(root, newest));
            return own.orElseGet(() -> base.timestamp().toEpochMilli());
        }

        private boolean isOurs(Path target) {
            return CommitFile.readIfPresent(target)
                    .flatMap(CommitFile::commitInfo)
                    .flatMap(info -> info.optionalText("txnId"))
                    .filter(draft.transaction()::equals)
                    .isPresent();
        }

        /** After an error of the disk: whether the commit stands, or the name was taken; throws where nothing landed. */
        private boolean landed(Path target, long version, IOException cause) {
            boolean taken;
            try {
                if (isOurs(target)) {
                    return true;
                }
                taken = LogListing.require(root).latest() >= version;
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
                throw new CommitOutcomeUnknownException(
                        "whether version " + version + " landed could not be found out",
                        Map.of("table", root, "version", version, "txnId", draft.transaction()),
                        cause);
            }
            if (taken) {
                return false;
            }
            throw LogErrors.io("the commit could not be written, and nothing landed", target, cause);
        }

        private void pause(long winner) {
            if (System.nanoTime() - deadline > 0) {
                throw new CommitConflictException(
                        new CommitConflictException.Winner(
                                winner,
                                "unknown",
                                "other writers were faster for " + PATIENCE.toSeconds() + " seconds"),
                        Map.of("table", root, "attempts", attempts));
            }
            long longest = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(attempts, 10));
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
            if (Thread.currentThread().isInterrupted()) {
                throw new LakeException(
                        ErrorCode.CANCELLED, "the thread was interrupted between two tries to commit; nothing landed");
            }
        }
    }
}
