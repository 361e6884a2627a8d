package io.lakeops.examples;

import io.lakeops.duckdb.sql.StatementSplitter;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.examples.sql.ResultFormat;
import io.lakeops.examples.sql.ResultPrinter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sql}: statements on the lake and the warehouse; the first error stops. */
@Command(
        name = "sql",
        preprocessor = Sql.Comments.class,
        mixinStandardHelpOptions = true,
        description = {
            "Runs SQL statements, and Delta's own, on the lake and the warehouse.",
            "Without options it takes lake and duckdb/warehouse.duckdb below the current folder, where they are."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class Sql implements Callable<Integer> {
    /** The state of an SQLException: a table is not there. */
    private static final String NO_TABLE = "42S02";

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeOptions options;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, csv or jsonl (default: table).")
    private ResultFormat format;

    @Option(names = "-f", paramLabel = "FILE", description = "A file of statements.")
    private @Nullable Path file;

    @Parameters(arity = "0..1", paramLabel = "STATEMENTS", description = "Statements, with semicolons between them.")
    private @Nullable String text;

    @Override
    public Integer call() throws SQLException {
        String statements = statements();
        ResultPrinter printer = new ResultPrinter(format, spec.commandLine().getOut());
        ConsoleProgress warnings =
                ConsoleProgress.warningsOnly(spec.commandLine().getErr());
        Optional<Path> lake = options.lake();
        try (Connection connection = LakeOptions.connect(options.warehouse(), lake, LakeOpsCommand.context(warnings));
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (String sql : StatementSplitter.split(statements)) {
                ZoneId zone = zone(connection);
                if (statement.execute(sql)) {
                    try (ResultSet rows = statement.getResultSet()) {
                        printer.print(rows, zone);
                    }
                }
            }
        } catch (SQLException e) {
            throw lake.isEmpty() && NO_TABLE.equals(e.getSQLState()) ? withoutLake(e) : e;
        }
        return 0;
    }

    private static SQLException withoutLake(SQLException e) {
        String message = e.getMessage() + " No lake is mounted, for there is no folder ./lake here; say --lake DIR.";
        return new SQLException(message, e.getSQLState(), e);
    }

    private String statements() {
        if (text != null && file == null) {
            return text;
        }
        if (file != null && text == null) {
            return read(file);
        }
        throw new ParameterException(spec.commandLine(), "Give either STATEMENTS or -f FILE.");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new LakeException(
                    ErrorCode.SOURCE_ENCODING, "the file of statements is not UTF-8", Map.of("file", file), e);
        } catch (IOException e) {
            throw StorageErrors.of("can't read the statements", file, e);
        }
    }

    /** Where the connection shows instants; a statement may have set it. */
    private static ZoneId zone(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT current_setting('TimeZone')")) {
            rows.next();
            return ZoneId.of(rows.getString(1), ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "instants can't be shown in that zone: " + e.getMessage(), e);
        }
    }

    /** Statements that begin with a comment begin like an option: a space before them tells them apart. */
    static final class Comments implements IParameterPreprocessor {
        private static final Pattern COMMENT = Pattern.compile("--[^=\\s]*\\s.*", Pattern.DOTALL);

        @Override
        @SuppressWarnings("JdkObsolete") // picocli's signature
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, @Nullable ArgSpec argument, Map<String, Object> info) {
            arguments.replaceAll(a -> COMMENT.matcher(a).matches() ? " " + a : a);
            return false;
        }
    }
}
