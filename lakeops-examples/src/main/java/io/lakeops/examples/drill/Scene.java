package io.lakeops.examples.drill;

import io.lakeops.engine.Rows;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.report.Evidence;
import io.lakeops.report.Scenario.Expectation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step works with: each command and statement becomes evidence, and each expectation is noted with what was seen.
 *
 * <p>Threads: for one thread.
 */
final class Scene {
    private static final int SHOWN_ROWS = 20;
    private final Host host;
    private final Layout layout;
    private final Clock clock;
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<Expectation> expectations = new ArrayList<>();

    Scene(Host host, Layout layout, Clock clock) {
        this.host = host;
        this.layout = layout;
        this.clock = clock;
    }

    Layout layout() {
        return layout;
    }

    List<Evidence> evidence() {
        return List.copyOf(evidence);
    }

    List<Expectation> expectations() {
        return List.copyOf(expectations);
    }

    /** Runs a command; one that fails ends the step. Returns what it printed. */
    String command(String title, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = host.command(List.of(words), new PrintWriter(out), new PrintWriter(err));
        List<String> printed = out.toString().lines().toList();
        evidence.add(new Evidence.Transcript(title, "lakeops " + String.join(" ", words), printed));
        if (exit != 0) {
            throw new LakeException(
                    ErrorCode.INTERNAL,
                    "the command ended with " + exit + ": " + err.toString().strip());
        }
        return out.toString();
    }

    /** Runs a statement and returns its rows; one without rows returns none. */
    Rows sql(String title, String statement) throws SQLException {
        return sql(List.of(title), List.of(statement)).get(0);
    }

    /** Runs statements on one connection, each as evidence under its title. */
    List<Rows> sql(List<String> titles, List<String> statements) throws SQLException {
        List<Rows> all = new ArrayList<>();
        try (Connection connection = host.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (int i = 0; i < statements.size(); i++) {
                Instant begin = clock.instant();
                Rows rows = statement.execute(statements.get(i))
                        ? rows(statement.getResultSet())
                        : new Rows(List.of(), List.of());
                evidence.add(Evidence.Statement.of(
                        titles.get(i), statements.get(i), rows, SHOWN_ROWS, Duration.between(begin, clock.instant())));
                all.add(rows);
            }
        }
        return all;
    }

    /** The one number that a query returns; not shown. */
    long number(String query) throws SQLException {
        try (Connection connection = host.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    void expect(String text, boolean held, String observed) {
        expectations.add(new Expectation(text, held, observed));
    }

    void expectEqual(String text, Object expected, @Nullable Object observed) {
        expect(text, expected.equals(observed), observed + " seen, " + expected + " expected");
    }

    void show(Evidence one) {
        evidence.add(one);
    }

    private static Rows rows(ResultSet results) throws SQLException {
        try (results) {
            ResultSetMetaData columns = results.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnLabel(i));
            }
            List<List<@Nullable Object>> rows = new ArrayList<>();
            while (results.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int i = 1; i <= names.size(); i++) {
                    row.add(plain(results.getObject(i)));
                }
                rows.add(row);
            }
            return new Rows(names, rows);
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime();
        }
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (value == null
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Collection<?>
                || value instanceof java.util.Map<?, ?>
                || value instanceof java.time.LocalDate) {
            return value;
        }
        return value.toString();
    }
}
