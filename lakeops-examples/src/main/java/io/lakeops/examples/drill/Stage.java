package io.lakeops.examples.drill;

import io.lakeops.context.LakeContext;
import io.lakeops.duckdb.jdbc.LakeDriver;
import io.lakeops.engine.Rows;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.examples.sql.ResultPrinter;
import io.lakeops.report.Evidence;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Where the drill plays: its folder, and SQL over the lake and the warehouse. */
final class Stage {
    private static final int SHOWN = 12;

    private final Path out;
    private final Commands commands;
    private final LakeContext context;

    Stage(Path out, Commands commands, LakeContext context) {
        this.out = out;
        this.commands = commands;
        this.context = context;
    }

    Path raw() {
        return out.resolve("data_raw");
    }

    Path increment() {
        return out.resolve("data_raw_increment");
    }

    Path lake() {
        return out.resolve("lake");
    }

    Path warehouse() {
        return out.resolve("duckdb").resolve("warehouse.duckdb");
    }

    /** Runs a command that must succeed, or exit as told, and keeps what it printed. */
    List<String> command(Notebook notes, String title, int exitCode, String... arguments) {
        Commands.Ran ran = commands.run(arguments);
        List<String> output = new ArrayList<>(ran.output());
        if (ran.exitCode() != exitCode) {
            output.addAll(ran.errors());
        }
        String typed = "./lakeops " + String.join(" ", arguments).replace(out.toString(), ".");
        notes.add(new Evidence.Transcript(
                title,
                typed,
                output.stream().map(l -> l.replace(out.toString(), ".")).toList()));
        notes.expect(title + ": exit code " + exitCode, ran.exitCode() == exitCode, "exit code " + ran.exitCode());
        return ran.output();
    }

    /** A session of SQL: one connection, closed at the end. */
    <T> T sql(SqlWork<T> work) {
        return sql(Optional.of(warehouse()), work);
    }

    /** The same without the warehouse. */
    <T> T sqlOnLake(SqlWork<T> work) {
        return sql(Optional.empty(), work);
    }

    private <T> T sql(Optional<Path> warehouse, SqlWork<T> work) {
        Properties properties = new Properties();
        properties.setProperty("lake", lake().toString());
        String url = "jdbc:lakeops:" + warehouse.map(Path::toString).orElse("");
        try (Connection connection = Objects.requireNonNull(new LakeDriver(context).connect(url, properties));
                Statement statement = connection.createStatement()) {
            return work.on(new Sql(statement));
        } catch (SQLException e) {
            if (e.getCause() instanceof LakeException cause) {
                throw cause;
            }
            throw new LakeException(ErrorCode.SQL_FAILED, "a statement of the drill failed: " + e.getMessage(), e);
        }
    }

    /** Work on a connection. */
    @FunctionalInterface
    interface SqlWork<T> {
        T on(Sql sql) throws SQLException;
    }

    /** Statements of one connection. */
    final class Sql {
        private final Statement statement;

        private Sql(Statement statement) {
            this.statement = statement;
        }

        /** Runs a statement and keeps it with what it returned. */
        Rows show(Notebook notes, String title, String text) throws SQLException {
            long start = System.nanoTime();
            Rows rows = rows(text);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            notes.add(Evidence.Statement.of(title, text.replace(out.toString(), "."), rows, SHOWN, took));
            return rows;
        }

        /** Runs a statement; without a result, no rows. */
        Rows rows(String text) throws SQLException {
            if (!statement.execute(text)) {
                return new Rows(List.of(), List.of());
            }
            try (ResultSet result = statement.getResultSet()) {
                int width = result.getMetaData().getColumnCount();
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= width; i++) {
                    columns.add(result.getMetaData().getColumnLabel(i));
                }
                List<List<@Nullable Object>> rows = new ArrayList<>();
                while (result.next()) {
                    List<@Nullable Object> row = new ArrayList<>();
                    for (int i = 1; i <= width; i++) {
                        row.add(plain(result.getObject(i), result, i));
                    }
                    rows.add(row);
                }
                return new Rows(columns, rows);
            }
        }

        long number(String text) throws SQLException {
            Object value = rows(text).rows().get(0).get(0);
            if (value instanceof Number number) {
                return number.longValue();
            }
            throw new LakeException(ErrorCode.INTERNAL, "not a number: " + value + " from " + text);
        }

        long newestVersion(String table) throws SQLException {
            Object version = rows("DESCRIBE HISTORY " + table + " LIMIT 1").value(0, "version");
            return ((Number) Objects.requireNonNull(version)).longValue();
        }

        /** The code of the error that a statement ends with; keeps its message. Else says that it was done. */
        String refused(Notebook notes, String title, String text) {
            try {
                rows(text);
                return "no error";
            } catch (SQLException e) {
                String message = String.valueOf(e.getMessage()).replace(out.toString(), ".");
                notes.add(new Evidence.Transcript(title, text.replace(out.toString(), "."), List.of(message)));
                int colon = message.indexOf(':');
                return colon < 0 ? message : message.substring(0, colon);
            }
        }

        private static @Nullable Object plain(@Nullable Object value, ResultSet result, int column)
                throws SQLException {
            boolean simple = value == null
                    || value instanceof Number
                    || value instanceof BigDecimal
                    || value instanceof Boolean
                    || value instanceof String;
            return simple ? value : ResultPrinter.text(result, column, ZoneOffset.UTC);
        }
    }
}
