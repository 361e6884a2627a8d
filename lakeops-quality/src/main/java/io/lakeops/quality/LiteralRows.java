package io.lakeops.quality;

import io.lakeops.check.CommonSql;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A few rows of our own as a relation. */
final class LiteralRows {
    private LiteralRows() {}

    static Relation.Query of(Schema schema, List<List<@Nullable Object>> rows) {
        String values = rows.stream().map(row -> row(schema, row)).collect(Collectors.joining(",\n"));
        String names = schema.names().stream().map(CommonSql::name).collect(Collectors.joining(", "));
        return new Relation.Query(Expr.of("SELECT * FROM (VALUES " + values + ") AS rows_to_keep(" + names + ")"));
    }

    private static String row(Schema schema, List<@Nullable Object> row) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            String type = type(schema.fields().get(i).type());
            if (value == null) {
                texts.add("CAST(NULL AS " + type + ")");
            } else if (value instanceof String text) {
                // No SQL text can carry NUL.
                texts.add(CommonSql.literal(text.replace('\0', '\uFFFD')));
            } else {
                texts.add("CAST(" + CommonSql.literal(value) + " AS " + type + ")");
            }
        }
        return "(" + String.join(", ", texts) + ")";
    }

    private static String type(DataType type) {
        if (type == Primitive.STRING) {
            return "VARCHAR";
        }
        if (type == Primitive.LONG) {
            return "BIGINT";
        }
        if (type == Primitive.DOUBLE) {
            return "DOUBLE";
        }
        if (type == Primitive.DATE) {
            return "DATE";
        }
        if (type == Primitive.TIMESTAMP) {
            return "TIMESTAMP WITH TIME ZONE";
        }
        throw new IllegalArgumentException("no column of LakeOps' own tables has the type " + type);
    }
}
