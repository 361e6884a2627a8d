package io.lakeops.examples;

import io.lakeops.context.LakeContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** What the lake tells of itself, as plain tables in the warehouse, so that any DuckDB client reads it. */
final class KeptRelations {
    private static final List<String> NAMES =
            List.of("manifest_processed_files", "data_quality_metrics", "dbt_test_results");

    private KeptRelations() {}

    /** Fails where the warehouse that is there can't be written, before work that ends in it. */
    static void requireWritable(Path warehouse, LakeContext context) throws SQLException {
        if (Files.exists(warehouse)) {
            LakeOptions.connect(Optional.of(warehouse), Optional.empty(), context)
                    .close();
        }
    }

    /** Replaces the tables by what the lake says now, all at once; nobody else may hold the warehouse. */
    static void keep(Path lake, Path warehouse, LakeContext context) throws SQLException {
        // In memory, for a table of the warehouse would hide the relation of its name.
        try (Connection connection = LakeOptions.connect(Optional.empty(), Optional.of(lake), context);
                Statement statement = connection.createStatement()) {
            statement.execute("ATTACH '" + warehouse.toString().replace("'", "''") + "' AS warehouse");
            connection.setAutoCommit(false);
            for (String name : NAMES) {
                statement.execute("CREATE OR REPLACE TABLE warehouse.main." + name + " AS SELECT * FROM " + name);
            }
            connection.commit();
        }
    }
}
