package io.lakeops.examples.quality;

import static io.lakeops.quality.Checks.above;
import static io.lakeops.quality.Checks.acceptedValues;
import static io.lakeops.quality.Checks.atLeast;
import static io.lakeops.quality.Checks.between;
import static io.lakeops.quality.Checks.customSql;
import static io.lakeops.quality.Checks.notNull;
import static io.lakeops.quality.Checks.recency;
import static io.lakeops.quality.Checks.relationships;
import static io.lakeops.quality.Checks.rowCountAtLeast;
import static io.lakeops.quality.Checks.unique;

import io.lakeops.quality.Checks;
import io.lakeops.quality.Suite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The suite of the retail lake. Faults that its owners live with warn; a price or a quantity that can't be fails.
 *
 * <p>{@link #planted} says which check sees which of the faults that the generator plants, so that a run can be held
 * against the manifest beside the raw data.
 */
public final class RetailQuality {
    private RetailQuality() {}

    /** All checks. */
    public static Suite suite() {
        Suite suite = bronze();
        for (Suite.Entry entry : gold().entries()) {
            suite = suite.on(entry.table(), entry.check());
        }
        return new Suite("retail", suite.entries());
    }

    /** The checks of the tables that raw files become. */
    public static Suite bronze() {
        return facts(dimensions(Suite.named("retail_bronze")));
    }

    private static Suite dimensions(Suite suite) {
        return suite.on(
                        "bronze.customers",
                        rowCountAtLeast(1),
                        notNull("customer_id"),
                        unique("natural_key").warning(),
                        customSql("customers_email_well_formed", "SELECT * FROM this WHERE email NOT LIKE '%_@_%._%'")
                                .warning(),
                        notNull("phone").warning(),
                        notNull("address_line1").warning(),
                        acceptedValues("country_code", "AU"),
                        Checks.of("com.example.australian_postcode", Map.of("column", "postcode"))
                                .named("customers_postcode_of_australia"))
                .on(
                        "bronze.products",
                        rowCountAtLeast(1),
                        unique("sku", "src_filename"),
                        notNull("current_price").warning(),
                        atLeast("current_price", 0),
                        customSql(
                                        "products_discontinued_with_date",
                                        "SELECT * FROM this WHERE is_discontinued AND discontinued_dt IS NULL")
                                .warning())
                .on(
                        "bronze.stores",
                        between("latitude", -90, 90).warning(),
                        between("longitude", -180, 180).warning(),
                        unique("store_code").warning(),
                        acceptedValues("channel", "web", "pos"))
                .on("bronze.suppliers", unique("supplier_code", "src_filename"), between("lead_time_days", 0, 365))
                .on("bronze.exchange_rates", unique("date", "currency", "src_filename"), above("rate_to_aud", 0));
    }

    private static Suite facts(Suite suite) {
        return suite.on(
                        "bronze.orders",
                        rowCountAtLeast(1),
                        notNull("order_id"),
                        notNull("order_ts"),
                        unique("order_id").warning(),
                        relationships("customer_id", "bronze.customers", "customer_id")
                                .warning(),
                        relationships("store_id", "bronze.stores", "store_id").warning(),
                        acceptedValues("channel", "web", "pos"),
                        acceptedValues("currency", "AUD", "USD"),
                        atLeast("shipping_fee", 0),
                        recency("order_ts", Duration.ofDays(2)))
                .on(
                        "bronze.order_lines",
                        notNull("order_id"),
                        above("qty", 0),
                        above("unit_price", 0),
                        between("line_discount_pct", 0, 1),
                        between("tax_pct", 0, 1),
                        relationships("product_id", "bronze.products", "product_id")
                                .warning())
                .on(
                        "bronze.events",
                        notNull("event_id"),
                        unique("event_id"),
                        acceptedValues("event_type", "page_view", "search", "add_to_cart", "checkout", "purchase"),
                        recency("event_ts", Duration.ofDays(2)))
                .on(
                        "bronze.sensors",
                        notNull("sensor_ts"),
                        between("temperature_c", -30, 60).warning(),
                        between("humidity_pct", 0, 100).warning(),
                        between("battery_mv", 2_000, 4_200))
                .on(
                        "bronze.shipments",
                        notNull("shipment_id"),
                        notNull("delivered_at").mostly(90),
                        customSql(
                                        "shipments_within_five_days",
                                        "SELECT * FROM this WHERE delivered_at > shipped_at + INTERVAL '5' DAY")
                                .warning(),
                        atLeast("ship_cost", 0))
                .on("bronze.returns", unique("return_id"), between("qty", 1, 100));
    }

    /** The checks of the models. */
    public static Suite gold() {
        return Suite.named("retail_gold")
                .on(
                        "gold.dim_customer",
                        unique("customer_key"),
                        notNull("customer_key"),
                        customSql(
                                "dim_customer_masked",
                                "SELECT * FROM this WHERE NOT gdpr_consent AND (email <> 'REDACTED' OR last_name <> 'REDACTED'"
                                        + " OR birth_date IS NOT NULL)"))
                .on("gold.dim_product_scd", unique("product_key").where("is_current"))
                .on("gold.dim_store", unique("store_key"), between("latitude", -90, 90))
                .on(
                        "gold.fct_sales",
                        rowCountAtLeast(1),
                        unique("order_id", "line_number"),
                        notNull("date"),
                        relationships("date", "gold.dim_date", "date"),
                        relationships("customer_key", "gold.dim_customer", "customer_key")
                                .where("customer_key <> -1"),
                        customSql("fct_sales_known_product", "SELECT * FROM this WHERE product_key = -1")
                                .warning()
                                .mostly(95),
                        customSql(
                                "fct_sales_adds_up",
                                "SELECT * FROM this WHERE net_amount <> line_total - discount_amount + tax_amount"),
                        customSql(
                                "fct_sales_loses_no_line",
                                "SELECT * FROM (SELECT count(*) AS n FROM this) AS s, (SELECT count(*) AS n FROM lines) AS l"
                                        + " WHERE s.n <> l.n",
                                Map.of("lines", "silver.order_lines")))
                .on("gold.fct_sensor_readings", between("avg_temperature_c", -30, 60))
                .on("gold.fct_shipments", unique("shipment_id"));
    }

    /**
     * A check that counts planted faults.
     *
     * @param measurement the value that counts them, among the check's measurements
     * @param anomaly the name of the fault in the manifest
     */
    public record Planted(String table, String check, String measurement, String anomaly) {}

    /** The faults of the manifest that stay in bronze, each with the check that sees it. */
    public static List<Planted> planted() {
        List<Planted> planted = new ArrayList<>();
        planted.add(planted("customers", "customers_email_well_formed", "failing_rows", "malformed_email"));
        planted.add(planted("customers", "unique_customers_natural_key", "excess_rows", "duplicate_natural_key"));
        planted.add(planted("customers", "not_null_customers_phone", "nulls", "missing_phone"));
        planted.add(planted("customers", "not_null_customers_address_line1", "nulls", "missing_address"));
        planted.add(planted("products", "not_null_products_current_price", "nulls", "missing_price"));
        planted.add(planted("products", "accepted_range_products_current_price", "outside", "negative_price"));
        planted.add(
                planted("products", "products_discontinued_with_date", "failing_rows", "discontinued_without_date"));
        planted.add(planted("stores", "accepted_range_stores_latitude", "outside", "impossible_coordinates"));
        planted.add(planted("stores", "unique_stores_store_code", "excess_rows", "duplicate_store_code"));
        planted.add(planted("orders", "unique_orders_order_id", "excess_rows", "duplicate_order"));
        planted.add(planted("orders", "relationships_orders_customer_id", "orphan_rows", "unknown_customer"));
        planted.add(planted("orders", "relationships_orders_store_id", "orphan_rows", "unknown_store"));
        planted.add(planted("order_lines", "accepted_range_order_lines_qty", "outside", "negative_quantity"));
        planted.add(planted("order_lines", "accepted_range_order_lines_unit_price", "outside", "zero_price"));
        planted.add(planted("order_lines", "relationships_order_lines_product_id", "orphan_rows", "unknown_product"));
        planted.add(planted("sensors", "accepted_range_sensors_temperature_c", "outside", "temperature_out_of_range"));
        planted.add(planted("sensors", "accepted_range_sensors_humidity_pct", "outside", "humidity_out_of_range"));
        planted.add(planted("shipments", "not_null_shipments_delivered_at", "nulls", "in_transit"));
        planted.add(planted("shipments", "shipments_within_five_days", "failing_rows", "late_against_sla"));
        return List.copyOf(planted);
    }

    private static Planted planted(String table, String check, String measurement, String anomaly) {
        return new Planted("bronze." + table, check, measurement, anomaly);
    }
}
