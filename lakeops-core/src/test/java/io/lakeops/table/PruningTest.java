package io.lakeops.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.table.Predicate.Operator;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PruningTest {
    private static final Schema SCHEMA = Schema.of(
            Field.of("b", DataType.Primitive.BOOLEAN),
            Field.of("l", DataType.Primitive.LONG),
            Field.of("d", DataType.Primitive.DOUBLE),
            Field.of("f", DataType.Primitive.FLOAT),
            Field.of("m", new DataType.Decimal(20, 4)),
            Field.of("s", DataType.Primitive.STRING),
            Field.of("t", DataType.Primitive.DATE),
            Field.of("z", DataType.Primitive.TIMESTAMP),
            Field.of("n", DataType.Primitive.TIMESTAMP_NTZ),
            Field.of("p", DataType.Primitive.STRING),
            Field.of("q", DataType.Primitive.INTEGER));
    private static final List<String> PARTITION = List.of("p", "q");

    // --- cases by hand

    @Test
    void a_file_is_kept_where_nothing_is_known() {
        DataFile bare = file(Map.of(), Optional.empty(), Optional.empty());

        assertThat(decide(Predicate.compare("l", Operator.EQUAL, 1L), bare)).isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(new Predicate.IsNull(List.of("l"), true), bare)).isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(Predicate.compare("unheard_of", Operator.EQUAL, 1L), bare))
                .isEqualTo(Pruning.Reason.NONE);
    }

    @Test
    void never_prunes_everything_and_always_nothing() {
        DataFile bare = file(Map.of(), Optional.empty(), Optional.empty());

        assertThat(decide(Predicate.never(), bare)).isEqualTo(Pruning.Reason.STATISTICS);
        assertThat(decide(Predicate.always(), bare)).isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(new Predicate.Or(List.of()), bare)).isEqualTo(Pruning.Reason.STATISTICS);
        assertThat(decide(new Predicate.And(List.of()), bare)).isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(new Predicate.In(List.of("l"), List.of()), bounded("l", 5, 0, 1L, 2L)))
                .isEqualTo(Pruning.Reason.STATISTICS);
    }

    @Test
    void the_partition_is_named_as_the_reason_before_the_statistics() {
        DataFile file = new DataFile(
                "x",
                Path.of("x"),
                Map.of("p", "north", "q", "7"),
                1,
                0,
                bounded("l", 5, 0, 1L, 9L).statistics(),
                Optional.empty(),
                Map.of(),
                Optional.empty());
        Predicate outside = Predicate.compare("l", Operator.GREATER, 9L);
        Predicate south = Predicate.compare("p", Operator.EQUAL, "south");

        assertThat(decide(outside, file)).isEqualTo(Pruning.Reason.STATISTICS);
        assertThat(decide(outside.and(south), file)).isEqualTo(Pruning.Reason.PARTITION);
        assertThat(decide(new Predicate.Or(List.of(outside, south)), file)).isEqualTo(Pruning.Reason.STATISTICS);
        assertThat(decide(new Predicate.Or(List.of(south, Predicate.compare("q", Operator.LESS, 7L))), file))
                .isEqualTo(Pruning.Reason.PARTITION);
        assertThat(decide(new Predicate.Or(List.of(south, Predicate.compare("q", Operator.EQUAL, 7L))), file))
                .isEqualTo(Pruning.Reason.NONE);
    }

    @Test
    void bounds_of_strings_may_be_prefixes_so_they_never_prove_inequality() {
        DataFile file = bounded("s", 5, 0, "abc", "abc");

        assertThat(decide(Predicate.compare("s", Operator.NOT_EQUAL, "abc"), file))
                .isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(Predicate.compare("s", Operator.EQUAL, "abd"), file)).isEqualTo(Pruning.Reason.STATISTICS);
    }

    @Test
    void a_nan_that_a_writer_left_out_of_its_bounds_is_still_found() {
        DataFile file = bounded("d", 5, 0, 1.0, 2.0);

        assertThat(decide(Predicate.compare("d", Operator.GREATER, 10.0), file)).isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(Predicate.compare("d", Operator.GREATER_OR_EQUAL, 10.0), file))
                .isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(Predicate.compare("d", Operator.EQUAL, 10.0), file)).isEqualTo(Pruning.Reason.STATISTICS);
        assertThat(decide(Predicate.compare("d", Operator.LESS, 1.0), file)).isEqualTo(Pruning.Reason.STATISTICS);
    }

    @Test
    void a_decimal_literal_finds_the_floating_point_number_that_it_is_written_as() {
        BigDecimal tenth = new BigDecimal("0.1");

        assertThat(decide(Predicate.compare("d", Operator.EQUAL, tenth), bounded("d", 1, 0, 0.1, 0.1)))
                .isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(Predicate.compare("f", Operator.EQUAL, tenth), bounded("f", 1, 0, (double) 0.1f, (double)
                        0.1f)))
                .isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(
                        Predicate.compare("f", Operator.EQUAL, 0.1), bounded("f", 1, 0, (double) 0.1f, (double) 0.1f)))
                .isEqualTo(Pruning.Reason.NONE);
    }

    @Test
    void under_a_deletion_vector_counts_of_nulls_prove_only_that_there_are_none() {
        FileStatistics wide = new FileStatistics() {
            @Override
            public OptionalLong rows() {
                return OptionalLong.of(10);
            }

            @Override
            public boolean tightBounds() {
                return false;
            }

            @Override
            public ColumnStatistics column(List<String> path) {
                return path.equals(List.of("l"))
                        ? new ColumnStatistics(OptionalLong.of(10), Optional.empty(), Optional.empty())
                        : new ColumnStatistics(OptionalLong.of(0), Optional.empty(), Optional.empty());
            }
        };
        DeletionVector vector = new DeletionVector("i", "x", OptionalInt.empty(), 1, 1);
        DataFile file = file(Map.of(), Optional.of(wide), Optional.of(vector));

        assertThat(decide(new Predicate.IsNull(List.of("l"), false), file)).isEqualTo(Pruning.Reason.NONE);
        assertThat(decide(new Predicate.IsNull(List.of("d"), true), file)).isEqualTo(Pruning.Reason.STATISTICS);
    }

    @Test
    void nested_columns_are_pruned_by_their_own_bounds() {
        Schema nested =
                Schema.of(Field.of("by", new DataType.Struct(List.of(Field.of("level", DataType.Primitive.LONG)))));
        DataFile file = file(
                Map.of(),
                Optional.of(new FileStatistics.Measured(
                        3, Map.of(List.of("by", "level"), statistics(0, new Literal(1L), new Literal(3L))))),
                Optional.empty());
        Pruning pruning = new Pruning(nested, List.of());

        assertThat(pruning.decide(
                        new Predicate.Comparison(List.of("by", "level"), Operator.GREATER, new Literal(3L)), file))
                .isEqualTo(Pruning.Reason.STATISTICS);
        assertThat(pruning.decide(
                        new Predicate.Comparison(List.of("by", "level"), Operator.EQUAL, new Literal(3L)), file))
                .isEqualTo(Pruning.Reason.NONE);
    }

    @Test
    void partition_texts_are_read_as_their_types_are_written() {
        assertThat(Pruning.partitionLiteral(DataType.Primitive.TIMESTAMP, "2024-04-01 10:00:00.5"))
                .hasValue(new Literal(Instant.parse("2024-04-01T10:00:00.500Z")));
        assertThat(Pruning.partitionLiteral(DataType.Primitive.TIMESTAMP, "2024-04-01T10:00:00.000000Z"))
                .hasValue(new Literal(Instant.parse("2024-04-01T10:00:00Z")));
        assertThat(Pruning.partitionLiteral(DataType.Primitive.TIMESTAMP_NTZ, "2024-04-01 10:00:00"))
                .hasValue(new Literal(LocalDateTime.parse("2024-04-01T10:00:00")));
        assertThat(Pruning.partitionLiteral(DataType.Primitive.DATE, "2024-04-01"))
                .hasValue(new Literal(LocalDate.parse("2024-04-01")));
        assertThat(Pruning.partitionLiteral(DataType.Primitive.SHORT, "-7")).hasValue(new Literal(-7L));
        assertThat(Pruning.partitionLiteral(DataType.Primitive.BOOLEAN, "true")).hasValue(new Literal(true));
        assertThat(Pruning.partitionLiteral(new DataType.Decimal(5, 2), "1.50"))
                .hasValue(new Literal(new BigDecimal("1.50")));
    }

    /** Bounds are those of the texts as they are stored; conditions see them padded. */
    @Test
    void a_char_column_is_bounded_by_what_is_shown_of_it() {
        List<String> stored = List.of("a", "ab", "ab\t", "ab x", "abc", "", "\u0001", "b", "abcd", "\u00fc", "toolong");
        List<String> asked = new ArrayList<>(stored);
        stored.forEach(text -> asked.add(text + " ".repeat(Math.max(0, 4 - text.length()))));
        Field column = new Field(
                "c",
                DataType.Primitive.STRING,
                true,
                "c",
                OptionalInt.empty(),
                Map.of(CharLengths.METADATA_KEY, "char(4)"));
        int pruned = 0;
        for (List<String> partition : List.of(List.<String>of(), List.of("c"))) {
            Pruning pruning = new Pruning(Schema.of(column), partition);
            for (String low : stored) {
                for (String high : partition.isEmpty() ? stored : List.of(low)) {
                    if (new Literal(low).compare(new Literal(high)).orElseThrow() > 0) {
                        continue;
                    }
                    DataFile file = partition.isEmpty()
                            ? file(
                                    Map.of(),
                                    Optional.of(new FileStatistics.Measured(
                                            2,
                                            Map.of(
                                                    List.of("c"),
                                                    new ColumnStatistics(
                                                            OptionalLong.of(0),
                                                            Optional.of(new Literal(low)),
                                                            Optional.of(new Literal(high)))))),
                                    Optional.empty())
                            : file(Map.of("c", low), Optional.empty(), Optional.empty());
                    for (String literal : asked) {
                        for (Operator operator : Operator.values()) {
                            boolean skipped = pruning.decide(Predicate.compare("c", operator, literal), file)
                                    != Pruning.Reason.NONE;
                            pruned += skipped ? 1 : 0;
                            // A stored text within the bounds is shown padded, and must not be missed.
                            for (String text : stored) {
                                boolean within = new Literal(text)
                                                        .compare(new Literal(low))
                                                        .orElseThrow()
                                                >= 0
                                        && new Literal(text)
                                                        .compare(new Literal(high))
                                                        .orElseThrow()
                                                <= 0
                                        && !(text.isEmpty() && !partition.isEmpty());
                                if (within && holds(shown(text), operator, literal)) {
                                    assertThat(skipped)
                                            .as(
                                                    "%s %s '%s' of '%s' in ['%s', '%s']",
                                                    partition, operator, literal, text, low, high)
                                            .isFalse();
                                }
                            }
                        }
                    }
                }
            }
        }
        assertThat(pruned).isGreaterThan(100);
    }

    private static String shown(String stored) {
        return stored + " ".repeat(Math.max(0, 4 - stored.length()));
    }

    private static boolean holds(String value, Operator operator, String literal) {
        int order = new Literal(value).compare(new Literal(literal)).orElseThrow();
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    @Test
    void a_partition_text_that_can_not_be_read_rules_nothing_out() {
        assertThat(Pruning.partitionLiteral(DataType.Primitive.DATE, "not a day"))
                .isEmpty();
        assertThat(Pruning.partitionLiteral(DataType.Primitive.INTEGER, "1e3")).isEmpty();
        assertThat(Pruning.partitionLiteral(DataType.Primitive.BOOLEAN, "yes")).isEmpty();
        assertThat(Pruning.partitionLiteral(DataType.Primitive.BINARY, "x")).isEmpty();
        DataFile odd = file(Map.of("p", "a", "q", "seven"), Optional.empty(), Optional.empty());
        assertThat(decide(Predicate.compare("q", Operator.EQUAL, 7L), odd)).isEqualTo(Pruning.Reason.NONE);
    }

    // --- the property: a file with a matching row is never pruned

    static LongStream seeds() {
        return LongStream.range(0, 3_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_file_with_a_matching_row_is_never_pruned(long seed) {
        Random random = new Random(seed);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        Map<String, @Nullable String> partition = new HashMap<>();
        @Nullable String p = random.nextInt(5) == 0 ? null : word(random);
        @Nullable Long q = random.nextInt(5) == 0 ? null : (long) random.nextInt(4);
        partition.put("p", p);
        partition.put("q", q == null ? null : q.toString());
        for (int i = 0; i <= random.nextInt(6); i++) {
            Map<String, @Nullable Object> row = new HashMap<>();
            for (Field field : SCHEMA.fields()) {
                row.put(field.name(), random.nextInt(4) == 0 ? null : value(field.name(), random));
            }
            row.put("p", p);
            row.put("q", q);
            rows.add(row);
        }
        boolean nanLeftOut = random.nextBoolean();
        DataFile file = file(partition, Optional.of(measure(rows, nanLeftOut)), Optional.empty());
        for (int i = 0; i < 30; i++) {
            Predicate predicate = predicate(random, 3);
            boolean matches = rows.stream().anyMatch(r -> Boolean.TRUE.equals(evaluate(predicate, r)));

            if (matches) {
                assertThat(decide(predicate, file))
                        .as("seed %s: %s on %s", seed, predicate, rows)
                        .isEqualTo(Pruning.Reason.NONE);
            }
        }
    }

    @Test
    void the_property_sees_files_pruned_and_kept_often_enough_to_mean_something() {
        int pruned = 0;
        int kept = 0;
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Map<String, @Nullable Object> row = new HashMap<>();
            for (Field field : SCHEMA.fields()) {
                row.put(field.name(), value(field.name(), random));
            }
            DataFile file = file(
                    Map.of("p", (String) Objects.requireNonNull(row.get("p")), "q", String.valueOf(row.get("q"))),
                    Optional.of(measure(List.of(row), false)),
                    Optional.empty());
            if (decide(predicate(random, 2), file) == Pruning.Reason.NONE) {
                kept++;
            } else {
                pruned++;
            }
        }
        assertThat(pruned).isGreaterThan(100);
        assertThat(kept).isGreaterThan(100);
    }

    // --- a small engine to compare with

    private static @Nullable Boolean evaluate(Predicate predicate, Map<String, @Nullable Object> row) {
        if (predicate instanceof Predicate.Constant constant) {
            return constant.value();
        }
        if (predicate instanceof Predicate.And and) {
            @Nullable Boolean result = true;
            for (Predicate part : and.parts()) {
                Boolean value = evaluate(part, row);
                if (Boolean.FALSE.equals(value)) {
                    return false;
                }
                result = value == null ? null : result;
            }
            return result;
        }
        if (predicate instanceof Predicate.Or or) {
            @Nullable Boolean result = false;
            for (Predicate part : or.parts()) {
                Boolean value = evaluate(part, row);
                if (Boolean.TRUE.equals(value)) {
                    return true;
                }
                result = value == null ? null : result;
            }
            return result;
        }
        if (predicate instanceof Predicate.IsNull isNull) {
            return (row.get(isNull.column().get(0)) == null) == isNull.isNull();
        }
        if (predicate instanceof Predicate.In in) {
            Object value = row.get(in.column().get(0));
            return value == null ? null : in.literals().stream().anyMatch(l -> order(value, l.value()) == 0);
        }
        Predicate.Comparison comparison = (Predicate.Comparison) predicate;
        Object value = row.get(comparison.column().get(0));
        if (value == null) {
            return null;
        }
        int order = order(value, comparison.literal().value());
        return switch (comparison.operator()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    /** As DuckDB and Spark order: NaN equals NaN and is above every number; -0.0 equals 0.0. */
    private static int order(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            if (a instanceof BigDecimal || b instanceof BigDecimal) {
                return new BigDecimal(x.toString()).compareTo(new BigDecimal(y.toString()));
            }
            if (a instanceof Double || b instanceof Double) {
                return Double.compare(x.doubleValue() + 0.0, y.doubleValue() + 0.0);
            }
            return Long.compare(x.longValue(), y.longValue());
        }
        if (a instanceof String x && b instanceof String y) {
            return java.util.Arrays.compareUnsigned(
                    x.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    y.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return compare((Comparable<?>) a, b);
    }

    @SuppressWarnings("unchecked")
    private static <T> int compare(Comparable<T> a, Object b) {
        return a.compareTo((T) b);
    }

    private static FileStatistics measure(List<Map<String, @Nullable Object>> rows, boolean nanLeftOut) {
        Map<List<String>, ColumnStatistics> columns = new HashMap<>();
        for (Field field : SCHEMA.fields()) {
            List<Object> values = new ArrayList<>();
            for (Map<String, @Nullable Object> row : rows) {
                Object value = row.get(field.name());
                if (value != null) {
                    values.add(value);
                }
            }
            long nulls = (long) rows.size() - values.size();
            boolean nan = values.stream().anyMatch(v -> v instanceof Double d && d.isNaN());
            if (nan && nanLeftOut) {
                values.removeIf(v -> v instanceof Double d && d.isNaN());
            }
            if (values.isEmpty() || (nan && !nanLeftOut)) {
                columns.put(
                        List.of(field.name()),
                        new ColumnStatistics(OptionalLong.of(nulls), Optional.empty(), Optional.empty()));
                continue;
            }
            values.sort(PruningTest::order);
            Object min = values.get(0);
            Object max = values.get(values.size() - 1);
            if (min instanceof String text) {
                // Truncated as writers do: a prefix below, a prefix rounded up above.
                min = text.substring(0, text.offsetByCodePoints(0, Math.min(2, text.codePointCount(0, text.length()))));
                String top = (String) max;
                max = top.codePointCount(0, top.length()) <= 2
                        ? top
                        : top.substring(0, top.offsetByCodePoints(0, 2)) + "\uDBFF\uDFFF";
            }
            columns.put(
                    List.of(field.name()),
                    new ColumnStatistics(
                            OptionalLong.of(nulls), Optional.of(new Literal(min)), Optional.of(new Literal(max))));
        }
        return new FileStatistics.Measured(rows.size(), columns);
    }

    private static Object value(String column, Random random) {
        return switch (column) {
            case "b" -> random.nextBoolean();
            case "l", "q" -> random.nextInt(7) - 3L;
            case "d", "f" ->
                List.of(-0.0, 0.0, 1.5, -2.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
                        .get(random.nextInt(7));
            case "m" -> BigDecimal.valueOf(random.nextInt(50) - 25L, 1 + random.nextInt(3));
            case "s", "p" -> word(random);
            case "t" -> LocalDate.of(2024, 4, 1).plusDays(random.nextInt(5));
            case "z" -> Instant.parse("2024-04-01T00:00:00Z").plusNanos(1000L * random.nextInt(5));
            default -> LocalDateTime.parse("2024-04-01T00:00:00").plusNanos(1000L * random.nextInt(5));
        };
    }

    private static String word(Random random) {
        String[] letters = {"a", "b", "\u00e4", "\uffee", "\ud83d\ude00", "z"};
        StringBuilder text = new StringBuilder("a");
        for (int i = 0; i < random.nextInt(4); i++) {
            text.append(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    private static Predicate predicate(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 7 : 4);
        if (kind >= 5) {
            List<Predicate> parts = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                parts.add(predicate(random, depth - 1));
            }
            return kind == 5 ? new Predicate.And(parts) : new Predicate.Or(parts);
        }
        String column = SCHEMA.names().get(random.nextInt(SCHEMA.fields().size()));
        if (kind == 4) {
            return new Predicate.IsNull(List.of(column), random.nextBoolean());
        }
        if (kind == 3) {
            List<Literal> literals = new ArrayList<>();
            for (int i = 0; i < random.nextInt(3); i++) {
                literals.add(new Literal(value(column, random)));
            }
            return new Predicate.In(List.of(column), literals);
        }
        Operator operator = List.of(Operator.values()).get(random.nextInt(Operator.values().length));
        return new Predicate.Comparison(List.of(column), operator, new Literal(value(column, random)));
    }

    // --- files

    private static Pruning.Reason decide(Predicate predicate, DataFile file) {
        return new Pruning(SCHEMA, PARTITION).decide(predicate, file);
    }

    private static DataFile bounded(String column, long rows, long nulls, Object min, Object max) {
        return file(
                Map.of("p", "a", "q", "1"),
                Optional.of(new FileStatistics.Measured(
                        rows, Map.of(List.of(column), statistics(nulls, new Literal(min), new Literal(max))))),
                Optional.empty());
    }

    private static ColumnStatistics statistics(long nulls, Literal min, Literal max) {
        return new ColumnStatistics(OptionalLong.of(nulls), Optional.of(min), Optional.of(max));
    }

    private static DataFile file(
            Map<String, @Nullable String> partition,
            Optional<? extends FileStatistics> statistics,
            Optional<DeletionVector> vector) {
        return new DataFile(
                "x", Path.of("x"), partition, 1, 0, statistics.map(s -> s), vector, Map.of(), Optional.empty());
    }
}
