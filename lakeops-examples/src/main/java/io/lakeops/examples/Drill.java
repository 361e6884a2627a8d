package io.lakeops.examples;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.examples.drill.Commands;
import io.lakeops.examples.drill.DrillRun;
import io.lakeops.report.OperationsReport;
import io.lakeops.report.Scenario;
import io.lakeops.report.pages.ReportFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drill}: every scenario for real, and the operations report. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = "Runs every operational scenario on generated retail data and writes operations.md and"
                + " operations.html; 0 only if every expectation held.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class Drill implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--scale",
            defaultValue = "0.1",
            description = "Of the data, 0.01 to 100; 1 is 12.7 million rows in 30 days (default: 0.1).")
    private BigDecimal scale;

    @Option(names = "--out", defaultValue = ".", paramLabel = "DIR", description = "Where it plays (default: here).")
    private Path out;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        LakeContext context = LakeOpsCommand.context(LakeListener.silent());
        OperationsReport report =
                new DrillRun(out, scale, arguments -> run(arguments, progress), context, s -> tell(s, screen)).run();
        ReportFiles.write(report, out).forEach(f -> screen.println("wrote " + f));
        long held = report.expectations().stream()
                .filter(Scenario.Expectation::held)
                .count();
        screen.printf(
                Locale.ROOT,
                "%d of %d expectations held%n",
                held,
                report.expectations().size());
        screen.flush();
        return report.holds() ? 0 : 1;
    }

    private static Commands.Ran run(String[] arguments, PrintWriter progress) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        CommandLine line = LakeOpsCommand.commandLine();
        line.setOut(new PrintWriter(output));
        line.setErr(new PrintWriter(new Both(errors, progress)));
        int code = line.execute(arguments);
        return new Commands.Ran(
                code,
                output.toString().lines().toList(),
                errors.toString().lines().toList());
    }

    private static void tell(Scenario scenario, PrintWriter screen) {
        long held = scenario.expectations().stream()
                .filter(Scenario.Expectation::held)
                .count();
        screen.printf(
                Locale.ROOT,
                "%-4s %-22s %2d of %2d expectations, %6.1f s  %s%n",
                scenario.holds() ? "ok" : "FAIL",
                scenario.id(),
                held,
                scenario.expectations().size(),
                scenario.duration().toMillis() / 1000.0,
                scenario.title());
        scenario.expectations().stream()
                .filter(e -> !e.held())
                .forEach(e -> screen.printf("     did not hold: %s: %s%n", e.text(), e.observed()));
        screen.flush();
    }
}
