package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
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

    private final Statements statements;
    private final Cancellation cancellation;

    Merging(Statements statements, Cancellation cancellation) {
        this.statements = statements;
        this.cancellation = cancellation;
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

    /** A source's keys as the table has them, as columns {@code lakeops_k0, …} over rows called {@code s}. */
    static String keys(List<Column> columns, Schema schema, List<String> key, boolean utc) {
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

    /** AMBIGUOUS_MATCH, with one of the keys that stand twice. */
    void requireUnique(StagedRows source, Schema schema, List<String> key) throws SQLException {
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
