package io.lakeops.examples.generate;

import io.lakeops.examples.retail.RetailSource;

/**
 * A fault that is planted on purpose.
 *
 * <p>Units: {@code perMillion} of the source's rows, but at least one row a day of a fact, or one row of a dimension,
 * where there are {@value #FEW} rows or more.
 */
enum Anomaly {
    MALFORMED_EMAIL(RetailSource.CUSTOMERS, 7_500, Fate.KEEP),
    DUPLICATE_NATURAL_KEY(RetailSource.CUSTOMERS, 2_000, Fate.KEEP),
    MISSING_PHONE(RetailSource.CUSTOMERS, 10_000, Fate.KEEP),
    MISSING_ADDRESS(RetailSource.CUSTOMERS, 10_000, Fate.KEEP),
    MISSING_PRICE(RetailSource.PRODUCTS, 1_500, Fate.KEEP),
    NEGATIVE_PRICE(RetailSource.PRODUCTS, 1_500, Fate.KEEP),
    DISCONTINUED_WITHOUT_DATE(RetailSource.PRODUCTS, 5_000, Fate.KEEP),
    IMPOSSIBLE_COORDINATES(RetailSource.STORES, 1_000, Fate.KEEP),
    DUPLICATE_STORE_CODE(RetailSource.STORES, 2_000, Fate.KEEP),
    UNKNOWN_CUSTOMER(RetailSource.ORDERS_HEADER, 5_000, Fate.KEEP),
    UNKNOWN_STORE(RetailSource.ORDERS_HEADER, 5_000, Fate.KEEP),
    DUPLICATE_ORDER(RetailSource.ORDERS_HEADER, 500, Fate.KEEP),
    UNPARSABLE_ORDER(RetailSource.ORDERS_HEADER, 200, Fate.REJECT),
    UNKNOWN_PRODUCT(RetailSource.ORDERS_LINES, 10_000, Fate.KEEP),
    NEGATIVE_QUANTITY(RetailSource.ORDERS_LINES, 100, Fate.KEEP),
    ZERO_PRICE(RetailSource.ORDERS_LINES, 100, Fate.KEEP),
    UNPARSABLE_LINE(RetailSource.ORDERS_LINES, 200, Fate.REJECT),
    MALFORMED_JSON(RetailSource.EVENTS, 250, Fate.REJECT),
    MISSING_ENVELOPE_FIELD(RetailSource.EVENTS, 250, Fate.REJECT),
    TEMPERATURE_OUT_OF_RANGE(RetailSource.SENSORS, 1_500, Fate.KEEP),
    HUMIDITY_OUT_OF_RANGE(RetailSource.SENSORS, 1_500, Fate.KEEP),
    MISSING_SENSOR_TIME(RetailSource.SENSORS, 500, Fate.REJECT),
    IN_TRANSIT(RetailSource.SHIPMENTS, 40_000, Fate.KEEP),
    LATE_AGAINST_SLA(RetailSource.SHIPMENTS, 30_000, Fate.KEEP),
    UNPARSABLE_RETURN(RetailSource.RETURNS, 200, Fate.REJECT);

    /** Whether such a row stays in bronze, for the checks to find, or goes to the rejects. */
    enum Fate {
        KEEP,
        REJECT
    }

    private static final int FEW = 20;
    private final RetailSource source;
    private final int perMillion;
    private final Fate fate;

    Anomaly(RetailSource source, int perMillion, Fate fate) {
        this.source = source;
        this.perMillion = perMillion;
        this.fate = fate;
    }

    RetailSource source() {
        return source;
    }

    Fate fate() {
        return fate;
    }

    /** How many of {@code rows} rows have it. */
    int among(int rows) {
        return Math.max(rows < FEW ? 0 : 1, (int) (((long) rows * perMillion + 500_000) / 1_000_000));
    }
}
