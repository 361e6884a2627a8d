package io.lakeops.duckdb.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Short words for JDBC in tests. */
final class Sql {
    private Sql() {}

    static Connection open(String rest) throws SQLException {
        return DriverManager.getConnection("jdbc:lakeops:" + rest);
    }

    /** A connection in memory that mounts a lake. */
    static Connection onLake(Path lake) throws SQLException {
        return open("?lake=" + lake);
    }

    static void run(Connection connection, String... statements) throws SQLException {
        for (String sql : statements) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    /** The rows, values by commas. */
    static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return rows(result);
        }
    }

    static List<String> rows(ResultSet result) throws SQLException {
        List<String> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                values.add(String.valueOf(result.getString(i)));
            }
            rows.add(String.join(",", values));
        }
        return rows;
    }

    static List<String> columns(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultSetMetaData metadata = result.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= metadata.getColumnCount(); i++) {
                names.add(metadata.getColumnName(i));
            }
            return names;
        }
    }

    /** A table at {@code lake/<layer>/delta/<name>}, created with those columns. */
    static Path table(Connection connection, Path lake, String name, String definition) throws SQLException {
        int dot = name.indexOf('.');
        Path path = lake.resolve(name.substring(0, dot)).resolve("delta").resolve(name.substring(dot + 1));
        run(connection, "CREATE TABLE delta.`" + path + "` " + definition);
        return path;
    }
}
