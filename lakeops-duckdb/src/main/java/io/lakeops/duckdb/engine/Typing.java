package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.spark.SparkExpression;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.LoadRequest;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gives raw records their types, and rejects what can't have them.
 *
 * <p>A whole number must be written as one; a decimal with more digits after the point than its type has is rounded, half
 * up; a timestamp without zone is UTC; a date or time that is infinite is none.
 *
 * <p>Shape: {@code reason} (null for a good row), {@code file}, {@code line}, {@code name}, {@code hash}, {@code raw} and
 * the table's columns {@code c0, c1, …}; good rows first, sorted as they are to be written.
 */
final class Typing {
    private static final Set<Primitive> WHOLE =
            EnumSet.of(Primitive.BYTE, Primitive.SHORT, Primitive.INTEGER, Primitive.LONG);
    private static final Set<Primitive> TIMES =
            EnumSet.of(Primitive.DATE, Primitive.TIMESTAMP, Primitive.TIMESTAMP_NTZ);

    private final LoadRequest request;
    private final List<Field> source;

    Typing(LoadRequest request) {
        this.request = request;
        this.source = request.source().fields();
        for (Field field : source) {
            if (field.name().toLowerCase(Locale.ROOT).startsWith("lakeops_")) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "names of source columns must not begin with lakeops_",
                        Map.of("column", field.name()));
            }
        }
    }

    /** The types of records that are all text. */
    List<String> texts() {
        return Collections.nCopies(source.size(), "VARCHAR");
    }

    /**
     * The query over records.
     *
     * @param records returns {@code file, line, name, fault} and the source's columns as {@code v0, v1, …}
     * @param types the DuckDB types of the latter
     */
    String sql(String records, List<String> types) {
        String typed = IntStream.range(0, source.size())
                .mapToObj(i -> typed(i, types.get(i)) + " AS "
                        + SqlText.identifier(source.get(i).name()))
                .collect(Collectors.joining(", "));
        String derived = request.derived().stream()
                .map(d -> ", (" + Relations.text(d.expression()) + "\n) AS " + derivedName(d.column()))
                .collect(Collectors.joining());
        String level1 = "SELECT * RENAME (file AS lakeops_file, line AS lakeops_line, name AS lakeops_name, fault AS"
                + " lakeops_fault, " + renames() + "), " + typed + ", " + hash() + " AS lakeops_hash" + fileName()
                + " FROM ("
                + records + ")";
        String level2 = "SELECT *" + derived + " FROM (" + level1 + ")";
        String level3 = "SELECT *, " + reason(types) + " AS lakeops_reason FROM (" + level2 + ")";
        String name = isParquet() ? "lakeops_name" : "NULL::VARCHAR";
        return numbered("SELECT lakeops_reason AS reason, lakeops_file AS file, lakeops_line AS line, " + name
                + " AS name, " + raw() + " AS raw, " + columns() + " FROM (" + level3 + ") ORDER BY " + order());
    }

    /** The good rows, which come first, numbered in their order; beyond the last number it is null, and the load is none. */
    private String numbered(String sorted) {
        if (request.rules().identities().isEmpty()) {
            return sorted;
        }
        List<String> numbers = new ArrayList<>();
        for (IdentityColumn column : request.rules().identities()) {
            String name = "c" + index(column.column());
            numbers.add("CASE WHEN reason IS NULL THEN TRY_CAST(" + column.next() + "::HUGEINT + " + column.step()
                    + "::HUGEINT * (lakeops_number - 1) AS BIGINT) END AS " + name);
        }
        return "SELECT * EXCLUDE lakeops_number REPLACE (" + String.join(", ", numbers)
                + ") FROM (SELECT *, row_number() OVER () AS lakeops_number FROM (" + sorted + "))";
    }

    private boolean isNumbered(String column) {
        return request.rules().identities().stream().anyMatch(c -> c.column().equalsIgnoreCase(column));
    }

    /** A rule that reads a number can't be judged before the rows are sorted. */
    private void requireNotNumbered(SparkExpression expression, String text) {
        expression.columns().stream().filter(this::isNumbered).findFirst().ifPresent(column -> {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "raw files can't be loaded where a rule reads a column that the table numbers",
                    Map.of("column", column, "rule", text));
        });
    }

    /** A derived column may be computed from the file's name, where no column of the source hides it. */
    private String fileName() {
        return request.source().find("src_filename").isPresent() ? "" : ", name AS src_filename";
    }

    private String renames() {
        return IntStream.range(0, source.size())
                .mapToObj(i -> "v" + i + " AS lakeops_v" + i)
                .collect(Collectors.joining(", "));
    }

    private static String derivedName(String column) {
        return SqlText.identifier("lakeops_derived_" + column.toLowerCase(Locale.ROOT));
    }

    private String typed(int index, String from) {
        DataType type = source.get(index).type();
        String value = "v" + index;
        String target = DuckTypes.sql(type);
        if (from.equals(target)) {
            return value;
        }
        if (type == Primitive.TIMESTAMP && from.equals("TIMESTAMP")) {
            return "make_timestamptz(epoch_us(" + value + "))";
        }
        if (type == Primitive.BINARY && from.equals("VARCHAR")) {
            return "encode(" + value + ")";
        }
        boolean nested = !(type instanceof Primitive || type instanceof DataType.Decimal);
        return nested && from.equals("VARCHAR")
                ? "TRY_CAST(TRY_CAST(" + value + " AS JSON) AS " + target + ")"
                : "TRY_CAST(" + value + " AS " + target + ")";
    }

    /** md5 over the values as text, so that anybody can compute it from the file. */
    private String hash() {
        return IntStream.range(0, source.size())
                .mapToObj(i -> "coalesce(v" + i + "::VARCHAR, '\\N')")
                .collect(Collectors.joining(", chr(31), ", "md5(concat(", "))"));
    }

    private String reason(List<String> types) {
        StringBuilder cases = new StringBuilder("CASE WHEN lakeops_fault IS NOT NULL THEN lakeops_fault");
        for (int i = 0; i < source.size(); i++) {
            Field field = source.get(i);
            String name = SqlText.identifier(field.name());
            String text = "lakeops_v" + i;
            List<String> bad = new ArrayList<>();
            if (!types.get(i).equals(DuckTypes.sql(field.type()))) {
                bad.add(name + " IS NULL");
                if (types.get(i).equals("VARCHAR") && field.type() instanceof Primitive p && WHOLE.contains(p)) {
                    // The cast would round it.
                    for (String part : List.of(".", "e", "E")) {
                        bad.add("contains(" + text + ", '" + part + "')");
                    }
                }
            }
            if (field.type() instanceof Primitive p && TIMES.contains(p)) {
                bad.add("NOT isfinite(" + name + ")");
            }
            if (!bad.isEmpty()) {
                cases.append(" WHEN ")
                        .append(text)
                        .append(" IS NOT NULL AND (")
                        .append(String.join(" OR ", bad))
                        .append(") THEN ")
                        .append(SqlText.string("INVALID_VALUE: column '" + field.name() + "' is no "
                                + DuckTypes.sql(field.type()) + ": "))
                        .append(" || left(")
                        .append(text)
                        .append("::VARCHAR, 100)");
            }
        }
        for (String column : required()) {
            cases.append(" WHEN ")
                    .append(value(column))
                    .append(" IS NULL THEN ")
                    .append(SqlText.string("MISSING_VALUE: column '" + column + "' is null"));
        }
        Schema table = request.table();
        for (TableRules.Computed one : request.rules().generated()) {
            Field field = table.require(one.column());
            if (isGiven(field)) {
                cases.append(" WHEN ")
                        .append(cell(field))
                        .append(" IS DISTINCT FROM ")
                        .append(generated(field).orElseThrow())
                        .append(" THEN ")
                        .append(SqlText.string("CONSTRAINT_VIOLATED: column " + field.name() + " GENERATED ALWAYS AS ("
                                + one.expression() + ")"));
            }
        }
        for (TableRules.Check check : request.rules().checks()) {
            SparkExpression condition = SparkExpression.condition(check.expression(), table, f -> "(" + cell(f) + ")");
            requireNotNumbered(condition, check.expression());
            cases.append(" WHEN ")
                    .append(condition.sql())
                    .append(" IS NOT TRUE THEN ")
                    .append(SqlText.string(
                            "CONSTRAINT_VIOLATED: CHECK " + check.name() + " (" + check.expression() + ")"));
        }
        return cases.append(" END").toString();
    }

    /** The columns that the request asks for, and those that the table can't have null. */
    private Set<String> required() {
        Set<String> columns = new LinkedHashSet<>();
        for (String name : request.required()) {
            columns.add(canonical(name));
        }
        request.table().fields().stream()
                .filter(f -> !f.nullable() && audit(f.name()).isEmpty() && !isNumbered(f.name()))
                .forEach(f -> columns.add(canonical(f.name())));
        return columns;
    }

    private String canonical(String name) {
        return request.source().find(name).map(Field::name).orElse(name);
    }

    /** The expression for a column of the source or a derived one. */
    private String value(String column) {
        if (request.derived().stream().anyMatch(d -> d.column().equalsIgnoreCase(column))) {
            return derivedName(column);
        }
        Optional<Field> own = request.table()
                .find(column)
                .filter(f -> !isGiven(f))
                .filter(f -> TableRules.find(request.rules().generated(), column)
                                .isPresent()
                        || TableRules.find(request.rules().defaults(), column).isPresent());
        return own.map(f -> "(" + cell(f) + ")")
                .orElseGet(() ->
                        SqlText.identifier(request.source().require(column).name()));
    }

    private Optional<String> audit(String column) {
        return switch (column.toLowerCase(Locale.ROOT)) {
            case "ingestion_ts" -> Optional.of("make_timestamptz(" + micros(request.ingestionTime()) + ")");
            case "src_filename" -> Optional.of("lakeops_name");
            case "src_row_hash" -> Optional.of("lakeops_hash");
            default -> Optional.empty();
        };
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private String columns() {
        List<String> columns = new ArrayList<>();
        List<Field> fields = request.table().fields();
        for (int i = 0; i < fields.size(); i++) {
            columns.add(cell(fields.get(i)) + " AS c" + i);
        }
        return String.join(", ", columns);
    }

    /** The value of a column of the table. */
    private String cell(Field field) {
        String value = isGiven(field)
                ? value(field.name())
                : audit(field.name()).orElseGet(() -> generated(field).orElseGet(() -> missing(field)));
        String cast = Projection.limited("CAST(" + value + " AS " + DuckTypes.sql(field.type()) + ")", field);
        boolean partition = request.partitionColumns().stream().anyMatch(field.name()::equalsIgnoreCase);
        // An empty text as a partition value is null in the log.
        return partition && field.type() == Primitive.STRING ? "nullif(" + cast + ", '')" : cast;
    }

    private boolean isGiven(Field field) {
        return request.source().find(field.name()).isPresent()
                || request.derived().stream().anyMatch(d -> d.column().equalsIgnoreCase(field.name()));
    }

    /** The value of a generated column, from the row's other columns. */
    private Optional<String> generated(Field field) {
        return TableRules.find(request.rules().generated(), field.name()).map(g -> {
            SparkExpression expression = SparkExpression.of(g.expression(), request.table(), f -> "(" + cell(f) + ")");
            requireNotNumbered(expression, g.expression());
            return expression.as(field.type(), g.expression());
        });
    }

    private String missing(Field field) {
        return TableRules.find(request.rules().defaults(), field.name())
                .map(d -> SparkExpression.byDefault(d.expression(), field.type()))
                .orElse("NULL");
    }

    private boolean isParquet() {
        return request.format() instanceof LoadRequest.RawFormat.Parquet;
    }

    /** Parquet has no text to fetch later: a rejected row is kept as JSON. */
    private String raw() {
        if (!isParquet()) {
            return "NULL::VARCHAR";
        }
        String members = IntStream.range(0, source.size())
                .mapToObj(i -> SqlText.identifier(source.get(i).name()) + " := lakeops_v" + i)
                .collect(Collectors.joining(", ", "struct_pack(", ")"));
        return "CASE WHEN lakeops_reason IS NOT NULL THEN to_json(" + members + ")::VARCHAR END";
    }

    private String order() {
        List<String> keys = new ArrayList<>();
        keys.add("(lakeops_reason IS NOT NULL)");
        for (String column : request.partitionColumns()) {
            keys.add("c" + index(column));
        }
        for (String column : request.orderBy()) {
            keys.add("c" + index(column));
        }
        keys.add("lakeops_file");
        keys.add("lakeops_line");
        return String.join(", ", keys);
    }

    private int index(String column) {
        return request.table().fields().indexOf(request.table().require(column));
    }
}
