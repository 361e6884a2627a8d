package io.lakeops.delta.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Literal;
import io.lakeops.table.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsTest {
    static Stream<Arguments> bounds() {
        return Stream.of(
                Arguments.of(Primitive.LONG, -5L, Long.MAX_VALUE),
                Arguments.of(Primitive.BYTE, -128L, 127L),
                Arguments.of(Primitive.DOUBLE, -1.5e300, 2.25),
                Arguments.of(
                        new DataType.Decimal(38, 18),
                        new BigDecimal("-0.000000000000000001"),
                        new BigDecimal("99999999999999999999.999999999999999999")),
                Arguments.of(Primitive.STRING, "a", "日本"),
                Arguments.of(Primitive.DATE, LocalDate.of(1582, 10, 15), LocalDate.of(9999, 12, 31)));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void exact_bounds_come_back_as_they_were(DataType type, Object min, Object max) {
        ColumnStatistics back = roundTrip(type, min, max);

        assertThat(back.nulls()).hasValue(3);
        assertThat(back.min().orElseThrow().compare(new Literal(min))).hasValue(0);
        assertThat(back.max().orElseThrow().compare(new Literal(max))).hasValue(0);
    }

    @Test
    void timestamps_are_cut_to_milliseconds_outwards() {
        Metadata metadata = metadata(Schema.of(Field.of("c", Primitive.TIMESTAMP)), Map.of());
        Instant min = Instant.parse("2024-04-01T00:00:00.123456Z");
        Instant max = Instant.parse("2024-04-01T00:00:00.123456Z");

        assertThat(write(metadata, measured(min, max)))
                .contains("\"minValues\":{\"c\":\"2024-04-01T00:00:00.123Z\"}")
                .contains("\"maxValues\":{\"c\":\"2024-04-01T00:00:00.124Z\"}");
    }

    @Test
    void an_upper_bound_that_spark_cut_to_milliseconds_is_read_wide_enough() {
        JsonStatistics spark = new JsonStatistics(
                "{\"numRecords\":1,\"maxValues\":{\"c\":\"2024-04-01T00:00:00.123Z\"},\"minValues\":{\"c\":\"2024-04-01T02:00:00.123+02:00\"}}",
                Schema.of(Field.of("c", Primitive.TIMESTAMP)));

        ColumnStatistics column = spark.column(List.of("c"));
        assertThat(column.max()
                        .orElseThrow()
                        .compare(new Literal(Instant.parse("2024-04-01T00:00:00.123999Z")))
                        .orElseThrow())
                .isPositive();
        assertThat(column.min()).hasValue(new Literal(Instant.parse("2024-04-01T00:00:00.123Z")));
    }

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_text_of_any_length_lies_between_its_bounds(long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(80);
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(4);
            int point = kind == 0
                    ? Character.MAX_CODE_POINT
                    : kind == 1 ? 0xD7FF : kind == 2 ? 0x10000 + random.nextInt(0xFFFFF) : 'a' + random.nextInt(26);
            text.appendCodePoint(point);
        }
        Literal whole = new Literal(text.toString());

        ColumnStatistics back = roundTrip(Primitive.STRING, text.toString(), text.toString());

        OptionalInt low = back.min().orElseThrow().compare(whole);
        assertThat(low.orElseThrow()).isLessThanOrEqualTo(0);
        back.max().ifPresent(max -> {
            assertThat(max.compare(whole).orElseThrow()).isGreaterThanOrEqualTo(0);
            String bound = (String) max.value();
            assertThat(bound.codePointCount(0, bound.length())).isLessThanOrEqualTo(32);
        });
    }

    @Test
    void a_text_of_greatest_characters_has_no_upper_bound() {
        String greatest = new String(Character.toChars(Character.MAX_CODE_POINT)).repeat(40);

        assertThat(roundTrip(Primitive.STRING, greatest, greatest).max()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void what_json_has_no_number_for_is_left_out(double value) {
        ColumnStatistics back = roundTrip(Primitive.DOUBLE, value, value);

        assertThat(back.min()).isEmpty();
        assertThat(back.max()).isEmpty();
    }

    @Test
    void booleans_binaries_lists_and_maps_have_counts_of_nulls_only() {
        for (DataType type : List.of(
                Primitive.BOOLEAN,
                Primitive.BINARY,
                new DataType.Array(Primitive.LONG, true),
                new DataType.Mapping(Primitive.STRING, Primitive.LONG, true))) {
            ColumnStatistics back = roundTrip(type, 1L, 2L);
            assertThat(back.nulls()).hasValue(3);
            assertThat(back.min()).isEmpty();
        }
    }

    @Test
    void nested_fields_are_found_by_physical_names() {
        Field city = new Field("city", Primitive.STRING, true, "col-2", OptionalInt.of(2), Map.of());
        Field place =
                new Field("place", new DataType.Struct(List.of(city)), true, "col-1", OptionalInt.of(1), Map.of());
        Metadata metadata = metadata(Schema.of(place), Map.of());
        String text = StatisticsJson.write(
                        new FileStatistics.Measured(
                                5,
                                Map.of(
                                        List.of("place", "city"),
                                        new ColumnStatistics(
                                                OptionalLong.of(1),
                                                Optional.of(new Literal("A")),
                                                Optional.of(new Literal("B"))))),
                        metadata,
                        List.of(),
                        false)
                .orElseThrow();

        assertThat(text)
                .isEqualTo("{\"numRecords\":5,\"minValues\":{\"col-1\":{\"col-2\":\"A\"}},"
                        + "\"maxValues\":{\"col-1\":{\"col-2\":\"B\"}},\"nullCount\":{\"col-1\":{\"col-2\":1}}}");
        assertThat(new JsonStatistics(text, metadata.schema())
                        .column(List.of("PLACE", "City"))
                        .max())
                .hasValue(new Literal("B"));
    }

    @Test
    void only_the_columns_that_the_table_asks_for_are_written_and_always_those_it_is_clustered_by() {
        Schema schema =
                Schema.of(Field.of("a", Primitive.LONG), Field.of("b", Primitive.LONG), Field.of("c", Primitive.LONG));
        Map<List<String>, ColumnStatistics> columns =
                Map.of(List.of("a"), nulls(1), List.of("b"), nulls(2), List.of("c"), nulls(3));
        FileStatistics measured = new FileStatistics.Measured(9, columns);

        assertThat(StatisticsJson.write(
                        measured,
                        metadata(schema, Map.of("delta.dataSkippingNumIndexedCols", "1")),
                        List.of(List.of("c")),
                        false))
                .hasValueSatisfying(text -> assertThat(text).contains("\"nullCount\":{\"a\":1,\"c\":3}"));
        assertThat(StatisticsJson.write(
                        measured, metadata(schema, Map.of("delta.dataSkippingStatsColumns", "`b`")), List.of(), false))
                .hasValueSatisfying(text -> assertThat(text).contains("\"nullCount\":{\"b\":2}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{\"numRecords\":\"5\"}",
                "{\"numRecords\":-1,\"minValues\":7,\"maxValues\":{\"c\":{}}}",
                "{\"minValues\":{\"c\":\"x\"},\"maxValues\":{\"c\":1.5}}"
            })
    void what_can_not_be_understood_is_not_known(String text) {
        JsonStatistics statistics = new JsonStatistics(text, Schema.of(Field.of("c", Primitive.LONG)));

        assertThat(statistics.rows()).isEmpty();
        assertThat(statistics.column(List.of("c"))).isEqualTo(ColumnStatistics.UNKNOWN);
        assertThat(statistics.column(List.of("missing", "deeper"))).isEqualTo(ColumnStatistics.UNKNOWN);
    }

    @Test
    void a_column_that_was_widened_from_date_is_bounded_by_dates() {
        JsonStatistics old = new JsonStatistics(
                "{\"numRecords\":1,\"minValues\":{\"c\":\"2024-04-01\"},\"maxValues\":{\"c\":\"2024-04-02\"}}",
                Schema.of(Field.of("c", Primitive.TIMESTAMP_NTZ)));

        assertThat(old.column(List.of("c")).min()).hasValue(new Literal(LocalDateTime.parse("2024-04-01T00:00:00")));
        assertThat(old.column(List.of("c")).max())
                .hasValue(new Literal(LocalDateTime.parse("2024-04-02T00:00:00.001")));
    }

    private static ColumnStatistics nulls(long count) {
        return new ColumnStatistics(OptionalLong.of(count), Optional.empty(), Optional.empty());
    }

    private static ColumnStatistics roundTrip(DataType type, Object min, Object max) {
        Metadata metadata = metadata(Schema.of(Field.of("c", type)), Map.of());
        return new JsonStatistics(write(metadata, measured(min, max)), metadata.schema()).column(List.of("c"));
    }

    private static String write(Metadata metadata, FileStatistics statistics) {
        return StatisticsJson.write(statistics, metadata, List.of(), false).orElseThrow();
    }

    private static FileStatistics measured(Object min, Object max) {
        return new FileStatistics.Measured(
                10,
                Map.of(
                        List.of("c"),
                        new ColumnStatistics(
                                OptionalLong.of(3), Optional.of(new Literal(min)), Optional.of(new Literal(max)))));
    }

    private static Metadata metadata(Schema schema, Map<String, String> properties) {
        return new Metadata(
                "id", Optional.empty(), Optional.empty(), schema, List.of(), properties, OptionalLong.empty());
    }
}
