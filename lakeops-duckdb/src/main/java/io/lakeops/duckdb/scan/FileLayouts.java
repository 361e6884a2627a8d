package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.scan.FileLayout.Node;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.json.Json;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The layouts of Parquet files, each read once: a data file never changes.
 *
 * <p>Threads: safe; one reads footers at a time, on a connection that nobody else uses.
 */
final class FileLayouts implements AutoCloseable {
    /** Some 30 MB at the most: a path and a reference each, layouts are shared. */
    private static final int REMEMBERED = 100_000;

    private final Connection connection;
    private final Map<String, FileLayout> byPath = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FileLayout> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Map<String, FileLayout> byText = new HashMap<>();

    /** Takes the connection over. */
    FileLayouts(Connection connection) {
        this.connection = connection;
    }

    /** The layout of each file, in the order given. */
    synchronized List<FileLayout> of(List<Path> files) throws SQLException {
        List<Path> unknown = files.stream()
                .filter(file -> !byPath.containsKey(file.toString()))
                .toList();
        Map<String, FileLayout> read = unknown.isEmpty() ? Map.of() : read(unknown);
        List<FileLayout> layouts = new ArrayList<>(files.size());
        for (Path file : files) {
            FileLayout known = read.get(file.toString());
            if (known == null) {
                known = byPath.get(file.toString());
            }
            if (known == null) {
                throw new SQLException("no footer was read of " + file);
            }
            layouts.add(known);
        }
        byPath.putAll(read);
        return layouts;
    }

    private Map<String, FileLayout> read(List<Path> files) throws SQLException {
        String sql = "SELECT file_name, to_json(list({"
                + "'n': name, 'i': field_id, 't': duckdb_type, 'r': repetition_type = 'REPEATED', 'c': num_children}"
                + " ORDER BY column_id))::VARCHAR FROM parquet_schema("
                + SqlText.fileList(files) + ") GROUP BY file_name";
        Map<String, FileLayout> read = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (byText.size() > 1_000) {
                    byText.clear();
                }
                read.put(rows.getString(1), byText.computeIfAbsent(rows.getString(2), FileLayouts::parse));
            }
        }
        return read;
    }

    private static FileLayout parse(String text) {
        List<Map<?, ?>> elements = new ArrayList<>();
        if (Json.parse(text) instanceof List<?> list) {
            for (Object element : list) {
                elements.add((Map<?, ?>) element);
            }
        }
        return new FileLayout(new Reader(elements).children(elements.get(0)));
    }

    /** Takes a footer's elements, which are in the order of a walk down the tree. */
    private static final class Reader {
        private final List<Map<?, ?>> elements;
        private int at = 1;

        Reader(List<Map<?, ?>> elements) {
            this.elements = elements;
        }

        List<Node> children(Map<?, ?> of) {
            List<Node> children = new ArrayList<>();
            long count = of.get("c") instanceof Long number ? number : 0;
            for (long i = 0; i < count; i++) {
                Map<?, ?> element = elements.get(at++);
                List<Node> below = children(element);
                children.add(new Node(
                        String.valueOf(element.get("n")),
                        element.get("i") instanceof Long id ? OptionalInt.of(id.intValue()) : OptionalInt.empty(),
                        String.valueOf(element.get("t")),
                        Boolean.TRUE.equals(element.get("r")),
                        below));
            }
            return children;
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }
}
