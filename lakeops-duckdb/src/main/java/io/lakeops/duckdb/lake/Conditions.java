package io.lakeops.duckdb.lake;

import io.lakeops.duckdb.lake.StatementScope.Mode;
import io.lakeops.duckdb.lake.StatementScope.TableKey;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Expr;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Predicate;
import io.lakeops.table.TableLocation;
import java.sql.SQLException;
import java.util.Map;

/** Conditions of verbs, with what DuckDB's planner makes of them. */
final class Conditions {
    private final LakeSession session;
    private final ScanBinder binder;

    Conditions(LakeSession session, ScanBinder binder) {
        this.session = session;
        this.binder = binder;
    }

    /** The condition with a predicate that it implies: whatever the planner pushes down to the table's files. */
    Expr implied(TableLocation table, String condition) throws SQLException {
        session.probe(query(table, condition), LakeSession.Parameters.NONE);
        TableKey key = binder.scope().newest(table.root().toString());
        return new Expr(condition, "duckdb", binder.scope().predicate(key));
    }

    /**
     * The condition with a predicate that says the same.
     *
     * <p>Errors: INVALID_ARGUMENT where it can't be said so.
     */
    Expr exact(TableLocation table, String condition) throws SQLException {
        StatementScope scope = binder.scope();
        scope.mode(Mode.PROBE);
        String plan;
        try {
            plan = session.explain(query(table, condition), LakeSession.Parameters.NONE);
        } finally {
            scope.mode(Mode.READ);
        }
        Predicate predicate = PlanFilters.exact(plan, scope::probeColumn)
                .orElseThrow(() -> new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "this condition can't be decided from partition values alone; compare partition columns with"
                                + " constants, joined by AND and OR",
                        Map.of("condition", condition)));
        return new Expr(condition, "duckdb", predicate);
    }

    private static String query(TableLocation table, String condition) {
        return "SELECT * FROM delta_scan(" + SqlText.string(table.root().toString()) + ") WHERE (" + condition + "\n)";
    }
}
