package io.lakeops.duckdb.spark;

import io.lakeops.duckdb.spark.SparkTokens.Kind;
import io.lakeops.duckdb.spark.SparkTokens.Token;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An expression that a table keeps in Spark's SQL, as SQL by which DuckDB computes the same.
 *
 * <p>Only what is known to mean the same is translated: types are worked out as Spark does and written out as casts; a
 * function, cast or mixture of types that is not on the list is refused.
 *
 * <p>Errors: FEATURE_UNSUPPORTED naming what is not known to be the same; COLUMN_NOT_FOUND.
 *
 * <p>Threads: safe; a translation holds nothing.
 *
 * @param sql for DuckDB, in brackets
 * @param type what Spark takes the result for; none where it is always null
 * @param columns the top-level columns that it reads, as the schema spells them
 */
public record SparkExpression(String sql, @Nullable DataType type, Set<String> columns) {

    /**
     * Translates an expression over rows of a schema.
     *
     * @param column the SQL for a top-level column
     */
    public static SparkExpression of(String text, Schema schema, Function<Field, String> column) {
        try {
            Reader reader = new Reader(new SparkTokens(text), schema, column);
            Value value = reader.whole();
            return new SparkExpression("(" + value.sql() + ")", value.type(), reader.columns);
        } catch (LakeException e) {
            throw new LakeException(e.code(), e.problem(), Map.of("expression", text), e);
        }
    }

    /** The same, where the expression must be a condition. */
    public static SparkExpression condition(String text, Schema schema, Function<Field, String> column) {
        SparkExpression expression = of(text, schema, column);
        if (expression.type() != null && expression.type() != Primitive.BOOLEAN) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the expression is no condition", Map.of("expression", text));
        }
        return expression;
    }

    /** The value that a column has by a default, which reads no column. */
    public static String byDefault(String text, DataType type) {
        return of(text, new Schema(List.of()), Field::name).as(type, text);
    }

    /** The value as a column of that type takes it; refused where Spark would round, trim or guess. */
    public String as(DataType wanted, String text) {
        try {
            return Casts.cast(new Value(sql, type, null), wanted).sql();
        } catch (LakeException e) {
            throw new LakeException(e.code(), e.problem(), Map.of("expression", text), e);
        }
    }

    private static final class Reader {
        private final SparkTokens tokens;
        private final Schema schema;
        private final Function<Field, String> column;
        private final Set<String> columns = new LinkedHashSet<>();

        Reader(SparkTokens tokens, Schema schema, Function<Field, String> column) {
            this.tokens = tokens;
            this.schema = schema;
            this.column = column;
        }

        Value whole() {
            Value value = either();
            if (tokens.peek().kind() != Kind.END) {
                throw Refusal.of("'" + tokens.peek().text() + "' was not expected");
            }
            return value;
        }

        private Value either() {
            Value value = both();
            while (tokens.accept("or")) {
                value = logical(value, "OR", both());
            }
            return value;
        }

        private Value both() {
            Value value = negated();
            while (tokens.accept("and")) {
                value = logical(value, "AND", negated());
            }
            return value;
        }

        private Value negated() {
            if (tokens.accept("not") || tokens.accept("!")) {
                return Value.of("(NOT " + flag(negated()) + ")", Primitive.BOOLEAN);
            }
            return predicate();
        }

        private static Value logical(Value a, String operator, Value b) {
            return Value.of("(" + flag(a) + " " + operator + " " + flag(b) + ")", Primitive.BOOLEAN);
        }

        private static String flag(Value value) {
            if (value.type() != null && value.type() != Primitive.BOOLEAN) {
                throw Refusal.of("a value that is no condition stands as one");
            }
            return value.as(Primitive.BOOLEAN);
        }

        private Value predicate() {
            Value value = comparison();
            while (true) {
                if (tokens.accept("is")) {
                    value = is(value);
                    continue;
                }
                boolean not = (tokens.sees(1, "in") || tokens.sees(1, "between") || tokens.sees(1, "like"))
                        && tokens.accept("not");
                if (tokens.accept("in")) {
                    value = not(not, in(value));
                } else if (tokens.accept("between")) {
                    Value low = comparison();
                    tokens.expect("and");
                    value = not(not, logical(compared(value, ">=", low), "AND", compared(value, "<=", comparison())));
                } else if (tokens.accept("like")) {
                    value = not(not, like(value));
                } else {
                    return value;
                }
            }
        }

        private static Value not(boolean not, Value value) {
            return not ? Value.of("(NOT " + value.sql() + ")", Primitive.BOOLEAN) : value;
        }

        private Value is(Value value) {
            boolean not = tokens.accept("not");
            if (tokens.accept("null")) {
                return Value.of("(" + value.sql() + (not ? " IS NOT NULL)" : " IS NULL)"), Primitive.BOOLEAN);
            }
            if (tokens.accept("true") || tokens.sees(0, "false")) {
                String word = tokens.accept("false") ? "FALSE" : "TRUE";
                return Value.of("(" + flag(value) + (not ? " IS NOT " : " IS ") + word + ")", Primitive.BOOLEAN);
            }
            if (tokens.accept("distinct", "from")) {
                return not(!not, compared(value, "<=>", comparison()));
            }
            throw Refusal.of("IS with '" + tokens.peek().text() + "'");
        }

        private Value in(Value value) {
            tokens.expect("(");
            List<String> parts = new ArrayList<>();
            do {
                parts.add(compared(value, "=", comparison()).sql());
            } while (tokens.accept(","));
            tokens.expect(")");
            return Value.of("(" + String.join(" OR ", parts) + ")", Primitive.BOOLEAN);
        }

        private Value like(Value value) {
            Token pattern = tokens.next();
            if (pattern.kind() != Kind.TEXT || value.type() != Primitive.STRING || tokens.sees(0, "escape")) {
                throw Refusal.of("LIKE takes a text and a pattern that is written out, without ESCAPE");
            }
            return Value.of("(" + value.sql() + " LIKE " + SqlText.string(pattern.text()) + ")", Primitive.BOOLEAN);
        }

        private Value comparison() {
            Value value = sum();
            while (true) {
                String operator = tokens.peek().text();
                if (tokens.peek().kind() != Kind.SYMBOL
                        || !List.of("=", "==", "<=>", "<>", "!=", "<", "<=", ">", ">=")
                                .contains(operator)) {
                    return value;
                }
                tokens.next();
                value = compared(value, operator, sum());
            }
        }

        private static Value compared(Value a, String operator, Value b) {
            Value left = Numbers.beside(a, b);
            Value right = Numbers.beside(b, a);
            DataType common = Numbers.common(left, right);
            String sql = switch (operator) {
                case "==" -> "=";
                case "!=" -> "<>";
                case "<=>" -> "IS NOT DISTINCT FROM";
                default -> operator;
            };
            return Value.of("(" + left.as(common) + " " + sql + " " + right.as(common) + ")", Primitive.BOOLEAN);
        }

        private Value sum() {
            Value value = product();
            while (true) {
                if (tokens.accept("+")) {
                    value = Numbers.arithmetic("+", value, product());
                } else if (tokens.accept("-")) {
                    value = Numbers.arithmetic("-", value, product());
                } else if (tokens.accept("||")) {
                    value = Functions.call("concat", List.of(value, product()));
                } else {
                    return value;
                }
            }
        }

        private Value product() {
            Value value = signed();
            while (true) {
                if (tokens.accept("*")) {
                    value = Numbers.arithmetic("*", value, signed());
                } else if (tokens.accept("/")) {
                    value = Numbers.arithmetic("/", value, signed());
                } else if (tokens.accept("%")) {
                    value = Numbers.arithmetic("%", value, signed());
                } else {
                    return value;
                }
            }
        }

        private Value signed() {
            if (tokens.accept("-")) {
                Value value = signed();
                DataType type = value.type();
                if (type == null || !Numbers.isNumber(type)) {
                    throw Refusal.of("'-' before a value that is no number");
                }
                return Value.of(new Value("(- " + value.sql() + ")", null, null).as(type), type);
            }
            return tokens.accept("+") ? signed() : primary();
        }

        private Value primary() {
            Token token = tokens.next();
            return switch (token.kind()) {
                case NUMBER -> number(token.text());
                case TEXT -> new Value(SqlText.string(token.text()), Primitive.STRING, token.text());
                case NAME -> reference(token.text());
                case WORD -> word(token.text());
                case SYMBOL, END -> {
                    if (!token.text().equals("(")) {
                        throw Refusal.of("a value was expected before '" + token.text() + "'");
                    }
                    Value value = either();
                    tokens.expect(")");
                    yield value;
                }
            };
        }

        private Value word(String word) {
            switch (word.toLowerCase(java.util.Locale.ROOT)) {
                case "true", "false" -> {
                    return Value.of(word.toUpperCase(java.util.Locale.ROOT), Primitive.BOOLEAN);
                }
                case "null" -> {
                    return Value.nothing();
                }
                case "case" -> {
                    return choice();
                }
                case "cast" -> {
                    if (tokens.accept("(")) {
                        Value value = either();
                        tokens.expect("as");
                        Value cast = Casts.cast(value, Casts.type(tokens));
                        tokens.expect(")");
                        return cast;
                    }
                }
                case "date" -> {
                    if (tokens.peek().kind() == Kind.TEXT) {
                        return Numbers.date(tokens.next().text());
                    }
                }
                default -> {}
            }
            if (tokens.peek().kind() == Kind.TEXT) {
                throw Refusal.of("a literal of " + word);
            }
            if (!tokens.accept("(")) {
                return reference(word);
            }
            List<Value> arguments = new ArrayList<>();
            if (!tokens.accept(")")) {
                do {
                    arguments.add(either());
                } while (tokens.accept(","));
                tokens.expect(")");
            }
            return Functions.call(word, arguments);
        }

        private Value choice() {
            List<String> conditions = new ArrayList<>();
            List<Value> values = new ArrayList<>();
            @Nullable Value subject = tokens.sees(0, "when") ? null : either();
            while (tokens.accept("when")) {
                Value when = either();
                conditions.add(flag(subject == null ? when : compared(subject, "=", when)));
                tokens.expect("then");
                values.add(either());
            }
            if (conditions.isEmpty()) {
                throw Refusal.of("CASE without WHEN");
            }
            values.add(tokens.accept("else") ? either() : Value.nothing());
            tokens.expect("end");
            DataType type = Functions.common(values);
            StringBuilder sql = new StringBuilder("(CASE");
            for (int i = 0; i < conditions.size(); i++) {
                sql.append(" WHEN ")
                        .append(conditions.get(i))
                        .append(" THEN ")
                        .append(values.get(i).as(type));
            }
            return Value.of(sql + " ELSE " + values.get(conditions.size()).as(type) + " END)", type);
        }

        private Value reference(String name) {
            Field field = schema.require(name);
            columns.add(field.name());
            String sql = column.apply(field);
            DataType type = field.type();
            while (tokens.accept(".")) {
                Token part = tokens.next();
                if (!(type instanceof DataType.Struct struct)
                        || (part.kind() != Kind.WORD && part.kind() != Kind.NAME)) {
                    throw Refusal.of("'" + part.text() + "' within a value that is no struct");
                }
                Field inner = new Schema(struct.fields()).require(part.text());
                sql = "struct_extract(" + sql + ", " + SqlText.string(inner.name()) + ")";
                type = inner.type();
            }
            if (tokens.sees(0, "[")) {
                throw Refusal.of("an element of a list or map");
            }
            return Value.of(sql, type);
        }

        private static Value number(String text) {
            if (text.matches("\\d+[lL]?")) {
                boolean large = !Character.isDigit(text.charAt(text.length() - 1));
                BigInteger number = new BigInteger(large ? text.substring(0, text.length() - 1) : text);
                if (number.bitLength() > 63) {
                    throw Refusal.of("the number " + text);
                }
                boolean isLong = large || number.bitLength() > 31;
                // A literal of no type of its own would take the column's in DuckDB, and overflow where Spark does not.
                return new Value(
                        isLong ? "CAST(" + number + " AS BIGINT)" : number.toString(),
                        isLong ? Primitive.LONG : Primitive.INTEGER,
                        null);
            }
            if (text.matches("\\d*\\.?\\d*[eE][-+]?\\d+") || text.matches("\\d*\\.?\\d*[dD]")) {
                String digits = text.replaceAll("[dD]$", "");
                return Value.of("CAST('" + digits + "' AS DOUBLE)", Primitive.DOUBLE);
            }
            if (text.matches("\\d*\\.\\d*")) {
                BigDecimal number = new BigDecimal(text.startsWith(".") ? "0" + text : text);
                int scale = Math.max(number.scale(), 0);
                int precision = Math.max(number.precision(), scale);
                if (precision <= 38) {
                    DataType.Decimal type = new DataType.Decimal(Math.max(precision, 1), scale);
                    return Value.of(
                            "CAST('" + number.toPlainString() + "' AS DECIMAL(" + type.precision() + "," + scale + "))",
                            type);
                }
            }
            throw Refusal.of("the number " + text);
        }
    }
}
