package io.lakeops.examples.sql;

import io.lakeops.json.Json;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prints the rows of a query in a chosen format.
 *
 * <p>Units: holds at most {@value #MEASURED} rows at a time.
 *
 * <p>Threads: for one thread.
 */
public final class ResultPrinter {
    private static final int MEASURED = 1_000;
    private static final int WIDEST = 80;
    private final ResultFormat format;
    private final PrintWriter out;

    public ResultPrinter(ResultFormat format, PrintWriter out) {
        this.format = format;
        this.out = out;
    }

    /** Prints all rows that are left; instants are shown in {@code zone}. */
    public void print(ResultSet rows, ZoneId zone) throws SQLException {
        List<String> names = names(rows.getMetaData());
        JsonText text = new JsonText(zone);
        switch (format) {
            case TABLE -> table(rows, names, text);
            case CSV -> csv(rows, names, text);
            case JSONL -> lines(rows, names, text);
        }
        out.flush();
    }

    /** An object has a name once: the second {@code a} is {@code a:1}, as DuckDB calls it. */
    private static List<String> names(ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String label = columns.getColumnLabel(i);
            String name = label;
            for (int again = 1; !taken.add(name); again++) {
                name = label + ":" + again;
            }
            names.add(name);
        }
        return names;
    }

    /** A value as the table format shows it, or null. */
    public static @Nullable String text(ResultSet rows, int column, ZoneId zone) throws SQLException {
        Object value = value(rows, column);
        return value == null ? null : new JsonText(zone).plain(value);
    }

    /**
     * A time without a zone is asked for as such, and an instant as a number: as objects they pass the machine's zone,
     * which loses an hour or gains one when its clocks change.
     */
    private static @Nullable Object value(ResultSet rows, int column) throws SQLException {
        String type = rows.getMetaData().getColumnTypeName(column).toUpperCase(Locale.ROOT);
        if (!type.startsWith("TIMESTAMP") || type.endsWith("]")) {
            return rows.getObject(column);
        }
        if (!type.equals("TIMESTAMP WITH TIME ZONE")) {
            return rows.getObject(column, LocalDateTime.class);
        }
        long micros = rows.getLong(column);
        return rows.wasNull() ? null : JsonText.micros(micros);
    }

    private void lines(ResultSet rows, List<String> names, JsonText text) throws SQLException {
        while (rows.next()) {
            StringBuilder line = new StringBuilder("{");
            for (int i = 0; i < names.size(); i++) {
                line.append(i == 0 ? "" : ",").append(Json.write(names.get(i))).append(':');
                line.append(text.of(value(rows, i + 1)));
            }
            out.print(line.append("}\n"));
        }
    }

    private void csv(ResultSet rows, List<String> names, JsonText text) throws SQLException {
        StringBuilder line = new StringBuilder();
        for (String name : names) {
            line.append(line.isEmpty() ? "" : ",").append(quoted(name));
        }
        out.print(line.append("\n"));
        while (rows.next()) {
            line.setLength(0);
            for (int i = 0; i < names.size(); i++) {
                Object value = value(rows, i + 1);
                line.append(i == 0 ? "" : ",").append(value == null ? "" : quoted(text.plain(value)));
            }
            out.print(line.append("\n"));
        }
    }

    private static String quoted(String field) {
        boolean bare = !field.isEmpty() && field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return bare ? field : "\"" + field.replace("\"", "\"\"") + "\"";
    }

    /** Widths come from the first rows; a later value that is wider pushes its own line out. */
    private void table(ResultSet rows, List<String> names, JsonText text) throws SQLException {
        int[] widths = names.stream().mapToInt(ResultPrinter::width).toArray();
        List<List<String>> measured = new ArrayList<>();
        long count = 0;
        boolean headed = false;
        while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                Object value = value(rows, i + 1);
                row.add(value == null ? "NULL" : text.plain(value));
            }
            count++;
            if (!headed) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.min(WIDEST, Math.max(widths[i], width(row.get(i))));
                }
                measured.add(row);
                if (measured.size() == MEASURED) {
                    head(names, measured, widths);
                    headed = true;
                    measured.clear();
                }
            } else {
                out.println(line(row, widths));
            }
        }
        if (!headed) {
            head(names, measured, widths);
        }
        out.println("(" + count + (count == 1 ? " row)" : " rows)"));
    }

    private void head(List<String> names, List<List<String>> rows, int[] widths) {
        out.println(line(names, widths));
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        out.println(line(rule, widths));
        rows.forEach(row -> out.println(line(row, widths)));
    }

    /** A cell of several lines makes the row as many lines high. */
    private static String line(List<String> cells, int[] widths) {
        int height = cells.stream().mapToInt(c -> (int) c.lines().count()).max().orElse(1);
        StringBuilder row = new StringBuilder();
        for (int n = 0; n < Math.max(1, height); n++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                String cell = cells.get(i).lines().skip(n).findFirst().orElse("");
                line.append(cell);
                line.append(" ".repeat(Math.max(0, widths[i] - width(cell)))).append("  ");
            }
            row.append(n == 0 ? "" : System.lineSeparator())
                    .append(line.toString().stripTrailing());
        }
        return row.toString();
    }

    private static int width(String text) {
        return text.lines().mapToInt(l -> l.codePointCount(0, l.length())).max().orElse(0);
    }
}
