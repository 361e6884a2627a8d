package io.lakeops.quality;

import io.lakeops.check.Outcome;
import io.lakeops.check.Severity;
import io.lakeops.check.Status;
import io.lakeops.quality.CheckResult.Verdict;
import java.util.Optional;

/** Weighs an outcome by what its definition tolerates. */
final class Weighing {
    private Weighing() {}

    static Verdict weigh(CheckDefinition definition, Outcome outcome) {
        if (outcome instanceof Outcome.NoData none) {
            return Verdict.without(definition.onNoData(), none.why());
        }
        if (outcome instanceof Outcome.Undecided undecided) {
            return Verdict.without(Status.SKIPPED, undecided.why());
        }
        if (outcome instanceof Outcome.Failed failed) {
            return new Verdict(
                    status(definition, failed.tally()),
                    Optional.of(failed.tally()),
                    Optional.of(failed.expected()),
                    Optional.of(failed.observed()),
                    Optional.of(failed.fix()),
                    Optional.empty());
        }
        Outcome.Tally tally = ((Outcome.Passed) outcome).tally();
        return new Verdict(
                status(definition, tally),
                Optional.of(tally),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Verdict broken(String message, Throwable cause) {
        return new Verdict(
                Status.ERROR,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(message),
                Optional.of(cause));
    }

    /** As dbt: the error condition first, where the severity allows an error, then the warning's. */
    private static Status status(CheckDefinition definition, Outcome.Tally tally) {
        if (definition.mostly().isPresent()
                && tally.passRate() >= definition.mostly().getAsDouble()) {
            return Status.PASS;
        }
        if (definition.severity() == Severity.ERROR && definition.errorIf().test(tally.reported())) {
            return Status.FAIL;
        }
        return definition.warnIf().test(tally.reported()) ? Status.WARN : Status.PASS;
    }
}
