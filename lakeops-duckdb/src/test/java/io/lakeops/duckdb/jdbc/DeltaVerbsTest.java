package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.columns;
import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaVerbsTest {
    @TempDir
    Path lake;

    private Connection connection;
    private Path orders;

    @BeforeEach
    void open() throws SQLException {
        connection = onLake(lake);
        orders = table(
                connection, lake, "bronze.orders", "(id BIGINT NOT NULL, name VARCHAR, dt DATE) PARTITIONED BY (dt)");
        run(
                connection,
                "INSERT INTO bronze.orders VALUES (1, 'a', DATE '2024-04-01'), (2, 'b', DATE '2024-04-02')",
                "INSERT INTO bronze.orders SELECT 3, 'c', DATE '2024-04-02'");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void a_created_table_is_mounted_at_once_and_holds_what_was_inserted() throws SQLException {
        assertThat(rows(connection, "SELECT * FROM bronze.orders ORDER BY id"))
                .containsExactly("1,a,2024-04-01", "2,b,2024-04-02", "3,c,2024-04-02");
        assertThat(rows(connection, "SELECT count(*), max(dt) FROM delta.`" + orders + "`"))
                .containsExactly("3,2024-04-02");
    }

    @Test
    void insert_puts_values_by_place_and_leaves_other_columns_null() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO bronze.orders (dt, id) SELECT '2024-04-05', 9"))
                    .isEqualTo(1);
        }
        assertThat(rows(connection, "SELECT * FROM bronze.orders WHERE id = 9")).containsExactly("9,null,2024-04-05");
        assertThat(columns(connection, "INSERT INTO bronze.orders VALUES (7, 'x', '2024-01-01')"))
                .containsExactly("num_affected_rows", "num_inserted_rows");
    }

    @Test
    void insert_can_read_other_tables_and_the_table_itself() throws SQLException {
        run(connection, "CREATE TABLE local AS SELECT 40 AS id, 'l' AS name, DATE '2024-04-09' AS dt");
        run(
                connection,
                "INSERT INTO bronze.orders SELECT * FROM local",
                "INSERT INTO bronze.orders SELECT id + 100, name, dt FROM bronze.orders WHERE dt = '2024-04-02'");

        assertThat(rows(connection, "SELECT id FROM bronze.orders ORDER BY id"))
                .containsExactly("1", "2", "3", "40", "102", "103");
    }

    @Test
    void insert_of_too_few_columns_or_of_a_null_key_changes_nothing() throws SQLException {
        assertThatThrownBy(() -> run(connection, "INSERT INTO bronze.orders VALUES (1, 'a')"))
                .hasMessageStartingWith("SCHEMA_MISMATCH: the query gives 2 columns where 3 are expected");
        assertThatThrownBy(() -> run(connection, "INSERT INTO bronze.orders VALUES (NULL, 'a', '2024-01-01')"))
                .hasMessageStartingWith("CONSTRAINT_VIOLATED: ");
        assertThatThrownBy(() -> run(connection, "INSERT INTO bronze.orders (id, nope) VALUES (1, 'a')"))
                .hasMessageStartingWith("COLUMN_NOT_FOUND: there is no column 'nope'");
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("3");
    }

    @Test
    void delete_says_how_many_rows_are_gone() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.execute("DELETE FROM bronze.orders WHERE dt = DATE '2024-04-02' AND id > 2"))
                    .isTrue();
            assertThat(statement.getUpdateCount()).isEqualTo(1);
            try (ResultSet result = statement.getResultSet()) {
                assertThat(rows(result)).containsExactly("1,0,1,0");
            }
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(1);
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(-1);
        }
        assertThat(columns(connection, "DELETE FROM bronze.orders WHERE id = 77"))
                .containsExactly("num_affected_rows", "num_updated_rows", "num_deleted_rows", "num_inserted_rows");
        assertThat(rows(connection, "SELECT id FROM bronze.orders ORDER BY id")).containsExactly("1", "2");
        assertThat(rows(connection, "DELETE FROM delta_scan('" + orders + "')")).containsExactly("2,0,2,0");
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("0");
    }

    @Test
    void delete_takes_conditions_with_subqueries() throws SQLException {
        assertThat(rows(
                        connection,
                        "DELETE FROM bronze.orders WHERE id IN (SELECT max(id) FROM delta_scan('" + orders + "'))"))
                .containsExactly("1,0,1,0");
        assertThat(rows(connection, "SELECT id FROM bronze.orders ORDER BY id")).containsExactly("1", "2");
    }

    @Test
    void update_gives_the_rows_of_a_condition_new_values() throws SQLException {
        List<String> before = rows(connection, "SELECT * FROM bronze.orders WHERE id <> 2 ORDER BY id");
        assertThat(rows(
                        connection,
                        "UPDATE bronze.orders SET name = upper(name || ', (where)'), dt = dt + 1 WHERE id = 2"))
                .containsExactly("1,1,0,0");
        assertThat(rows(connection, "SELECT id, name FROM bronze.orders WHERE id = 2"))
                .containsExactly("2,B, (WHERE)");
        assertThat(rows(connection, "SELECT * FROM bronze.orders WHERE id <> 2 ORDER BY id"))
                .isEqualTo(before);
        assertThat(rows(connection, "UPDATE bronze.orders SET name = NULL WHERE id = 77"))
                .containsExactly("0,0,0,0");
        assertThat(rows(
                        connection,
                        "UPDATE bronze.orders SET id = id + (SELECT max(id) FROM bronze.orders), name = id::VARCHAR"))
                .containsExactly("3,3,0,0");
        assertThat(rows(connection, "SELECT id, name FROM bronze.orders ORDER BY id"))
                .containsExactly("4,1", "5,2", "6,3");
    }

    @Test
    void update_takes_parameters_and_says_how_many_rows() throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE bronze.orders SET name = ? WHERE id = ?")) {
            update.setString(1, "it's, 'new' WHERE x");
            update.setLong(2, 3);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
        assertThat(rows(connection, "SELECT name FROM bronze.orders WHERE id = 3"))
                .containsExactly("it's, 'new' WHERE x");
    }

    @Test
    void an_update_that_can_not_be_cast_changes_nothing() throws SQLException {
        List<String> before = rows(connection, "SELECT * FROM bronze.orders ORDER BY id");

        assertThatThrownBy(() -> run(connection, "UPDATE bronze.orders SET dt = name WHERE id = 1"))
                .hasMessageContaining("Fix: ");
        assertThatThrownBy(() -> run(connection, "UPDATE bronze.orders SET nme = 'x' WHERE id = 1"))
                .hasMessageStartingWith("COLUMN_NOT_FOUND: ");

        assertThat(rows(connection, "SELECT * FROM bronze.orders ORDER BY id")).isEqualTo(before);
    }

    @Test
    void merge_updates_deletes_and_inserts_by_the_first_clause_that_applies() throws SQLException {
        assertThat(rows(connection, """
                                MERGE INTO bronze.orders AS t
                                USING (VALUES (1, 'put', 5), (3, 'gone', 0), (8, 'new', 1), (9, 'never', -1)) AS s(id, name, n)
                                ON t.id = s.id
                                WHEN MATCHED AND s.n = 0 THEN DELETE
                                WHEN MATCHED AND CASE WHEN s.n > 3 THEN true ELSE false END
                                  THEN UPDATE SET name = s.name || ', ' || t.name, t.dt = t.dt + s.n::INT
                                WHEN MATCHED THEN UPDATE SET name = 'not reached'
                                WHEN NOT MATCHED AND s.n > 0 THEN INSERT (id, name) VALUES (s.id, concat(s.name, '(', 'x)'))
                                WHEN NOT MATCHED BY SOURCE AND t.id = 2 THEN UPDATE SET name = 'alone'""")).containsExactly("4,2,1,1");
        assertThat(rows(connection, "SELECT id, name, dt FROM bronze.orders ORDER BY id"))
                .containsExactly("1,put, a,2024-04-06", "2,alone,2024-04-02", "8,new(x),null");
    }

    @Test
    void merge_takes_whole_rows_by_the_columns_names() throws SQLException {
        run(connection, "CREATE TABLE staged (dt DATE, ID INTEGER, more INT, Name VARCHAR)");
        run(
                connection,
                "INSERT INTO staged VALUES (DATE '2024-05-01', 2, 0, 'two'), (DATE '2024-05-01', 7, 0, 'seven')");
        String merge = "MERGE INTO bronze.orders USING staged ON orders.id = staged.id"
                + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *";

        assertThat(rows(connection, merge)).containsExactly("2,1,0,1");
        assertThat(rows(connection, merge)).containsExactly("2,2,0,0");

        assertThat(rows(connection, "SELECT id, name, dt FROM bronze.orders ORDER BY id"))
                .containsExactly("1,a,2024-04-01", "2,two,2024-05-01", "3,c,2024-04-02", "7,seven,2024-05-01");
    }

    @Test
    void merge_reads_the_table_itself_at_one_version() throws SQLException {
        assertThat(rows(
                        connection,
                        "MERGE INTO bronze.orders t USING (SELECT id + 2 AS id FROM bronze.orders) s ON t.id = s.id"
                                + " WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)"))
                .containsExactly("3,0,1,2");
        assertThat(rows(connection, "SELECT id FROM bronze.orders ORDER BY id")).containsExactly("1", "2", "4", "5");
    }

    @Test
    void a_row_that_two_source_rows_would_change_is_an_error_and_one_that_both_delete_is_not() throws SQLException {
        String twice = "MERGE INTO bronze.orders t USING (VALUES (1), (1), (NULL)) s(id) ON t.id = s.id ";
        List<String> before = rows(connection, "SELECT * FROM bronze.orders ORDER BY id");

        assertThatThrownBy(() -> run(connection, twice + "WHEN MATCHED THEN UPDATE SET name = 'x'"))
                .hasMessageStartingWith("AMBIGUOUS_MATCH: ");
        assertThat(rows(connection, "SELECT * FROM bronze.orders ORDER BY id")).isEqualTo(before);
        assertThatThrownBy(() -> run(connection, twice + "WHEN MATCHED AND t.id > 5 THEN UPDATE SET name = 'x'"))
                .hasMessageStartingWith("AMBIGUOUS_MATCH: ");
        assertThat(rows(connection, twice + "WHEN MATCHED THEN DELETE")).containsExactly("1,0,1,0");
        assertThatThrownBy(() -> run(connection, twice + "WHEN MATCHED THEN UPDATE SET *"))
                .hasMessageStartingWith("COLUMN_NOT_FOUND: ");
        assertThatThrownBy(() -> run(connection, twice + "WHEN NOT MATCHED THEN DELETE"))
                .hasMessageContaining("INSERT");
    }

    @Test
    void fields_within_structs_get_values_and_their_neighbours_stay() throws SQLException {
        table(
                connection,
                lake,
                "silver.people",
                "(id INTEGER, who STRUCT<\"first name\": VARCHAR, home: STRUCT<town: VARCHAR, zip: INTEGER>>)");
        run(
                connection,
                "INSERT INTO silver.people VALUES (1, {'first name': 'Ada', 'home': {'town': 'Ulm', 'zip': 1}}),"
                        + " (2, {'first name': 'Bo', 'home': NULL}), (3, NULL)",
                "UPDATE silver.people SET people.who.home.ZIP = '7' || id, who.\"first name\" = who.home.town WHERE id < 3");
        assertThat(rows(connection, "SELECT id, who::VARCHAR FROM silver.people ORDER BY id"))
                .containsExactly(
                        "1,{'first name': Ulm, 'home': {'town': Ulm, 'zip': 71}}",
                        "2,{'first name': NULL, 'home': {'town': NULL, 'zip': 72}}",
                        "3,null");

        String merge =
                "MERGE INTO silver.people t USING (SELECT 3 AS id, 'Rom' AS town) s ON t.id = s.id WHEN MATCHED THEN";
        run(connection, merge + " UPDATE SET t.who.home.town = s.town, who.home.zip = t.id");
        assertThat(rows(connection, "SELECT who::VARCHAR FROM silver.people WHERE id = 3"))
                .containsExactly("{'first name': NULL, 'home': {'town': Rom, 'zip': 3}}");

        for (String wrong : List.of(
                "UPDATE silver.people SET who = NULL, who.home = NULL",
                "UPDATE silver.people SET who.home = NULL, who.home.zip = 1",
                "UPDATE silver.people SET who.home.zip = 1, WHO.HOME.ZIP = 2",
                merge + " UPDATE SET who.home.zip = 1, who.home = NULL")) {
            assertThatThrownBy(() -> run(connection, wrong)).hasMessageStartingWith("INVALID_ARGUMENT: ");
        }
        for (String wrong : List.of(
                "UPDATE silver.people SET who.nosuch = 1",
                "UPDATE silver.people SET id.part = 1",
                merge + " UPDATE SET who.home.nosuch = 1")) {
            assertThatThrownBy(() -> run(connection, wrong)).hasMessageStartingWith("COLUMN_NOT_FOUND: ");
        }
    }

    @Test
    void merge_with_schema_evolution_takes_columns_that_the_table_lacks() throws SQLException {
        String merge = " INTO bronze.orders t USING (SELECT 2 AS id, 'why' AS reason, 7 AS more) s ON t.id = s.id";
        assertThatThrownBy(() -> run(connection, "MERGE" + merge + " WHEN MATCHED THEN UPDATE SET reason = s.reason"))
                .hasMessageStartingWith("COLUMN_NOT_FOUND: ");
        assertThat(rows(
                        connection,
                        "MERGE WITH SCHEMA EVOLUTION" + merge + " WHEN MATCHED THEN UPDATE SET reason = s.reason"))
                .containsExactly("1,1,0,0");
        assertThat(rows(connection, "SELECT * FROM bronze.orders ORDER BY id"))
                .containsExactly("1,a,2024-04-01,null", "2,b,2024-04-02,why", "3,c,2024-04-02,null");
        assertThat(rows(connection, "MERGE WITH SCHEMA EVOLUTION" + merge + " WHEN MATCHED THEN UPDATE SET *"))
                .containsExactly("1,1,0,0");
        assertThat(rows(connection, "SELECT * FROM bronze.orders WHERE id = 2"))
                .containsExactly("2,b,2024-04-02,why,7");
    }

    @Test
    void truncate_takes_every_row() throws SQLException {
        assertThat(rows(connection, "TRUNCATE TABLE bronze.orders")).containsExactly("3,0,3,0");
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("0");
    }

    @Test
    void history_is_newest_first_and_can_be_limited() throws SQLException {
        assertThat(columns(connection, "DESCRIBE HISTORY bronze.orders"))
                .containsExactly(
                        "version",
                        "timestamp",
                        "userId",
                        "userName",
                        "operation",
                        "operationParameters",
                        "readVersion",
                        "isolationLevel",
                        "isBlindAppend",
                        "operationMetrics",
                        "userMetadata",
                        "engineInfo");
        assertThat(rows(connection, "DESCRIBE HISTORY delta_scan('" + orders + "') LIMIT 2"))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("2,").contains(",WRITE,"),
                        row -> assertThat(row).startsWith("1,").contains(",WRITE,"));
        assertThat(rows(connection, "DESCRIBE HISTORY '" + orders + "'")).hasSize(3);
        assertThat(rows(connection, "DESCRIBE HISTORY '" + orders + "' LIMIT 0"))
                .isEmpty();
    }

    @Test
    void detail_tells_of_the_newest_version() throws SQLException {
        assertThat(columns(connection, "DESCRIBE DETAIL bronze.orders"))
                .containsExactly(
                        "format",
                        "id",
                        "name",
                        "description",
                        "location",
                        "createdAt",
                        "lastModified",
                        "partitionColumns",
                        "clusteringColumns",
                        "numFiles",
                        "sizeInBytes",
                        "properties",
                        "minReaderVersion",
                        "minWriterVersion",
                        "tableFeatures");
        try (Statement statement = connection.createStatement();
                ResultSet detail = statement.executeQuery("DESCRIBE DETAIL bronze.orders")) {
            detail.next();
            assertThat(detail.getString("format")).isEqualTo("delta");
            assertThat(detail.getString("location")).isEqualTo(orders.toString());
            assertThat(detail.getString("partitionColumns")).isEqualTo("[dt]");
            assertThat(detail.getLong("numFiles")).isEqualTo(3);
        }
    }

    @Test
    void restore_brings_back_an_earlier_version() throws SQLException {
        run(connection, "DELETE FROM bronze.orders WHERE id >= 2");

        assertThat(columns(connection, "RESTORE TABLE bronze.orders TO VERSION AS OF 2"))
                .containsExactly(
                        "table_size_after_restore",
                        "num_of_files_after_restore",
                        "num_removed_files",
                        "num_restored_files",
                        "removed_files_size",
                        "restored_files_size");
        assertThat(rows(connection, "SELECT id FROM bronze.orders ORDER BY id")).containsExactly("1", "2", "3");
        assertThatThrownBy(() -> run(connection, "RESTORE TABLE bronze.orders TO VERSION AS OF 99"))
                .hasMessageStartingWith("VERSION_NOT_FOUND: ");
    }

    @Test
    void restore_to_an_instant_takes_the_sessions_zone() throws SQLException {
        String then = rows(connection, "SELECT now()::TIMESTAMP::VARCHAR").get(0);
        run(connection, "DELETE FROM bronze.orders");

        run(connection, "RESTORE TABLE bronze.orders TO TIMESTAMP AS OF '" + then + "'");

        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("3");
    }

    @Test
    void optimize_packs_files_and_changes_no_row() throws SQLException {
        run(connection, "INSERT INTO bronze.orders VALUES (4, 'd', DATE '2024-04-01')");

        assertThat(columns(connection, "OPTIMIZE bronze.orders WHERE dt = DATE '2024-04-02'"))
                .containsExactly(
                        "path",
                        "numFilesAdded",
                        "numFilesRemoved",
                        "bytesAdded",
                        "bytesRemoved",
                        "partitionsOptimized",
                        "rowsRewritten",
                        "version");
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("OPTIMIZE bronze.orders")) {
            result.next();
            assertThat(result.getLong("numFilesRemoved")).isEqualTo(2);
            assertThat(result.getLong("numFilesAdded")).isEqualTo(1);
            assertThat(result.getLong("partitionsOptimized")).isEqualTo(1);
        }
        assertThat(rows(connection, "SELECT numFiles FROM (SELECT 2 AS numFiles)"))
                .containsExactly("2");
        assertThat(rows(connection, "SELECT id FROM bronze.orders ORDER BY id")).containsExactly("1", "2", "3", "4");
        assertThatThrownBy(() -> run(connection, "OPTIMIZE bronze.orders WHERE length(name) = 3"))
                .hasMessageStartingWith("INVALID_ARGUMENT: ");
    }

    @Test
    void vacuum_shows_what_it_would_delete_and_keeps_the_tables_retention() throws Exception {
        run(connection, "DELETE FROM bronze.orders WHERE id = 2");
        Path stray = Files.writeString(orders.resolve("part-stray.parquet"), "x");
        Instant longAgo = Instant.parse("2020-01-01T00:00:00Z");
        Files.setLastModifiedTime(stray, FileTime.from(longAgo));

        assertThat(columns(connection, "VACUUM bronze.orders DRY RUN"))
                .containsExactly("path", "size", "modificationTime", "reason");
        assertThat(rows(connection, "VACUUM bronze.orders RETAIN 168 HOURS DRY RUN"))
                .singleElement()
                .asString()
                .startsWith(stray + ",1,2020-01-01");
        assertThat(stray).exists();
        assertThatThrownBy(() -> run(connection, "VACUUM bronze.orders RETAIN 0 HOURS"))
                .hasMessageStartingWith("RETENTION_TOO_SHORT: ")
                .hasMessageContaining("SET lakeops_retention_check = false");
        assertThat(columns(connection, "VACUUM bronze.orders"))
                .containsExactly("path", "numFilesDeleted", "bytesDeleted", "filesKept");
        assertThat(stray).doesNotExist();

        run(connection, "SET lakeops_retention_check = false");
        long before = dataFiles();
        run(connection, "VACUUM bronze.orders RETAIN 0 HOURS");
        assertThat(dataFiles()).isLessThanOrEqualTo(before);
        assertThat(rows(connection, "SELECT id FROM bronze.orders ORDER BY id")).containsExactly("1", "3");
    }

    private long dataFiles() throws Exception {
        try (Stream<Path> files = Files.walk(orders)) {
            return files.filter(f -> f.toString().endsWith(".parquet")).count();
        }
    }

    @Test
    void parameters_work_in_verbs() throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO delta_scan(?) (id, name, dt) VALUES (?, ?, ?)")) {
            insert.setString(1, orders.toString());
            insert.setLong(2, 50);
            insert.setString(3, "it's");
            insert.setObject(4, LocalDate.of(2024, 5, 1));
            assertThat(insert.executeUpdate()).isEqualTo(1);
            insert.setLong(2, 51);
            insert.addBatch();
            insert.setLong(2, 52);
            insert.setNull(3, java.sql.Types.VARCHAR);
            insert.addBatch();
            assertThat(insert.executeBatch()).containsExactly(1, 1);
        }
        assertThat(rows(connection, "SELECT id, name FROM bronze.orders WHERE id >= 50 ORDER BY id"))
                .containsExactly("50,it's", "51,it's", "52,null");
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM bronze.orders WHERE id = ?")) {
            assertThat(delete.getParameterMetaData().getParameterCount()).isEqualTo(1);
            assertThatThrownBy(delete::executeUpdate).hasMessageStartingWith("INVALID_ARGUMENT: the parameter 1");
            delete.setInt(1, 51);
            assertThat(delete.executeLargeUpdate()).isEqualTo(1);
        }
        try (PreparedStatement history = connection.prepareStatement("DESCRIBE HISTORY ? LIMIT ?")) {
            history.setString(1, orders.toString());
            history.setInt(2, 1);
            try (ResultSet result = history.executeQuery()) {
                assertThat(rows(result)).hasSize(1);
            }
        }
    }

    @Test
    void a_verb_within_a_transaction_is_refused_and_the_transaction_goes_on() throws SQLException {
        run(connection, "CREATE TABLE local (a INT)", "BEGIN", "INSERT INTO local VALUES (1)");
        assertThatThrownBy(() -> run(connection, "DELETE FROM bronze.orders"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25001"))
                .hasMessageStartingWith("TRANSACTION_NOT_SUPPORTED: ");
        run(connection, "COMMIT", "DELETE FROM bronze.orders WHERE id = 1");
        assertThat(rows(connection, "SELECT count(*) FROM local")).containsExactly("1");

        connection.setAutoCommit(false);
        assertThatThrownBy(() -> run(connection, "OPTIMIZE bronze.orders"))
                .hasMessageStartingWith("TRANSACTION_NOT_SUPPORTED: ");
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders")).containsExactly("2");
        connection.rollback();
    }

    @Test
    void a_statement_reads_one_version_and_the_next_the_newest() throws SQLException {
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM bronze.orders");
                ResultSet first = count.executeQuery()) {
            assertThat(rows(first)).containsExactly("3");
            run(connection, "INSERT INTO bronze.orders VALUES (4, 'd', DATE '2024-04-09')");
            try (ResultSet second = count.executeQuery()) {
                assertThat(rows(second)).containsExactly("4");
            }
        }
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders VERSION AS OF 2"))
                .containsExactly("3");
        assertThat(rows(connection, "SELECT count(*) FROM bronze.orders@v1")).containsExactly("2");
        assertThat(rows(connection, "SELECT id FROM bronze.orders EXCEPT SELECT id FROM bronze.orders@v2"))
                .containsExactly("4");
    }

    @Test
    void a_column_added_later_shows_in_the_mounted_table() throws SQLException {
        Path wide = table(connection, lake, "silver.wide", "(a INT)");
        try (Connection other = onLake(lake)) {
            assertThat(columns(other, "SELECT * FROM silver.wide")).containsExactly("a");
            deleteRecursively(wide);
            run(connection, "CREATE TABLE delta.`" + wide + "` (a INT, b STRING)");
            assertThat(columns(other, "SELECT * FROM silver.wide")).containsExactly("a", "b");
        }
    }

    private static void deleteRecursively(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(f -> f.toFile().delete());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void create_table_knows_types_properties_and_what_is_there_already() throws SQLException {
        Path path = table(
                connection,
                lake,
                "gold.types",
                "(a INT, b DECIMAL(10,2) COMMENT 'money', c TIMESTAMPTZ, d STRUCT<x: INT, y: ARRAY<STRING>>, e MAP<STRING,"
                        + " DOUBLE>) TBLPROPERTIES ('delta.appendOnly' = 'true')");

        assertThat(rows(connection, "SELECT column_name, column_type FROM (DESCRIBE gold.types)"))
                .containsExactly(
                        "a,INTEGER",
                        "b,DECIMAL(10,2)",
                        "c,TIMESTAMP WITH TIME ZONE",
                        "d,STRUCT(x INTEGER, y VARCHAR[])",
                        "e,MAP(VARCHAR, DOUBLE)");
        assertThatThrownBy(() -> run(connection, "CREATE TABLE delta.`" + path + "` (a INT)"))
                .hasMessageStartingWith("TABLE_ALREADY_EXISTS: ");
        run(connection, "CREATE TABLE IF NOT EXISTS delta.`" + path + "` (z INT)");
        run(connection, "INSERT INTO gold.types (a) VALUES (1)");
        assertThatThrownBy(() -> run(connection, "DELETE FROM gold.types"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getCause()).isInstanceOf(LakeException.class));
        assertThat(rows(connection, "SELECT count(*) FROM gold.types")).containsExactly("1");
    }
}
