package io.lakeops.table;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a table demands of every row that comes into it, beyond its columns' types and nullability.
 *
 * <p>Shape: a table keeps its rules in the words of Delta, whatever its format: the properties {@code delta.constraints.*}
 * and the fields' metadata {@code delta.invariants}, {@code delta.generationExpression}, {@code CURRENT_DEFAULT}, {@code delta.identity.*}. Expressions are Spark's SQL; an engine that can't run one as Spark
 * does says so before it writes.
 *
 * Spark's {@code __CHAR_VARCHAR_TYPE_STRING} is a condition too.
 *
 * <p>Errors: LOG_CORRUPT for a rule that can't be understood.
 *
 * <p>Threads: immutable and safe.
 *
 * <p>Source: Delta protocol, "CHECK Constraints", "Column Invariants", "Generated Columns", "Default Columns".
 *
 * @param checks each must be true of a row: false and null both refuse it
 * @param generated columns whose value follows from others: computed where it is not given, the same where it is
 * @param defaults what a column holds in a new row that does not give it
 * @param identities columns that are numbered in new rows that do not give them
 * @param rowIds whether rows that are written again keep their ids
 */
public record TableRules(
        List<Check> checks,
        List<Computed> generated,
        List<Computed> defaults,
        List<IdentityColumn> identities,
        boolean rowIds) {
    /** What the property of a constraint begins with; its name follows. */
    public static final String CONSTRAINT = "delta.constraints.";

    /** The metadata of a field that is generated. */
    public static final String GENERATION = "delta.generationExpression";

    /** The metadata of a field that has a default. */
    public static final String DEFAULT = "CURRENT_DEFAULT";

    private static final String INVARIANTS = "delta.invariants";
    private static final TableRules NONE = new TableRules(List.of(), List.of(), List.of(), List.of(), false);

    public TableRules {
        checks = List.copyOf(checks);
        generated = List.copyOf(generated);
        defaults = List.copyOf(defaults);
        identities = List.copyOf(identities);
    }

    /** Rules of a table that numbers no column. */
    public TableRules(List<Check> checks, List<Computed> generated, List<Computed> defaults) {
        this(checks, generated, defaults, List.of(), false);
    }

    /** Conditions and nothing else. */
    public TableRules(List<Check> checks) {
        this(checks, List.of(), List.of());
    }

    /**
     * A condition on rows.
     *
     * @param name the constraint's name, or the column whose invariant it is
     * @param expression in Spark's SQL
     */
    public record Check(String name, String expression) {}

    /** A top-level column and what it holds. */
    public record Computed(String column, String expression) {}

    /** A table that demands nothing. */
    public static TableRules none() {
        return NONE;
    }

    /** The rules of a version. */
    public static TableRules of(Snapshot snapshot) {
        return of(snapshot.schema(), snapshot.detail().properties());
    }

    /** The rules of a definition. */
    public static TableRules of(Schema schema, Map<String, String> properties) {
        TableRules rules = ofFormat(schema, properties);
        List<Check> checks = new ArrayList<>(rules.checks());
        checks.addAll(TextLimits.of(schema));
        return new TableRules(checks, rules.generated(), rules.defaults(), rules.identities(), rules.rowIds());
    }

    /** The rules of a definition that its format knows of: the lengths of texts are not among them. */
    public static TableRules ofFormat(Schema schema, Map<String, String> properties) {
        List<Check> checks = new ArrayList<>();
        new TreeMap<>(properties).forEach((key, value) -> {
            if (key.startsWith(CONSTRAINT)) {
                checks.add(new Check(key.substring(CONSTRAINT.length()), value));
            }
        });
        invariants(schema.fields(), "", checks);
        return new TableRules(
                checks,
                computed(schema, GENERATION),
                computed(schema, DEFAULT),
                IdentityColumn.all(schema),
                RowIdColumns.of(properties).isPresent());
    }

    /** The same with these identity columns, at other numbers or fewer of them. */
    public TableRules withIdentities(List<IdentityColumn> columns) {
        return new TableRules(checks, generated, defaults, columns, rowIds);
    }

    public boolean isEmpty() {
        return checks.isEmpty() && generated.isEmpty() && defaults.isEmpty() && identities.isEmpty() && !rowIds;
    }

    /** What a column holds by one of those lists. */
    public static Optional<Computed> find(List<Computed> list, String column) {
        return list.stream().filter(c -> c.column().equalsIgnoreCase(column)).findFirst();
    }

    private static List<Computed> computed(Schema schema, String key) {
        List<Computed> computed = new ArrayList<>();
        for (Field field : schema.fields()) {
            if (field.metadata().get(key) instanceof String expression) {
                computed.add(new Computed(field.name(), expression));
            }
        }
        return computed;
    }

    private static void invariants(List<Field> fields, String parent, List<Check> checks) {
        for (Field field : fields) {
            Object text = field.metadata().get(INVARIANTS);
            if (text != null) {
                checks.add(new Check(parent + field.name(), invariant(text, parent + field.name())));
            }
            if (field.type() instanceof DataType.Struct struct) {
                invariants(struct.fields(), parent + field.name() + ".", checks);
            }
        }
    }

    private static String invariant(Object text, String column) {
        if (Json.parseObject(text.toString()).get("expression") instanceof Map<?, ?> outer
                && outer.get("expression") instanceof String expression) {
            return expression;
        }
        throw new LakeException(
                ErrorCode.LOG_CORRUPT,
                "the invariant of a column can't be understood",
                Map.of("column", column, "invariant", text));
    }
}
