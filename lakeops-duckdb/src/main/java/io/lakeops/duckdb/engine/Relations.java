package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Relations as DuckDB's SQL. */
final class Relations {
    private static final Set<String> DIALECTS = Set.of("common", "duckdb");

    private final Statements statements;

    Relations(Statements statements) {
        this.statements = statements;
    }

    /** A query that returns the relation's rows. */
    String sql(Relation relation) {
        if (relation instanceof Relation.ParquetFiles parquet) {
            return parquet(parquet);
        }
        if (relation instanceof Relation.Query query) {
            return withoutEnd(text(query.sql()));
        }
        if (relation instanceof Relation.Filtered filtered) {
            return "SELECT * FROM (" + sql(filtered.input()) + "\n) WHERE (" + text(filtered.condition()) + "\n)";
        }
        if (relation instanceof Relation.Except except) {
            return "SELECT * FROM (" + sql(except.input()) + "\n) WHERE (" + text(except.condition())
                    + "\n) IS NOT TRUE";
        }
        throw new LakeException(ErrorCode.FEATURE_UNSUPPORTED, "not yet");
    }

    /** The columns that a query returns. */
    List<Column> columns(String sql, Cancellation cancellation) {
        return statements.query("DESCRIBE (" + sql + "\n)", Work.quiet(cancellation), result -> {
            List<Column> columns = new ArrayList<>();
            while (result.next()) {
                columns.add(new Column(result.getString("column_name"), result.getString("column_type")));
            }
            return columns;
        });
    }

    /** The text of an expression; FEATURE_UNSUPPORTED for a dialect that DuckDB doesn't read. */
    static String text(Expr expr) {
        if (!DIALECTS.contains(expr.dialect())) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "the engine duckdb can't run expressions of the dialect '" + expr.dialect() + "'",
                    Map.of(
                            "expression",
                            expr.text(),
                            "dialects",
                            DIALECTS.stream().sorted().toList()));
        }
        return expr.text();
    }

    /** A query may end as statements end; within another one it may not. */
    private static String withoutEnd(String sql) {
        String text = sql.strip();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        return text;
    }

    private static String parquet(Relation.ParquetFiles relation) {
        if (relation.files().isEmpty()) {
            return noRows(relation.schema());
        }
        for (Path file : relation.files()) {
            if (!Files.isRegularFile(file)) {
                throw new LakeException(
                        ErrorCode.DATA_FILE_MISSING, "the Parquet file is not there", Map.of("path", file));
            }
        }
        String columns = relation.schema().fields().stream()
                .map(f -> SqlText.string(f.physicalName()) + ": {name: " + SqlText.string(f.name()) + ", type: "
                        + SqlText.string(DuckTypes.sql(f.type())) + ", default_value: NULL}")
                .collect(Collectors.joining(", ", "MAP {", "}"));
        return "SELECT " + SqlText.identifiers(relation.schema().names()) + " FROM read_parquet("
                + SqlText.fileList(relation.files()) + ", schema = " + columns + ")";
    }

    static String noRows(Schema schema) {
        return schema.fields().stream()
                .map(Relations::typedNull)
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }

    private static String typedNull(Field field) {
        return "NULL::" + DuckTypes.sql(field.type()) + " AS " + SqlText.identifier(field.name());
    }
}
