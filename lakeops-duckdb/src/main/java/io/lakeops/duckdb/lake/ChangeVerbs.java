package io.lakeops.duckdb.lake;

import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.change.Delete;
import io.lakeops.change.Merge;
import io.lakeops.change.Update;
import io.lakeops.context.Run;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Runs the verbs that change a table's rows. */
final class ChangeVerbs {
    private final LakeSession session;
    private final Tables tables;
    private final Conditions conditions;

    ChangeVerbs(LakeSession session, Tables tables, Conditions conditions) {
        this.session = session;
        this.tables = tables;
        this.conditions = conditions;
    }

    VerbResult run(Verb.Change verb, Run run) throws SQLException {
        if (verb instanceof Verb.Insert insert) {
            return insert(insert, run);
        }
        if (verb instanceof Verb.Delete delete) {
            return delete(delete, run);
        }
        if (verb instanceof Verb.Update update) {
            return update(update, run);
        }
        return merge((Verb.Merge) verb, run);
    }

    /** As SQL has it, values go to columns by their place: those named, else all of the table's. */
    private VerbResult insert(Verb.Insert insert, Run run) throws SQLException {
        LakeTable table = tables.table(insert.table());
        Schema schema = table.snapshot(SnapshotSelector.latest()).schema();
        List<String> columns = insert.columns().isEmpty()
                ? schema.names()
                : insert.columns().stream().map(c -> schema.require(c).name()).toList();
        if (session.mayReadLake(insert.query())) {
            session.probe(insert.query(), LakeSession.Parameters.NONE);
        }
        int given = columnsOf(insert.query());
        if (given != columns.size()) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the query gives " + given + " columns where " + columns.size() + " are expected",
                    Map.of("columns", columns));
        }
        String sql = "SELECT * FROM (" + insert.query() + "\n) AS inserted (" + SqlText.identifiers(columns) + ")";
        Append append = Append.of(new Relation.Query(new Expr(sql, "duckdb", Predicate.always())));
        ChangeResult result;
        try (DuckDbSession engine = tables.engine()) {
            result = append.run(table, engine, run);
        }
        return VerbResult.changed(
                LiteralTable.of("num_affected_rows BIGINT", "num_inserted_rows BIGINT")
                        .with(result.affectedRows(), result.insertedRows()),
                result.affectedRows());
    }

    private VerbResult delete(Verb.Delete delete, Run run) throws SQLException {
        LakeTable table = tables.table(delete.table());
        Delete operation = Delete.all();
        if (delete.condition().isPresent()) {
            operation = Delete.where(
                    conditions.implied(table.location(), delete.condition().get()));
        }
        try (DuckDbSession engine = tables.engine()) {
            return changed(operation.run(table, engine, run));
        }
    }

    private VerbResult update(Verb.Update update, Run run) throws SQLException {
        LakeTable table = tables.table(update.table());
        Optional<Expr> condition = Optional.empty();
        if (update.condition().isPresent()) {
            condition = Optional.of(
                    conditions.implied(table.location(), update.condition().get()));
        }
        List<Assignment> set = update.set().entrySet().stream()
                .map(one -> new Assignment(one.getKey(), new Expr(one.getValue(), "duckdb", Predicate.always())))
                .toList();
        try (DuckDbSession engine = tables.engine()) {
            return changed(new Update(condition, set, Optional.empty(), Optional.empty()).run(table, engine, run));
        }
    }

    private VerbResult merge(Verb.Merge merge, Run run) throws SQLException {
        LakeTable table = tables.table(merge.table());
        if (session.mayReadLake(merge.source())) {
            session.probe(merge.source(), LakeSession.Parameters.NONE);
        }
        // A source that reads the table itself saw one version: on another one the statement must not land.
        OptionalLong readAt = session.boundNewest(table.location());
        Merge operation = new Merge(
                new Relation.Query(new Expr(merge.source(), "duckdb", Predicate.always())),
                merge.targetAlias(),
                merge.sourceAlias(),
                new Expr(merge.on(), "duckdb", Predicate.always()),
                merge.clauses(),
                readAt,
                Optional.empty(),
                Optional.empty());
        try (DuckDbSession engine = tables.engine()) {
            return changed(operation.run(table, engine, readAt.isEmpty() ? run : run.withCommitTimeout(Duration.ZERO)));
        }
    }

    private static VerbResult changed(ChangeResult result) {
        return VerbResult.changed(
                LiteralTable.of(
                                "num_affected_rows BIGINT",
                                "num_updated_rows BIGINT",
                                "num_deleted_rows BIGINT",
                                "num_inserted_rows BIGINT")
                        .with(result.affectedRows(), result.updatedRows(), result.deletedRows(), result.insertedRows()),
                result.affectedRows());
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
