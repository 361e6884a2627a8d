package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of Parquet files that become tables. */
class ConvertTest {
    @TempDir
    Path lake;

    private Path folder;
    private String table;
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        connection = onLake(lake);
        folder = lake.resolve("50% of 'ü' [x]");
        table = "delta.`" + folder + "`";
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void write(String name, String query) throws SQLException, IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        run(connection, "COPY (" + query + ") TO '" + file.toString().replace("'", "''") + "' (FORMAT parquet)");
    }

    private void convert(String rest) throws SQLException {
        run(connection, "CONVERT TO DELTA parquet.`" + folder + "`" + rest);
    }

    private List<String> all(String rest) throws SQLException {
        return rows(connection, "SELECT * FROM " + table + " " + rest);
    }

    private String first(String column, String statement) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet result = s.executeQuery(statement)) {
            assertThat(result.next()).isTrue();
            return String.valueOf(result.getString(column));
        }
    }

    @Test
    void a_folder_becomes_a_table_whose_files_stay() throws SQLException, IOException {
        write("a b%20.parquet", "SELECT 1 AS id, 'x' AS t");
        write("sub/more.parquet", "SELECT 2 AS id, NULL::VARCHAR AS t, [1, NULL] AS l UNION ALL SELECT 3, 'y', NULL");
        write("_tmp/no.parquet", "SELECT 'other' AS id");
        write(".hidden.parquet", "SELECT 'other' AS id");
        Files.writeString(folder.resolve("_SUCCESS"), "");

        convert("");

        assertThat(all("ORDER BY id")).containsExactly("1,x,null", "2,null,[1, NULL]", "3,y,null");
        assertThat(first("operation", "DESCRIBE HISTORY " + table)).isEqualTo("CONVERT");
        assertThat(first("operationParameters", "DESCRIBE HISTORY " + table))
                .isEqualTo("{numFiles=2, partitionedBy='[]', collectStats=true, sourceFormat=parquet}");
        assertThat(first("operationMetrics", "DESCRIBE HISTORY " + table)).isEqualTo("{numConvertedFiles=2}");
        assertThat(first("isBlindAppend", "DESCRIBE HISTORY " + table)).isEqualTo("false");
        run(connection, "EXPLAIN ANALYZE SELECT * FROM " + table + " WHERE id > 1");
        assertThat(rows(connection, "SELECT pruned, reason, rows FROM table_partitions ORDER BY 1"))
                .containsExactly("false,none,2", "true,statistics,1");
        run(
                connection,
                "INSERT INTO " + table + " VALUES (4, 'z', [])",
                "DELETE FROM " + table + " WHERE id = 1",
                "OPTIMIZE " + table);
        assertThat(all("ORDER BY id")).containsExactly("2,null,[1, NULL]", "3,y,null", "4,z,[]");
        assertThat(rows(connection, "SELECT count(*) FROM " + table + " VERSION AS OF 0"))
                .containsExactly("3");
        // A table is none to be converted.
        convert("");
        assertThat(first("version", "DESCRIBE HISTORY " + table)).isEqualTo("3");
    }

    @Test
    void folders_of_partitions_are_read_whoever_escaped_them() throws SQLException, IOException {
        Files.createDirectories(folder);
        run(
                connection,
                "COPY (SELECT * FROM (VALUES (1, DATE '2024-04-01', 'a b/ü=%'), (2, NULL, 'x'), (3, DATE '2024-04-02', NULL))"
                        + " AS v(id, day, \"re gion\")) TO '"
                        + folder.toString().replace("'", "''")
                        + "' (FORMAT parquet, PARTITION_BY (day, \"re gion\"), OVERWRITE_OR_IGNORE)");
        write("day=2024-04-03/re gion=ünescaped/f.parquet", "SELECT 4 AS id");

        assertThatThrownBy(() -> convert(""))
                .hasMessageStartingWith("INVALID_ARGUMENT")
                .hasMessageContaining("PARTITIONED BY");
        assertThatThrownBy(() -> convert(" PARTITIONED BY (\"re gion\" STRING, day DATE)"))
                .hasMessageStartingWith("INVALID_ARGUMENT");
        assertThatThrownBy(() -> convert(" PARTITIONED BY (day INT, \"re gion\" STRING)"))
                .hasMessageStartingWith("SCHEMA_MISMATCH");
        assertThat(folder.resolve("_delta_log")).doesNotExist();

        convert(" PARTITIONED BY (day DATE, \"re gion\" STRING)");

        assertThat(all("ORDER BY id"))
                .containsExactly("1,2024-04-01,a b/ü=%", "2,null,x", "3,2024-04-02,null", "4,2024-04-03,ünescaped");
        assertThat(rows(connection, "SELECT id FROM " + table + " WHERE \"re gion\" = 'a b/ü=%'"))
                .containsExactly("1");
        assertThat(first("partitionColumns", "DESCRIBE DETAIL " + table)).isEqualTo("[day, re gion]");
        run(
                connection,
                "INSERT INTO " + table + " VALUES (5, DATE '2024-04-02', 'q')",
                "UPDATE " + table + " SET id = 30 WHERE id = 3",
                "OPTIMIZE " + table);
        assertThat(rows(connection, "SELECT id FROM " + table + " ORDER BY id"))
                .containsExactly("1", "2", "4", "5", "30");
    }

    @Test
    void a_partition_s_folder_counts_and_not_what_the_file_says() throws SQLException, IOException {
        write("P=7/f.parquet", "SELECT 1 AS id, 'seven' AS p, 2 AS z");
        convert(" PARTITIONED BY (p INT)");
        assertThat(all("")).containsExactly("1,7,2");
        assertThat(rows(connection, "SELECT id FROM " + table + " WHERE p = 7")).containsExactly("1");
    }

    @Test
    void names_that_other_writers_refuse_bring_column_mapping() throws SQLException, IOException {
        write("f.parquet", "SELECT 1 AS \"a b\", {'x;y': 2} AS s");
        convert("");
        assertThat(all("")).containsExactly("1,{'x;y': 2}");
        assertThat(rows(connection, "SHOW TBLPROPERTIES " + table + " ('delta.columnMapping.mode')"))
                .containsExactly("delta.columnMapping.mode,name");
        run(
                connection,
                "ALTER TABLE " + table + " RENAME COLUMN \"a b\" TO c",
                "INSERT INTO " + table + " VALUES (3, NULL)");
        assertThat(rows(connection, "SELECT c FROM " + table + " ORDER BY c")).containsExactly("1", "3");
    }

    @Test
    void statistics_are_exact_and_left_out_where_there_are_none() throws SQLException, IOException {
        write(
                "f.parquet",
                "SELECT i AS n, CASE WHEN i = 1 THEN 'nan'::DOUBLE ELSE i END AS d, {'x': i, 'nothing': NULL::INT} AS s,"
                        + " TIMESTAMP '2024-01-01 00:00:00.123456' + INTERVAL (i) HOUR AS ts, i::DECIMAL(10, 2) AS m,"
                        + " repeat('é', 40) || i AS t, NULL::DATE AS empty, 'x'::BLOB AS b FROM range(3) AS r(i)");
        convert("");
        String log = Files.readString(folder.resolve("_delta_log/00000000000000000000.json"));
        assertThat(log.replace("\\", ""))
                .contains(
                        "\"numRecords\":3",
                        "\"minValues\":{\"n\":0,\"s\":{\"x\":0}",
                        "\"maxValues\":{\"n\":2,\"s\":{\"x\":2}")
                .contains("\"nothing\":3", "\"empty\":3", "\"m\":0.00", "\"ts\":\"2024-01-01T00:00:00.123")
                .doesNotContain("\"d\":2", "\"b\":\"");
        assertThat(rows(connection, "SELECT count(*) FROM " + table + " WHERE d > 100"))
                .containsExactly("1");
        assertThat(rows(connection, "SELECT n FROM " + table + " WHERE t = repeat('é', 40) || 2"))
                .containsExactly("2");

        Path other = lake.resolve("other");
        run(
                connection,
                "COPY (SELECT 1 AS a) TO '" + Files.createDirectories(other) + "/f.parquet' (FORMAT parquet)",
                "CONVERT TO DELTA parquet.`" + other + "` NO STATISTICS");
        assertThat(Files.readString(other.resolve("_delta_log/00000000000000000000.json")))
                .doesNotContain("\"stats\"");
        assertThat(rows(connection, "SELECT * FROM delta.`" + other + "` WHERE a = 1"))
                .containsExactly("1");
    }

    @Test
    void int96_timestamps_are_instants_and_old_layouts_are_lists() throws Exception {
        byte[] noon = new byte[12];
        ByteBuffer.wrap(noon)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(12L * 3600 * 1_000_000_000L)
                .putInt(2_460_311);
        MessageType type = MessageTypeParser.parseMessageType("message m { optional int96 ts;"
                + " optional group s { optional int96 t; }"
                + " optional group l (LIST) { repeated group list { optional group element (LIST) {"
                + " repeated group list { optional int32 element; } } } }"
                + " optional group old (LIST) { repeated group array { optional int32 x; optional int32 y; } }"
                + " optional group one (LIST) { repeated group list { optional group element { optional int32 x; } } }"
                + " optional group map (MAP) { repeated group kv { required binary k (UTF8); optional int64 v; } } }");
        Files.createDirectories(folder);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                        new LocalOutputFile(folder.resolve("f.parquet")))
                .withConf(new Configuration(false))
                .withType(type)
                .build()) {
            Group row = new SimpleGroupFactory(type).newGroup();
            row.add("ts", Binary.fromConstantByteArray(noon));
            row.addGroup("s").add("t", Binary.fromConstantByteArray(noon));
            row.addGroup("l")
                    .addGroup("list")
                    .addGroup("element")
                    .addGroup("list")
                    .add("element", 5);
            row.addGroup("old").addGroup("array").append("x", 6).append("y", 7);
            row.addGroup("one").addGroup("list").addGroup("element").append("x", 8);
            row.addGroup("map").addGroup("kv").append("k", "a").append("v", 9L);
            writer.write(row);
        }
        convert("");
        assertThat(rows(
                        connection,
                        "SELECT ts = TIMESTAMPTZ '2024-01-01 12:00:00+00', s.t = ts, l, old, one, map FROM " + table))
                .containsExactly("true,true,[[5]],[{'x': 6, 'y': 7}],[{'x': 8}],{a=9}");
        assertThat(rows(connection, "SELECT typeof(ts), typeof(l) FROM " + table))
                .containsExactly("TIMESTAMP WITH TIME ZONE,INTEGER[][]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT 1 AS a|SELECT 'x' AS a|SCHEMA_MISMATCH",
                "SELECT 1 AS a|SELECT 1::BIGINT AS a|SCHEMA_MISMATCH",
                "SELECT 1 AS a|SELECT 1 AS A|SCHEMA_MISMATCH",
                "SELECT {'x': 1} AS s|SELECT {'x': 'a'} AS s|SCHEMA_MISMATCH",
                "SELECT 1 AS a|SELECT TIME '10:00:00' AS b|TYPE_UNSUPPORTED",
                "SELECT 1 AS a|SELECT uuid() AS b|TYPE_UNSUPPORTED",
                "SELECT 1 AS a|SELECT TIMESTAMP_NS '2024-01-01 10:00:00' AS b|TYPE_UNSUPPORTED",
            })
    void files_that_make_no_table_are_refused_and_named(String one, String two, String code)
            throws SQLException, IOException {
        write("1.parquet", one);
        write("2.parquet", two);
        assertThatThrownBy(() -> convert(""))
                .hasMessageStartingWith(code + ": ")
                .hasMessageContaining("2.parquet");
        assertThat(folder.resolve("_delta_log")).doesNotExist();
    }

    @Test
    void columns_that_some_files_lack_are_null_there_nested_ones_too() throws SQLException, IOException {
        write("1.parquet", "SELECT 1 AS id, {'x': 1} AS s");
        write("2.parquet", "SELECT {'y': 'b', 'x': 2} AS s, 'new' AS more, 2 AS id");
        convert("");
        assertThat(all("ORDER BY id")).containsExactly("1,{'x': 1, 'y': NULL},null", "2,{'x': 2, 'y': b},new");
    }

    @Test
    void a_folder_with_anything_else_is_refused() throws SQLException, IOException {
        assertThatThrownBy(() -> convert("")).hasMessageStartingWith("INVALID_ARGUMENT");
        Files.createDirectories(folder);
        assertThatThrownBy(() -> convert(""))
                .hasMessageStartingWith("INVALID_ARGUMENT")
                .hasMessageContaining("no Parquet file");
        write("1.parquet", "SELECT 1 AS a");
        Path text = Files.writeString(folder.resolve("readme.txt"), "not Parquet, and long enough to be looked at");
        assertThatThrownBy(() -> convert(""))
                .hasMessageStartingWith("DATA_FILE_CORRUPT")
                .hasMessageContaining("readme");
        Files.delete(text);
        Path secret = Files.createDirectories(lake.resolve("secret"));
        Files.copy(folder.resolve("1.parquet"), secret.resolve("s.parquet"));
        for (Path target : List.of(secret, secret.resolve("s.parquet"))) {
            Path link = Files.createSymbolicLink(folder.resolve("link.parquet"), target);
            assertThatThrownBy(() -> convert(""))
                    .hasMessageStartingWith("INVALID_ARGUMENT")
                    .hasMessageContaining("link");
            Files.delete(link);
        }
        run(connection, "CREATE TABLE delta.`" + folder.resolve("inner") + "` AS SELECT 1 AS a");
        assertThatThrownBy(() -> convert(""))
                .hasMessageStartingWith("INVALID_ARGUMENT")
                .hasMessageContaining("inner");
        assertThat(folder.resolve("_delta_log")).doesNotExist();
    }
}
