package io.lakeops.quality;

import io.lakeops.Lake;
import io.lakeops.check.CommonSql;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.table.SnapshotSelector;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds what a suite names: relations of the session first, such as models in the warehouse, then tables of the lake at
 * their newest version.
 *
 * @param relations names that the session itself knows, each with what it reads there
 */
public record LakeTargets(Lake lake, Map<String, String> relations) implements CheckTarget.Targets {
    public LakeTargets {
        relations = Map.copyOf(relations);
    }

    /** The tables of a lake alone. */
    public static LakeTargets of(Lake lake) {
        return new LakeTargets(lake, Map.of());
    }

    /** With relations of the session under their own names, such as {@code gold.fct_sales}. */
    public LakeTargets withRelations(Set<String> names) {
        Map<String, String> more = new TreeMap<>(relations);
        for (String name : names) {
            more.put(
                    name,
                    Arrays.stream(name.split("\\.", -1)).map(CommonSql::name).collect(Collectors.joining(".")));
        }
        return new LakeTargets(lake, more);
    }

    @Override
    public CheckTarget find(String table) {
        String relation = relations.get(table);
        if (relation != null) {
            return new CheckTarget.Unversioned(new Relation.Query(Expr.of("SELECT * FROM " + relation)));
        }
        return new CheckTarget.AtVersion(lake.table(table).snapshot(SnapshotSelector.latest()));
    }
}
