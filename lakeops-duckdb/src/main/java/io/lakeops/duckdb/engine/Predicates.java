package io.lakeops.duckdb.engine;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Predicate.Operator;
import io.lakeops.table.Schema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What pruning understands of a condition's text: a predicate that is true wherever the condition is.
 *
 * <p>The text is read by DuckDB's own parser. Understood are comparisons of a column with a constant, IN, BETWEEN, IS
 * NULL, boolean columns, AND, OR and NOT over them; all else is {@link Predicate#always()}.
 *
 * <p>Threads: one.
 */
public final class Predicates {
    private final Schema schema;
    private final Constants constants;

    private Predicates(Schema schema, boolean utc) {
        this.schema = schema;
        this.constants = new Constants(utc);
    }

    /**
     * Reads the text of a WHERE.
     *
     * <p>Errors: SQL_SYNTAX where it is no condition.
     *
     * @param connection whose time zone gives timestamps without a zone their instant
     */
    public static Predicate of(Connection connection, String where, Schema schema) {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT json_serialize_sql(?)::VARCHAR, current_setting('TimeZone')")) {
            statement.setString(1, "SELECT * FROM t WHERE (\n" + where + "\n)");
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                Object tree = tree(result.getString(1), where);
                boolean utc = "UTC".equalsIgnoreCase(result.getString(2));
                return new Predicates(schema, utc).predicate(tree, false);
            }
        } catch (SQLException e) {
            throw Failures.of(e, "reading a condition");
        }
    }

    /** The condition's syntax tree; null where it is too deep to be looked at. */
    private static @Nullable Object tree(String json, String where) {
        Map<String, @Nullable Object> answer;
        try {
            answer = Json.parseObject(json);
        } catch (LakeException e) {
            // Nested beyond what the JSON reader takes: nothing is known of it, which is always right.
            System.getLogger(Predicates.class.getName()).log(System.Logger.Level.DEBUG, "a condition is not read", e);
            return null;
        }
        if (!Boolean.FALSE.equals(answer.get("error"))) {
            throw new LakeException(
                    ErrorCode.SQL_SYNTAX,
                    "the condition can't be read: " + answer.get("error_message"),
                    Map.of("condition", where));
        }
        List<?> statements = list(answer.get("statements"));
        Map<?, ?> node = statements.size() == 1 ? map(map(statements.get(0)).get("node")) : Map.of();
        boolean plain = "SELECT_NODE".equals(node.get("type"))
                && list(node.get("modifiers")).isEmpty()
                && list(node.get("group_expressions")).isEmpty()
                && node.get("having") == null
                && node.get("qualify") == null;
        if (!plain) {
            throw new LakeException(ErrorCode.SQL_SYNTAX, "this is not one condition", Map.of("condition", where));
        }
        return node.get("where_clause");
    }

    private Predicate predicate(@Nullable Object tree, boolean negated) {
        Map<?, ?> node = map(tree);
        String type = String.valueOf(node.get("type"));
        switch (type) {
            case "CONJUNCTION_AND", "CONJUNCTION_OR" -> {
                List<Predicate> parts = new ArrayList<>();
                for (Object child : list(node.get("children"))) {
                    parts.add(predicate(child, negated));
                }
                // Not (a and b) is (not a) or (not b).
                return type.equals("CONJUNCTION_AND") == !negated ? and(parts) : or(parts);
            }
            case "OPERATOR_NOT" -> {
                return predicate(list(node.get("children")).get(0), !negated);
            }
            case "COLUMN_REF" -> {
                return column(node)
                        .filter(c -> c.type() == DataType.Primitive.BOOLEAN)
                        .map(c -> compared(c, Operator.EQUAL, new Literal(!negated)))
                        .orElse(Predicate.always());
            }
            case "VALUE_CONSTANT" -> {
                boolean never =
                        String.valueOf(map(node.get("literal")).get("text")).equals(negated ? "true" : "false");
                return "BOOLEAN".equals(map(node.get("literal")).get("kind")) && never
                        ? Predicate.never()
                        : Predicate.always();
            }
            case "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL" -> {
                boolean isNull = type.equals("OPERATOR_IS_NULL") != negated;
                return column(list(node.get("children")).get(0))
                        .<Predicate>map(c -> new Predicate.IsNull(c.path(), isNull))
                        .orElse(Predicate.always());
            }
            case "COMPARE_IN" -> {
                return in(list(node.get("children")), negated);
            }
            case "COMPARE_BETWEEN" -> {
                Predicate lower = comparison(
                        node.get("input"), negated ? Operator.LESS : Operator.GREATER_OR_EQUAL, node.get("lower"));
                Predicate upper = comparison(
                        node.get("input"), negated ? Operator.GREATER : Operator.LESS_OR_EQUAL, node.get("upper"));
                return negated ? or(List.of(lower, upper)) : and(List.of(lower, upper));
            }
            default -> {
                return operator(type)
                        .map(o -> comparison(node.get("left"), negated ? inverse(o) : o, node.get("right")))
                        .orElse(Predicate.always());
            }
        }
    }

    private Predicate in(List<?> children, boolean negated) {
        Optional<Constants.Column> column = column(children.get(0));
        if (column.isEmpty()) {
            return Predicate.always();
        }
        List<Literal> literals = new ArrayList<>();
        for (Object child : children.subList(1, children.size())) {
            if (Constants.isNull(map(child))) {
                // Never equal to anything.
                continue;
            }
            Optional<Literal> literal = constants.literal(map(child), column.get());
            if (literal.isEmpty()) {
                return Predicate.always();
            }
            literals.add(literal.get());
        }
        if (!negated) {
            return new Predicate.In(column.get().path(), literals);
        }
        return and(literals.stream()
                .map(l -> compared(column.get(), Operator.NOT_EQUAL, l))
                .toList());
    }

    private Predicate comparison(@Nullable Object left, Operator operator, @Nullable Object right) {
        Optional<Constants.Column> column = column(left);
        if (column.isPresent()) {
            return constants
                    .literal(map(right), column.get())
                    .map(l -> compared(column.get(), operator, l))
                    .orElse(Predicate.always());
        }
        Optional<Constants.Column> other = column(right);
        return other.flatMap(c -> constants.literal(map(left), c).map(l -> compared(c, mirrored(operator), l)))
                .orElse(Predicate.always());
    }

    /** DuckDB orders NaN above every number, and bounds may leave it out. */
    private static Predicate compared(Constants.Column column, Operator operator, Literal literal) {
        boolean aboveAll =
                operator == Operator.GREATER || operator == Operator.GREATER_OR_EQUAL || operator == Operator.NOT_EQUAL;
        return column.isFloating() && aboveAll
                ? Predicate.always()
                : new Predicate.Comparison(column.path(), operator, literal);
    }

    private Optional<Constants.Column> column(@Nullable Object tree) {
        Map<?, ?> node = map(tree);
        if (!"COLUMN_REF".equals(node.get("type"))) {
            return Optional.empty();
        }
        List<String> names =
                list(node.get("column_names")).stream().map(String::valueOf).toList();
        Optional<Constants.Column> found = resolve(names);
        // table.column
        return found.isPresent() || names.size() < 2 ? found : resolve(names.subList(1, names.size()));
    }

    private Optional<Constants.Column> resolve(List<String> names) {
        List<String> path = new ArrayList<>();
        Optional<Field> field = schema.find(names.get(0));
        for (int i = 0; field.isPresent(); i++) {
            path.add(field.get().name());
            if (i == names.size() - 1) {
                return Optional.of(new Constants.Column(path, field.get()));
            }
            String next = names.get(i + 1);
            field = field.get().type() instanceof DataType.Struct struct
                    ? struct.fields().stream()
                            .filter(f -> f.name().equalsIgnoreCase(next))
                            .findFirst()
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static Predicate and(List<Predicate> parts) {
        Predicate all = Predicate.always();
        for (Predicate part : parts) {
            all = all.and(part);
        }
        return all;
    }

    private static Predicate or(List<Predicate> parts) {
        return parts.contains(Predicate.always()) ? Predicate.always() : new Predicate.Or(parts);
    }

    private static Optional<Operator> operator(String type) {
        return switch (type) {
            case "COMPARE_EQUAL" -> Optional.of(Operator.EQUAL);
            case "COMPARE_NOTEQUAL" -> Optional.of(Operator.NOT_EQUAL);
            case "COMPARE_LESSTHAN" -> Optional.of(Operator.LESS);
            case "COMPARE_LESSTHANOREQUALTO" -> Optional.of(Operator.LESS_OR_EQUAL);
            case "COMPARE_GREATERTHAN" -> Optional.of(Operator.GREATER);
            case "COMPARE_GREATERTHANOREQUALTO" -> Optional.of(Operator.GREATER_OR_EQUAL);
            default -> Optional.empty();
        };
    }

    private static Operator inverse(Operator operator) {
        return switch (operator) {
            case EQUAL -> Operator.NOT_EQUAL;
            case NOT_EQUAL -> Operator.EQUAL;
            case LESS -> Operator.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> Operator.GREATER;
            case GREATER -> Operator.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> Operator.LESS;
        };
    }

    private static Operator mirrored(Operator operator) {
        return switch (operator) {
            case EQUAL, NOT_EQUAL -> operator;
            case LESS -> Operator.GREATER;
            case LESS_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
            case GREATER -> Operator.LESS;
            case GREATER_OR_EQUAL -> Operator.LESS_OR_EQUAL;
        };
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
