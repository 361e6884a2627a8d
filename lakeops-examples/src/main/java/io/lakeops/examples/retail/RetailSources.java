package io.lakeops.examples.retail;

import io.lakeops.engine.Expr;
import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.ingest.Restated;
import io.lakeops.ingest.Source;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.TableId;
import java.util.List;
import java.util.Optional;

/**
 * Which raw files of the retail lake become which bronze table, and how.
 *
 * <p>An increment brings other rows under the names of the last one ({@code shipments.parquet}, a month of sensors): they
 * are added. Only orders and events have their day in the path: there, another content is a correction of that day.
 */
public final class RetailSources {
    private static final RawFormat CSV = RawFormat.Csv.standard();
    private static final Field ORDER_DAY = Field.of("order_dt", Primitive.DATE);
    private static final Expr DAY_OF_PATH =
            duckdb("try_cast(regexp_extract(src_filename, 'order_dt=([0-9-]+)', 1) AS DATE)");

    private RetailSources() {}

    /** All eleven. */
    public static List<Source> all() {
        return List.of(
                added(RetailSource.CUSTOMERS, "customers", "customers.csv", CSV).requiring("customer_id"),
                added(RetailSource.PRODUCTS, "products", "products.csv", CSV).requiring("product_id"),
                added(RetailSource.STORES, "stores", "stores.csv", CSV).requiring("store_id"),
                added(RetailSource.SUPPLIERS, "suppliers", "suppliers.csv", CSV).requiring("supplier_id"),
                added(RetailSource.EXCHANGE_RATES, "exchange_rates", "exchange_rates.xlsx", CSV)
                        .requiring("date", "currency"),
                source(RetailSource.ORDERS_HEADER, "orders", "orders/order_dt=*/orders_header_*.csv", CSV)
                        .requiring("order_id", "order_ts", "order_dt_local")
                        .partitionedBy(ORDER_DAY, DAY_OF_PATH)
                        .withEventDate("order_dt"),
                source(RetailSource.ORDERS_LINES, "order_lines", "orders/order_dt=*/orders_lines_*.csv", CSV)
                        .requiring("order_id", "line_number")
                        .partitionedBy(ORDER_DAY, DAY_OF_PATH)
                        .withEventDate("order_dt"),
                source(
                                RetailSource.EVENTS,
                                "events",
                                "events/event_dt=*/events_*.jsonl",
                                new RawFormat.JsonLines(Optional.of("payload")))
                        .requiring("event_id", "event_ts")
                        .partitionedBy(Field.of("event_dt", Primitive.DATE), duckdb("CAST(event_ts AS DATE)"))
                        .withEventDate("event_dt"),
                added(RetailSource.SENSORS, "sensors", "sensors/store_id=*/month=*/sensors.csv", CSV)
                        .requiring("sensor_ts", "store_id", "shelf_id")
                        .partitionedBy(Field.of("month", Primitive.STRING), duckdb("strftime(sensor_ts, '%Y-%m')"))
                        .orderedBy("store_id", "sensor_ts"),
                added(RetailSource.SHIPMENTS, "shipments", "shipments.parquet", new RawFormat.Parquet())
                        .requiring("shipment_id"),
                added(RetailSource.RETURNS, "returns", "returns/returns_*.csv", CSV)
                        .requiring("return_id", "return_ts")
                        .applied(new Source.Apply(List.of("return_id"), "op", Expr.of("op = 'delete'"))));
    }

    private static Source added(RetailSource raw, String table, String files, RawFormat format) {
        return source(raw, table, files, format).withRestated(Restated.APPEND);
    }

    /** Any source may come as Avro too, under its own name with another ending. */
    private static Source source(RetailSource raw, String table, String files, RawFormat format) {
        int ending = files.lastIndexOf('.') + 1;
        return Source.of(
                raw.sourceName(),
                new TableId("bronze", table),
                files.substring(0, ending) + "{" + files.substring(ending) + ",avro}",
                format,
                raw.columns());
    }

    private static Expr duckdb(String text) {
        return new Expr(text, "duckdb", io.lakeops.table.Predicate.always());
    }
}
