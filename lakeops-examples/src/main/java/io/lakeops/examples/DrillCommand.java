package io.lakeops.examples;

import io.lakeops.context.LakeContext;
import io.lakeops.examples.drill.Drill;
import io.lakeops.examples.drill.Host;
import io.lakeops.examples.drill.Layout;
import io.lakeops.report.OperationsReport;
import io.lakeops.report.Scenario;
import io.lakeops.report.pages.ReportFiles;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drill}: every scenario for real, and the report of it. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = "Plays every scenario on fresh data and writes operations.md and operations.html; 1 if an"
                + " expectation did not hold.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DrillCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--scale", defaultValue = "0.02", description = "How large the lake is (default: 0.02).")
    private BigDecimal scale;

    @Option(names = "--out", defaultValue = ".", paramLabel = "DIR", description = "The folder (default: this one).")
    private Path folder;

    @Override
    public Integer call() {
        Layout layout = new Layout(folder.toAbsolutePath().normalize());
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        LakeContext context = LakeOpsCommand.context(ConsoleProgress.all(err));
        OperationsReport report = new Drill(host(layout, context), layout, scale.toPlainString(), context).run();
        List<Path> written = ReportFiles.write(report, layout.folder());
        for (Scenario.Expectation expectation : report.expectations()) {
            out.printf(
                    "%-4s %s: %s%n",
                    expectation.held() ? "held" : "FAIL",
                    expectation.text(),
                    expectation.observed().lines().findFirst().orElse(""));
        }
        written.forEach(out::println);
        out.flush();
        return report.holds() ? 0 : 1;
    }

    private static Host host(Layout layout, LakeContext context) {
        return new Host() {
            @Override
            public int command(List<String> words, PrintWriter out, PrintWriter err) {
                CommandLine line = LakeOpsCommand.commandLine();
                line.setOut(out);
                line.setErr(err);
                return line.execute(words.toArray(String[]::new));
            }

            @Override
            public Connection connect() throws SQLException {
                return LakeOptions.connect(Optional.of(layout.warehouse()), Optional.of(layout.lake()), context);
            }
        };
    }
}
