package io.lakeops.duckdb.lake;

import io.lakeops.context.Run;
import io.lakeops.definition.AlterTable;
import io.lakeops.definition.Edit;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.spark.SparkExpression;
import io.lakeops.duckdb.sql.Alteration;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.table.CharLengths;
import io.lakeops.table.DataType;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs ALTER TABLE. */
final class AlterVerbs {
    private final Tables tables;

    AlterVerbs(Tables tables) {
        this.tables = tables;
    }

    VerbResult run(Verb.Alter verb, Run run) throws SQLException {
        LakeTable table = tables.table(verb.table());
        AlterTable operation = AlterTable.of(edit(table, verb.alteration()));
        try (DuckDbSession engine = tables.engine()) {
            operation.run(table, engine, run);
        }
        tables.mounts().redefined(table.location());
        return VerbResult.none();
    }

    private Edit edit(LakeTable table, Alteration alteration) throws SQLException {
        if (alteration instanceof Alteration.Plain plain) {
            return plain.edit();
        }
        if (alteration instanceof Alteration.ChangeType change) {
            return new Edit.ChangeType(change.column(), type(change.type()));
        }
        if (alteration instanceof Alteration.ChangeDefault change) {
            return byDefault(table, change);
        }
        List<Edit.NewColumn> columns = new ArrayList<>();
        for (Alteration.Column column : ((Alteration.AddColumns) alteration).columns()) {
            Verb.ColumnDefinition definition = column.definition();
            columns.add(new Edit.NewColumn(
                    column.path(),
                    type(definition.type()),
                    definition.nullable(),
                    definition.comment(),
                    column.position(),
                    column.path().parts().size() == 1 ? CharLengths.declared(definition.type()) : Optional.empty()));
        }
        return new Edit.AddColumns(columns);
    }

    /** A default that no row could be given here is refused at once. */
    private static Edit byDefault(LakeTable table, Alteration.ChangeDefault change) {
        if (change.expression().isPresent()) {
            Schema schema = table.snapshot(SnapshotSelector.latest()).schema();
            SparkExpression.byDefault(
                    change.expression().get(),
                    schema.require(change.column().name()).type());
        }
        return new Edit.ChangeDefault(change.column(), change.expression());
    }

    /** DuckDB reads the type, so that all its names for it are known. */
    private DataType type(String type) throws SQLException {
        try (Statement statement = tables.connection().createStatement();
                ResultSet described = statement.executeQuery("DESCRIBE SELECT NULL::" + type + " AS c")) {
            described.next();
            return DuckTypes.parse(described.getString("column_type"));
        }
    }
}
