package io.lakeops.examples.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultPrinterTest {
    private static String print(ResultFormat format, String zone, String sql) throws SQLException {
        StringWriter text = new StringWriter();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = '" + zone + "'");
            try (ResultSet rows = statement.executeQuery(sql)) {
                new ResultPrinter(format, new PrintWriter(text)).print(rows, ZoneId.of(zone));
            }
        }
        return text.toString();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1::TINYINT | 1",
                "18446744073709551615::UBIGINT | 18446744073709551615",
                "170141183460469231731687303715884105727::HUGEINT | 170141183460469231731687303715884105727",
                "1.5::DECIMAL(10, 4) | 1.5000",
                "0.00000001::DECIMAL(18, 8) | 0.00000001",
                "1.5::DOUBLE | 1.5",
                "0.1::FLOAT | 0.1",
                "'NaN'::DOUBLE | \"NaN\"",
                "'inf'::DOUBLE | \"Infinity\"",
                "'-inf'::FLOAT | \"-Infinity\"",
                "true | true",
                "NULL | null",
                "concat('a \"b\" ', chr(10), '\\') | \"a \\\"b\\\" \\n\\\\\"",
                "DATE '2024-04-01' | \"2024-04-01\"",
                "TIME '01:02:03' | \"01:02:03.000000\"",
                "TIMESTAMP '2024-04-01 02:00:00.5' | \"2024-04-01T02:00:00.500000\"",
                // The clocks of the zone that tests run in skipped this time.
                "TIMESTAMP '2024-09-29 02:50:00' | \"2024-09-29T02:50:00.000000\"",
                "TIMESTAMP_NS '2024-04-01 02:00:00.123456789' | \"2024-04-01T02:00:00.123456789\"",
                "TIMESTAMPTZ '2024-04-01 02:00:00+10' | \"2024-03-31T16:00:00.000000+00:00\"",
                "'infinity'::TIMESTAMP | \"infinity\"",
                "'-infinity'::TIMESTAMPTZ | \"-infinity\"",
                "'infinity'::DATE | \"infinity\"",
                "'\\x00\\xFF'::BLOB | \"AP8=\"",
                "[1, NULL, 3] | [1,null,3]",
                "{'a': 1, 'b': [{'c': 2.50::DECIMAL(5, 2)}]} | {\"a\":1,\"b\":[{\"c\":2.50}]}",
                "MAP {'z': 1, 'a': 2} | {\"z\":1,\"a\":2}",
                "MAP {DATE '2024-04-01': 'x'} | {\"2024-04-01\":\"x\"}",
                "'{\"a\": [1.50, null]}'::JSON | {\"a\": [1.50, null]}",
                "42::VARIANT | 42",
                "{'a': [1::VARIANT, 'x'::VARIANT]}::VARIANT | {\"a\":[1,\"x\"]}",
                "INTERVAL 3 DAY | \"3 days\"",
                "[TIMESTAMPTZ '2024-04-01 02:00:00+00'] | [\"2024-04-01T02:00:00.000000+00:00\"]",
            })
    void a_value_is_json(String expression, String json) throws SQLException {
        String line = print(ResultFormat.JSONL, "UTC", "SELECT " + expression + " AS v");
        assertThat(line).isEqualTo("{\"v\":" + json + "}\n");
        assertThat(Json.parseObject(line)).containsOnlyKeys("v");
    }

    @Test
    void an_instant_is_shown_in_the_zone_that_was_set() throws SQLException {
        assertThat(print(ResultFormat.JSONL, "Australia/Adelaide", "SELECT TIMESTAMPTZ '2024-04-10 00:00:00+00' AS t"))
                .isEqualTo("{\"t\":\"2024-04-10T09:30:00.000000+09:30\"}\n");
    }

    @Test
    void each_row_is_an_object_whose_names_differ() throws SQLException {
        assertThat(print(ResultFormat.JSONL, "UTC", "SELECT i AS a, i + 1 AS a FROM range(2) t(i)"))
                .isEqualTo("{\"a\":0,\"a:1\":1}\n{\"a\":1,\"a:1\":2}\n");
    }

    @Test
    void csv_tells_null_from_an_empty_text() throws SQLException {
        assertThat(print(ResultFormat.CSV, "UTC", "SELECT NULL AS a, '' AS b, 'x,\"y\"' AS \"c,d\", [1, 2] AS e"))
                .isEqualTo("a,b,\"c,d\",e\n,\"\",\"x,\"\"y\"\"\",\"[1,2]\"\n");
    }

    @Test
    void a_table_lines_its_columns_up() throws SQLException {
        assertThat(print(ResultFormat.TABLE, "UTC", "SELECT * FROM (VALUES (1, 'é'), (100, NULL)) t(id, name)"))
                .isEqualTo("id   name\n---  ----\n1    é\n100  NULL\n(2 rows)\n".replace("\n", System.lineSeparator()));
    }

    @Test
    void a_table_longer_than_what_is_measured_is_whole() throws SQLException {
        assertThat(print(ResultFormat.TABLE, "UTC", "SELECT * FROM range(2500)").lines())
                .hasSize(2503)
                .endsWith("2499", "(2500 rows)");
    }

    @Test
    void a_text_of_several_lines_stays_in_its_column() throws SQLException {
        assertThat(print(ResultFormat.TABLE, "UTC", "SELECT concat('one', chr(10), 'three') AS a, 2 AS b"))
                .isEqualTo("a      b\n-----  -\none    2\nthree\n(1 row)\n".replace("\n", System.lineSeparator()));
    }
}
