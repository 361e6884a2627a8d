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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sql}: statements on the lake and the warehouse; the first error stops. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description = {
            "Runs SQL statements, and Delta's own, on the lake and the warehouse.",
            "Without options it takes lake and duckdb/warehouse.duckdb below the current folder, where they are."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class Sql implements Callable<Integer> {
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
        try (Connection connection =
                        LakeOptions.connect(options.warehouse(), options.lake(), LakeOpsCommand.context(warnings));
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
        }
        return 0;
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
}
