-- One row an order line. What points to no known customer, store or product has the key -1 and stays, so that the
-- rows are as many as the deduplicated lines; so does a line whose order's header was rejected or has not come yet.
SELECT
    l.order_id,
    l.line_number,
    l.order_dt AS date,
    o.order_ts,
    coalesce(c.customer_id, -1) AS customer_key,
    coalesce(s.store_id, -1) AS store_key,
    coalesce(p.product_id, -1) AS product_key,
    o.channel,
    o.payment_method,
    o.coupon_code,
    o.currency,
    l.qty AS quantity,
    l.unit_price,
    (l.qty * l.unit_price)::DECIMAL(18, 4) AS line_total,
    round(l.qty * l.unit_price * l.line_discount_pct, 4)::DECIMAL(18, 4) AS discount_amount,
    round((line_total - discount_amount) * l.tax_pct, 4)::DECIMAL(18, 4) AS tax_amount,
    (line_total - discount_amount + tax_amount)::DECIMAL(18, 4) AS net_amount,
    CASE
        WHEN o.currency = 'AUD' THEN net_amount
        ELSE round(net_amount * r.rate_to_aud, 4)::DECIMAL(18, 4)
    END AS net_amount_aud,
    greatest(l.ingestion_ts, o.ingestion_ts) AS ingestion_ts
FROM silver.order_lines AS l
LEFT JOIN silver.orders AS o ON o.order_id = l.order_id
LEFT JOIN silver.customers AS c ON c.customer_id = o.customer_id
LEFT JOIN silver.stores AS s ON s.store_id = o.store_id
LEFT JOIN silver.products AS p ON p.product_id = l.product_id
LEFT JOIN silver.exchange_rates AS r ON r.date = l.order_dt AND r.currency = o.currency
