package io.lakeops.context;

import java.time.Duration;
import java.util.Objects;

/**
 * One run of an operation: what the host lends it, its off switch, and how long it fights for its commit.
 *
 * @param context time, threads and ears
 * @param cancellation stops it at its next safe point
 * @param commitTimeout how long it is planned again after conflicts; zero: a conflict is final, as for a plan that is
 *     pinned to a version
 */
public record Run(LakeContext context, Cancellation cancellation, Duration commitTimeout) {
    /** As {@code lakeops_commit_timeout} has it unless set. */
    public static final Duration DEFAULT_COMMIT_TIMEOUT = Duration.ofSeconds(60);

    public Run {
        Objects.requireNonNull(context);
        Objects.requireNonNull(cancellation);
        if (commitTimeout.isNegative()) {
            throw new IllegalArgumentException("commitTimeout must not be negative: " + commitTimeout);
        }
    }

    /** A run that nobody cancels, with 60 seconds for its commit. */
    public static Run of(LakeContext context) {
        return new Run(context, new Cancellation(), DEFAULT_COMMIT_TIMEOUT);
    }

    public Run withCancellation(Cancellation other) {
        return new Run(context, other, commitTimeout);
    }

    public Run withCommitTimeout(Duration other) {
        return new Run(context, cancellation, other);
    }
}
