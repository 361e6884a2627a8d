package io.lakeops.examples.models;

import io.lakeops.examples.retail.RetailSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/** Bronze as views over raw files, by plain DuckDB: what can be typed and has its keys, with the audit columns. */
public final class RetailBronze {
    private final Path raw;
    private final Statement statement;

    private RetailBronze(Path raw, Statement statement) {
        this.raw = raw;
        this.statement = statement;
    }

    public static void create(Path raw, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            RetailBronze bronze = new RetailBronze(raw, statement);
            statement.execute("CREATE SCHEMA bronze");
            bronze.csv("customers", RetailSource.CUSTOMERS, "customers.csv", "");
            bronze.csv("products", RetailSource.PRODUCTS, "products.csv", "");
            bronze.csv("stores", RetailSource.STORES, "stores.csv", "");
            bronze.csv("suppliers", RetailSource.SUPPLIERS, "suppliers.csv", "");
            String day = ", regexp_extract(filename, 'order_dt=([^/]*)', 1)::DATE AS order_dt";
            bronze.csv("orders", RetailSource.ORDERS_HEADER, "orders/*/orders_header_*.csv", day);
            bronze.csv("order_lines", RetailSource.ORDERS_LINES, "orders/*/orders_lines_*.csv", day);
            bronze.csv("sensors", RetailSource.SENSORS, "sensors/*/*/*.csv", "");
            bronze.csv("returns", RetailSource.RETURNS, "returns/*.csv", "");
            bronze.view(
                    "events",
                    "SELECT try_cast(j->>'event_id' AS BIGINT) AS event_id, try_cast(j->>'event_ts' AS TIMESTAMPTZ) AS"
                            + " event_ts, j->>'event_type' AS event_type, filename, line FROM (SELECT line::JSON AS j,"
                            + " line, filename FROM (SELECT filename, unnest(string_split(content, chr(10))) AS line"
                            + " FROM read_text('" + raw + "/events/*/*.jsonl')) WHERE line <> '' AND json_valid(line))",
                    "event_id IS NOT NULL AND event_ts IS NOT NULL",
                    "line",
                    ", event_ts::DATE AS event_dt");
            bronze.view(
                    "shipments",
                    "SELECT *, filename FROM read_parquet('" + raw + "/shipments.parquet', filename = true)",
                    "true",
                    "shipment_id::VARCHAR",
                    "");
            bronze.view(
                    "exchange_rates",
                    "SELECT d::DATE AS date, 'USD' AS currency, 1.5::DECIMAL(18, 8) AS rate_to_aud, 'x' AS filename"
                            + " FROM generate_series(DATE '2024-01-01', DATE '2024-12-31', INTERVAL 1 DAY) t(d)",
                    "true",
                    "date::VARCHAR",
                    "");
        }
    }

    /** The columns that a row must have in its type; the others may fail, which no raw file here makes them. */
    private void csv(String table, RetailSource source, String glob, String more) throws SQLException {
        String columns = source.columnsSql();
        String typed = java.util.Arrays.stream(columns.split(", ", -1))
                .map(c -> c.split(" ", 2))
                .map(c -> "try_cast(" + c[0] + " AS " + c[1] + ") AS " + c[0])
                .collect(Collectors.joining(", "));
        String required = source.columns().names().stream()
                .filter(n -> n.endsWith("_ts")
                        || n.equals(source.columns().names().get(0))
                        || n.equals("return_id")
                        || n.equals("line_number"))
                .map(n -> n + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        view(
                table,
                "SELECT " + typed + ", filename FROM read_csv('" + raw + "/" + glob + "', all_varchar = true,"
                        + " header = true, hive_partitioning = false, union_by_name = true, filename = true)",
                required,
                String.join(
                        " || ",
                        source.columns().names().stream()
                                .map(n -> "coalesce(" + n + "::VARCHAR, '')")
                                .toList()),
                more);
    }

    private void view(String table, String rows, String where, String hashed, String more) throws SQLException {
        statement.execute("CREATE VIEW bronze." + table + " AS SELECT * EXCLUDE (filename)" + more
                + ", TIMESTAMPTZ '2024-04-03 02:00:00+00' AS ingestion_ts, filename AS src_filename, md5(" + hashed
                + ") AS src_row_hash FROM (" + rows + ") WHERE " + where);
    }
}
