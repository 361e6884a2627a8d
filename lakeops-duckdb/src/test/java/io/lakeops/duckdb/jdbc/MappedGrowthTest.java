package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that come with rows, on tables whose columns have places of their own in the files. */
class MappedGrowthTest {
    @TempDir
    Path lake;

    @ParameterizedTest
    @ValueSource(strings = {"name", "id"})
    void a_merge_brings_columns_whose_files_say_where_they_stand(String mode) throws SQLException {
        try (Connection connection = onLake(lake)) {
            Path path = Sql.table(
                    connection,
                    lake,
                    "bronze.t",
                    "(id BIGINT, gone VARCHAR, p VARCHAR) PARTITIONED BY (p)"
                            + " TBLPROPERTIES ('delta.columnMapping.mode' = '" + mode + "')");
            run(
                    connection,
                    "INSERT INTO bronze.t VALUES (1, 'a', 'x'), (2, 'b', NULL)",
                    "ALTER TABLE bronze.t DROP COLUMN gone",
                    "MERGE WITH SCHEMA EVOLUTION INTO bronze.t AS t USING (SELECT 2 AS id, 'y' AS p, {'a b': 5, l: [{k: 1}]} AS s,"
                            + " 'back' AS gone UNION ALL SELECT 3, 'y', NULL, NULL) AS s ON t.id = s.id"
                            + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
                    "INSERT INTO bronze.t (id, gone) VALUES (4, 'again')",
                    "OPTIMIZE bronze.t",
                    "ALTER TABLE bronze.t RENAME COLUMN s.`a b` TO c");

            assertThat(rows(connection, "SELECT id, p, s.c, s.l[1].k, gone FROM bronze.t ORDER BY id"))
                    .containsExactly(
                            "1,x,null,null,null", "2,y,5,1,back", "3,y,null,null,null", "4,null,null,null,again");
            List<String> ids = rows(
                    connection,
                    "SELECT DISTINCT field_id FROM parquet_schema('" + path
                            + "/*/*.parquet') WHERE name LIKE 'col-%' AND field_id IS NOT NULL ORDER BY ALL");
            // 1 id, 2 gone, 3 p; then the new struct, what is in it, and the column that took the old one's name.
            assertThat(ids).containsExactly("1", "2", "4", "5", "6", "7", "8");
        }
    }
}
