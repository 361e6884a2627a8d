package io.lakeops.examples;

import io.lakeops.Lake;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.examples.models.Model;
import io.lakeops.examples.models.Models;
import io.lakeops.examples.quality.RetailQuality;
import io.lakeops.quality.CheckResult;
import io.lakeops.quality.FailingRowStore;
import io.lakeops.quality.LakeTargets;
import io.lakeops.quality.ResultStore;
import io.lakeops.quality.RunOptions;
import io.lakeops.quality.Suite;
import io.lakeops.quality.SuiteResult;
import io.lakeops.quality.SuiteRunner;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code test-models}: the checks of bronze and gold; results go to the lake's history. */
@Command(
        name = "test-models",
        mixinStandardHelpOptions = true,
        description = "Checks bronze in the lake and gold in the warehouse, and keeps the results; 1 if a check fails.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TestModels implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeOptions options;

    @Option(
            names = {"--select", "--models"},
            paramLabel = "SEL",
            description = "Tables or layers, with commas, such as bronze or gold.fct_sales (default: all).")
    private @Nullable String selection;

    @Option(names = "--store-failures", description = "Keeps failing rows in the lake's _quality/failing_rows.")
    private boolean storeFailures;

    @Option(names = "--as-of", paramLabel = "INSTANT", description = "The moment to judge by (default: now).")
    private @Nullable Instant asOf;

    @Override
    public Integer call() throws SQLException {
        LakeContext context =
                LakeOpsCommand.context(ConsoleProgress.all(spec.commandLine().getErr()));
        Path lakeFolder = options.requireLake();
        Path warehouse = options.requireWarehouse();
        RunOptions how = storeFailures ? RunOptions.standard().storingFailures() : RunOptions.standard();
        if (asOf != null) {
            how = how.withAsOf(asOf);
        }
        boolean holds = true;
        try (Lake lake = Lake.open(lakeFolder, context);
                Connection connection = LakeOptions.readWarehouse(warehouse, context);
                Session session = DuckDbEngine.over(connection, context)) {
            for (Suite suite : List.of(selected(RetailQuality.bronze()), selected(RetailQuality.gold()))) {
                holds &= check(suite, how, lake, session, context).holds();
            }
        }
        KeptRelations.keep(lakeFolder, warehouse, context);
        return holds ? 0 : 1;
    }

    private SuiteResult check(Suite suite, RunOptions how, Lake lake, Session session, LakeContext context) {
        Run run = Run.of(context);
        ResultStore results = ResultStore.of(lake);
        SuiteRunner runner = new SuiteRunner(
                SuiteRunner.installedChecks(), session, results.history(session, run.cancellation()), context);
        // A check may compare with any model, not only with those that have checks.
        Set<String> models =
                Models.retail().inOrder().stream().map(Model::table).collect(Collectors.toUnmodifiableSet());
        SuiteResult result = runner.run(
                suite,
                LakeTargets.of(lake).withRelations(models),
                how.withRunId(suite.name() + "-" + context.clock().instant()),
                run.cancellation());
        results.keep(result, session, run);
        if (storeFailures) {
            FailingRowStore.of(lake).keep(result, session, run);
        }
        show(result);
        return result;
    }

    private Suite selected(Suite suite) {
        if (selection == null) {
            return suite;
        }
        List<String> parts =
                Arrays.stream(selection.split(",", -1)).map(String::strip).toList();
        for (String part : parts) {
            boolean known = RetailQuality.bronze().entries().stream().anyMatch(e -> names(part, e))
                    || RetailQuality.gold().entries().stream().anyMatch(e -> names(part, e));
            if (!known) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT, "the selection names no table with checks: '" + part + "'");
            }
        }
        return new Suite(
                suite.name(),
                suite.entries().stream()
                        .filter(e -> parts.stream().anyMatch(p -> names(p, e)))
                        .toList());
    }

    private static boolean names(String part, Suite.Entry entry) {
        String table = entry.table();
        return part.equals(table) || table.startsWith(part + ".") || table.endsWith("." + part);
    }

    private void show(SuiteResult result) {
        PrintWriter out = spec.commandLine().getOut();
        for (CheckResult check : result.results()) {
            Optional<String> observed =
                    check.verdict().observed().or(() -> check.verdict().message());
            out.printf(
                    "%-7s %s %s%s%n",
                    check.status().word(),
                    check.subject().table(),
                    check.subject().checkName(),
                    observed.map(text -> ": " + text).orElse(""));
        }
        out.printf(
                "%s: %s; %d files read%n",
                result.suite(),
                result.counts().entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey().word())
                        .collect(Collectors.joining(", ")),
                result.filesRead());
        out.flush();
    }
}
