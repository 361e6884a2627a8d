package io.lakeops.examples.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.LakeException;
import io.lakeops.examples.retail.RetailSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
    @TempDir
    static Path folder;

    private static RawFiles raw;

    @BeforeAll
    static void generate() {
        raw = RawFiles.make(folder.resolve("raw"), RawFiles.APRIL, 2, "0.01", 0, Set.of());
    }

    @Test
    void the_same_arguments_give_the_same_bytes_and_times_in_any_zone_and_locale(@TempDir Path other) throws Exception {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        SortedMap<String, String> there;
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
            there = RawFiles.make(other, RawFiles.APRIL, 2, "0.01", 0, Set.of()).fingerprints();
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
        assertThat(there).isEqualTo(raw.fingerprints()).hasSizeGreaterThan(50);
    }

    @Test
    void every_source_in_avro_gives_the_same_bytes_again(@TempDir Path one, @TempDir Path two) throws Exception {
        Set<RetailSource> all = EnumSet.allOf(RetailSource.class);
        assertThat(RawFiles.make(one, RawFiles.APRIL, 2, "0.002", 0, all).fingerprints())
                .isEqualTo(
                        RawFiles.make(two, RawFiles.APRIL, 2, "0.002", 0, all).fingerprints());
    }

    /** All but Parquet, whose bytes change with DuckDB's version. A change on purpose changes the sum here too. */
    @Test
    void the_bytes_are_those_of_every_other_machine(@TempDir Path other) throws Exception {
        SortedMap<String, String> files = RawFiles.make(
                        other, RawFiles.APRIL, 2, "0.002", 1, Set.of(RetailSource.STORES))
                .fingerprints();
        files.keySet().removeIf(name -> name.endsWith(".parquet") || name.equals("manifest.json"));
        byte[] sum =
                MessageDigest.getInstance("SHA-256").digest(files.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(sum))
                .isEqualTo("28f3ff009d49b304d70b05b28fc22a27ecc83b031c32bc852060e84962fc15c9");
    }

    @Test
    void thirty_days_have_a_thousandth_of_the_rows_at_a_thousandth_of_the_scale(@TempDir Path other) throws Exception {
        RawFiles month = RawFiles.make(other, RawFiles.APRIL.plusDays(17), 30, "0.001", 0, Set.of());
        for (RetailSource source : RetailSource.values()) {
            long rows = source == RetailSource.EXCHANGE_RATES ? 1_096 : source.rowsAtFullScale() / 1_000;
            assertThat(month.source(source.sourceName()).get("rows"))
                    .as(source.sourceName())
                    .isEqualTo(rows);
        }
        assertThat(RawFiles.count(month.csv("sensors/*/*/*.csv"))).isEqualTo(5_000);
        assertThat(RawFiles.count(month.csv("orders/*/orders_lines_*.csv"))).isEqualTo(3_500);
    }

    @Test
    void the_manifest_names_the_rows_of_each_file() throws Exception {
        for (RetailSource source : RetailSource.values()) {
            for (Map<?, ?> file : raw.files(source.sourceName())) {
                String path = String.valueOf(file.get("path"));
                Path onDisk = folder.resolve("raw").resolve(path);
                assertThat(file.get("bytes")).isEqualTo(Files.size(onDisk));
                assertThat(file.get("arrival"))
                        .isEqualTo(Files.getLastModifiedTime(onDisk).toInstant().toString());
                if (path.endsWith(".csv")) {
                    assertThat(file.get("rows")).as(path).isEqualTo(RawFiles.count(raw.csv(path)));
                } else if (path.endsWith(".jsonl")) {
                    assertThat(file.get("rows")).as(path).isEqualTo(RawFiles.count(raw.lines(path)));
                } else if (path.endsWith(".parquet")) {
                    assertThat(file.get("rows")).as(path).isEqualTo(RawFiles.count(raw.parquet(path)));
                }
            }
        }
    }

    @Test
    void the_manifest_counts_the_faults_of_dimensions_as_duckdb_does() throws Exception {
        String customers = raw.csv("customers.csv");
        assertPlanted("customers", "malformed_email", customers + " WHERE email NOT LIKE '%_@_%._%'");
        assertPlanted("customers", "missing_phone", customers + " WHERE phone IS NULL");
        assertPlanted("customers", "missing_address", customers + " WHERE address_line1 IS NULL");
        assertRepeated("customers", "duplicate_natural_key", customers, "natural_key");
        String products = raw.csv("products.csv");
        assertPlanted("products", "missing_price", products + " WHERE current_price IS NULL");
        assertPlanted("products", "negative_price", products + " WHERE current_price::DECIMAL(12, 4) < 0");
        assertPlanted(
                "products",
                "discontinued_without_date",
                products + " WHERE is_discontinued::BOOLEAN AND discontinued_dt IS NULL");
        String stores = raw.csv("stores.csv");
        assertPlanted(
                "stores",
                "impossible_coordinates",
                stores + " WHERE abs(latitude::DOUBLE) > 90 OR abs(longitude::DOUBLE) > 180");
        assertRepeated("stores", "duplicate_store_code", stores, "store_code");
    }

    @Test
    void the_manifest_counts_the_faults_of_facts_as_duckdb_does() throws Exception {
        String headers = raw.csv("orders/*/orders_header_*.csv");
        String typed = "try_cast(order_id AS BIGINT) IS NOT NULL AND try_cast(order_ts AS TIMESTAMPTZ) IS NOT NULL";
        assertPlanted("orders_header", "unparsable_order", headers + " WHERE NOT (" + typed + ")");
        assertPlanted(
                "orders_header",
                "unknown_customer",
                headers + " WHERE customer_id NOT IN (SELECT customer_id" + " FROM " + raw.csv("customers.csv") + ")");
        assertPlanted(
                "orders_header",
                "unknown_store",
                headers + " WHERE store_id NOT IN (SELECT store_id FROM " + raw.csv("stores.csv") + ")");
        assertRepeated("orders_header", "duplicate_order", headers, "order_id");
        String lines = raw.csv("orders/*/orders_lines_*.csv");
        assertPlanted(
                "orders_lines",
                "unknown_product",
                lines + " WHERE product_id NOT IN (SELECT product_id FROM " + raw.csv("products.csv") + ")");
        assertPlanted("orders_lines", "negative_quantity", lines + " WHERE qty::INT < 0");
        assertPlanted("orders_lines", "zero_price", lines + " WHERE unit_price::DECIMAL(12, 4) = 0");
        assertPlanted(
                "orders_lines",
                "unparsable_line",
                lines + " WHERE try_cast(order_id AS BIGINT) IS NULL OR try_cast(line_number AS INT) IS NULL");
        String events = raw.lines("events/*/*.jsonl");
        assertPlanted("events", "malformed_json", events + " WHERE NOT json_valid(line)");
        assertPlanted(
                "events",
                "missing_envelope_field",
                "(SELECT line::JSON AS j FROM " + events
                        + " WHERE json_valid(line)) WHERE j->>'event_id' IS NULL OR j->>'event_ts' IS NULL");
        String sensors = raw.csv("sensors/*/*/*.csv");
        assertPlanted(
                "sensors",
                "temperature_out_of_range",
                sensors + " WHERE temperature_c::DECIMAL(5, 2) NOT BETWEEN -30 AND 60");
        assertPlanted(
                "sensors",
                "humidity_out_of_range",
                sensors + " WHERE humidity_pct::DECIMAL(5, 2) NOT BETWEEN 0 AND 100");
        assertPlanted("sensors", "missing_sensor_time", sensors + " WHERE sensor_ts IS NULL");
        String shipments = raw.parquet("shipments.parquet");
        assertPlanted("shipments", "in_transit", shipments + " WHERE delivered_at IS NULL");
        assertPlanted(
                "shipments", "late_against_sla", shipments + " WHERE delivered_at - shipped_at > INTERVAL 5 DAYS");
        assertPlanted(
                "returns",
                "unparsable_return",
                raw.csv("returns/*.csv")
                        + " WHERE try_cast(return_id AS BIGINT) IS NULL OR try_cast(return_ts AS TIMESTAMP) IS NULL");
    }

    private static void assertPlanted(String source, String anomaly, String from) throws Exception {
        assertThat(RawFiles.count(from))
                .as(anomaly)
                .isEqualTo(raw.planted(source, anomaly))
                .isPositive();
    }

    private static void assertRepeated(String source, String anomaly, String from, String key) throws Exception {
        String repeated = RawFiles.value("SELECT count(" + key + ") - count(DISTINCT " + key + ") FROM " + from);
        assertThat(Long.parseLong(repeated))
                .as(anomaly)
                .isEqualTo(raw.planted(source, anomaly))
                .isPositive();
    }

    @Test
    void an_order_comes_again_only_in_another_file() throws Exception {
        String again = raw.csv("orders/*/orders_header_*.csv") + " GROUP BY order_id HAVING count(*) > 1";
        assertThat(RawFiles.value("SELECT sum(n) = 2 * count(*) AND bool_and(files = 2) FROM (SELECT count(*) AS n,"
                        + " count(DISTINCT filename) AS files FROM " + again + ")"))
                .isEqualTo("true");
    }

    @Test
    void other_keys_are_unique() throws Exception {
        assertUnique(raw.csv("orders/*/orders_lines_*.csv"), "order_id || '/' || line_number");
        assertUnique(
                raw.lines("events/*/*.jsonl"),
                "regexp_extract(line, '\"event_id\":(\\d+)', 1)",
                "line LIKE '{\"event_id%'");
        assertUnique(raw.csv("sensors/*/*/*.csv"), "sensor_ts || '/' || store_id || '/' || shelf_id");
        assertUnique(raw.parquet("shipments.parquet"), "shipment_id");
        assertUnique(raw.csv("customers.csv"), "customer_id");
        assertUnique(raw.csv("products.csv"), "product_id || sku");
        assertUnique(raw.csv("returns/returns_00[13].csv"), "return_id");
        assertThat(RawFiles.value("SELECT count(*) = count(DISTINCT return_id) AND count(*) = 5 FROM "
                        + raw.csv("returns/returns_00[24].csv")))
                .isEqualTo("true");
    }

    private static void assertUnique(String from, String key) throws Exception {
        assertUnique(from, key, "true");
    }

    private static void assertUnique(String from, String key, String where) throws Exception {
        assertThat(RawFiles.value("SELECT count(k) = count(DISTINCT k) AND count(k) > 30 FROM (SELECT " + key
                        + " AS k FROM " + from + " WHERE " + where + ")"))
                .as(key)
                .isEqualTo("true");
    }

    @Test
    void later_increments_bring_other_keys_and_the_same_dimensions(@TempDir Path other) throws Exception {
        RawFiles next = RawFiles.make(other, RawFiles.APRIL.plusDays(2), 2, "0.01", 0, Set.of());
        for (String[] fact : new String[][] {
            {"orders/*/orders_header_*.csv", "order_id"},
            {"orders/*/orders_lines_*.csv", "order_id"},
            {"returns/*.csv", "return_id"},
            {"sensors/*/*/*.csv", "sensor_ts"},
        }) {
            assertThat(RawFiles.value("SELECT count(*) FROM " + next.csv(fact[0]) + " WHERE try_cast(" + fact[1]
                            + " AS VARCHAR) IN (SELECT " + fact[1] + " FROM " + raw.csv(fact[0]) + ")"))
                    .as(fact[0])
                    .isEqualTo("0");
        }
        for (String name :
                new String[] {"customers.csv", "products.csv", "stores.csv", "suppliers.csv", "exchange_rates.xlsx"}) {
            assertThat(next.fingerprint(name).substring(0, 64))
                    .isEqualTo(raw.fingerprint(name).substring(0, 64));
        }
    }

    @Test
    void another_seed_brings_other_facts_and_the_same_dimensions(@TempDir Path other) throws Exception {
        new Generator(event -> {})
                .generate(new Run(44, RawFiles.APRIL, 2, new java.math.BigDecimal("0.010"), 0, Set.of()), other);
        SortedMap<String, String> there = new RawFiles(other).fingerprints();
        assertThat(there.get("customers.csv")).isEqualTo(raw.fingerprints().get("customers.csv"));
        assertThat(there.get("shipments.parquet"))
                .isNotEqualTo(raw.fingerprints().get("shipments.parquet"));
    }

    @Test
    void late_files_come_a_day_after_their_time(@TempDir Path other) throws Exception {
        SortedMap<String, String> punctual = raw.fingerprints();
        SortedMap<String, String> late =
                RawFiles.make(other, RawFiles.APRIL, 2, "0.01", 3, Set.of()).fingerprints();
        punctual.keySet()
                .removeIf(name -> name.equals("manifest.json") || Objects.equals(punctual.get(name), late.get(name)));
        assertThat(punctual.keySet())
                .containsExactlyInAnyOrder(
                        "orders/order_dt=2024-04-02/orders_lines_002.csv",
                        "orders/order_dt=2024-04-02/orders_header_002.csv",
                        "orders/order_dt=2024-04-01/orders_lines_002.csv");
        assertThat(late.get("orders/order_dt=2024-04-02/orders_lines_002.csv")).endsWith(" 2024-04-04T02:00:00Z");
    }

    @Test
    void returns_have_a_reason_code_from_the_second_day_on() throws Exception {
        for (int batch = 1; batch <= 4; batch++) {
            String header = Files.readAllLines(folder.resolve("raw/returns/returns_00" + batch + ".csv"))
                    .get(0);
            assertThat(header.endsWith(",reason,return_reason_code")).isEqualTo(batch > 2);
            assertThat(header.endsWith(",reason")).isEqualTo(batch <= 2);
        }
    }

    @Test
    void the_second_batch_of_a_day_changes_and_deletes_returns_of_the_first() throws Exception {
        for (int batch : new int[] {1, 3}) {
            String made = raw.csv("returns/returns_00" + batch + ".csv");
            assertThat(RawFiles.count(made + " WHERE op <> 'upsert'")).isZero();
            String touched = raw.csv("returns/returns_00" + (batch + 1) + ".csv");
            assertThat(RawFiles.count(touched + " WHERE return_id NOT IN (SELECT return_id FROM " + made + ")"))
                    .isZero();
            assertThat(RawFiles.value("SELECT string_agg(DISTINCT op, ',' ORDER BY op) FROM " + touched))
                    .isEqualTo("delete,upsert");
        }
    }

    @Test
    void an_avro_source_has_the_rows_of_its_own_format(@TempDir Path other) throws Exception {
        RawFiles avro = RawFiles.make(other, RawFiles.APRIL, 2, "0.01", 0, EnumSet.allOf(RetailSource.class));
        for (RetailSource source : RetailSource.values()) {
            assertThat(avro.source(source.sourceName()).get("rows"))
                    .isEqualTo(raw.source(source.sourceName()).get("rows"));
            assertThat(avro.source(source.sourceName()).get("expected_rejects"))
                    .isEqualTo(raw.source(source.sourceName()).get("expected_rejects"));
            for (Map<?, ?> file : avro.files(source.sourceName())) {
                assertThat(String.valueOf(file.get("path"))).endsWith(".avro");
            }
        }
    }

    @Test
    void a_folder_with_other_data_is_refused_and_left_as_it_is(@TempDir Path other) throws IOException {
        RawFiles.make(other.resolve("a"), RawFiles.APRIL, 1, "0.001", 0, Set.of());
        assertThatThrownBy(() -> RawFiles.make(other.resolve("a"), RawFiles.APRIL, 2, "0.001", 0, Set.of()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("INVALID_ARGUMENT: the folder holds data that was made with other arguments");
        RawFiles.make(other.resolve("a"), RawFiles.APRIL, 1, "0.001", 0, Set.of());
        Files.createDirectories(other.resolve("b"));
        Files.writeString(other.resolve("b/mine.txt"), "precious");
        assertThatThrownBy(() -> RawFiles.make(other.resolve("b"), RawFiles.APRIL, 1, "0.001", 0, Set.of()))
                .hasMessageContaining("the folder is not empty");
        assertThat(other.resolve("b")).isDirectoryContaining(p -> p.endsWith("mine.txt"));
    }

    @Test
    void arguments_out_of_range_are_refused() {
        assertRefused(RawFiles.APRIL, 0, "1", 0, "the days must be from 1 to 3660 {days=0}");
        assertRefused(java.time.LocalDate.of(2019, 12, 31), 1, "1", 0, "between 2020-01-01 and 2099-12-31");
        assertRefused(RawFiles.APRIL, 1, "0.0001", 0, "the scale must be a number from 0.001 to 100");
        assertRefused(RawFiles.APRIL, 1, "101", 0, "{scale=101}");
        assertRefused(RawFiles.APRIL, 1, "1", -1, "late");
        assertRefused(RawFiles.APRIL, 1, "0.001", 5, "order files=4");
    }

    private void assertRefused(java.time.LocalDate start, int days, String scale, int late, String message) {
        assertThatThrownBy(() -> RawFiles.make(folder.resolve("refused"), start, days, scale, late, Set.of()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining(message);
        assertThat(folder.resolve("refused")).doesNotExist();
    }
}
