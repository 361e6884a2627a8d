package io.lakeops.duckdb.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Spark's expressions give, as its documentation and its sources say. */
class SparkExpressionTest {
    private static final Schema SCHEMA = Schema.of(
            Field.of("b", Primitive.BYTE),
            Field.of("i", Primitive.INTEGER),
            Field.of("l", Primitive.LONG),
            Field.of("f", Primitive.FLOAT),
            Field.of("d", Primitive.DOUBLE),
            Field.of("p", new DataType.Decimal(6, 2)),
            Field.of("s", Primitive.STRING),
            Field.of("t", Primitive.TIMESTAMP),
            Field.of("n", Primitive.TIMESTAMP_NTZ),
            Field.of("dt", Primitive.DATE),
            Field.of("flag", Primitive.BOOLEAN),
            Field.of("odd name", Primitive.INTEGER),
            Field.of("st", new DataType.Struct(List.of(Field.of("A b", Primitive.INTEGER)))),
            Field.of("list", new DataType.Array(Primitive.INTEGER, true)));

    private static final List<String> ROW = List.of(
            "100",
            "7",
            "3000000000",
            "0.1",
            "0.1",
            "1.50",
            "'a%b'",
            "'2024-03-01 01:30:00+02'",
            "'2024-03-01 01:30:00'",
            "'2024-02-29'",
            "true",
            "5",
            "{'A b': 9}",
            "[1]");

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "i > 5 AND NOT (s = 'x' OR flag = false)#true",
                "I == 7#true",
                "i <> 7#false",
                "i != 8#true",
                "null <=> null#true",
                "i <=> null#false",
                "i = null#null",
                "i in (1, 7, null)#true",
                "i not in (1, null)#null",
                "i between 1 and 7 and l is not null#true",
                "i not between 1 and 6#true",
                "not i = 7#false",
                "! flag#false",
                "flag is true#true",
                "(i = null) is not true#true",
                "i is distinct from 8#true",
                "s like 'a%b'#true",
                "s not like 'b_'#true",
                "s = \"a%b\"#true",
                "`odd name` + st.`a B`#14",
                "b + b#overflow",
                "b * 2#200",
                "i / 2#3.5",
                "-7 / 2#-3.5",
                "i / 0#zero",
                "-i % 4#-3",
                "f = 0.1#false",
                "d = 0.1#true",
                "p * 2 = 3#true",
                "p + 0.005#1.505",
                "l * 2#6000000000",
                "i * 1000000000#overflow",
                "1e2 + i#107.0",
                "dt = '2024-02-29'#true",
                "dt >= DATE '2024-03-01'#false",
                "cast(t as date)#2024-02-29",
                "year(t) * 100 + month(t)#202402",
                "day(n)#1",
                "cast(i as string) || s#7a%b",
                "concat(s, null)#null",
                "coalesce(null, i, l)#7",
                "length('a\u00e4\uD83D\uDE00')#3",
                "trim('  x\u00a0 ')#x\u00a0",
                "substring(s, 2, 1)#%",
                "case when i > 5 then 'big' when i > 3 then 'mid' end#big",
                "case i when 1 then 2.5 else l end#3000000000.0",
                "cast(p as decimal(8, 3))#1.500",
                "cast(l as int)#overflow",
                "abs(-i)#7",
                "startswith(s, 'a') = true#true"
            })
    void gives_what_spark_gives(String expression, String expected) throws SQLException {
        assertThat(value(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i = '7'",
                "s > 5",
                "t > '2024-01-01'",
                "dt > 'yesterday'",
                "round(d) = 1",
                "upper(s) = 'A'",
                "s rlike 'a.*'",
                "cast(d as int) = 1",
                "cast(s as int) = 1",
                "cast(p as int) = 1",
                "p / 2 = 1",
                "p % 2 = 1",
                "list[0] = 1",
                "list = list",
                "s = 'a\\\\n'",
                "s = 'it''s'",
                "interval 1 day is null",
                "timestamp '2024-01-01 00:00:00' < t",
                "i = 7 -- always",
                "i = 7; drop table x",
                "i = (select 1)",
                "i is",
                "i +",
                "current_timestamp() > t",
                "rand() < 1",
                "i & 1 = 1",
                "7S = i"
            })
    void what_is_not_known_to_be_the_same_is_refused(String expression) {
        assertThatThrownBy(() -> SparkExpression.condition(expression, SCHEMA, f -> SqlText.identifier(f.name())))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        e -> assertThat(e.code()).isIn(ErrorCode.FEATURE_UNSUPPORTED, ErrorCode.COLUMN_NOT_FOUND))
                .hasMessageContaining("expression=" + expression);
    }

    @Test
    void a_column_that_is_not_there_is_told_and_those_that_are_read_are_known() {
        assertThatThrownBy(() -> SparkExpression.of("nope > 1", SCHEMA, Field::name))
                .hasMessageStartingWith("COLUMN_NOT_FOUND");
        assertThatThrownBy(() -> SparkExpression.condition("i + 1", SCHEMA, Field::name))
                .hasMessageStartingWith("INVALID_ARGUMENT");
        assertThat(SparkExpression.of("I > st.`a b` + i", SCHEMA, Field::name).columns())
                .containsExactly("i", "st");
    }

    private static String value(String expression) throws SQLException {
        SparkExpression translated = SparkExpression.of(expression, SCHEMA, f -> SqlText.identifier(f.name()));
        String row = SCHEMA.fields().stream()
                .map(f -> "(" + ROW.get(SCHEMA.fields().indexOf(f)) + ")::" + DuckTypes.sql(f.type()) + " AS "
                        + SqlText.identifier(f.name()))
                .collect(Collectors.joining(", "));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'Pacific/Chatham'");
            try (ResultSet result =
                    statement.executeQuery("SELECT " + translated.sql() + "::VARCHAR FROM (SELECT " + row + ")")) {
                result.next();
                return String.valueOf(result.getString(1));
            }
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("division by zero")) {
                return "zero";
            }
            if (message.contains("verflow") || message.contains("out of range")) {
                return "overflow";
            }
            throw e;
        }
    }
}
