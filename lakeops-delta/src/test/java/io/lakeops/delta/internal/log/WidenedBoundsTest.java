package io.lakeops.delta.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Predicate.Operator;
import io.lakeops.table.Pruning;
import io.lakeops.table.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file from before its column was widened keeps bounds in the words of the narrow type; they must rule out no value that
 * the wide type shows. All type changes of Delta's protocol, and what stays as it is.
 */
class WidenedBoundsTest {
    /**
     * A change of a column's type.
     *
     * @param draw a value of the narrow type
     * @param text how Spark writes it into statistics
     * @param shown the value as the wide type shows it
     */
    record Widening(
            String name,
            String from,
            DataType to,
            Function<Random, Object> draw,
            Function<Object, String> text,
            Function<Object, Object> shown) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Widening> widenings() {
        List<Widening> all = new ArrayList<>();
        for (String from : List.of("byte", "short", "integer", "long")) {
            int bits = Objects.requireNonNull(
                    Map.of("byte", 8, "short", 16, "integer", 32, "long", 64).get(from));
            Function<Random, Object> draw = random -> random.nextLong() >> (64 - bits);
            all.add(whole(from, Primitive.LONG, draw, v -> v));
            all.add(whole(from, new DataType.Decimal(20, 0), draw, v -> BigDecimal.valueOf((Long) v)));
            all.add(whole(from, new DataType.Decimal(30, 10), draw, v -> BigDecimal.valueOf((Long) v)));
            if (bits < 64) {
                all.add(whole(from, Primitive.DOUBLE, draw, v -> ((Long) v).doubleValue()));
            }
        }
        for (Primitive to : List.of(Primitive.FLOAT, Primitive.DOUBLE)) {
            all.add(new Widening(
                    "float to " + to,
                    "float",
                    to,
                    random -> random.nextBoolean()
                            ? random.nextInt(200) / 10f
                            : Float.intBitsToFloat(random.nextInt() & 0xBFFFFFFF),
                    v -> new BigDecimal(v.toString()).toString(),
                    v -> (double) (Float) v));
        }
        Function<Random, Object> decimal = random -> new BigDecimal(new BigInteger(30, random), 4);
        all.add(new Widening(
                "decimal(10,4) to decimal(38,20)",
                "decimal(10,4)",
                new DataType.Decimal(38, 20),
                decimal,
                Object::toString,
                v -> ((BigDecimal) v).setScale(20)));
        all.add(new Widening(
                "date to timestamp_ntz",
                "date",
                Primitive.TIMESTAMP_NTZ,
                random -> LocalDate.ofEpochDay(random.nextInt(40_000) - 20_000),
                v -> '"' + v.toString() + '"',
                v -> ((LocalDate) v).atStartOfDay()));
        return all.stream();
    }

    private static Widening whole(
            String from, DataType to, Function<Random, Object> draw, Function<Object, Object> shown) {
        return new Widening(from + " to " + to, from, to, draw, Object::toString, shown);
    }

    @ParameterizedTest
    @MethodSource("widenings")
    void no_file_is_skipped_that_holds_a_row(Widening widening) {
        int skipped = 0;
        for (long seed = 1; seed <= 400; seed++) {
            Random random = new Random(seed);
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                values.add(widening.draw().apply(random));
            }
            values.sort(
                    (a, b) -> literal(widening, a).compare(literal(widening, b)).orElseThrow());
            String low = widening.text().apply(values.get(0));
            String high = widening.text().apply(values.get(values.size() - 1));
            DataFile file = file(
                    widening,
                    "{\"numRecords\":" + values.size() + ",\"minValues\":{\"c\":" + low + "},\"maxValues\":{\"c\":"
                            + high + "},\"nullCount\":{\"c\":0}}");
            Pruning pruning = new Pruning(schema(widening), List.of());
            for (Literal asked : asked(widening, values, random)) {
                for (Operator operator : Operator.values()) {
                    boolean skips = pruning.decide(new Predicate.Comparison(List.of("c"), operator, asked), file)
                            != Pruning.Reason.NONE;
                    skipped += skips ? 1 : 0;
                    boolean held = values.stream().anyMatch(v -> holds(literal(widening, v), operator, asked));
                    assertThat(skips && held)
                            .as("seed %s: c %s %s of %s in [%s, %s]", seed, operator, asked.value(), values, low, high)
                            .isFalse();
                }
            }
        }
        assertThat(skipped).as("files skipped at all").isGreaterThan(400);
    }

    /** The values themselves, what stands beside them, and the numbers that their texts are. */
    private static List<Literal> asked(Widening widening, List<Object> values, Random random) {
        List<Literal> asked = new ArrayList<>();
        for (Object value : values) {
            Literal shown = literal(widening, value);
            asked.add(shown);
            asked.add(literal(widening, widening.draw().apply(random)));
            if (shown.value() instanceof Double wide && widening.to() == Primitive.DOUBLE) {
                double text = Double.parseDouble(widening.text().apply(value));
                Stream.of(Math.nextUp(wide), Math.nextDown(wide), text)
                        .map(Literal::new)
                        .forEach(asked::add);
                asked.add(new Literal(new BigDecimal(widening.text().apply(value))));
            }
        }
        return asked;
    }

    private static Literal literal(Widening widening, Object value) {
        return new Literal(widening.shown().apply(value));
    }

    private static boolean holds(Literal value, Operator operator, Literal literal) {
        int order = value.compare(literal).orElseThrow();
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private static Schema schema(Widening widening) {
        return Schema.of(new Field(
                "c",
                widening.to(),
                true,
                "c",
                OptionalInt.empty(),
                Map.of("delta.typeChanges", List.of(Map.of("fromType", widening.from(), "toType", "wider")))));
    }

    private static DataFile file(Widening widening, String statistics) {
        return new DataFile(
                "f.parquet",
                Path.of("f.parquet"),
                Map.of(),
                1,
                0,
                Optional.of(new JsonStatistics(statistics, schema(widening))),
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }
}
