package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Rows;
import io.lakeops.json.Json;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Predicate.Operator;
import io.lakeops.table.Pruning;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a merge's condition and its staged source say about the rows of the table that can match: for each part of the
 * condition that compares a column of the table with something of the source, the bounds of the source's values, and the values
 * themselves where they are few.
 *
 * <p>The condition is read by DuckDB's own parser. A part that is not understood, or whose two sides DuckDB would compare in
 * another way than statistics are compared, rules nothing out.
 */
final class MergePruning {
    /** Up to so many values are listed; more are told by their bounds alone. */
    private static final int FEW = 100;

    private static final Set<String> ORDERED = Set.of("VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE");
    private static final Set<String> WHOLE = Set.of(
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT");
    private static final Map<String, Operator> OPERATORS = Map.of(
            "COMPARE_EQUAL", Operator.EQUAL,
            "COMPARE_LESSTHAN", Operator.LESS,
            "COMPARE_LESSTHANOREQUALTO", Operator.LESS_OR_EQUAL,
            "COMPARE_GREATERTHAN", Operator.GREATER,
            "COMPARE_GREATERTHANOREQUALTO", Operator.GREATER_OR_EQUAL);

    private final Statements statements;
    private final MergeRequest request;
    private final Schema schema;
    private final Set<String> sourceColumns = new HashSet<>();

    MergePruning(Statements statements, MergeRequest request, List<Column> sourceColumns) {
        this.statements = statements;
        this.request = request;
        this.schema = request.target().snapshot().schema();
        sourceColumns.forEach(c -> this.sourceColumns.add(c.name().toLowerCase(Locale.ROOT)));
    }

    /** Those of the files that the predicate does not rule out. */
    static List<DataFile> files(Snapshot snapshot, List<DataFile> files, Predicate predicate) {
        Pruning pruning = new Pruning(snapshot.schema(), snapshot.partitionColumns());
        return files.stream()
                .filter(f -> pruning.decide(predicate, f) == Pruning.Reason.NONE)
                .toList();
    }

    /** True for every row of the table that one of the staged rows can match. */
    Predicate predicate(StagedRows source, Work work) throws SQLException {
        String from = " FROM " + source.table() + " AS " + SqlText.identifier(request.sourceAlias());
        Predicate all = Predicate.always();
        for (Part part : parts(work)) {
            if (comparable(part, from, work)) {
                all = all.and(predicate(part, from, work));
            }
        }
        return all;
    }

    /** A column of the table, compared with an expression of the source. */
    private record Part(Field column, Operator operator, String expression) {}

    private List<Part> parts(Work work) throws SQLException {
        Optional<Map<?, ?>> statement = parsed("SELECT 1 WHERE (" + Relations.text(request.on()) + "\n)", work);
        List<Part> parts = new ArrayList<>();
        if (statement.isPresent()) {
            for (Map<?, ?> conjunct : conjuncts(node(statement.get()).get("where_clause"))) {
                Operator operator = OPERATORS.get(String.valueOf(conjunct.get("type")));
                if (operator != null
                        && conjunct.get("left") instanceof Map<?, ?> left
                        && conjunct.get("right") instanceof Map<?, ?> right) {
                    part(left, operator, right, work).ifPresent(parts::add);
                    part(right, mirrored(operator), left, work).ifPresent(parts::add);
                }
            }
        }
        return parts;
    }

    private Optional<Part> part(Map<?, ?> column, Operator operator, Map<?, ?> expression, Work work)
            throws SQLException {
        Optional<Field> field = tableColumn(column);
        Set<String> functions = new HashSet<>();
        if (field.isEmpty() || !ofSource(expression, functions) || !areConstant(functions, work)) {
            return Optional.empty();
        }
        return Optional.of(new Part(field.get(), operator, text(expression, work)));
    }

    private Optional<Field> tableColumn(Map<?, ?> expression) {
        List<String> names = names(expression);
        boolean qualified = names.size() == 2 && names.get(0).equalsIgnoreCase(request.targetAlias());
        boolean alone =
                names.size() == 1 && !sourceColumns.contains(names.get(0).toLowerCase(Locale.ROOT));
        return qualified || alone ? schema.find(names.get(names.size() - 1)) : Optional.empty();
    }

    /** Whether an expression has one value for each row of the source, whatever the row of the table. */
    private boolean ofSource(@Nullable Object expression, Set<String> functions) {
        if (!(expression instanceof Map<?, ?> map)) {
            return false;
        }
        return switch (String.valueOf(map.get("class"))) {
            case "CONSTANT" -> true;
            case "CAST" -> ofSource(map.get("child"), functions);
            case "COLUMN_REF" -> {
                List<String> names = names(map);
                String last = names.get(names.size() - 1).toLowerCase(Locale.ROOT);
                yield sourceColumns.contains(last)
                        && (names.size() == 1
                                ? schema.find(last).isEmpty()
                                : names.size() == 2 && names.get(0).equalsIgnoreCase(request.sourceAlias()));
            }
            case "FUNCTION" -> {
                functions.add(String.valueOf(map.get("function_name")).toLowerCase(Locale.ROOT));
                yield map.get("filter") == null
                        && map.get("arguments") instanceof List<?> arguments
                        && arguments.stream()
                                .allMatch(a -> a instanceof Map<?, ?> argument
                                        && ofSource(argument.get("expression"), functions));
            }
            default -> false;
        };
    }

    private static List<String> names(Map<?, ?> expression) {
        return "COLUMN_REF".equals(expression.get("class")) && expression.get("column_names") instanceof List<?> names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Whether functions return the same each time that they are given the same. */
    private boolean areConstant(Set<String> functions, Work work) throws SQLException {
        if (functions.isEmpty()) {
            return true;
        }
        String names = functions.stream().map(SqlText::string).collect(Collectors.joining(", "));
        return statements.queryRaw(
                "SELECT count(DISTINCT lower(function_name)) = " + functions.size()
                        + " AND bool_and(function_type = 'scalar' AND stability = 'CONSISTENT') FROM duckdb_functions()"
                        + " WHERE lower(function_name) IN (" + names + ")",
                work,
                result -> result.next() && result.getBoolean(1));
    }

    /** Whether bounds of the source's values, as the table's type has them, are bounds of what they are compared with. */
    private boolean comparable(Part part, String from, Work work) throws SQLException {
        String other = statements.queryRaw("DESCRIBE SELECT " + part.expression() + from, work, result -> {
            result.next();
            return result.getString("column_type");
        });
        String own = DuckTypes.sql(part.column().type());
        // The type of a column of nulls that was given none.
        if (other.equals("\"NULL\"") || (isExact(own) && isExact(other))) {
            return true;
        }
        // Another order of texts than that of their bytes is a part of their type, or the default of the session.
        return own.equals(other)
                && ORDERED.contains(own)
                && (!own.equals("VARCHAR")
                        || statements.queryRaw(
                                "SELECT current_setting('default_collation')",
                                work,
                                result -> result.next()
                                        && String.valueOf(result.getString(1)).isEmpty()));
    }

    private static boolean isExact(String type) {
        return WHOLE.contains(type) || type.startsWith("DECIMAL");
    }

    private Predicate predicate(Part part, String from, Work work) throws SQLException {
        String value = part.expression();
        List<String> column = List.of(part.column().name());
        Rows bounds = statements.queryRaw(
                "SELECT min(" + value + ") AS low, max(" + value + ") AS high" + from, work, Values::rows);
        @Nullable Object low = bounds.value(0, "low");
        if (low == null) {
            // A comparison with null is never true.
            return Predicate.never();
        }
        Predicate above = Predicate.bound(column, Operator.GREATER_OR_EQUAL, low);
        Predicate below = Predicate.bound(column, Operator.LESS_OR_EQUAL, bounds.value(0, "high"));
        return switch (part.operator()) {
            case LESS, LESS_OR_EQUAL -> below;
            case GREATER, GREATER_OR_EQUAL -> above;
            case EQUAL, NOT_EQUAL -> above.and(below).and(few(column, value, from, work));
        };
    }

    private Predicate few(List<String> column, String value, String from, Work work) throws SQLException {
        Rows values = statements.queryRaw(
                "SELECT DISTINCT " + value + " AS v" + from + " WHERE (" + value + ") IS NOT NULL LIMIT " + (FEW + 1),
                work,
                Values::rows);
        List<Literal> literals = new ArrayList<>();
        for (List<@Nullable Object> row : values.rows()) {
            Object one = row.get(0) instanceof Integer whole ? (Object) whole.longValue() : row.get(0);
            if (!(one instanceof Long
                    || one instanceof BigDecimal
                    || one instanceof String
                    || one instanceof LocalDate)) {
                return Predicate.always();
            }
            literals.add(new Literal(one));
        }
        return literals.size() > FEW ? Predicate.always() : new Predicate.In(column, literals);
    }

    private static Operator mirrored(Operator operator) {
        return switch (operator) {
            case LESS -> Operator.GREATER;
            case LESS_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
            case GREATER -> Operator.LESS;
            case GREATER_OR_EQUAL -> Operator.LESS_OR_EQUAL;
            case EQUAL, NOT_EQUAL -> operator;
        };
    }

    private static List<Map<?, ?>> conjuncts(@Nullable Object expression) {
        List<Map<?, ?>> found = new ArrayList<>();
        if (expression instanceof Map<?, ?> map) {
            if ("CONJUNCTION_AND".equals(map.get("type")) && map.get("children") instanceof List<?> children) {
                children.forEach(child -> found.addAll(conjuncts(child)));
            } else {
                found.add(map);
            }
        }
        return found;
    }

    /** A statement as DuckDB's parser sees it; empty where that can't be told. */
    private Optional<Map<?, ?>> parsed(String sql, Work work) throws SQLException {
        String json =
                statements.queryRaw("SELECT json_serialize_sql(" + SqlText.string(sql) + ")::VARCHAR", work, result -> {
                    result.next();
                    return result.getString(1);
                });
        return Json.parse(json) instanceof Map<?, ?> tree && Boolean.FALSE.equals(tree.get("error"))
                ? Optional.of(tree)
                : Optional.empty();
    }

    private static Map<?, ?> node(Map<?, ?> tree) {
        return tree.get("statements") instanceof List<?> statements
                        && statements.get(0) instanceof Map<?, ?> statement
                        && statement.get("node") instanceof Map<?, ?> node
                ? node
                : Map.of();
    }

    /** An expression of a parsed statement as SQL. */
    private String text(Map<?, ?> expression, Work work) throws SQLException {
        Map<String, @Nullable Object> select = new LinkedHashMap<>();
        node(parsed("SELECT 1", work).orElseThrow()).forEach((key, value) -> select.put(String.valueOf(key), value));
        select.put("select_list", List.of(expression));
        String json = Json.write(
                Map.of("error", false, "statements", List.of(Map.of("node", select, "named_param_map", List.of()))));
        String sql =
                statements.queryRaw("SELECT json_deserialize_sql(" + SqlText.string(json) + "::JSON)", work, result -> {
                    result.next();
                    return result.getString(1);
                });
        return "(" + sql.substring("SELECT ".length()) + ")";
    }
}
