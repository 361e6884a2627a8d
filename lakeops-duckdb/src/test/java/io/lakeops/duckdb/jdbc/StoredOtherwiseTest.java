package io.lakeops.duckdb.jdbc;

import static io.lakeops.duckdb.jdbc.Sql.onLake;
import static io.lakeops.duckdb.jdbc.Sql.rows;
import static io.lakeops.duckdb.jdbc.Sql.run;
import static io.lakeops.duckdb.jdbc.Sql.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.Lake;
import io.lakeops.change.Upsert;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns whose files hold their values in another form than queries see: CHAR(n) unpadded, doubles as floats. */
class StoredOtherwiseTest {
    @TempDir
    Path lake;

    /** A table whose columns {@code c} and {@code p} Spark declared as CHAR(4), written by somebody who did not pad. */
    private Path chars(Connection connection) throws SQLException, IOException {
        Path path = table(connection, lake, "bronze.t", "(id BIGINT, c VARCHAR, p VARCHAR) PARTITIONED BY (p)");
        run(
                connection,
                "INSERT INTO bronze.t VALUES (1, 'ab', 'x')",
                "INSERT INTO bronze.t VALUES (2, 'a', 'xy'), (3, 'abcd', 'xy')",
                "INSERT INTO bronze.t VALUES (4, chr(1), 'z'), (5, NULL, NULL), (6, 'ab' || chr(9), 'z')");
        for (String column : List.of("c", "p")) {
            declare(
                    path,
                    "\\\"name\\\":\\\"" + column
                            + "\\\",\\\"type\\\":\\\"string\\\",\\\"nullable\\\":true,\\\"metadata\\\":{",
                    "\\\"__CHAR_VARCHAR_TYPE_STRING\\\":\\\"char(4)\\\"");
        }
        return path;
    }

    /** Adds to what the first commit says of a column. */
    private static void declare(Path table, String place, String addition) throws IOException {
        Path commit = table.resolve("_delta_log/00000000000000000000.json");
        String text = Files.readString(commit);
        assertThat(text).contains(place);
        Files.writeString(commit, text.replace(place, place + addition));
    }

    @Test
    void a_char_column_is_pruned_as_it_is_shown() throws SQLException, IOException {
        try (Connection connection = onLake(lake)) {
            chars(connection);
        }
        try (Connection connection = onLake(lake)) {
            run(connection, "CREATE TABLE plain AS SELECT * FROM bronze.t");
            assertThat(rows(connection, "SELECT c || '|' || p FROM plain WHERE id = 1"))
                    .containsExactly("ab  |x   ");
            for (String column : List.of("c", "p")) {
                for (String value :
                        List.of("ab", "ab  ", "a   ", "abcd", "x", "x   ", "xy  ", "xyz", "ab\t ", "\u0001   ")) {
                    for (String operator : List.of("=", "<>", "<", "<=", ">", ">=")) {
                        String query =
                                "SELECT id FROM %s WHERE " + column + " " + operator + " '" + value + "' ORDER BY id";
                        assertThat(rows(connection, query.formatted("bronze.t")))
                                .as(query)
                                .isEqualTo(rows(connection, query.formatted("plain")));
                    }
                }
            }
            run(connection, "DELETE FROM bronze.t WHERE c = 'ab  ' OR p = 'xy  '");
            assertThat(rows(connection, "SELECT id FROM bronze.t ORDER BY id")).containsExactly("4", "5", "6");
        }
    }

    @Test
    void a_char_key_is_matched_as_it_is_shown() throws SQLException, IOException {
        try (Connection connection = onLake(lake)) {
            chars(connection);
        }
        LakeContext context = LakeContext.standard();
        try (Lake host = Lake.open(lake, context);
                Session session = host.engine().open(EngineOptions.standard(), context)) {
            for (int round = 0; round < 2; round++) {
                Upsert.of(
                                new Relation.Query(Expr.of(
                                        "SELECT 10 AS id, 'ab' AS c, 'x' AS p UNION ALL SELECT 11, 'new', 'n'")),
                                "c")
                        .run(host.table("bronze.t"), session, Run.of(context));
            }
        }
        try (Connection connection = onLake(lake)) {
            assertThat(rows(connection, "SELECT id, c, p FROM bronze.t WHERE id <> 4 AND id <> 6 ORDER BY id"))
                    .containsExactly("2,a   ,xy  ", "3,abcd,xy  ", "5,null,null", "10,ab  ,x   ", "11,new ,n   ");
        }
    }

    @Test
    void a_column_that_was_widened_from_float_is_pruned_as_it_is_shown() throws SQLException, IOException {
        try (Connection connection = onLake(lake)) {
            Path path = table(connection, lake, "bronze.t", "(id BIGINT, x FLOAT)");
            run(connection, "INSERT INTO bronze.t VALUES (1, 0.1)", "INSERT INTO bronze.t VALUES (2, 0.7), (3, 0.3)");
            Path commits = path.resolve("_delta_log");
            for (int i = 1; i <= 2; i++) {
                // As Spark writes the bounds of a float.
                Path commit = commits.resolve("0000000000000000000" + i + ".json");
                String text = Files.readString(commit);
                String spark = text.replaceAll("(\\\\\"x\\\\\":0\\.[1379])[0-9]*", "$1");
                Files.writeString(commit, spark);
            }
            Path first = commits.resolve("00000000000000000000.json");
            String wide = Files.readString(first)
                    .replace(
                            "\\\"name\\\":\\\"x\\\",\\\"type\\\":\\\"float\\\",\\\"nullable\\\":true,\\\"metadata\\\":{",
                            "\\\"name\\\":\\\"x\\\",\\\"type\\\":\\\"double\\\",\\\"nullable\\\":true,\\\"metadata\\\":{"
                                    + "\\\"delta.typeChanges\\\":[{\\\"fromType\\\":\\\"float\\\",\\\"toType\\\":\\\"double\\\"}]")
                    .replaceFirst(
                            "\\{\"protocol\":\\{[^}]*}",
                            "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"typeWidening\"],\"writerFeatures\":[\"typeWidening\",\"appendOnly\",\"invariants\"]}");
            Files.writeString(first, wide);
        }
        try (Connection connection = onLake(lake)) {
            run(connection, "CREATE TABLE plain AS SELECT * FROM bronze.t");
            assertThat(rows(connection, "SELECT typeof(x), x > 0.1 FROM plain WHERE id = 1"))
                    .containsExactly("DOUBLE,true");
            for (String value :
                    List.of("0.1", "0.1::FLOAT", "0.1::DOUBLE", "0.3", "0.7::FLOAT", "0.7::DOUBLE", "0.69999998")) {
                for (String operator : List.of("=", "<>", "<", "<=", ">", ">=")) {
                    String query = "SELECT id FROM %s WHERE x " + operator + " " + value + " ORDER BY id";
                    assertThat(rows(connection, query.formatted("bronze.t")))
                            .as(query)
                            .isEqualTo(rows(connection, query.formatted("plain")));
                }
            }
        }
    }
}
