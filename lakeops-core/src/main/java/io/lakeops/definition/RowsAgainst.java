package io.lakeops.definition;

import io.lakeops.check.CommonSql;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Looks for rows that are there and that an edit would forbid. */
final class RowsAgainst {
    private static final int SHOWN = 3;

    private final Snapshot base;
    private final Session session;
    private final Run run;

    RowsAgainst(Snapshot base, Session session, Run run) {
        this.base = base;
        this.session = session;
        this.run = run;
    }

    /** Whether every row had to be looked at; CONSTRAINT_VIOLATED shows rows that stand against the edit. */
    boolean check(Edit edit) {
        if (edit instanceof Edit.ChangeNullability change && !change.nullable()) {
            requireNoNulls(SchemaEdits.spelled(base.schema(), change.column()));
            return true;
        }
        if (edit instanceof Edit.AddConstraint add) {
            Expr condition = Expr.spark(add.expression());
            refuse(
                    new Relation.Except(Relation.TableRows.all(base), condition),
                    "the constraint " + add.name() + " CHECK (" + add.expression() + ") can't be added: rows break it");
            return true;
        }
        return edit instanceof Edit.SyncIdentity;
    }

    /** The number of a column that is furthest in the direction in which it counts; empty where no row has one. */
    OptionalLong furthest(IdentityColumn column) {
        String which = column.step() > 0 ? "max" : "min";
        Rows found = session.measure(
                new MeasureRequest(
                        Relation.TableRows.all(base),
                        List.of(new MeasureRequest.Aggregate(
                                "furthest", Expr.of(which + "(" + CommonSql.name(column.column()) + ")")))),
                run.cancellation());
        return found.value(0, "furthest") instanceof Number number
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    static IdentityColumn requireIdentity(Field field) {
        return IdentityColumn.of(field)
                .orElseThrow(() -> new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the column " + field.name() + " is no identity column",
                        Map.of("column", field.name())));
    }

    private void requireNoNulls(ColumnPath column) {
        requireStructs(column);
        List<DataFile> doubtful = base.scan().files().stream()
                .filter(file -> !knownWithoutNulls(file, column))
                .toList();
        String name = column.parts().stream().map(CommonSql::name).collect(Collectors.joining("."));
        if (doubtful.isEmpty()) {
            return;
        }
        refuse(
                new Relation.Filtered(new Relation.TableRows(base, doubtful), Expr.of(name + " IS NULL")),
                "the column " + column + " can't be made required: rows have null in it");
    }

    /** Shows some of those rows, where there are any. */
    private void refuse(Relation rows, String problem) {
        Rows found = session.rows(rows, SHOWN, run.cancellation());
        if (!found.rows().isEmpty()) {
            List<String> shown = found.rows().stream()
                    .map(row -> found.columns().stream()
                            .map(c -> c + "=" + row.get(found.columns().indexOf(c)))
                            .collect(Collectors.joining(", ")))
                    .toList();
            throw new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED, problem, Map.of("table", base.table(), "rows", shown));
        }
    }

    private boolean knownWithoutNulls(DataFile file, ColumnPath column) {
        if (column.parts().size() == 1 && base.partitionColumns().contains(column.name())) {
            return file.partitionValues().get(column.name()) != null;
        }
        return file.statistics()
                .map(s -> s.column(column.parts()).nulls())
                .filter(nulls -> nulls.isPresent() && nulls.getAsLong() == 0)
                .isPresent();
    }

    /** A field within a list or map can't be looked at by name. */
    private void requireStructs(ColumnPath column) {
        for (int i = 1; i < column.parts().size(); i++) {
            DataType above = SchemaEdits.type(
                    new Schema(base.schema().fields()),
                    new ColumnPath(column.parts().subList(0, i)));
            if (!(above instanceof DataType.Struct)) {
                throw new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "a field within a list or map can't be made required: " + column,
                        Map.of("column", column));
            }
        }
    }
}
