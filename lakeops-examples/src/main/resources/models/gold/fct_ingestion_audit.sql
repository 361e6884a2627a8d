-- What each raw file brought to bronze, when, and how long after the end of the last day that it tells of.
SELECT table_name, src_filename, ingestion_ts, rows, first_event_day, last_event_day,
    date_diff('minute', (last_event_day + INTERVAL 1 DAY)::TIMESTAMP AT TIME ZONE 'UTC', ingestion_ts) / 60
        AS hours_after_event_day,
    getvariable('as_of')::TIMESTAMPTZ AS as_of
FROM (
    SELECT 'customers' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        NULL::DATE AS first_event_day, NULL::DATE AS last_event_day
    FROM bronze.customers
    GROUP BY ALL
    UNION ALL
    SELECT 'products' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        NULL::DATE AS first_event_day, NULL::DATE AS last_event_day
    FROM bronze.products
    GROUP BY ALL
    UNION ALL
    SELECT 'stores' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        NULL::DATE AS first_event_day, NULL::DATE AS last_event_day
    FROM bronze.stores
    GROUP BY ALL
    UNION ALL
    SELECT 'suppliers' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        NULL::DATE AS first_event_day, NULL::DATE AS last_event_day
    FROM bronze.suppliers
    GROUP BY ALL
    UNION ALL
    SELECT 'exchange_rates' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        NULL::DATE AS first_event_day, NULL::DATE AS last_event_day
    FROM bronze.exchange_rates
    GROUP BY ALL
    UNION ALL
    SELECT 'orders' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        min(order_dt)::DATE AS first_event_day, max(order_dt)::DATE AS last_event_day
    FROM bronze.orders
    GROUP BY ALL
    UNION ALL
    SELECT 'order_lines' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        min(order_dt)::DATE AS first_event_day, max(order_dt)::DATE AS last_event_day
    FROM bronze.order_lines
    GROUP BY ALL
    UNION ALL
    SELECT 'events' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        min(event_dt)::DATE AS first_event_day, max(event_dt)::DATE AS last_event_day
    FROM bronze.events
    GROUP BY ALL
    UNION ALL
    SELECT 'sensors' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        min(sensor_ts)::DATE AS first_event_day, max(sensor_ts)::DATE AS last_event_day
    FROM bronze.sensors
    GROUP BY ALL
    UNION ALL
    SELECT 'shipments' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        min(shipped_at)::DATE AS first_event_day, max(shipped_at)::DATE AS last_event_day
    FROM bronze.shipments
    GROUP BY ALL
    UNION ALL
    SELECT 'returns' AS table_name, src_filename, ingestion_ts, count(*) AS rows,
        min(return_ts)::DATE AS first_event_day, max(return_ts)::DATE AS last_event_day
    FROM bronze.returns
    GROUP BY ALL
)
