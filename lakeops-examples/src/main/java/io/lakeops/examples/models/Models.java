package io.lakeops.examples.models;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Models in the order in which they can be built.
 *
 * <p>Errors: MODEL_INVALID for a name that stands twice, a reference to no model, or models that wait for each other.
 *
 * <p>Threads: immutable.
 */
public final class Models {
    private static final List<String> SILVER = List.of(
            "customers",
            "products",
            "stores",
            "suppliers",
            "exchange_rates",
            "orders",
            "order_lines",
            "events",
            "sensors",
            "shipments",
            "returns");
    private static final List<String> GOLD = List.of(
            "dim_customer",
            "dim_product_scd",
            "dim_store",
            "dim_supplier",
            "dim_date",
            "fct_sales",
            "fct_shipments",
            "fct_sensor_readings",
            "fct_ingestion_audit");

    private final Map<String, Model> byTable = new LinkedHashMap<>();

    private Models(List<Model> models) {
        Map<String, Model> all = new LinkedHashMap<>();
        for (Model model : models) {
            if (all.put(model.table(), model) != null) {
                throw invalid("two models make the same table", model.table());
            }
        }
        all.values().forEach(m -> place(m, all, new LinkedHashSet<>()));
    }

    /** The models of the retail lake. */
    public static Models retail() {
        List<Model> models = new ArrayList<>();
        SILVER.forEach(name -> models.add(Model.resource("silver", name)));
        GOLD.forEach(name -> models.add(Model.resource("gold", name)));
        return of(models);
    }

    public static Models of(List<Model> models) {
        return new Models(models);
    }

    /** All, each after those that it reads. */
    public List<Model> inOrder() {
        return List.copyOf(byTable.values());
    }

    /**
     * The models that a selection names, in the order in which they can be built.
     *
     * @param selection names, such as {@code fct_sales}, {@code gold.fct_sales} or {@code gold}, between commas; a plus
     *     before one adds all that it reads
     */
    public List<Model> select(String selection) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String part :
                Arrays.stream(selection.split(",", -1)).map(String::strip).toList()) {
            boolean upstream = part.startsWith("+");
            String name = upstream ? part.substring(1) : part;
            List<Model> named = byTable.values().stream()
                    .filter(m -> name.equals(m.name()) || name.equals(m.table()) || name.equals(m.layer()))
                    .toList();
            if (named.isEmpty()) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the selection names no model: '" + part + "'",
                        Map.of("models", byTable.keySet()));
            }
            for (Model model : named) {
                if (upstream) {
                    addUpstream(model, chosen);
                }
                chosen.add(model.table());
            }
        }
        return byTable.values().stream()
                .filter(m -> chosen.contains(m.table()))
                .collect(Collectors.toUnmodifiableList());
    }

    private void addUpstream(Model model, Set<String> chosen) {
        for (String read : model.reads()) {
            Model source = byTable.get(read);
            if (source != null && chosen.add(read)) {
                addUpstream(source, chosen);
            }
        }
    }

    /** Puts a model behind those that it reads. */
    private void place(Model model, Map<String, Model> all, Set<String> waiting) {
        if (byTable.containsKey(model.table())) {
            return;
        }
        if (!waiting.add(model.table())) {
            throw invalid("models wait for each other: " + String.join(" -> ", waiting), model.table());
        }
        for (String read : model.reads().stream().sorted().toList()) {
            Model source = all.get(read);
            if (source != null) {
                place(source, all, waiting);
            } else if (!read.startsWith("bronze.")) {
                throw invalid("'" + read + "' is no model", model.table());
            }
        }
        waiting.remove(model.table());
        byTable.put(model.table(), model);
    }

    private static LakeException invalid(String problem, String table) {
        return new LakeException(ErrorCode.MODEL_INVALID, problem, Map.of("model", table));
    }
}
