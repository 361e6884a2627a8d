package io.lakeops.quality;

import io.lakeops.check.Arguments;
import io.lakeops.check.Severity;
import io.lakeops.check.Status;
import io.lakeops.engine.Expr;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A check as a suite has it: which, with what arguments, and how its failures are weighed. The methods return changed
 * copies.
 *
 * @param type the check's type, such as {@code not_null}
 * @param name its name in results; where it is missing, type, table and columns make one
 * @param where which rows are looked at
 * @param severity whether failures end as fail or as warn
 * @param warnIf from which number of failures it is a warning
 * @param errorIf from which number of failures it fails, where the severity is error
 * @param mostly the pass rate, from 0 to 100, from which it passes all the same
 * @param onNoData what an empty table means: NO_DATA, FAIL or SKIPPED, never a pass
 */
public record CheckDefinition(
        String type,
        Arguments arguments,
        Optional<String> name,
        Optional<Expr> where,
        Severity severity,
        Threshold warnIf,
        Threshold errorIf,
        OptionalDouble mostly,
        Status onNoData) {
    public CheckDefinition {
        Objects.requireNonNull(type);
        Objects.requireNonNull(arguments);
        if (mostly.isPresent() && !(mostly.getAsDouble() >= 0 && mostly.getAsDouble() <= 100)) {
            throw new LakeException(
                    ErrorCode.CHECK_INVALID, "mostly is a pass rate from 0 to 100: " + mostly.getAsDouble());
        }
        if (onNoData != Status.NO_DATA && onNoData != Status.FAIL && onNoData != Status.SKIPPED) {
            throw new LakeException(
                    ErrorCode.CHECK_INVALID, "no data is no_data, fail or skipped, not " + onNoData.word());
        }
    }

    /** A check with severity error that tolerates no failure. */
    public static CheckDefinition of(String type, Arguments arguments) {
        return new CheckDefinition(
                type,
                arguments,
                Optional.empty(),
                Optional.empty(),
                Severity.ERROR,
                Threshold.ANY,
                Threshold.ANY,
                OptionalDouble.empty(),
                Status.NO_DATA);
    }

    public CheckDefinition named(String text) {
        return new CheckDefinition(
                type, arguments, Optional.of(text), where, severity, warnIf, errorIf, mostly, onNoData);
    }

    /** Only the rows for which a condition in the common SQL subset is true. */
    public CheckDefinition where(String condition) {
        return where(Expr.of(condition));
    }

    public CheckDefinition where(Expr condition) {
        return new CheckDefinition(
                type, arguments, name, Optional.of(condition), severity, warnIf, errorIf, mostly, onNoData);
    }

    /** Failures are told and stop nothing. */
    public CheckDefinition warning() {
        return new CheckDefinition(type, arguments, name, where, Severity.WARN, warnIf, errorIf, mostly, onNoData);
    }

    /** For instance {@code > 10}. */
    public CheckDefinition warnIf(String failures) {
        return new CheckDefinition(
                type, arguments, name, where, severity, Threshold.parse(failures), errorIf, mostly, onNoData);
    }

    /** For instance {@code > 100}. */
    public CheckDefinition errorIf(String failures) {
        return new CheckDefinition(
                type, arguments, name, where, severity, warnIf, Threshold.parse(failures), mostly, onNoData);
    }

    /** Passes where at least that share of the rows passes, from 0 to 100. */
    public CheckDefinition mostly(double passRate) {
        return new CheckDefinition(
                type, arguments, name, where, severity, warnIf, errorIf, OptionalDouble.of(passRate), onNoData);
    }

    public CheckDefinition onNoData(Status status) {
        return new CheckDefinition(type, arguments, name, where, severity, warnIf, errorIf, mostly, status);
    }

    /** Its name in results, on a table. */
    public String nameOn(String table) {
        return name.orElseGet(() -> {
            StringBuilder made =
                    new StringBuilder(type).append('_').append(table.substring(table.lastIndexOf('.') + 1));
            Object columns =
                    arguments.find("column").or(() -> arguments.find("columns")).orElse(List.of());
            for (Object column : columns instanceof List<?> list ? list : List.of(columns)) {
                made.append('_').append(column);
            }
            return made.toString();
        });
    }

    /** What is tolerated, in words. */
    public String threshold() {
        String limits = severity == Severity.WARN
                ? "warn_if " + warnIf
                : errorIf.equals(warnIf) ? "error_if " + errorIf : "warn_if " + warnIf + ", error_if " + errorIf;
        return mostly.isPresent() ? "pass_rate >= " + mostly.getAsDouble() + ", else " + limits : limits;
    }
}
