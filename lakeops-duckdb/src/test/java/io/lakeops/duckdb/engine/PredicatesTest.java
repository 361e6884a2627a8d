package io.lakeops.duckdb.engine;

import static io.lakeops.table.Predicate.compare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Predicate.Operator;
import io.lakeops.table.Pruning;
import io.lakeops.table.Schema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredicatesTest {
    private static final Schema SCHEMA = Schema.of(
            Field.of("l", Primitive.LONG),
            Field.of("i", Primitive.INTEGER),
            Field.of("d", Primitive.DOUBLE),
            Field.of("f", Primitive.FLOAT),
            Field.of("dec", new DataType.Decimal(10, 2)),
            Field.of("s", Primitive.STRING),
            Field.of("b", Primitive.BOOLEAN),
            Field.of("dt", Primitive.DATE),
            Field.of("ts", Primitive.TIMESTAMP),
            Field.of("ntz", Primitive.TIMESTAMP_NTZ),
            Field.of("st", new DataType.Struct(List.of(Field.of("x", Primitive.LONG)))));

    private DuckDBConnection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
        execute("SET TimeZone = 'UTC'");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Predicate of(String where) {
        return Predicates.of(connection, where, SCHEMA);
    }

    @Test
    void comparisons_are_read_in_both_orders_and_typed_by_the_column() {
        assertThat(of("L = 5")).isEqualTo(compare("l", Operator.EQUAL, 5L));
        assertThat(of("5 < l")).isEqualTo(compare("l", Operator.GREATER, 5L));
        assertThat(of("t.l <> -5")).isEqualTo(compare("l", Operator.NOT_EQUAL, -5L));
        assertThat(of("l >= '7'")).isEqualTo(compare("l", Operator.GREATER_OR_EQUAL, 7L));
        assertThat(of("l < 1.5")).isEqualTo(compare("l", Operator.LESS, new BigDecimal("1.5")));
        assertThat(of("d <= 0.1")).isEqualTo(compare("d", Operator.LESS_OR_EQUAL, 0.1));
        assertThat(of("dec = 1.25 -- a comment")).isEqualTo(compare("dec", Operator.EQUAL, new BigDecimal("1.25")));
        assertThat(of("s = 'it''s'")).isEqualTo(compare("s", Operator.EQUAL, "it's"));
        assertThat(of("b")).isEqualTo(compare("b", Operator.EQUAL, true));
        assertThat(of("NOT b")).isEqualTo(compare("b", Operator.EQUAL, false));
        assertThat(of("dt = '2024-04-01'")).isEqualTo(compare("dt", Operator.EQUAL, LocalDate.of(2024, 4, 1)));
        assertThat(of("dt >= DATE '2024-04-01'"))
                .isEqualTo(compare("dt", Operator.GREATER_OR_EQUAL, LocalDate.of(2024, 4, 1)));
        assertThat(of("ntz < TIMESTAMP '2024-04-01 10:00:00.5'"))
                .isEqualTo(compare("ntz", Operator.LESS, LocalDateTime.parse("2024-04-01T10:00:00.5")));
        assertThat(of("ts < '2024-04-01 10:00:00+10'"))
                .isEqualTo(compare("ts", Operator.LESS, Instant.parse("2024-04-01T00:00:00Z")));
        assertThat(of("st.x = 1"))
                .isEqualTo(new Predicate.Comparison(List.of("st", "x"), Operator.EQUAL, new Literal(1L)));
    }

    @Test
    void in_between_null_checks_and_their_negations_are_read() {
        assertThat(of("i IN (1, 2, NULL)"))
                .isEqualTo(new Predicate.In(List.of("i"), List.of(new Literal(1L), new Literal(2L))));
        assertThat(of("i NOT IN (1)")).isEqualTo(compare("i", Operator.NOT_EQUAL, 1L));
        assertThat(of("i BETWEEN 1 AND 2"))
                .isEqualTo(compare("i", Operator.GREATER_OR_EQUAL, 1L).and(compare("i", Operator.LESS_OR_EQUAL, 2L)));
        assertThat(of("i NOT BETWEEN 1 AND 2"))
                .isEqualTo(
                        new Predicate.Or(List.of(compare("i", Operator.LESS, 1L), compare("i", Operator.GREATER, 2L))));
        assertThat(of("s IS NULL")).isEqualTo(new Predicate.IsNull(List.of("s"), true));
        assertThat(of("NOT (s IS NULL)")).isEqualTo(new Predicate.IsNull(List.of("s"), false));
        assertThat(of("NOT (l < 5 OR s = 'x')"))
                .isEqualTo(compare("l", Operator.GREATER_OR_EQUAL, 5L).and(compare("s", Operator.NOT_EQUAL, "x")));
        assertThat(of("false")).isEqualTo(Predicate.never());
    }

    @Test
    void what_is_not_understood_prunes_nothing_and_leaves_the_rest_of_a_conjunction() {
        for (String where : List.of(
                "true",
                "l + 1 = 5",
                "l = i",
                "lower(s) = 'x'",
                "l = 5 OR lower(s) = 'x'",
                "nowhere = 5",
                "s LIKE 'a%'",
                "l IN (SELECT 1)",
                "l = NULL",
                "f = 0.1",
                "d > 5",
                "NOT (d < 5)",
                "l = 1e3",
                "CAST(l AS INTEGER) = 5",
                "ts = TRY_CAST('x' AS TIMESTAMP)",
                "s = 5",
                "dt = TIMESTAMP '2024-04-01 10:00:00'",
                "dec = '1.239'")) {
            assertThat(of(where)).as(where).isEqualTo(Predicate.always());
        }
        assertThat(of("lower(s) = 'x' AND l = 5")).isEqualTo(compare("l", Operator.EQUAL, 5L));
        assertThat(of("(".repeat(50) + "l = 5" + ")".repeat(50))).isEqualTo(compare("l", Operator.EQUAL, 5L));
        assertThat(of("NOT ".repeat(400) + "(l = 5)")).isEqualTo(Predicate.always());
    }

    @Test
    void a_timestamp_without_zone_is_an_instant_only_where_the_session_is_in_utc() throws SQLException {
        assertThat(of("ts = TIMESTAMP '2024-04-01 10:00:00'"))
                .isEqualTo(compare("ts", Operator.EQUAL, Instant.parse("2024-04-01T10:00:00Z")));
        execute("SET TimeZone = 'Australia/Sydney'");
        assertThat(of("ts = TIMESTAMP '2024-04-01 10:00:00'")).isEqualTo(Predicate.always());
        assertThat(of("ts = TIMESTAMPTZ '2024-04-01 10:00:00+00'"))
                .isEqualTo(compare("ts", Operator.EQUAL, Instant.parse("2024-04-01T10:00:00Z")));
    }

    @Test
    void what_is_no_condition_is_refused() {
        for (String where : List.of("l = ", "1 = 1) GROUP BY (l", "l = 5) ; DELETE FROM (x")) {
            assertThat(catchThrowableOfType(LakeException.class, () -> of(where))
                            .code())
                    .as(where)
                    .isEqualTo(ErrorCode.SQL_SYNTAX);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void pruning_never_drops_a_row_that_matches(long seed, @TempDir Path dir) {
        Random random = new Random(seed);
        try (DuckDbSession session = DuckDbSession.over(connection, LakeContext.standard())) {
            List<WrittenFile> files = new ArrayList<>();
            for (int k = 0; k < 12; k++) {
                List<String> rows = new ArrayList<>();
                for (int r = 0; r < 3; r++) {
                    StringBuilder row = new StringBuilder("SELECT ");
                    for (Field field : SCHEMA.fields()) {
                        String value = field.name().equals("st")
                                ? "{'x': " + value(Primitive.LONG, random) + "}"
                                : value(field.type(), random);
                        row.append(row.length() == 7 ? "" : ", ")
                                .append(value)
                                .append(" AS ")
                                .append(field.name());
                    }
                    rows.add(row.toString());
                }
                files.addAll(session.write(
                        new WriteRequest(
                                query(String.join(" UNION ALL ", rows)), SCHEMA, List.of(), dir, 1 << 20, List.of()),
                        new Cancellation()));
            }
            Pruning pruning = new Pruning(SCHEMA, List.of());
            int pruned = 0;
            for (int c = 0; c < 150; c++) {
                String where = condition(random, 2);
                Predicate predicate = of(where);
                for (WrittenFile file : files) {
                    if (pruning.decide(predicate, file.dataFile()) == Pruning.Reason.NONE) {
                        continue;
                    }
                    pruned++;
                    Relation rows = new Relation.ParquetFiles(List.of(file.location()), SCHEMA);
                    Relation matching = new Relation.Filtered(rows, Expr.of(where));
                    assertThat(session.rows(matching, 10, new Cancellation()).rows())
                            .as(where + " over "
                                    + session.rows(rows, 10, new Cancellation()).rows())
                            .isEmpty();
                }
            }
            assertThat(pruned).isGreaterThan(100);
        }
    }

    private static Relation query(String sql) {
        return new Relation.Query(new Expr(sql, "duckdb", Predicate.always()));
    }

    private static String condition(Random random, int depth) {
        if (depth > 0 && random.nextInt(2) == 0) {
            String left = condition(random, depth - 1);
            String right = condition(random, depth - 1);
            return switch (random.nextInt(3)) {
                case 0 -> "(" + left + ") AND (" + right + ")";
                case 1 -> "(" + left + ") OR (" + right + ")";
                default -> "NOT (" + left + ")";
            };
        }
        Field field = SCHEMA.fields().get(random.nextInt(SCHEMA.fields().size()));
        boolean nested = field.name().equals("st");
        DataType type = nested ? Primitive.LONG : field.type();
        String column = nested ? "st.x" : field.name();
        String operator =
                Objects.requireNonNull(List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6)));
        return switch (random.nextInt(6)) {
            case 0 -> column + " IN (" + value(type, random) + ", " + value(type, random) + ")";
            case 1 -> column + " BETWEEN " + value(type, random) + " AND " + value(type, random);
            case 2 -> column + " IS " + (random.nextBoolean() ? "NOT " : "") + "NULL";
            case 3 -> value(type, random) + " " + operator + " " + column;
            default -> column + " " + operator + " " + value(type, random);
        };
    }

    private static String value(DataType type, Random random) {
        if (random.nextInt(12) == 0) {
            return "NULL";
        }
        if (type instanceof DataType.Decimal) {
            return BigDecimal.valueOf(random.nextInt(600) - 300, 2).toPlainString();
        }
        return switch ((Primitive) type) {
            case LONG, INTEGER -> String.valueOf(random.nextInt(40) - 20);
            case DOUBLE, FLOAT -> {
                int pick = random.nextInt(12);
                yield pick == 0
                        ? "'nan'::DOUBLE"
                        : pick == 1 ? "'-inf'::DOUBLE" : String.valueOf((random.nextInt(40) - 20) / 10.0);
            }
            case STRING ->
                "'" + List.of("", "a", "ab", "b", "z", "ü", "😀", "\uFFFD").get(random.nextInt(8)) + "'";
            case BOOLEAN -> String.valueOf(random.nextBoolean());
            case DATE -> "DATE '2024-01-" + String.format("%02d", 1 + random.nextInt(20)) + "'";
            case TIMESTAMP ->
                "TIMESTAMPTZ '2024-01-" + String.format("%02d", 1 + random.nextInt(20)) + " 10:00:00+0"
                        + random.nextInt(9) + "'";
            case TIMESTAMP_NTZ ->
                "TIMESTAMP '2024-01-" + String.format("%02d", 1 + random.nextInt(20)) + " 10:00:00."
                        + random.nextInt(999999) + "'";
            default -> throw new IllegalStateException();
        };
    }
}
