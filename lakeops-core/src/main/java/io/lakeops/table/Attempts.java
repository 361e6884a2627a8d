package io.lakeops.table;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.CommitOutcomeUnknownException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs an operation on the newest version of a table, and again on the then newest while its commit loses against other
 * writers, until the run's commit timeout.
 *
 * <p>Files that an attempt staged are deleted where its commit is known not to have landed, and never where that is not
 * known.
 *
 * <p>Errors: COMMIT_CONFLICT at the deadline, as the last attempt had it; CANCELLED between attempts.
 */
public final class Attempts {
    private static final long FIRST_WAIT_MILLIS = 10;
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private Attempts() {}

    /** Runs {@code body} until it returns without a conflict. */
    public static <R> R run(LakeTable table, String operation, Run run, Function<Attempt, R> body) {
        Instant deadline = run.context().clock().instant().plus(run.commitTimeout());
        Duration waited = Duration.ZERO;
        List<Path> across = new ArrayList<>();
        for (int number = 1; ; number++) {
            run.cancellation().check();
            Attempt attempt = new Attempt(table, table.snapshot(SnapshotSelector.latest()), number, across);
            try {
                R result = body.apply(attempt);
                attempt.dropUncommitted(run, true);
                return result;
            } catch (CommitConflictException conflict) {
                // Waits count too, so that a clock that stands still can't keep this going for ever.
                boolean late = !run.context().clock().instant().isBefore(deadline)
                        || waited.compareTo(run.commitTimeout()) >= 0;
                attempt.dropUncommitted(run, late);
                if (late) {
                    throw conflict;
                }
                run.context()
                        .listener()
                        .on(new LakeEvent.Retrying(
                                table.id().toString(),
                                operation,
                                number,
                                conflict.winner().version()));
                waited = waited.plus(pause(number, run.cancellation()));
            } catch (Throwable failure) {
                attempt.dropUncommitted(run, true);
                throw failure;
            }
        }
    }

    private static Duration pause(int attempt, Cancellation cancellation) {
        long ceiling = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(attempt, 10));
        long millis = 1 + ThreadLocalRandom.current().nextLong(ceiling);
        CountDownLatch cancelled = new CountDownLatch(1);
        Cancellation.Registration registration = cancellation.onCancel(cancelled::countDown);
        try {
            if (cancelled.await(millis, TimeUnit.MILLISECONDS)) {
                cancellation.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException(ErrorCode.CANCELLED, "the thread was interrupted between two attempts", e);
        } finally {
            registration.close();
        }
        return Duration.ofMillis(millis);
    }

    /** One try on one base version. Threads: for the thread that runs it. */
    public static final class Attempt {
        private final LakeTable table;
        private final Snapshot base;
        private final int number;
        private final List<Path> staged = new ArrayList<>();
        private final List<Path> across;
        private boolean mayHaveLanded;

        private Attempt(LakeTable table, Snapshot base, int number, List<Path> across) {
            this.table = table;
            this.base = base;
            this.number = number;
            this.across = across;
        }

        /** The version that it plans on and commits on. */
        public Snapshot base() {
            return base;
        }

        /** Counted from 1. */
        public int number() {
            return number;
        }

        /** Takes charge of files that are written and not committed; they go where this attempt does not land. */
        public void stage(Collection<Path> files) {
            staged.addAll(files);
        }

        /** Takes charge of files that later attempts use too; they go where none of the attempts lands. */
        public void stageAcross(Collection<Path> files) {
            across.addAll(files);
        }

        /** Gives files back that no commit will name. */
        public void discard(Collection<Path> files, Run run) {
            across.removeAll(files);
            staged.removeAll(files);
            delete(files, run);
        }

        /** Commits on the base. */
        public CommitResult commit(CommitSpec spec) {
            CommitResult result;
            mayHaveLanded = true;
            try {
                result = table.commit(base, spec);
            } catch (CommitOutcomeUnknownException unknown) {
                throw unknown;
            } catch (LakeException refused) {
                mayHaveLanded = false;
                throw refused;
            }
            if (result instanceof CommitResult.AlreadyDone) {
                mayHaveLanded = false;
            }
            return result;
        }

        private void dropUncommitted(Run run, boolean last) {
            if (mayHaveLanded) {
                return;
            }
            delete(staged, run);
            if (last) {
                delete(across, run);
            }
        }

        private void delete(Collection<Path> files, Run run) {
            @Nullable IOException failure = null;
            for (Path file : files) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    failure = e;
                }
            }
            if (failure != null) {
                run.context()
                        .listener()
                        .on(new LakeEvent.Warning(
                                table.id().toString(),
                                "staged files could not be deleted and are left for VACUUM: " + failure));
            }
        }
    }
}
