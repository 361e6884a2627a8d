package io.lakeops.quality;

import io.lakeops.check.Check;
import io.lakeops.check.CheckPlan;
import io.lakeops.check.Evidence;
import io.lakeops.check.History;
import io.lakeops.check.Measure;
import io.lakeops.check.Measurements;
import io.lakeops.check.Outcome;
import io.lakeops.check.Probe;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.provider.Providers;
import io.lakeops.quality.CheckResult.Cost;
import io.lakeops.quality.CheckResult.Reading;
import io.lakeops.quality.CheckResult.Subject;
import io.lakeops.quality.CheckResult.Verdict;
import io.lakeops.table.DataFile;
import io.lakeops.table.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a suite. Threads: for the thread that runs it. */
final class SuiteRun {
    private final Providers<Check> checks;
    private final Session session;
    private final CheckHistory history;
    private final LakeContext context;
    private final Suite suite;
    private final CheckTarget.Targets targets;
    private final RunOptions options;
    private final Cancellation cancellation;
    private final Instant executedAt;
    private final Instant asOf;
    private final Map<String, Attempted<CheckTarget>> opened = new LinkedHashMap<>();
    private final Map<Suite.Entry, CheckResult> results = new LinkedHashMap<>();
    private long filesRead;
    private long bytesRead;

    SuiteRun(
            Providers<Check> checks,
            Session session,
            CheckHistory history,
            LakeContext context,
            Suite suite,
            CheckTarget.Targets targets,
            RunOptions options,
            Cancellation cancellation) {
        this.checks = checks;
        this.session = session;
        this.history = history;
        this.context = context;
        this.suite = suite;
        this.targets = targets;
        this.options = options;
        this.cancellation = cancellation;
        this.executedAt = context.clock().instant();
        this.asOf = options.asOf().orElse(executedAt);
    }

    /** A value, or what broke on the way to it. */
    private sealed interface Attempted<T> {
        record Done<T>(T value) implements Attempted<T> {}

        record Broken<T>(Throwable cause) implements Attempted<T> {}
    }

    /** A check that knows what it wants measured. */
    private record Planned(Suite.Entry entry, Check check, CheckPlan plan) {}

    /** The pass that a check took part in. */
    private record Passed(MeasurePass pass, MeasurePass.Found found, Duration duration) {}

    SuiteResult run() {
        Map<String, List<Suite.Entry>> byTable = new LinkedHashMap<>();
        suite.entries()
                .forEach(entry -> byTable.computeIfAbsent(entry.table(), t -> new ArrayList<>())
                        .add(entry));
        byTable.forEach((table, entries) -> {
            cancellation.check();
            context.listener()
                    .on(new LakeEvent.Progress(
                            "check", table, results.size(), suite.entries().size(), "checks"));
            runTable(table, entries);
        });
        return new SuiteResult(
                options.runId().orElse(suite.name() + "@" + executedAt),
                suite.name(),
                executedAt,
                asOf,
                suite.entries().stream()
                        .map(entry -> Objects.requireNonNull(results.get(entry)))
                        .toList(),
                filesRead,
                bytesRead);
    }

    private void runTable(String table, List<Suite.Entry> entries) {
        Attempted<CheckTarget> target = target(table);
        Attempted<Schema> schema = target instanceof Attempted.Done<CheckTarget> done
                ? attempt(() -> schema(done.value()))
                : new Attempted.Broken<>(((Attempted.Broken<CheckTarget>) target).cause());
        if (!(target instanceof Attempted.Done<CheckTarget> there)
                || !(schema instanceof Attempted.Done<Schema> columns)) {
            Throwable cause = ((Attempted.Broken<Schema>) schema).cause();
            entries.forEach(entry -> broken(entry, Optional.empty(), OptionalLong.empty(), cause));
            return;
        }
        Map<Optional<Expr>, List<Planned>> byCondition = new LinkedHashMap<>();
        for (Suite.Entry entry : entries) {
            Attempted<Planned> planned = attempt(() -> {
                Check check = checks.require(entry.check().type());
                return new Planned(
                        entry, check, check.plan(columns.value(), entry.check().arguments()));
            });
            if (planned instanceof Attempted.Done<Planned> done) {
                byCondition
                        .computeIfAbsent(entry.check().where(), w -> new ArrayList<>())
                        .add(done.value());
            } else {
                broken(entry, Optional.empty(), version(there.value()), ((Attempted.Broken<Planned>) planned).cause());
            }
        }
        byCondition.forEach((where, planned) -> runPass(there.value(), where, planned));
    }

    /** All checks in one pass; where that breaks, each in its own, so that the broken one is known and the others run. */
    private void runPass(CheckTarget target, Optional<Expr> where, List<Planned> planned) {
        Attempted<Passed> fused = attempt(() -> pass(
                target,
                where,
                planned.stream().flatMap(p -> p.plan().measures().stream()).toList()));
        for (Planned one : planned) {
            Attempted<Passed> passed = fused instanceof Attempted.Broken<Passed> && planned.size() > 1
                    ? attempt(() -> pass(target, where, one.plan().measures()))
                    : fused;
            if (passed instanceof Attempted.Done<Passed> done) {
                Attempted<CheckResult> result = attempt(() -> judge(target, one, done.value()));
                if (result instanceof Attempted.Done<CheckResult> judged) {
                    results.put(one.entry(), judged.value());
                } else {
                    broken(
                            one.entry(),
                            one.plan().column(),
                            version(target),
                            ((Attempted.Broken<CheckResult>) result).cause());
                }
            } else {
                broken(one.entry(), one.plan().column(), version(target), ((Attempted.Broken<Passed>) passed).cause());
            }
        }
    }

    private Passed pass(CheckTarget target, Optional<Expr> where, Collection<Measure> measures) {
        long start = System.nanoTime();
        MeasurePass pass = new MeasurePass(session, cancellation, target, where);
        MeasurePass.Found found = pass.measure(measures);
        count(found.filesRead());
        return new Passed(pass, found, Duration.ofNanos(System.nanoTime() - start));
    }

    private CheckResult judge(CheckTarget target, Planned planned, Passed passed) {
        long start = System.nanoTime();
        CheckPlan plan = planned.plan();
        CheckDefinition definition = planned.entry().check();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        boolean scanned = false;
        for (Measure measure : plan.measures()) {
            MeasurePass.Measured measured =
                    Objects.requireNonNull(passed.found().values().get(measure));
            values.put(measure.name(), measured.value());
            scanned |= measured.scanned();
        }
        List<DataFile> referenced = new ArrayList<>();
        Map<String, Relation> references = new LinkedHashMap<>();
        plan.references().forEach((alias, table) -> references.put(alias, reference(table, referenced)));
        for (Probe probe : plan.probes()) {
            cancellation.check();
            values.putAll(passed.pass().probe(probe, references));
            count(passed.pass().files());
            count(referenced);
        }
        History past = plan.pastRuns() == 0
                ? History.none()
                : history.of(planned.entry().table(), planned.entry().checkName(), plan.pastRuns());
        Outcome outcome = planned.check().judge(new Measurements(definition.arguments(), asOf, values), past);
        Verdict verdict = Weighing.weigh(definition, outcome);
        List<CheckResult.FailingRow> failing = outcome instanceof Outcome.Failed && options.failingRows() > 0
                ? new FailingRowSearch(session, cancellation, passed.pass(), references, options)
                        .find(target, plan, definition.where())
                : List.of();
        return new CheckResult(
                new Subject(
                        planned.entry().table(),
                        version(target),
                        planned.entry().checkName(),
                        definition,
                        plan.column()),
                verdict,
                Optional.of(
                        reading(target, passed, values, scanned, !plan.probes().isEmpty(), referenced)),
                passed.duration().plusNanos(System.nanoTime() - start),
                failing);
    }

    private static Reading reading(
            CheckTarget target,
            Passed passed,
            Map<String, @Nullable Object> values,
            boolean scanned,
            boolean probed,
            List<DataFile> referenced) {
        if (!(target instanceof CheckTarget.AtVersion table)) {
            return new Reading(Evidence.FULL_SCAN, values, Optional.empty());
        }
        List<DataFile> all = table.snapshot().scan().files();
        List<DataFile> read =
                probed ? passed.pass().files() : scanned ? passed.found().filesRead() : List.of();
        long skipped = (long) all.size() - read.size();
        Evidence evidence = read.isEmpty() && referenced.isEmpty()
                ? Evidence.LOG
                : skipped == 0 ? Evidence.FULL_SCAN : Evidence.PARTIAL_SCAN;
        return new Reading(
                evidence,
                values,
                Optional.of(new Cost(
                        (long) read.size() + referenced.size(),
                        skipped,
                        bytes(read) + bytes(referenced),
                        bytes(all) - bytes(read))));
    }

    private Relation reference(String table, List<DataFile> files) {
        Attempted<CheckTarget> target = target(table);
        if (target instanceof Attempted.Broken<CheckTarget> broken) {
            throw new LakeException(
                    ErrorCode.CHECK_INVALID,
                    "the table '" + table + "' that the check compares with can't be read: " + message(broken.cause()),
                    broken.cause());
        }
        CheckTarget there = ((Attempted.Done<CheckTarget>) target).value();
        if (there instanceof CheckTarget.AtVersion version) {
            Relation.TableRows rows = Relation.TableRows.all(version.snapshot());
            files.addAll(rows.files());
            return rows;
        }
        return ((CheckTarget.Unversioned) there).rows();
    }

    private Attempted<CheckTarget> target(String table) {
        // Not computeIfAbsent: finding a target may run anything.
        Attempted<CheckTarget> known = opened.get(table);
        if (known == null) {
            known = attempt(() -> targets.find(table));
            opened.put(table, known);
        }
        return known;
    }

    private Schema schema(CheckTarget target) {
        return target instanceof CheckTarget.AtVersion table
                ? table.snapshot().schema()
                : session.schema(((CheckTarget.Unversioned) target).rows());
    }

    private static OptionalLong version(CheckTarget target) {
        return target instanceof CheckTarget.AtVersion table
                ? OptionalLong.of(table.snapshot().version())
                : OptionalLong.empty();
    }

    private void broken(Suite.Entry entry, Optional<String> column, OptionalLong version, Throwable cause) {
        results.put(
                entry,
                new CheckResult(
                        new Subject(entry.table(), version, entry.checkName(), entry.check(), column),
                        Weighing.broken(message(cause), cause),
                        Optional.empty(),
                        Duration.ZERO,
                        List.of()));
    }

    private void count(List<DataFile> files) {
        filesRead += files.size();
        bytesRead += bytes(files);
    }

    private static long bytes(List<DataFile> files) {
        return files.stream().mapToLong(DataFile::fileBytes).sum();
    }

    private static String message(Throwable cause) {
        return cause instanceof LakeException lake ? String.valueOf(lake.getMessage()) : cause.toString();
    }

    /** Whatever a check, a target or the engine throws is that check's error; only a cancelled run ends. */
    private <T> Attempted<T> attempt(Supplier<T> work) {
        try {
            return new Attempted.Done<>(work.get());
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            cancellation.check();
            return new Attempted.Broken<>(e);
        }
    }
}
