package io.lakeops.duckdb.jdbc;

import io.lakeops.duckdb.lake.LakeSession;
import java.sql.ResultSet;
import java.sql.Statement;

/** What of a result is ours: the statement that it belongs to. */
final class LakeResultSet implements Delegation.Own<ResultSet> {
    private final ResultSet target;
    private final Statement statement;

    private LakeResultSet(ResultSet target, Statement statement) {
        this.target = target;
        this.statement = statement;
    }

    static ResultSet proxy(ResultSet target, Statement statement, LakeSession session) {
        return Delegation.proxy(ResultSet.class, new LakeResultSet(target, statement), session);
    }

    @Override
    public ResultSet target() {
        return target;
    }

    public Statement getStatement() {
        return statement;
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
