package io.lakeops.duckdb.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Predicate.Operator;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {
    private static final Map<String, DataType> TYPES = Map.of(
            "i", Primitive.INTEGER,
            "s", Primitive.STRING,
            "d", Primitive.DATE,
            "t", Primitive.TIMESTAMP,
            "n", Primitive.TIMESTAMP_NTZ,
            "m", new DataType.Decimal(12, 2),
            "x", Primitive.DOUBLE,
            "f", Primitive.FLOAT,
            "b", Primitive.BOOLEAN);

    private static Optional<FilterParser.Column> column(String name) {
        return Optional.ofNullable(TYPES.get(name)).map(type -> new FilterParser.Column(List.of(name), type));
    }

    static Stream<Arguments> understood() {
        Predicate three = Predicate.compare("i", Operator.EQUAL, 3L);
        Predicate fromFive = Predicate.compare("i", Operator.GREATER_OR_EQUAL, 5L);
        Predicate toTen = Predicate.compare("i", Operator.LESS_OR_EQUAL, 10L);
        return Stream.of(
                Arguments.of("(i = 3)", three),
                Arguments.of("i = 3", three),
                Arguments.of("(i = -3)", Predicate.compare("i", Operator.EQUAL, -3L)),
                Arguments.of("(i != 3)", Predicate.compare("i", Operator.NOT_EQUAL, 3L)),
                Arguments.of("((i >= 5) AND (i <= 10))", new Predicate.And(List.of(fromFive, toTen))),
                Arguments.of("(i BETWEEN 5 AND 10)", new Predicate.And(List.of(fromFive, toTen))),
                Arguments.of("optional: ((i = 3) OR (i >= 5))", new Predicate.Or(List.of(three, fromFive))),
                Arguments.of(
                        "(i IN (1, 2))", new Predicate.In(List.of("i"), List.of(new Literal(1L), new Literal(2L)))),
                Arguments.of("(i IS NULL)", new Predicate.IsNull(List.of("i"), true)),
                Arguments.of("(i IS NOT NULL)", new Predicate.IsNull(List.of("i"), false)),
                Arguments.of("(s = 'it''s (a) AND b')", Predicate.compare("s", Operator.EQUAL, "it's (a) AND b")),
                Arguments.of(
                        "(d < '2024-01-03'::DATE)", Predicate.compare("d", Operator.LESS, LocalDate.of(2024, 1, 3))),
                Arguments.of(
                        "(t > '2024-01-03 10:00:00.5+00'::TIMESTAMP WITH TIME ZONE)",
                        Predicate.compare("t", Operator.GREATER, Instant.parse("2024-01-03T10:00:00.5Z"))),
                Arguments.of(
                        "(t > '2024-01-03 10:00:00+05:30'::TIMESTAMP WITH TIME ZONE)",
                        Predicate.compare("t", Operator.GREATER, Instant.parse("2024-01-03T04:30:00Z"))),
                Arguments.of(
                        "(n = '2024-01-03 10:00:00'::TIMESTAMP)",
                        Predicate.compare("n", Operator.EQUAL, LocalDateTime.of(2024, 1, 3, 10, 0))),
                Arguments.of(
                        "(m >= '1.50'::DECIMAL(12,2))",
                        Predicate.compare("m", Operator.GREATER_OR_EQUAL, new BigDecimal("1.50"))),
                Arguments.of("(m = 1.50)", Predicate.compare("m", Operator.EQUAL, new BigDecimal("1.50"))),
                Arguments.of("(x < 1.5)", Predicate.compare("x", Operator.LESS, 1.5)),
                Arguments.of("(b = true)", Predicate.compare("b", Operator.EQUAL, true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("understood")
    void filters_are_read(String filter, Predicate predicate) {
        assertThat(FilterParser.parse(filter, FilterParserTest::column)).isEqualTo(predicate);
        assertThat(FilterParser.exact(filter, FilterParserTest::column)).contains(predicate);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(unknown = 3)",
                "(i = j)",
                "(s = t)",
                "(s = word)",
                "(i + 1 = 3)",
                "(i = 3 + 1)",
                "(i = 5-3)",
                "NOT (i = 3)",
                "((i = 3) OR (unknown = 4))",
                "((i = 3) OR prefix(s, 'a'))",
                "((i = 3) AND prefix(s, 'a)'))",
                "(f = 0.1)",
                "(x = 'nan'::DOUBLE)",
                "(i = '3'::VARCHAR)",
                "(t > '2024-01-03 10:00:00'::TIMESTAMP)",
                "(d = '294247-01-10'::DATE)",
                "(d = 'infinity'::DATE)",
                "((i = 3)",
                "(s = 'open",
                "",
                "garbage ("
            })
    void what_is_not_understood_prunes_nothing(String filter) {
        assertThat(FilterParser.parse(filter, FilterParserTest::column)).isEqualTo(Predicate.always());
        assertThat(FilterParser.exact(filter, FilterParserTest::column)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"((i = 3) AND (unknown = 4))", "((unknown(')')) AND (i = 3))", "(((i + 1) = 4) AND (i = 3))"})
    void a_part_of_a_conjunction_still_counts_but_is_not_exact(String filter) {
        Predicate predicate = FilterParser.parse(filter, FilterParserTest::column);

        assertThat(((Predicate.And) predicate).parts())
                .containsExactlyInAnyOrder(Predicate.compare("i", Operator.EQUAL, 3L), Predicate.always());
        assertThat(FilterParser.exact(filter, FilterParserTest::column)).isEmpty();
    }
}
