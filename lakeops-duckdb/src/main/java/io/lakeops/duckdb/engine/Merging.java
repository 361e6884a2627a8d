package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Sources that are matched to a table's rows by key. */
final class Merging {
    private static final Set<Primitive> WHOLE =
            Set.of(Primitive.BYTE, Primitive.SHORT, Primitive.INTEGER, Primitive.LONG);

    private final Relations relations;
    private final Statements statements;
    private final Cancellation cancellation;

    Merging(Relations relations, Statements statements, Cancellation cancellation) {
        this.relations = relations;
        this.statements = statements;
        this.cancellation = cancellation;
    }

    /**
     * The rows of the target with those of the source put in.
     *
     * <p>Errors: AMBIGUOUS_MATCH, with one of the keys that stand twice.
     */
    String sql(Relation.Upserted upserted) throws SQLException {
        Schema schema = upserted.target().snapshot().schema();
        String rows = relations.sql(upserted.source());
        List<Column> columns = relations.columns(rows);
        boolean utc = relations.isUtc();
        // The source is read once, so that what is checked is what is written.
        StagedRows source = relations.stage(
                "SELECT s.*, " + keys(columns, schema, upserted.key(), utc) + ", (("
                        + Relations.text(upserted.delete())
                        + "\n) IS TRUE) AS lakeops_deletes, true AS lakeops_is_there FROM (" + rows + "\n) AS s",
                new Work("merge", upserted.target().snapshot().table().toString(), cancellation));
        checkUnique(source, schema, upserted.key());
        TableRules rules = TableRules.of(upserted.target().snapshot());
        List<String> select = new ArrayList<>();
        for (Field field : schema.fields()) {
            String target = "t." + SqlText.identifier(field.name());
            Optional<Column> column = columns.stream()
                    .filter(c -> c.name().equalsIgnoreCase(field.name()))
                    .findFirst();
            String value = column.isEmpty()
                    ? lacking(rules, field, target)
                    : "CASE WHEN s.lakeops_is_there THEN " + Projection.cast(column.get(), field, utc) + " ELSE "
                            + target + " END";
            select.add(value + " AS " + SqlText.identifier(field.name()));
        }
        return "SELECT " + String.join(", ", select) + " FROM (SELECT *, true AS lakeops_was_there FROM ("
                + relations.sql(upserted.target()) + "\n)) AS t FULL JOIN " + source.table() + " AS s ON "
                + on(schema, upserted.key())
                + " WHERE s.lakeops_deletes IS NOT TRUE";
    }

    /** A column that the source lacks. */
    private static String lacking(TableRules rules, Field field, String target) {
        if (TableRules.find(rules.generated(), field.name()).isPresent()) {
            return "CASE WHEN s.lakeops_is_there IS NULL THEN " + target + " END";
        }
        return TableRules.find(rules.defaults(), field.name()).isEmpty()
                ? target
                : "CASE WHEN t.lakeops_was_there THEN " + target + " ELSE " + Projection.missing(rules, field) + " END";
    }

    /** The keys of a source without nulls, once each, as columns {@code lakeops_k0, …}. */
    String distinctKeys(Relation source, Schema schema, List<String> key) throws SQLException {
        String rows = relations.sql(source);
        String columns = keys(relations.columns(rows), schema, key, relations.isUtc());
        return "SELECT DISTINCT * FROM (SELECT " + columns + " FROM (" + rows + "\n) AS s) WHERE " + notNull(key);
    }

    /** When rows called {@code t} of the table match rows called {@code s} of the source. */
    static String on(Schema schema, List<String> key) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            parts.add("t." + SqlText.identifier(schema.require(key.get(i)).name()) + " = s.lakeops_k" + i);
        }
        return String.join(" AND ", parts);
    }

    private static String notNull(List<String> key) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            parts.add("lakeops_k" + i + " IS NOT NULL");
        }
        return String.join(" AND ", parts);
    }

    private static String keys(List<Column> columns, Schema schema, List<String> key, boolean utc) {
        if (key.isEmpty()) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a key needs at least one column");
        }
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            String name = key.get(i);
            Field field = schema.require(name);
            Column column = columns.stream()
                    .filter(c -> c.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new LakeException(
                            ErrorCode.COLUMN_NOT_FOUND,
                            "the source lacks the key column '" + name + "'",
                            Map.of("columns", columns.stream().map(Column::name).toList())));
            expressions.add(key(column, field, utc) + " AS lakeops_k" + i);
        }
        return String.join(", ", expressions);
    }

    /** A key that a cast would round must not match the key that it would become. */
    private static String key(Column column, Field field, boolean utc) {
        String cast = Projection.cast(column, field, utc);
        boolean exact = field.type() instanceof DataType.Decimal
                || (field.type() instanceof Primitive primitive && WHOLE.contains(primitive));
        boolean rounds = column.type().startsWith("DECIMAL")
                || column.type().equals("DOUBLE")
                || column.type().equals("FLOAT");
        if (!exact || !rounds || column.type().equals(DuckTypes.sql(field.type()))) {
            return cast;
        }
        String value = "s." + SqlText.identifier(column.name());
        return "CASE WHEN " + value + " <> " + cast + " THEN error('the key ' || " + value
                + "::VARCHAR || ' of column ' || " + SqlText.string(column.name()) + " || ' is not of the type "
                + DuckTypes.sql(field.type()) + "') ELSE " + cast + " END";
    }

    private void checkUnique(StagedRows source, Schema schema, List<String> key) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            columns.add("lakeops_k" + i);
        }
        String list = String.join(", ", columns);
        String sql = "SELECT " + list + ", count(*) FROM " + source.table() + " WHERE " + notNull(key) + " GROUP BY "
                + list + " HAVING count(*) > 1 ORDER BY " + list + " LIMIT 1";
        Optional<String> twice = statements.queryRaw(sql, Work.quiet(cancellation), result -> {
            if (!result.next()) {
                return Optional.<String>empty();
            }
            List<String> values = new ArrayList<>();
            for (int i = 0; i < key.size(); i++) {
                values.add(schema.require(key.get(i)).name() + " = " + result.getString(i + 1));
            }
            return Optional.of(values.stream().collect(Collectors.joining(" and ")) + ", in "
                    + result.getLong(key.size() + 1) + " rows");
        });
        if (twice.isPresent()) {
            throw new LakeException(
                    ErrorCode.AMBIGUOUS_MATCH,
                    "several source rows have one key",
                    Map.of("example", twice.get(), "key", key));
        }
    }
}
