package io.lakeops.duckdb.lake;

import io.lakeops.json.Json;
import io.lakeops.table.Predicate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds in a plan, as {@code EXPLAIN (FORMAT json)} prints it, what each scan of a snapshot filters by. */
final class PlanFilters {
    private final Function<String, Optional<ProbeColumn>> columns;
    private final Map<Integer, Predicate> found = new LinkedHashMap<>();
    private boolean unknownScan;

    private PlanFilters(Function<String, Optional<ProbeColumn>> columns) {
        this.columns = columns;
    }

    /** A column of a probed scan, and which use of a table it belongs to. */
    record ProbeColumn(int use, FilterParser.Column column) {}

    /**
     * The predicate of each use that the plan scans with a filter. A use that the plan scans without one, or twice, has
     * what holds for all its scans; one that it does not scan is absent. Where the plan has a scan that might be of any
     * use, there are none.
     */
    static Map<Integer, Predicate> read(String json, Function<String, Optional<ProbeColumn>> columns) {
        PlanFilters filters = new PlanFilters(columns);
        Object plan = Json.parse(json);
        filters.walk(plan);
        return filters.unknownScan ? Map.of() : filters.found;
    }

    /**
     * What a plan that only scans and filters lets through, exactly; empty where it does more, or where a filter is not
     * understood.
     */
    static Optional<Predicate> exact(String json, Function<String, Optional<ProbeColumn>> columns) {
        Object node = Json.parse(json);
        Predicate all = Predicate.always();
        while (true) {
            if (node instanceof List<?> list) {
                if (list.size() != 1) {
                    return Optional.empty();
                }
                node = list.get(0);
            }
            if (!(node instanceof Map<?, ?> map) || !(map.get("extra_info") instanceof Map<?, ?> info)) {
                return Optional.empty();
            }
            String name = String.valueOf(map.get("name")).strip();
            boolean scan = name.equals("READ_PARQUET");
            if (name.equals("EMPTY_RESULT")) {
                return Optional.of(Predicate.never());
            }
            if (!scan && !name.equals("FILTER") && !name.equals("PROJECTION")) {
                return Optional.empty();
            }
            for (String filter : texts(info.get(scan ? "Filters" : "Expression"))) {
                if (filter.startsWith("optional:")) {
                    // What it leaves in is decided by a filter above it.
                    continue;
                }
                Optional<Predicate> part =
                        FilterParser.exact(filter, c -> columns.apply(c).map(ProbeColumn::column));
                if (part.isEmpty()) {
                    return Optional.empty();
                }
                all = all.and(part.get());
            }
            if (scan) {
                return Optional.of(all);
            }
            node = map.get("children");
        }
    }

    private void walk(@Nullable Object node) {
        if (node instanceof List<?> list) {
            list.forEach(this::walk);
        } else if (node instanceof Map<?, ?> map) {
            if (isNamed(map, "READ_PARQUET")) {
                scan(map, List.of());
            } else if (isNamed(map, "FILTER")
                    && map.get("children") instanceof List<?> children
                    && children.size() == 1
                    && children.get(0) instanceof Map<?, ?> below
                    && isNamed(below, "READ_PARQUET")) {
                // What the scan itself can't decide, such as an OR of two columns.
                scan(below, texts(info(map).get("Expression")));
            } else {
                walk(map.get("children"));
            }
        }
    }

    private static boolean isNamed(Map<?, ?> node, String name) {
        return name.equals(String.valueOf(node.get("name")).strip());
    }

    private static Map<?, ?> info(Map<?, ?> node) {
        return node.get("extra_info") instanceof Map<?, ?> info ? info : Map.of();
    }

    private void scan(Map<?, ?> node, List<String> above) {
        Map<?, ?> info = info(node);
        List<String> filters = new ArrayList<>(texts(info.get("Filters")));
        filters.addAll(above);
        Optional<Integer> use = texts(info.get("Projections")).stream()
                .map(name -> columns.apply(name).map(ProbeColumn::use))
                .flatMap(Optional::stream)
                .findFirst();
        if (use.isEmpty()) {
            use = useIn(filters);
        }
        if (use.isEmpty()) {
            unknownScan = true;
            return;
        }
        Predicate all = Predicate.always();
        for (String filter : filters) {
            all = all.and(FilterParser.parse(filter, name -> columns.apply(name).map(ProbeColumn::column)));
        }
        found.merge(use.get(), all, PlanFilters::either);
    }

    /** A scan that projects nothing, as for count(*), still names its columns in its filters. */
    private Optional<Integer> useIn(List<String> filters) {
        for (String filter : filters) {
            for (String word : filter.split("[^A-Za-z0-9_]+", -1)) {
                Optional<ProbeColumn> column = columns.apply(word);
                if (column.isPresent()) {
                    return Optional.of(column.get().use());
                }
            }
        }
        return Optional.empty();
    }

    static Predicate either(Predicate a, Predicate b) {
        if (a.equals(Predicate.always()) || b.equals(Predicate.always())) {
            return Predicate.always();
        }
        return a.equals(b) ? a : new Predicate.Or(List.of(a, b));
    }

    private static List<String> texts(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<String> texts = new ArrayList<>();
            list.forEach(v -> texts.add(String.valueOf(v)));
            return texts;
        }
        return value == null || value.toString().isEmpty() ? List.of() : List.of(value.toString());
    }
}
