package io.lakeops.examples.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.examples.generate.Generator;
import io.lakeops.examples.generate.Run;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gold by the models, beside the same figures straight from the raw files. */
class RetailModelsTest {
    @TempDir
    static Path raw;

    private static Connection warehouse;

    @BeforeAll
    static void build() throws SQLException {
        new Generator(LakeListener.silent())
                .generate(new Run(43, LocalDate.of(2024, 4, 1), 2, new BigDecimal("0.01"), 0, Set.of()), raw);
        warehouse = DriverManager.getConnection("jdbc:duckdb:");
        RetailBronze.create(raw, warehouse);
        new ModelRun(warehouse, LakeContext.standard().withListener(LakeListener.silent()))
                .build(Models.retail().inOrder(), Instant.parse("2024-04-03T03:00:00Z"));
    }

    @AfterAll
    static void close() throws SQLException {
        warehouse.close();
    }

    private static String value(String sql) throws SQLException {
        try (Statement statement = warehouse.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String csv(String glob) {
        return "read_csv('" + raw + "/" + glob + "', all_varchar = true, header = true, union_by_name = true,"
                + " hive_partitioning = true)";
    }

    @Test
    void sales_are_as_many_a_day_as_the_different_lines_that_can_be_typed() throws SQLException {
        String fromRaw = value("SELECT list((d, n, q) ORDER BY d) FROM (SELECT order_dt::VARCHAR AS d, count(DISTINCT"
                + " (order_id, line_number)) AS n, sum(qty::INT) AS q FROM " + csv("orders/*/orders_lines_*.csv")
                + " WHERE try_cast(order_id AS BIGINT) IS NOT NULL AND try_cast(line_number AS INT) IS NOT NULL"
                + " GROUP BY order_dt)");
        assertThat(value("SELECT list((d, n, q) ORDER BY d) FROM (SELECT date::VARCHAR AS d, count(*) AS n,"
                        + " sum(quantity) AS q FROM gold.fct_sales GROUP BY date)"))
                .isEqualTo(fromRaw)
                .contains("2024-04-01", "2024-04-02");
    }

    @Test
    void what_points_nowhere_has_the_key_minus_one() throws SQLException {
        String unknown = "SELECT count(*) FROM " + csv("orders/*/orders_lines_*.csv") + " WHERE product_id NOT IN"
                + " (SELECT product_id FROM " + csv("products.csv") + ")";
        assertThat(value("SELECT count(*) FROM gold.fct_sales WHERE product_key = -1"))
                .isEqualTo(value(unknown))
                .isNotEqualTo("0");
        assertThat(value("SELECT count(*) > 0 FROM gold.fct_sales WHERE customer_key = -1"))
                .isEqualTo("true");
        assertThat(value("SELECT count(*) FROM gold.fct_sales WHERE customer_key IS NULL OR store_key IS NULL"))
                .isEqualTo("0");
    }

    @Test
    void amounts_add_up() throws SQLException {
        assertThat(value("SELECT bool_and(net_amount = line_total - discount_amount + tax_amount AND line_total ="
                        + " quantity * unit_price) FROM gold.fct_sales"))
                .isEqualTo("true");
        assertThat(value("SELECT count(*) FILTER (currency = 'USD' AND net_amount_aud = round(net_amount * 1.5, 4)) > 0"
                        + " AND count(*) FILTER (currency IS NOT NULL AND net_amount_aud IS NULL) = 0"
                        + " FROM gold.fct_sales"))
                .isEqualTo("true");
    }

    @Test
    void who_did_not_consent_has_no_person_behind_the_key() throws SQLException {
        assertThat(value("SELECT count(*) FROM gold.dim_customer")).isEqualTo("800");
        assertThat(value("SELECT count(*) FROM gold.dim_customer d JOIN silver.customers c ON c.customer_id ="
                        + " d.customer_key WHERE NOT d.gdpr_consent AND (d.email = c.email OR d.first_name ="
                        + " c.first_name OR d.last_name = c.last_name OR d.phone = c.phone OR d.address_line1 ="
                        + " c.address_line1 OR d.address_line2 = c.address_line2 OR d.postcode = c.postcode OR"
                        + " d.latitude IS NOT NULL OR d.longitude IS NOT NULL OR d.birth_date IS NOT NULL)"))
                .isEqualTo("0");
        assertThat(value("SELECT count(*) FILTER (email = 'REDACTED') = count(*) FILTER (NOT gdpr_consent)"
                        + " AND count(*) FILTER (email = 'REDACTED') > 50 FROM gold.dim_customer"))
                .isEqualTo("true");
    }

    @Test
    void a_product_has_one_current_row() throws SQLException {
        assertThat(value("SELECT count(*) = 250 AND bool_and(is_current) AND count(DISTINCT product_key) = 250"
                        + " FROM gold.dim_product_scd"))
                .isEqualTo("true");
    }

    @Test
    void a_changed_product_has_a_row_for_each_state() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = other.createStatement()) {
            statement.execute("CREATE SCHEMA bronze");
            statement.execute("CREATE TABLE bronze.products AS SELECT 7::BIGINT AS product_id, 'SKU-1' AS sku, 'n' AS"
                    + " name, 'c' AS category, 's' AS subcategory, price::DECIMAL(12, 4) AS current_price, 'AUD' AS"
                    + " currency, false AS is_discontinued, DATE '2020-01-01' AS introduced_dt, NULL::DATE AS"
                    + " discontinued_dt, ts::TIMESTAMPTZ AS ingestion_ts, 'p.csv' AS src_filename, md5(price::VARCHAR)"
                    + " AS src_row_hash FROM (VALUES (1, '2024-04-02 00:00:00+00'), (1, '2024-04-03 00:00:00+00'),"
                    + " (2, '2024-04-04 00:00:00+00'), (1, '2024-04-05 00:00:00+00')) t(price, ts)");
            new ModelRun(other, LakeContext.standard())
                    .build(Models.retail().select("dim_product_scd"), Instant.parse("2024-04-06T00:00:00Z"));
            try (ResultSet rows = statement.executeQuery("SELECT string_agg(version || ':' || current_price::INT || ':'"
                    + " || day(valid_from) || '-' || coalesce(day(valid_to)::VARCHAR, '') || ':' || is_current, ' '"
                    + " ORDER BY version) FROM gold.dim_product_scd")) {
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("1:1:1-4:false 2:2:4-5:false 3:1:5-:true");
            }
        }
    }

    @Test
    void hours_hold_every_reading() throws SQLException {
        assertThat(value("SELECT sum(readings) FROM gold.fct_sensor_readings"))
                .isEqualTo(value("SELECT count(*) FROM " + csv("sensors/*/*/*.csv") + " WHERE sensor_ts IS NOT NULL"));
        assertThat(value("SELECT max(max_temperature_c) < 60 AND sum(implausible_readings) = 12"
                        + " FROM gold.fct_sensor_readings"))
                .isEqualTo("true");
    }

    @Test
    void shipments_dates_and_audit_are_whole() throws SQLException {
        assertThat(value("SELECT count(*) = 667 AND count(*) FILTER (is_late) = 20 AND count(*) FILTER (in_transit) ="
                        + " 26 FROM gold.fct_shipments"))
                .isEqualTo("true");
        assertThat(value("SELECT count(*) = 366 AND count(DISTINCT date) = 366 AND max(date) = DATE '2024-12-31'"
                        + " FROM gold.dim_date"))
                .isEqualTo("true");
        assertThat(value("SELECT sum(rows) FROM gold.fct_ingestion_audit WHERE table_name = 'order_lines'"))
                .isEqualTo(value("SELECT count(*) FROM bronze.order_lines"));
        assertThat(value("SELECT count(DISTINCT table_name) FROM gold.fct_ingestion_audit"))
                .isEqualTo("11");
    }
}
