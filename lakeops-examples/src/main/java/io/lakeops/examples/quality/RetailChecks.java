package io.lakeops.examples.quality;

import io.lakeops.quality.Checks;
import io.lakeops.quality.Suite;
import java.time.Duration;
import java.util.Map;

/**
 * What must hold in the retail lake. The faults that the generator plants are warnings: they are known, and counted.
 *
 * <p>Shape: {@link #bronze} is checked at the tables' newest versions, {@link #gold} in the warehouse.
 */
public final class RetailChecks {
    private RetailChecks() {}

    /** Checks of the bronze tables. */
    public static Suite bronze() {
        return Suite.named("bronze")
                .on(
                        "bronze.customers",
                        Checks.notNull("customer_id"),
                        Checks.unique("customer_id"),
                        Checks.unique("natural_key").warning(),
                        Checks.notNull("phone").warning(),
                        Checks.notNull("address_line1").warning(),
                        Checks.of(EmailAddress.NAME, Map.of("column", "email")).warning())
                .on(
                        "bronze.products",
                        Checks.notNull("product_id"),
                        Checks.notNull("current_price").warning(),
                        Checks.atLeast("current_price", 0).warning(),
                        Checks.customSql(
                                        "discontinued_products_have_a_date",
                                        "SELECT * FROM this WHERE is_discontinued AND discontinued_dt IS NULL")
                                .warning())
                .on(
                        "bronze.stores",
                        Checks.unique("store_code").warning(),
                        Checks.between("latitude", -90, 90).warning(),
                        Checks.between("longitude", -180, 180).warning(),
                        Checks.acceptedValues("channel", "web", "pos"))
                .on(
                        "bronze.orders",
                        Checks.notNull("order_id"),
                        Checks.unique("order_id").warning(),
                        Checks.relationships("customer_id", "bronze.customers", "customer_id")
                                .warning(),
                        Checks.relationships("store_id", "bronze.stores", "store_id")
                                .warning(),
                        Checks.acceptedValues("channel", "web", "pos"),
                        Checks.recency("order_ts", Duration.ofHours(36)).warning())
                .on(
                        "bronze.order_lines",
                        Checks.unique("order_id", "line_number"),
                        Checks.relationships("product_id", "bronze.products", "product_id")
                                .warning(),
                        Checks.atLeast("qty", 1).warning(),
                        Checks.above("unit_price", 0).warning())
                .on("bronze.events", Checks.notNull("event_ts"), Checks.unique("event_id"))
                .on(
                        "bronze.sensors",
                        Checks.notNull("sensor_ts"),
                        Checks.between("temperature_c", -30, 60).warning(),
                        Checks.between("humidity_pct", 0, 100).warning())
                .on(
                        "bronze.shipments",
                        Checks.unique("shipment_id"),
                        Checks.notNull("delivered_at")
                                .named("shipments_are_delivered")
                                .warning())
                .on("bronze.returns", Checks.unique("return_id"), Checks.atLeast("qty", 1));
    }

    /** Checks of the models in the warehouse. */
    public static Suite gold() {
        return Suite.named("gold")
                .on(
                        "gold.fct_sales",
                        Checks.rowCountAtLeast(1),
                        Checks.unique("order_id", "line_number"),
                        Checks.notNull("date"),
                        Checks.notNull("customer_key"),
                        Checks.notNull("product_key"),
                        Checks.notNull("net_amount"),
                        Checks.customSql(
                                "amounts_add_up",
                                "SELECT * FROM this WHERE net_amount <> line_total - discount_amount + tax_amount"),
                        Checks.customSql(
                                "every_known_customer_is_in_the_dimension",
                                "SELECT * FROM this WHERE customer_key <> -1 AND customer_key NOT IN (SELECT"
                                        + " customer_key FROM customers)",
                                Map.of("customers", "gold.dim_customer")))
                .on(
                        "gold.dim_customer",
                        Checks.unique("customer_key"),
                        Checks.customSql(
                                "who_did_not_consent_is_masked",
                                "SELECT * FROM this WHERE NOT gdpr_consent AND (email <> 'REDACTED' OR birth_date IS"
                                        + " NOT NULL)"))
                .on("gold.dim_product_scd", Checks.unique("product_key", "version"), Checks.notNull("valid_from"))
                .on("gold.dim_store", Checks.unique("store_key"), Checks.between("latitude", -90, 90))
                .on("gold.dim_supplier", Checks.unique("supplier_key"))
                .on("gold.dim_date", Checks.unique("date"))
                .on("gold.fct_shipments", Checks.unique("shipment_id"))
                .on("gold.fct_sensor_readings", Checks.unique("store_key", "shelf_id", "hour"));
    }
}
