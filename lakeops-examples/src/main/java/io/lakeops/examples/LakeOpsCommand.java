package io.lakeops.examples;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.error.LakeException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The program's entry.
 *
 * <p>Exit codes: 0 done; 1 an error, whose code and message go to standard error, or checks that failed; 2 wrong
 * arguments.
 */
@Command(
        name = "lakeops",
        description = "The reliability operations of a lakehouse, on Delta tables and DuckDB.",
        mixinStandardHelpOptions = true,
        version = "LakeOps 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            HelpCommand.class,
            GenerateData.class,
            LoadToBronze.class,
            RunModels.class,
            TestModels.class,
            Sql.class,
            Drill.class
        })
public final class LakeOpsCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    public static void main(String[] args) {
        // The driver shows a time without a zone through the JVM's own, where some times don't exist.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        CommandLine line = commandLine();
        line.setOut(utf8(FileDescriptor.out));
        line.setErr(utf8(FileDescriptor.err));
        System.exit(line.execute(args));
    }

    private static PrintWriter utf8(FileDescriptor stream) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(stream), StandardCharsets.UTF_8));
    }

    /** The commands; a test gives it streams of its own. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new LakeOpsCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(LakeOpsCommand::failed);
        return line;
    }

    /** What the commands lend to the library. */
    static LakeContext context(LakeListener listener) {
        return LakeContext.standard().withListener(listener);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(), "Say which command.");
    }

    private static int failed(Exception problem, CommandLine line, CommandLine.ParseResult parsed) throws Exception {
        if (problem instanceof LakeException || problem instanceof SQLException) {
            line.getOut().flush();
            line.getErr().println(problem.getMessage());
            line.getErr().flush();
            return 1;
        }
        throw problem;
    }
}
