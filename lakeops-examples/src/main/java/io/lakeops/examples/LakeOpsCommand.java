package io.lakeops.examples;

import io.lakeops.error.LakeException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The program's entry.
 *
 * <p>Exit codes: 0 done; 1 a LakeException, whose code and message go to standard error; 2 wrong arguments.
 */
@Command(
        name = "lakeops",
        description = "The reliability operations of a lakehouse, on Delta tables and DuckDB.",
        mixinStandardHelpOptions = true,
        version = "LakeOps 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {HelpCommand.class, GenerateData.class})
public final class LakeOpsCommand {
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The commands; a test gives it streams of its own. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new LakeOpsCommand());
        line.setExecutionExceptionHandler(LakeOpsCommand::failed);
        return line;
    }

    private static int failed(Exception problem, CommandLine line, CommandLine.ParseResult parsed) throws Exception {
        if (problem instanceof LakeException known) {
            PrintWriter err = line.getErr();
            err.println(known.getMessage());
            err.flush();
            return 1;
        }
        throw problem;
    }
}
