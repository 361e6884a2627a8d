package io.lakeops.duckdb.lake;

import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.change.Overwrite;
import io.lakeops.context.Run;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Predicate;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs INSERT INTO and INSERT OVERWRITE. */
final class InsertVerbs {
    private final LakeSession session;
    private final Tables tables;
    private final Conditions conditions;
    private final Settings settings;

    InsertVerbs(LakeSession session, Tables tables, Conditions conditions, Settings settings) {
        this.session = session;
        this.tables = tables;
        this.conditions = conditions;
        this.settings = settings;
    }

    VerbResult insert(Verb.Insert insert, Run run) throws SQLException {
        LakeTable table = tables.changed(insert.table());
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        Append append = Append.of(rows(insert.rows(), base, constants(insert.rows(), base)));
        try (DuckDbSession engine = tables.engine()) {
            return inserted(append.run(table, engine, run));
        }
    }

    VerbResult overwrite(Verb.Overwrite overwrite, Run run) throws SQLException {
        LakeTable table = tables.changed(overwrite.table());
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        Map<String, Optional<String>> constants = constants(overwrite.rows(), base);
        Relation rows = rows(overwrite.rows(), base, constants);
        Overwrite operation;
        if (overwrite.where().isPresent()) {
            operation = Overwrite.where(
                    conditions.implied(table.location(), overwrite.where().get()), rows);
        } else if (settings.dynamicPartitions() && base.partitionColumns().size() > constants.size()) {
            operation = Overwrite.partitions(rows);
        } else if (constants.isEmpty()) {
            operation = Overwrite.all(rows);
        } else {
            operation = Overwrite.where(conditions.implied(table.location(), partition(constants)), rows);
        }
        try (DuckDbSession engine = tables.engine()) {
            return inserted(operation.run(table, engine, run));
        }
    }

    private static VerbResult inserted(ChangeResult result) {
        return VerbResult.changed(
                LiteralTable.of("num_affected_rows BIGINT", "num_inserted_rows BIGINT")
                        .with(result.insertedRows(), result.insertedRows()),
                result.insertedRows());
    }

    /** As SQL has it, values go to columns by their place: those named, else all that have no value for all rows. */
    private Relation rows(Verb.InsertedRows rows, Snapshot base, Map<String, Optional<String>> constants)
            throws SQLException {
        if (session.mayReadLake(rows.query())) {
            session.probe(rows.query(), LakeSession.Parameters.NONE);
        }
        StringBuilder sql = new StringBuilder("SELECT *");
        for (Map.Entry<String, Optional<String>> constant : constants.entrySet()) {
            Field field = base.schema().require(constant.getKey());
            sql.append(", CAST(")
                    .append(constant.getValue().map(SqlText::string).orElse("NULL"))
                    .append(" AS ")
                    .append(DuckTypes.sql(field.type()))
                    .append(") AS ")
                    .append(SqlText.identifier(field.name()));
        }
        sql.append(" FROM ")
                .append(
                        rows.byName()
                                ? "(" + rows.query() + "\n) AS inserted"
                                : new Defaults(base).filled(rows, columns(rows, base, constants)));
        return new Relation.Query(new Expr(sql.toString(), "duckdb", Predicate.always()));
    }

    private List<String> columns(Verb.InsertedRows rows, Snapshot base, Map<String, Optional<String>> constants)
            throws SQLException {
        List<String> columns = new ArrayList<>();
        for (String name : rows.columns().isEmpty() ? base.schema().names() : rows.columns()) {
            String column = base.schema().require(name).name();
            if (!constants.containsKey(column)) {
                columns.add(column);
            } else if (!rows.columns().isEmpty()) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a column has a value by PARTITION and is to get one of the query too",
                        Map.of("column", column));
            }
        }
        int given = columnsOf(rows.query());
        if (given != columns.size()) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the query gives " + given + " columns where " + columns.size() + " are expected",
                    Map.of("columns", columns));
        }
        return columns;
    }

    /** The values that PARTITION gives to columns, as texts of their types; computed once, so that they are constants. */
    private Map<String, Optional<String>> constants(Verb.InsertedRows rows, Snapshot base) throws SQLException {
        Map<String, Optional<String>> constants = new LinkedHashMap<>();
        for (Map.Entry<String, Optional<String>> one : rows.partition().entrySet()) {
            Field field = base.schema().require(one.getKey());
            if (!base.partitionColumns().contains(field.name())) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "PARTITION names a column that is no partition column",
                        Map.of("column", field.name(), "partitionColumns", base.partitionColumns()));
            }
            if (one.getValue().isPresent()) {
                Optional<String> value = constant(one.getValue().get(), field);
                if (constants.put(field.name(), value) != null) {
                    throw new LakeException(
                            ErrorCode.INVALID_ARGUMENT,
                            "PARTITION gives a column two values",
                            Map.of("column", field.name()));
                }
            }
        }
        return constants;
    }

    private Optional<String> constant(String value, Field field) throws SQLException {
        String sql = "SELECT CAST(CAST((" + value + "\n) AS " + DuckTypes.sql(field.type()) + ") AS VARCHAR)";
        try (Statement statement = tables.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            @Nullable String text = row.getString(1);
            // An empty text as a partition value is null in the log.
            return Optional.ofNullable(text).filter(t -> !t.isEmpty());
        }
    }

    private static String partition(Map<String, Optional<String>> constants) {
        List<String> parts = new ArrayList<>();
        constants.forEach((column, value) -> parts.add(SqlText.identifier(column)
                + value.map(v -> " = " + SqlText.string(v)).orElse(" IS NULL")));
        return String.join(" AND ", parts);
    }

    private int columnsOf(String query) throws SQLException {
        int columns = 0;
        try (Statement statement = tables.connection().createStatement();
                ResultSet described = statement.executeQuery("DESCRIBE (" + query + "\n)")) {
            while (described.next()) {
                columns++;
            }
        }
        return columns;
    }
}
