package io.lakeops.examples.retail;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Decimal;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The eleven raw sources of the retail lake, with the columns of their files in order.
 *
 * <p>Units: {@link #rowsAtFullScale} counts the rows of a dimension, or those of 30 days of a fact, at scale 1.
 */
public enum RetailSource {
    CUSTOMERS(
            80_000,
            Delivery.WHOLE,
            "csv",
            "customer_id BIGINT, natural_key VARCHAR, first_name VARCHAR, last_name VARCHAR, email VARCHAR,"
                    + " phone VARCHAR, address_line1 VARCHAR, address_line2 VARCHAR, city VARCHAR, state_region VARCHAR,"
                    + " postcode VARCHAR, country_code VARCHAR, latitude DOUBLE, longitude DOUBLE, birth_date DATE,"
                    + " join_ts TIMESTAMP, is_vip BOOLEAN, gdpr_consent BOOLEAN"),
    PRODUCTS(
            25_000,
            Delivery.WHOLE,
            "csv",
            "product_id BIGINT, sku VARCHAR, name VARCHAR, category VARCHAR, subcategory VARCHAR,"
                    + " current_price DECIMAL(12,4), currency VARCHAR, is_discontinued BOOLEAN, introduced_dt DATE,"
                    + " discontinued_dt DATE"),
    STORES(
            5_000,
            Delivery.WHOLE,
            "csv",
            "store_id BIGINT, store_code VARCHAR, name VARCHAR, channel VARCHAR, region VARCHAR, state VARCHAR,"
                    + " latitude DOUBLE, longitude DOUBLE, open_dt DATE, close_dt DATE"),
    SUPPLIERS(
            8_000,
            Delivery.WHOLE,
            "csv",
            "supplier_id BIGINT, supplier_code VARCHAR, name VARCHAR, country_code VARCHAR, lead_time_days INTEGER,"
                    + " preferred BOOLEAN"),
    ORDERS_HEADER(
            1_000_000,
            Delivery.DAILY,
            "csv",
            "order_id BIGINT, order_ts TIMESTAMPTZ, order_dt_local DATE, customer_id BIGINT, store_id BIGINT,"
                    + " channel VARCHAR, payment_method VARCHAR, coupon_code VARCHAR, shipping_fee DECIMAL(12,2),"
                    + " currency VARCHAR"),
    ORDERS_LINES(
            3_500_000,
            Delivery.DAILY,
            "csv",
            "order_id BIGINT, line_number INTEGER, product_id BIGINT, qty INTEGER, unit_price DECIMAL(12,4),"
                    + " line_discount_pct DECIMAL(5,4), tax_pct DECIMAL(5,4)"),
    /** The last column stands for whatever members an event's object has beside its envelope. */
    EVENTS(
            2_000_000,
            Delivery.DAILY,
            "jsonl",
            "event_id BIGINT, event_ts TIMESTAMPTZ, event_type VARCHAR, user_id BIGINT, session_id VARCHAR,"
                    + " payload VARCHAR"),
    SENSORS(
            5_000_000,
            Delivery.DAILY,
            "csv",
            "sensor_ts TIMESTAMP, store_id BIGINT, shelf_id VARCHAR, temperature_c DECIMAL(5,2),"
                    + " humidity_pct DECIMAL(5,2), battery_mv INTEGER"),
    EXCHANGE_RATES(1_096, Delivery.WHOLE, "xlsx", "date DATE, currency VARCHAR, rate_to_aud DECIMAL(18,8)"),
    SHIPMENTS(
            1_000_000,
            Delivery.DAILY,
            "parquet",
            "shipment_id BIGINT, order_id BIGINT, carrier VARCHAR, shipped_at TIMESTAMP, delivered_at TIMESTAMP,"
                    + " ship_cost DECIMAL(12,2)"),
    /** The files from a run's second day on have {@link #RETURN_REASON_CODE} too. */
    RETURNS(
            100_000,
            Delivery.DAILY,
            "csv",
            "op VARCHAR, return_id BIGINT, order_id BIGINT, product_id BIGINT, return_ts TIMESTAMP, qty INTEGER,"
                    + " reason VARCHAR");

    /** The column that comes to {@link #RETURNS} later. */
    public static final Field RETURN_REASON_CODE = Field.of("return_reason_code", Primitive.STRING);

    private enum Delivery {
        WHOLE,
        DAILY
    }

    private final long rowsAtFullScale;
    private final Delivery delivery;
    private final String extension;
    private final String columnsSql;

    RetailSource(long rowsAtFullScale, Delivery delivery, String extension, String columns) {
        this.rowsAtFullScale = rowsAtFullScale;
        this.delivery = delivery;
        this.extension = extension;
        this.columnsSql = columns;
    }

    /** The name in data folders and on the command line, such as {@code orders_header}. */
    public String sourceName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The source of that name, if there is one. */
    public static Optional<RetailSource> named(String name) {
        return Arrays.stream(values()).filter(s -> s.sourceName().equals(name)).findFirst();
    }

    /** The names of all sources, in order. */
    public static List<String> names() {
        return Arrays.stream(values()).map(RetailSource::sourceName).collect(Collectors.toUnmodifiableList());
    }

    public long rowsAtFullScale() {
        return rowsAtFullScale;
    }

    /** Whether each day brings rows of its own; else a delivery is the whole source. */
    public boolean daily() {
        return delivery == Delivery.DAILY;
    }

    /** How its files' names end, unless they were asked for in Avro. */
    public String extension() {
        return extension;
    }

    /** The columns of its files, in order. */
    public Schema columns() {
        return new Schema(Arrays.stream(columnsSql.split(", ", -1))
                .map(RetailSource::column)
                .collect(Collectors.toUnmodifiableList()));
    }

    /** Its columns as SQL declares them. */
    public String columnsSql() {
        return columnsSql;
    }

    /** Its columns and one more at the end. */
    public Schema columnsWith(Field more) {
        List<Field> fields = new ArrayList<>(columns().fields());
        fields.add(more);
        return new Schema(fields);
    }

    private static Field column(String text) {
        String[] words = text.strip().split(" ", -1);
        return Field.of(words[0], type(words[1]));
    }

    private static DataType type(String sql) {
        return switch (sql) {
            case "BIGINT" -> Primitive.LONG;
            case "INTEGER" -> Primitive.INTEGER;
            case "VARCHAR" -> Primitive.STRING;
            case "DOUBLE" -> Primitive.DOUBLE;
            case "BOOLEAN" -> Primitive.BOOLEAN;
            case "DATE" -> Primitive.DATE;
            case "TIMESTAMP" -> Primitive.TIMESTAMP_NTZ;
            case "TIMESTAMPTZ" -> Primitive.TIMESTAMP;
            case "DECIMAL(12,4)" -> new Decimal(12, 4);
            case "DECIMAL(12,2)" -> new Decimal(12, 2);
            case "DECIMAL(5,4)" -> new Decimal(5, 4);
            case "DECIMAL(5,2)" -> new Decimal(5, 2);
            case "DECIMAL(18,8)" -> new Decimal(18, 8);
            default -> throw new IllegalArgumentException(sql);
        };
    }
}
