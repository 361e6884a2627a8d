package io.lakeops.change;

import io.lakeops.engine.Assignment;
import io.lakeops.engine.MergeRequest;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The identity columns of a table in one change: which of them number its new rows, and that nothing else is written into
 * them but what may be.
 *
 * <p>The numbers go on from the version that the change is planned on, and the commit that brings the rows says how far they
 * came. So of two writers that begin at one number, one loses, and is planned again beyond the other.
 *
 * @param numbered the columns that the new rows do not give
 */
record Numbering(List<IdentityColumn> numbered) {
    /** For rows that come with these columns. INVALID_ARGUMENT where one of them takes no values. */
    static Numbering of(Schema table, Schema rows) {
        List<IdentityColumn> all = IdentityColumn.all(table);
        all.stream()
                .filter(c -> !c.explicit() && rows.find(c.column()).isPresent())
                .findFirst()
                .ifPresent(Numbering::refuseValue);
        return new Numbering(
                all.stream().filter(c -> rows.find(c.column()).isEmpty()).toList());
    }

    /** For a merge: a column is numbered where a clause inserts rows and does not give it. */
    static Numbering of(Schema table, Schema source, List<MergeRequest.Clause> clauses) {
        List<IdentityColumn> all = IdentityColumn.all(table);
        for (IdentityColumn column : all) {
            for (MergeRequest.Clause clause : clauses) {
                boolean given = gives(clause.action(), source, column.column());
                if (given && clause.when() == MergeRequest.When.NOT_MATCHED) {
                    if (!column.explicit()) {
                        refuseValue(column);
                    }
                } else if (given) {
                    refuseUpdate(column);
                }
            }
        }
        return new Numbering(all.stream()
                .filter(column -> clauses.stream()
                        .anyMatch(clause -> clause.when() == MergeRequest.When.NOT_MATCHED
                                && !gives(clause.action(), source, column.column())))
                .toList());
    }

    private static boolean gives(MergeRequest.Action action, Schema source, String column) {
        if (action instanceof MergeRequest.SetAll || action instanceof MergeRequest.InsertAll) {
            return source.find(column).isPresent();
        }
        return action.assignments().stream().anyMatch(a -> a.column().equalsIgnoreCase(column));
    }

    /** INVALID_ARGUMENT where an update names an identity column. */
    static void requireNotSet(Schema table, List<Assignment> set) {
        IdentityColumn.all(table).stream()
                .filter(c -> set.stream().anyMatch(a -> a.column().equalsIgnoreCase(c.column())))
                .findFirst()
                .ifPresent(Numbering::refuseUpdate);
    }

    /**
     * The columns once so many rows are numbered; what was to come anyway, where none is.
     *
     * @param grown the columns that the change brings, where it brings some
     */
    Optional<Schema> after(Schema before, Optional<Schema> grown, long rows) {
        return numbered.isEmpty() || rows == 0
                ? grown
                : Optional.of(IdentityColumn.in(
                        grown.orElse(before),
                        numbered.stream().map(c -> c.after(rows)).toList()));
    }

    private static void refuseValue(IdentityColumn column) {
        throw new LakeException(
                ErrorCode.INVALID_ARGUMENT,
                "the column " + column.column() + " takes no values, the table numbers it: leave it out",
                Map.of("column", column.toString()));
    }

    private static void refuseUpdate(IdentityColumn column) {
        throw new LakeException(
                ErrorCode.INVALID_ARGUMENT,
                "the column " + column.column() + " is an identity column, whose values stay as they are",
                Map.of("column", column.toString()));
    }
}
