package io.lakeops.duckdb.jdbc;

import io.lakeops.duckdb.lake.VerbResult;
import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;

/**
 * The results of a verb, one after another: its rows where it has some, then its update count.
 *
 * <p>While its rows are current the update count can be asked for already, so that neither {@code execute} with
 * {@code getUpdateCount} nor {@code execute} with {@code getResultSet} surprises.
 */
final class Outcome {
    private final VerbResult result;
    private final @Nullable ResultSet rows;
    private Stage stage;

    private enum Stage {
        ROWS,
        COUNT,
        END
    }

    Outcome(VerbResult result, @Nullable ResultSet rows) {
        this.result = result;
        this.rows = rows;
        this.stage = rows != null ? Stage.ROWS : Stage.COUNT;
    }

    boolean isRows() {
        return stage == Stage.ROWS;
    }

    @Nullable
    ResultSet rows() {
        return stage == Stage.ROWS ? rows : null;
    }

    long updateCount() {
        return stage == Stage.END ? -1 : result.updateCount().orElse(-1);
    }

    /** The count that executeUpdate returns. */
    long changed() {
        return result.updateCount().orElse(0);
    }

    void next() {
        stage = stage == Stage.ROWS && result.updateCount().isPresent() ? Stage.COUNT : Stage.END;
    }
}
