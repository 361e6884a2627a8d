package io.lakeops.duckdb.lake;

import io.lakeops.change.ChangeResult;
import io.lakeops.change.Delete;
import io.lakeops.change.Merge;
import io.lakeops.change.Update;
import io.lakeops.context.Run;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.sql.TableRef;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Relation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Runs the verbs that change a table's rows. */
final class ChangeVerbs {
    private final LakeSession session;
    private final Tables tables;
    private final Conditions conditions;
    private final InsertVerbs inserts;

    ChangeVerbs(LakeSession session, Tables tables, Conditions conditions, Settings settings) {
        this.session = session;
        this.tables = tables;
        this.conditions = conditions;
        this.inserts = new InsertVerbs(session, tables, conditions, settings);
    }

    VerbResult run(Verb.Change verb, Run run) throws SQLException {
        if (verb instanceof Verb.Insert insert) {
            return inserts.insert(insert, run);
        }
        if (verb instanceof Verb.Overwrite overwrite) {
            return inserts.overwrite(overwrite, run);
        }
        if (verb instanceof Verb.Delete delete) {
            return delete(delete, run);
        }
        if (verb instanceof Verb.Update update) {
            return update(update, run);
        }
        return merge((Verb.Merge) verb, run);
    }

    private VerbResult delete(Verb.Delete delete, Run run) throws SQLException {
        LakeTable table = tables.changed(delete.table());
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
        LakeTable table = tables.changed(update.table());
        Optional<Expr> condition = Optional.empty();
        if (update.condition().isPresent()) {
            condition = Optional.of(
                    conditions.implied(table.location(), update.condition().get()));
        }
        session.unprobed(update.set().values().stream()
                .filter(value -> !Defaults.isDefault(value))
                .toList());
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        Schema schema = base.schema();
        List<Assignment> set = new ArrayList<>();
        update.set().forEach((path, value) -> {
            List<String> names = ofTable(path, update.table(), schema);
            String given =
                    Defaults.isDefault(value) && names.size() == 1 ? new Defaults(base).value(names.get(0)) : value;
            set.add(new Assignment(
                    names.get(0), names.subList(1, names.size()), new Expr(given, "duckdb", Predicate.always())));
        });
        try (DuckDbSession engine = tables.engine()) {
            return changed(new Update(condition, set, Optional.empty(), Optional.empty()).run(table, engine, run));
        }
    }

    private VerbResult merge(Verb.Merge merge, Run run) throws SQLException {
        LakeTable table = tables.changed(merge.table());
        if (session.mayReadLake(merge.source())) {
            session.probe(merge.source(), LakeSession.Parameters.NONE);
        }
        session.unprobed(expressions(merge));
        Merge operation = new Merge(
                new Relation.Query(new Expr(merge.source(), "duckdb", Predicate.always())),
                merge.targetAlias(),
                merge.sourceAlias(),
                new Expr(merge.on(), "duckdb", Predicate.always()),
                merge.clauses(),
                merge.evolves(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
        try (DuckDbSession engine = tables.engine()) {
            return changed(operation.run(table, engine, run));
        }
    }

    /** The path without the table's name before it, unless a column has that name. */
    private static List<String> ofTable(List<String> path, TableRef table, Schema schema) {
        boolean named = table instanceof TableRef.Named name
                && path.size() > 1
                && schema.find(path.get(0)).isEmpty()
                && name.parts().get(name.parts().size() - 1).equalsIgnoreCase(path.get(0));
        return named ? path.subList(1, path.size()) : path;
    }

    private static List<String> expressions(Verb.Merge merge) {
        List<String> texts = new ArrayList<>(List.of(merge.on()));
        for (MergeRequest.Clause clause : merge.clauses()) {
            clause.condition().ifPresent(c -> texts.add(c.text()));
            clause.action().assignments().forEach(a -> texts.add(a.value().text()));
        }
        return texts;
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
}
