package io.lakeops.formats;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Staged files, read back by plain DuckDB, which did not write them. */
final class Duck {
    private Duck() {}

    /** Each row as the texts of its values, joined by {@code |}. */
    static List<String> read(Path parquet, String select) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            try (ResultSet rows = statement.executeQuery("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (SELECT " + select
                    + " FROM read_parquet('" + parquet + "'))")) {
                List<String> texts = new ArrayList<>();
                while (rows.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.add(String.valueOf(rows.getString(i)));
                    }
                    texts.add(String.join("|", row));
                }
                return texts;
            }
        }
    }
}
