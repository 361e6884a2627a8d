package io.lakeops.duckdb.lake;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/**
 * The user's connection, and one beside it that looks things up while a statement of the user's is being planned.
 *
 * @param connection the user's
 * @param beside of the same database, with its own transactions
 */
record Database(DuckDBConnection connection, DuckDBConnection beside) {
    void run(String sql) throws SQLException {
        execute(beside, sql);
    }

    void runOnConnection(String sql) throws SQLException {
        execute(connection, sql);
    }

    boolean exists(String sql) throws SQLException {
        return exists(beside, sql);
    }

    /** As the user's connection sees it: with its temporary tables and the database in use. */
    boolean existsOnConnection(String sql) throws SQLException {
        return exists(connection, sql);
    }

    private static boolean exists(DuckDBConnection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next();
        }
    }

    String text(String sql) throws SQLException {
        return text(beside, sql);
    }

    String onConnection(String sql) throws SQLException {
        return text(connection, sql);
    }

    private static String text(DuckDBConnection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    private static void execute(DuckDBConnection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement()) {
            statement.execute(sql);
        }
    }
}
