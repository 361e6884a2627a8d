package io.lakeops.check;

import io.lakeops.engine.Expr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a check needs to know, as data.
 *
 * @param measures values over the table's rows; those of all checks of a table are taken in one pass
 * @param probes queries that need a pass of their own, such as grouping by a key
 * @param failingRows which rows fail, where single rows can be blamed
 * @param references other tables that probes read: the name in the query, and the table's name as the host knows it
 * @param column the column or columns that it is about, for the results
 * @param pastRuns how many earlier results the judge looks at
 */
public record CheckPlan(
        List<Measure> measures,
        List<Probe> probes,
        Optional<FailingRows> failingRows,
        Map<String, String> references,
        Optional<String> column,
        int pastRuns) {
    /** The name by which a query reads the rows under check. */
    public static final String THIS = "this";

    public CheckPlan {
        measures = List.copyOf(measures);
        probes = List.copyOf(probes);
        references = Collections.unmodifiableMap(new LinkedHashMap<>(references));
        Set<String> names = new HashSet<>();
        for (Measure measure : measures) {
            requireNew(names, measure.name());
        }
        for (Probe probe : probes) {
            probe.aggregates().forEach(aggregate -> requireNew(names, aggregate.name()));
        }
        if (references.containsKey(THIS)) {
            throw new IllegalArgumentException("'" + THIS + "' names the rows under check");
        }
    }

    /** A plan of measures alone. */
    public static CheckPlan of(Measure... measures) {
        return new CheckPlan(List.of(measures), List.of(), Optional.empty(), Map.of(), Optional.empty(), 0);
    }

    public CheckPlan with(Probe probe) {
        List<Probe> more = new ArrayList<>(probes);
        more.add(probe);
        return new CheckPlan(measures, more, failingRows, references, column, pastRuns);
    }

    /** The same, with the rows that fail. */
    public CheckPlan failing(FailingRows rows) {
        return new CheckPlan(measures, probes, Optional.of(rows), references, column, pastRuns);
    }

    /** The same, with the condition that a failing row fulfils. */
    public CheckPlan failingWhere(Expr condition) {
        return failing(new FailingRows.Where(condition));
    }

    /** The same, with another table under the name {@code alias}. */
    public CheckPlan reading(String alias, String table) {
        Map<String, String> more = new LinkedHashMap<>(references);
        more.put(alias, table);
        return new CheckPlan(measures, probes, failingRows, more, column, pastRuns);
    }

    /** The same, about these columns. */
    public CheckPlan about(String columns) {
        return new CheckPlan(measures, probes, failingRows, references, Optional.of(columns), pastRuns);
    }

    /** The same, with that many earlier results for the judge. */
    public CheckPlan lookingBack(int runs) {
        return new CheckPlan(measures, probes, failingRows, references, column, runs);
    }

    private static void requireNew(Set<String> names, String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("two measures are named '" + name + "'");
        }
    }
}
