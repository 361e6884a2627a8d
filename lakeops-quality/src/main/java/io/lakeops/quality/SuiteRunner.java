package io.lakeops.quality;

import io.lakeops.check.Check;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.engine.Session;
import io.lakeops.provider.Providers;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * Runs suites: each table at one version, answered from its log where that proves the answer, else in one pass for all its
 * checks, with one more for each check that groups or joins.
 *
 * <p>Errors: a check that breaks, or whose table does, has the status {@code error} with its cause; the others run on.
 * Thrown is only CANCELLED.
 *
 * <p>Threads: one run at a time, as the session.
 */
public final class SuiteRunner {
    private final Providers<Check> checks;
    private final Session session;
    private final CheckHistory history;
    private final LakeContext context;

    public SuiteRunner(Providers<Check> checks, Session session, CheckHistory history, LakeContext context) {
        this.checks = Objects.requireNonNull(checks);
        this.session = Objects.requireNonNull(session);
        this.history = Objects.requireNonNull(history);
        this.context = Objects.requireNonNull(context);
    }

    /** A runner with the checks that {@link ServiceLoader} finds, and no history. */
    public static SuiteRunner of(Session session, LakeContext context) {
        return new SuiteRunner(installedChecks(), session, CheckHistory.none(), context);
    }

    /** The checks on the class path, third parties' too. */
    public static Providers<Check> installedChecks() {
        return Providers.load(Check.class, ServiceLoader.load(Check.class));
    }

    /** Runs all checks of a suite. */
    public SuiteResult run(Suite suite, CheckTarget.Targets targets, RunOptions options, Cancellation cancellation) {
        return new SuiteRun(checks, session, history, context, suite, targets, options, cancellation).run();
    }
}
