package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.spark.SparkExpression;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CharLengths;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a query become those of a table: matched by name, cast, and checked for nulls while they stream.
 *
 * <p>Shape: the table's i-th column is called {@code c<i>} until it is written.
 */
final class Projection {
    /** Begins DuckDB's message where a null stands in column number so-and-so. */
    static final String NULL_MARK = "lakeops-null-in-column-";

    private final Schema schema;
    private final List<String> casts;
    private final List<String> checked;

    private Projection(Schema schema, List<String> casts, List<String> checked) {
        this.schema = schema;
        this.casts = casts;
        this.checked = checked;
    }

    /**
     * Matches columns to a schema.
     *
     * <p>Errors: SCHEMA_MISMATCH for a column that the table lacks, or a name that stands twice.
     *
     * @param rules what a column holds that the rows lack; generated ones are left null, and are not asked for here
     * @param utc whether a timestamp without zone is read as UTC by this session
     */
    static Projection of(
            List<Column> columns, Schema schema, List<String> partitionColumns, TableRules rules, boolean utc) {
        Map<String, Column> byName = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        for (Column column : columns) {
            if (schema.find(column.name()).isEmpty()) {
                unknown.add(column.name());
            }
            if (byName.put(column.name().toLowerCase(Locale.ROOT), column) != null) {
                throw new LakeException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "the rows have two columns of one name",
                        Map.of("column", column.name()));
            }
        }
        if (!unknown.isEmpty()) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the rows have columns that the table lacks",
                    Map.of("columns", unknown, "tableColumns", schema.names()));
        }
        Set<String> partitions =
                partitionColumns.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        List<String> casts = new ArrayList<>();
        List<String> checked = new ArrayList<>();
        for (int i = 0; i < schema.fields().size(); i++) {
            Field field = schema.fields().get(i);
            String key = field.name().toLowerCase(Locale.ROOT);
            String cast = byName.containsKey(key) ? cast(byName.get(key), field, utc) : missing(rules, field);
            if (partitions.contains(key) && field.type() == Primitive.STRING) {
                // An empty text as a partition value is null in the log.
                cast = "nullif(" + cast + ", '')";
            }
            casts.add(cast);
            // What is generated is not there yet; Checks looks at it once it is.
            boolean generated = TableRules.find(rules.generated(), field.name()).isPresent()
                    || rules.identities().stream()
                            .anyMatch(c -> c.column().equals(field.name()) && !byName.containsKey(key));
            String fault = generated ? "" : nullFault(cast, field);
            checked.add(
                    fault.isEmpty()
                            ? cast
                            : "CASE WHEN " + fault + " THEN error('" + NULL_MARK + i + "')::"
                                    + DuckTypes.sql(field.type()) + " ELSE " + cast + " END");
        }
        return new Projection(schema, casts, checked);
    }

    /** What a new row has in a column that it does not give. */
    static String missing(TableRules rules, Field field) {
        return TableRules.find(rules.defaults(), field.name())
                .map(d -> SparkExpression.byDefault(d.expression(), field.type()))
                .orElseGet(() -> cast(null, field, false));
    }

    /** The select list of all columns, of rows called {@code s}. */
    String selectList() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < checked.size(); i++) {
            list.append(i == 0 ? "" : ", ")
                    .append(checked.get(i))
                    .append(" AS c")
                    .append(i);
        }
        return list.toString();
    }

    /** The same without a look at nulls. */
    String uncheckedList() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < casts.size(); i++) {
            list.append(i == 0 ? "" : ", ").append(casts.get(i)).append(" AS c").append(i);
        }
        return list.toString();
    }

    /** The condition that finds the rows for which a column, or a field in it, must not be null and is. */
    String fault(int column) {
        return nullFault(casts.get(column), schema.fields().get(column));
    }

    /** The value of a column of the rows called {@code s}, as the field has it; null where there is no column. */
    static String cast(@Nullable Column column, Field field, boolean utc) {
        String type = DuckTypes.sql(field.type());
        if (field.type() == Primitive.VARIANT) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "columns of type variant can't be written yet",
                    Map.of("column", field.name()));
        }
        if (column == null) {
            return "NULL::" + type;
        }
        String name = "s." + SqlText.identifier(column.name());
        requireKnownFields(column, field.type());
        if (field.type() == Primitive.TIMESTAMP && column.type().equals("TIMESTAMP") && utc) {
            // The same instant as by a cast, without a look into the time zone tables for each row.
            return "make_timestamptz(epoch_us(" + name + "))";
        }
        String value = column.type().equals(type) ? name : "CAST(" + name + " AS " + type + ")";
        if (field.type() != Primitive.STRING) {
            return value;
        }
        String limited = limited(value, field);
        // As they will be read, so that keys match the rows that stand there.
        return CharLengths.of(field)
                .padTo()
                .map(length -> SqlText.padded(limited, length))
                .orElse(limited);
    }

    /** A text as a column of CHAR(n) or VARCHAR(n) takes it. */
    static String limited(String value, Field field) {
        return CharLengths.limits(field)
                .padTo()
                .map(length -> SqlText.limited(value, length))
                .orElse(value);
    }

    private static boolean isNested(String duckdbType) {
        return duckdbType.endsWith("]") || duckdbType.startsWith("STRUCT(") || duckdbType.startsWith("MAP(");
    }

    /** SCHEMA_MISMATCH where a value has fields, at any depth, that the type lacks: DuckDB's casts drop them without a word. */
    static void requireKnownFields(Column column, DataType type) {
        if (isNested(type) && isNested(column.type())) {
            checkNested(column.name(), DuckTypes.parse(column.type()), type);
        }
    }

    /** The same, and SCHEMA_MISMATCH too where the value lacks fields of the type: they would become null without a word. */
    static void requireSameFields(Column column, DataType type) {
        requireKnownFields(column, type);
        if (isNested(type) && isNested(column.type())) {
            checkWhole(column.name(), DuckTypes.parse(column.type()), type);
        }
    }

    private static void checkWhole(String path, DataType from, DataType to) {
        if (from instanceof DataType.Struct source && to instanceof DataType.Struct target) {
            Schema fields = new Schema(source.fields());
            for (Field field : target.fields()) {
                Field match = fields.find(field.name())
                        .orElseThrow(() -> new LakeException(
                                ErrorCode.SCHEMA_MISMATCH,
                                "the value lacks a nested field of the table's",
                                Map.of("field", path + "." + field.name(), "fields", fields.names())));
                checkWhole(path + "." + field.name(), match.type(), field.type());
            }
        } else if (from instanceof DataType.Array source && to instanceof DataType.Array target) {
            checkWhole(path + ".element", source.element(), target.element());
        } else if (from instanceof DataType.Mapping source && to instanceof DataType.Mapping target) {
            checkWhole(path + ".value", source.value(), target.value());
        }
    }

    /** Whether a type has parts. */
    static boolean isNested(DataType type) {
        return !(type instanceof Primitive || type instanceof DataType.Decimal);
    }

    private static void checkNested(String path, DataType from, DataType to) {
        if (from instanceof DataType.Struct source && to instanceof DataType.Struct target) {
            Schema fields = new Schema(target.fields());
            for (Field field : source.fields()) {
                Field match = fields.find(field.name())
                        .orElseThrow(() -> new LakeException(
                                ErrorCode.SCHEMA_MISMATCH,
                                "the rows have a nested field that the table lacks",
                                Map.of("field", path + "." + field.name(), "tableFields", fields.names())));
                checkNested(path + "." + field.name(), field.type(), match.type());
            }
        } else if (from instanceof DataType.Array source && to instanceof DataType.Array target) {
            checkNested(path + ".element", source.element(), target.element());
        } else if (from instanceof DataType.Mapping source && to instanceof DataType.Mapping target) {
            checkNested(path + ".key", source.key(), target.key());
            checkNested(path + ".value", source.value(), target.value());
        }
    }

    /** When a value breaks a NOT NULL of the field or of a struct's field within; empty where it can't. */
    private static String nullFault(String value, Field field) {
        List<String> faults = new ArrayList<>();
        if (!field.nullable()) {
            faults.add("(" + value + ") IS NULL");
        }
        if (field.type() instanceof DataType.Struct struct) {
            for (Field child : struct.fields()) {
                String inner = nullFault("(" + value + ")." + SqlText.identifier(child.name()), child);
                if (!inner.isEmpty()) {
                    faults.add("((" + value + ") IS NOT NULL AND (" + inner + "))");
                }
            }
        }
        return String.join(" OR ", faults);
    }
}
