package io.lakeops.change;

import io.lakeops.engine.Relation;
import java.util.Objects;

/**
 * The changes of a range of versions, ready to be read by an engine.
 *
 * @param from the first version
 * @param to the last version
 * @param recorded whether the table recorded them; else they are computed from the files that came and went
 * @param rows the changes, row by row
 */
public record ChangePlan(long from, long to, boolean recorded, Relation.Changes rows) {
    public ChangePlan {
        Objects.requireNonNull(rows);
    }
}
